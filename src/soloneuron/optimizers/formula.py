"""The language of ``Optimizer.paper``: lines ``letter = expression``, read with ``ast``, computed on tensors.

Whoever shows a formula, fills it with numbers or translates it reads it here. It never trains anybody.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

from soloneuron.optimizers.inner_products import inner_product, vector_norm
from soloneuron.shapes import Theta

INFIX: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}

FORMULA_FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    "sqrt": torch.sqrt,
    "exp": torch.exp,
    "log": torch.log,
    "abs": torch.abs,
    "sign": torch.sign,
    "max": torch.maximum,
    "min": torch.minimum,
    "clamp": lambda x, least, most: torch.minimum(torch.maximum(x, least), most),
}
"""What may be called for every coordinate by itself."""

SUMS: dict[str, Callable[..., Tensor]] = {"dot": inner_product, "norm": vector_norm}
"""What looks at all coordinates; a line of its own, for it is no arithmetic of one coordinate."""

SETTING_LETTERS = {"mu": "momentum", "lam": "weight_decay"}
"""Letters of papers that are settings of another name."""


class PaperLine(NamedTuple):
    """A line of a formula: the letter that gets a value, and the expression."""

    name: str
    tree: ast.expr


class PaperLines(NamedTuple):
    """The lines of a formula around what is done to every gradient.

    Attributes:
        before: those that say where the gradient is wanted.
        point: the letter of that point; theta itself unless a line asks ``g = grad(point)``.
        after: those that the gradient goes into.
    """

    before: tuple[PaperLine, ...]
    point: str
    after: tuple[PaperLine, ...]


@cache
def parsed(expression: str) -> ast.expr:
    """An expression as a tree; nobody changes it."""
    return ast.parse(expression, mode="eval").body


def read_line(line: str) -> PaperLine:
    """A line ``letter = expression``."""
    name, _, expression = line.partition(" = ")
    return PaperLine(name, parsed(expression))


def read_lines(lines: Iterable[str]) -> PaperLines:
    """The lines of a formula, parted where the gradient is asked for."""
    read = [read_line(line) for line in lines]
    for i, (_, tree) in enumerate(read):
        match tree:
            case ast.Call(func=ast.Name(id="grad"), args=[ast.Name(id=point)]):
                return PaperLines(tuple(read[:i]), point, tuple(read[i + 1 :]))
    return PaperLines((), "theta", tuple(read))


def value_of(node: ast.expr, known: Mapping[str, Any]) -> Tensor:
    """What an expression comes to, in float64.

    Args:
        node: the expression.
        known: numbers, tensors and functions of tensors by name, besides ``FORMULA_FUNCTIONS``.
    """

    def value(part: ast.expr) -> Tensor:
        return value_of(part, known)

    match node:
        case ast.Constant(value=number):
            return torch.as_tensor(number, dtype=torch.float64)
        case ast.Name(id=name):
            return torch.as_tensor(known[name], dtype=torch.float64)
        case ast.UnaryOp(op=op, operand=x):
            return INFIX[type(op)](value(x))  # type: ignore[no-any-return]
        case ast.BinOp(left=a, op=op, right=b) | ast.Compare(left=a, ops=[op], comparators=[b]):
            return INFIX[type(op)](value(a), value(b))  # type: ignore[no-any-return]
        case ast.IfExp(test=test, body=yes, orelse=no):
            return torch.where(value(test), value(yes), value(no))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            called = FORMULA_FUNCTIONS.get(name) or (known[name] if name in known else SUMS[name])
            return torch.as_tensor(called(*map(value, arguments)), dtype=torch.float64)
    raise AssertionError(f"a formula has no {ast.dump(node)}")


def letters_of(tree: ast.expr) -> set[str]:
    """The names in an expression, without those that are called."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}


def calls_of(tree: ast.expr) -> set[str]:
    """The functions called in an expression."""
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call)}  # type: ignore[attr-defined]


def first_value(expression: str, settings: Mapping[str, Any], theta: Theta) -> Tensor:
    """What a slot begins with, like theta: an expression of settings, ``rate`` and ``theta``."""
    rate = settings["learning_rate"]
    known = {**settings, "rate": rate(1) if callable(rate) else rate, "theta": theta}
    return torch.empty_like(theta).copy_(value_of(parsed(expression), known))
