"""Where a program looked at a number: comparisons that can be recorded, and marks where a branch was taken.

A graph records operations, not an ``if``. Whoever asks an Element for its truth, its order or its number may
branch on the answer, and what was not chosen is lost to everybody who replays the graph. So the Element that
was asked, and all it was computed from, are marked with the line of the program that asked; the compiler
warns where it meets a mark. A mark is the name of the operation, as a string of another class: nodes that
nobody asked pay nothing.
"""

from __future__ import annotations

import math
import operator
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, final

from soloneuron.element.node import Node, edges
from soloneuron.element.scalars import bottom, operand_number
from soloneuron.errors import InputWarning

_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

_PACKAGE = str(Path(__file__).parent.parent)


class Frozen(str):
    """The name of the operation of an Element whose number was looked at: how, and on which line."""

    __slots__ = ("how", "place")
    how: str
    place: str


def freeze(node: Node, how: str) -> None:
    """Mark an Element, and all that it was computed from, as looked at by the program.

    What is above a marked node is marked already, so however often a program asks, every node of a graph is
    walked over once.

    Args:
        node: whose number was asked for.
        how: what asked, as it is written: ``"<"``, ``"bool()"``.
    """
    place, names = user_line(), {}
    stack = [node]
    while stack:
        x = stack.pop()
        if type(x._op) is Frozen:
            continue
        if x._op not in names:
            name = names[x._op] = Frozen(x._op)
            name.how, name.place = how, place
        x._op = names[x._op]
        stack.extend(operand for operand, _ in edges(x))


def user_line() -> str:
    """The innermost line that is not this library's own, as ``file.py, line 12``."""
    frame: Any = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}, line {frame.f_lineno}"


@final
class Inequality:
    """The answer of ``x > y``: a truth value that ``where`` can record.

    As long as nobody asks whether it holds, nothing is frozen. ``bool``, ``if``, ``and`` and counting ask.

    Args:
        sign: the comparison, as it is written.
        left: an Element or a number.
        right: an Element or a number.
        holds: whether it is so for the numbers of now.
    """

    __slots__ = ("holds", "left", "right", "sign")

    def __init__(self, sign: str, left: Any, right: Any, holds: bool) -> None:
        self.sign, self.left, self.right, self.holds = sign, left, right, holds

    def __bool__(self) -> bool:
        for side in (self.left, self.right):
            if isinstance(side, Node):
                freeze(side, self.sign)
        return self.holds

    def __index__(self) -> int:
        return int(bool(self))

    def __float__(self) -> float:
        return float(bool(self))

    def __neg__(self) -> int:
        return -int(self)

    def __eq__(self, other: object) -> Any:
        if isinstance(other, bool | int | Inequality):
            return bool(self) == other
        return NotImplemented

    def __hash__(self) -> int:
        return hash(bool(self))

    def __and__(self, other: object) -> bool:
        return bool(self) & bool(other)

    def __or__(self, other: object) -> bool:
        return bool(self) | bool(other)

    __rand__, __ror__ = __and__, __or__

    def __repr__(self) -> str:
        return repr(self.holds)


def _with_one(comparison: Inequality, other: Any, operation: Callable[[Any, Any], Any]) -> Any:
    if isinstance(other, Node):
        # Element is built on this file.
        one: Any = other
        return operation(one.chosen(comparison, 1, 0), other)
    if isinstance(other, int | float | Inequality):
        return operation(int(comparison), other)
    return NotImplemented


def _give_arithmetic() -> None:
    """Beside an Element a comparison is 1 or 0, recorded; beside numbers it is counted, and that asks."""
    for sign in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow):

        def left(self: Inequality, other: Any, sign: Callable[[Any, Any], Any] = sign) -> Any:
            return _with_one(self, other, sign)

        def right(self: Inequality, other: Any, sign: Callable[[Any, Any], Any] = sign) -> Any:
            return _with_one(self, other, lambda one, x: sign(x, one))

        setattr(Inequality, f"__{sign.__name__}__", left)
        setattr(Inequality, f"__r{sign.__name__}__", right)


_give_arithmetic()


class Readable(Node):
    """A node whose number can be read: in silence, with a warning, or with a mark for a branch to come."""

    __slots__ = ()

    def __repr__(self) -> str:
        label = "" if self.label is None else f", label={self.label!r}"
        return f"{type(self).__name__}(data={self.data}, grad={self.grad}{label})"

    def item(self) -> float:
        """The number, without the graph."""
        return bottom(self)

    @property
    def real(self) -> float:
        """The real number at the bottom. Who asks may branch on it, so the compiler will warn of it."""
        freeze(self, ".real")
        return bottom(self)

    def _compared(self, sense: str, other: Any) -> Any:
        number = bottom(other) if isinstance(other, Node) else operand_number(other)
        if number is None:
            return NotImplemented
        return Inequality(sense, self, other, _ORDERS[sense](bottom(self), number))

    def __lt__(self, other: Any) -> Any:
        return self._compared("<", other)

    def __le__(self, other: Any) -> Any:
        return self._compared("<=", other)

    def __gt__(self, other: Any) -> Any:
        return self._compared(">", other)

    def __ge__(self, other: Any) -> Any:
        return self._compared(">=", other)

    def __eq__(self, other: object) -> Any:
        """Equality is identity: two Elements may hold equal numbers and are two nodes all the same."""
        if isinstance(other, Node):
            return self is other
        if isinstance(other, int | float):
            freeze(self, "==")
        return NotImplemented

    __hash__ = Node.__hash__

    def __bool__(self) -> bool:
        freeze(self, "bool()")
        return bool(bottom(self))

    def _number(self, function: str) -> float:
        """The number that leaves the graph, with a warning if there is a graph to leave."""
        if self._a is not None or self._b is not None:
            warnings.warn(
                f"{function} took the number of a computed Element out of its graph ({user_line()}): no "
                "gradient comes back from there; use the methods of Element, or .item() to read a number",
                InputWarning,
                stacklevel=3,
            )
        return bottom(self)

    def __float__(self) -> float:
        return float(self._number("float() or a function of math"))

    def __int__(self) -> int:
        return int(self._number("int()"))

    def __trunc__(self) -> int:
        return math.trunc(self._number("math.trunc()"))

    def __floor__(self) -> int:
        return math.floor(self._number("math.floor()"))

    def __ceil__(self) -> int:
        return math.ceil(self._number("math.ceil()"))

    def __round__(self, digits: int | None = None) -> float:
        return round(bottom(self), digits)

    def __format__(self, form: str) -> str:
        return format(bottom(self), form) if form else str(self)
