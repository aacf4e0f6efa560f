"""Functions of two numbers, with a bound or a choice in them: the value, and the partials by both.

Given Elements in the place of numbers they record what was chosen (``sign``, ``step``), so that a derivative
that was recorded can be computed again at other numbers.
"""

from __future__ import annotations

import math

from soloneuron.element.node import Node
from soloneuron.element.scalars import Scalar, step


def larger(op: str, x: Scalar, y: Scalar, sense: int) -> tuple[Scalar, Scalar, Scalar]:
    """The larger of two, or with sense -1 the smaller, which ``op`` names; equals share the slope."""
    if isinstance(x, Node) or isinstance(y, Node):
        # Of two, the order does not matter: whichever is an Element has the method.
        node, other = (x, y) if isinstance(x, Node) else (y, x)
        chosen: Scalar = (sense * (x - y)).sign()
        return getattr(node, op)(other), (1 + chosen) / 2, (1 - chosen) / 2
    if x.real == y.real:
        return x, 0.5, 0.5
    if x.real != x.real or y.real != y.real:
        # A NaN must not be lost; torch gives both sides all of the gradient.
        return x + y, 1, 1
    return (x, 1, 0) if sense * x.real > sense * y.real else (y, 0, 1)


def clamped(x: Scalar, bound: float, sense: int) -> tuple[Scalar, Scalar]:
    """At least a bound, or with sense -1 at most; its slope is 1 at the bound, too."""
    if isinstance(x, Node):
        node: Scalar = x
        low, high = (bound, None) if sense > 0 else (None, bound)
        return node.clamp(low, high), 1 - step(sense * (bound - node))
    outside = sense * x.real < sense * bound
    return bound if outside else x, int(sense * x.real >= sense * bound)


def polar_angle(y: Scalar, x: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """The angle of the point (x, y); at (0, 0) it has no slope, NaN."""
    square = x * x + y * y
    if isinstance(x, Node) or isinstance(y, Node):
        # 0 * x lifts a number to an Element.
        node: Scalar = y if isinstance(y, Node) else y + 0 * x
        return node.atan2(x), x / square, -y / square
    if square == 0:
        return math.atan2(y, x), math.nan, math.nan
    return math.atan2(y, x), x / square, -y / square
