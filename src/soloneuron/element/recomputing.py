"""A recorded graph computed again from other leaves, operation by operation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from soloneuron.element.element import Element
from soloneuron.element.functions import Largest, dot, total, where
from soloneuron.element.node import Node, operands, topological_order
from soloneuron.errors import GraphError

_INFIX: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
_PREFIX: dict[str, Callable[[Any], Any]] = {"-": operator.neg, "abs": abs}


def recomputed(root: Element, leaves: Mapping[Element, Element]) -> Element:
    """The result of a graph for other leaves.

    The largest logit that ``softmax`` takes off stays the number that it was: it cancels, and so do its
    derivatives.

    Args:
        root: the result as it was recorded.
        leaves: for some leaves, what stands in their place; others are kept.

    Returns:
        The new result; the recorded graph is left as it is.

    Raises:
        GraphError: a hand-made node, whose rule nobody knows.

    Example:
        >>> x = Element(2)
        >>> recomputed(x * x + 1, {x: Element(5)})
        Element(data=26, grad=0)
    """
    made: dict[Any, Any] = dict(leaves)
    for x in topological_order(root)[0]:
        made[x] = _again(x, [made.get(y, y) if isinstance(y, Node) else y for y in _written(x)])
    result: Element = made.get(root, root)
    return result


def _written(x: Element) -> tuple[Any, ...]:
    return (*x._a, *x._b) if type(x._b) is tuple else operands(x)


def _again(x: Element, sides: list[Any]) -> Any:
    name = str(x._op)
    if name == "total":
        return total(sides)
    if name == "dot":
        return dot(sides[: len(x._a)], sides[len(x._a) :] or x._da)
    if name.startswith("where"):
        a, b, left, right = sides
        return where(left > right if name == "where>" else left >= right, a, b)
    if name in {"clamp_min", "clamp_max"}:
        bounds = (sides[1], None) if name == "clamp_min" else (None, sides[1])
        return sides[0].clamp(*bounds)
    if type(x._b) is tuple:
        raise GraphError(
            f"a hand-made node ({name!r}) cannot be computed again: nobody knows its rule",
            code="element.hand_made",
            op=name,
        )
    if len(sides) == 1 and name in _PREFIX:
        return _PREFIX[name](sides[0])
    # A largest logit is a number here.
    sides = [float(side) if type(side) is Largest else side for side in sides]
    return _INFIX[name](*sides) if name in _INFIX else getattr(sides[0], name)(*sides[1:])
