"""A written expression becomes a graph: parsed with ``ast``, read by a list of names, never evaluated."""

from __future__ import annotations

import ast
import keyword
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from soloneuron.element.drawing import draw
from soloneuron.element.element import Element
from soloneuron.element.functions import atan2, maximum, minimum
from soloneuron.element.operations import OPERATIONS
from soloneuron.element.scalars import Scalar
from soloneuron.errors import InputError

_LONGEST = 1000
"""More characters than this make no picture that can be read."""

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}

_FUNCTIONS: dict[str, tuple[int, Callable[..., Element]]] = {
    "abs": (1, abs),
    "maximum": (2, maximum),
    "minimum": (2, minimum),
    "atan2": (2, atan2),
    **{name: (1, getattr(Element, name)) for name in ("relu", "leaky_relu")},
    **{name: (1, getattr(Element, name)) for name, entry in OPERATIONS.items() if entry.value is not None},
}
"""Every function of an expression, with the number of its arguments."""


def parse_expression(text: str, values: Mapping[str, float]) -> Element:
    """Build the graph of a written expression.

    Numbers, the operators ``+ - * / **``, brackets, the names of the values and the functions in
    ``_FUNCTIONS`` are all there is.

    Args:
        text: such as ``"relu(a + b*c)"``.
        values: a number for every name, and for no other.

    Returns:
        The result; its leaves carry their names as labels.

    Raises:
        InputError: anything else; the message and the field ``position`` (from 1) say where.

    Example:
        >>> parse_expression("relu(a + b*c)", {"a": 2, "b": 3, "c": 10})
        Element(data=32, grad=0)
    """
    reader = _Reader(text, {name: Element(value, name) for name, value in values.items()})
    try:
        result = reader.read(reader.tree())
    except RecursionError:
        raise reader.fault("brackets or operators are nested too deeply", 1) from None
    unused = set(values) - reader.used
    if unused:
        names = ", ".join(sorted(unused))
        raise InputError(f"{text!r} does not use {names}", code="expression.unused", names=names)
    return result if isinstance(result, Element) else Element(result)


def draw_expression(text: str, values: Mapping[str, float]) -> str:
    """The SVG picture of a written expression after ``backward``.

    Args:
        text: such as ``"relu(a + b*c)"``.
        values: a number for every name, and for no other.

    Returns:
        The text of an SVG image.

    Raises:
        InputError: an expression that ``parse_expression`` refuses.
    """
    result = parse_expression(text, values)
    result.backward()
    return draw(result).svg


class _Reader:
    """Reads the nodes of one parsed text."""

    def __init__(self, text: str, leaves: Mapping[str, Element]) -> None:
        self.text = text
        self.stripped = text.strip()
        self.blanks = len(text) - len(text.lstrip())
        self.leaves = leaves
        self.used: set[str] = set()

    def fault(self, what: str, position: int) -> InputError:
        return InputError(
            f"{what} at position {position} of {self.text!r}", code="expression", position=position
        )

    def fault_at(self, what: str, node: ast.expr) -> InputError:
        # ast counts bytes of UTF-8, people count characters.
        before = self.stripped.encode()[: node.col_offset].decode()
        return self.fault(what, self.blanks + len(before) + 1)

    def tree(self) -> ast.expr:
        if len(self.text) > _LONGEST:
            raise InputError(
                f"an expression has at most {_LONGEST} characters, got {len(self.text)}",
                code="expression.length",
            )
        # One line only, so that every position lies in line 1.
        strange = re.search(r"[^ -~\w]", self.text)
        if strange:
            raise self.fault(f"unexpected {strange.group()!r}", strange.start() + 1)
        if not self.stripped:
            raise self.fault("an expression is missing", 1)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.stripped, mode="eval").body
        except SyntaxError as error:
            for word in re.finditer(r"[^\W\d]\w*", self.stripped):
                if keyword.iskeyword(word.group()):
                    what = f"{word.group()!r} is a word of Python and can be no name ({word.group()}_ can)"
                    raise self.fault(what, self.blanks + word.start() + 1) from None
            # An expression that ends too early is found wanting in line 2.
            offset = error.offset if error.lineno == 1 and error.offset else len(self.stripped) + 1
            raise self.fault(error.msg, self.blanks + offset) from None
        except (MemoryError, ValueError) as error:
            raise self.fault(str(error) or "brackets are nested too deeply", 1) from None

    def read(self, node: ast.expr) -> Scalar:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return number
            case ast.Name(id=name):
                return self.leaf(name, node)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
                return self.apply(node, OPERATORS[type(op)], self.read(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return self.apply(node, OPERATORS[type(op)], self.read(left), self.read(right))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(name, arguments, node)
        raise self.fault_at(
            "only numbers, names, + - * / ** and calls of functions are allowed, not this", node
        )

    def leaf(self, name: str, node: ast.expr) -> Element:
        if name not in self.leaves:
            known = ", ".join(self.leaves) or "nothing"
            raise self.fault_at(f"unknown name {name!r} (values are given for {known})", node)
        self.used.add(name)
        return self.leaves[name]

    def call(self, name: str, arguments: list[ast.expr], node: ast.expr) -> Scalar:
        if name not in _FUNCTIONS:
            raise self.fault_at(f"unknown function {name!r} (there are {', '.join(_FUNCTIONS)})", node)
        count, function = _FUNCTIONS[name]
        if len(arguments) != count:
            raise self.fault_at(f"{name} takes {count} argument(s), got {len(arguments)}", node)
        values = [self.read(argument) for argument in arguments]
        return self.apply(node, function, *(x if isinstance(x, Element) else Element(x) for x in values))

    def apply(self, node: ast.expr, function: Callable[..., Any], *values: Scalar) -> Scalar:
        try:
            # Numbers alone go through an Element too: its power refuses what would take hours.
            if not any(isinstance(value, Element) for value in values):
                first, *others = values
                return function(Element(first), *others).data
            return function(*values)
        except (ArithmeticError, InputError) as error:
            raise self.fault_at(str(error), node) from None
