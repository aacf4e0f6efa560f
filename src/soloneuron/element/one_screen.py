"""The whole idea on one screen: read this first, then ``node.py`` and ``element.py``.

A number remembers what it was computed from, and how fast it changes with each of those. One sweep from the
newest number to the oldest multiplies these slopes along every path and adds the paths up: the chain rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count
from typing import Any

_births = count()


class SimpleElement:
    """A number, its gradient, its operands with a partial derivative each, and the order of creation."""

    __slots__ = ("born", "data", "grad", "operands", "partials")

    def __init__(
        self, data: float, operands: tuple[SimpleElement, ...] = (), partials: tuple[float, ...] = ()
    ):
        self.data, self.grad = data, 0.0
        self.operands, self.partials = operands, partials
        self.born = next(_births)

    def __add__(self, other: Any) -> SimpleElement:
        other = lifted(other)
        return SimpleElement(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> SimpleElement:
        other = lifted(other)
        return SimpleElement(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n: float) -> SimpleElement:
        return SimpleElement(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __neg__(self) -> SimpleElement:
        return self * -1.0

    def __sub__(self, other: Any) -> SimpleElement:
        return self + -lifted(other)

    def __rsub__(self, other: Any) -> SimpleElement:
        return lifted(other) + -self

    def __truediv__(self, other: Any) -> SimpleElement:
        return self * lifted(other) ** -1.0

    __radd__, __rmul__ = __add__, __mul__

    def through(self, function: Callable[[float], float], partial: Callable[[float], float]) -> SimpleElement:
        """A function of this number, whose derivative is known."""
        return SimpleElement(function(self.data), (self,), (partial(self.data),))

    def relu(self) -> SimpleElement:
        """The positive part."""
        return self.through(lambda x: max(x, 0.0), lambda x: float(x > 0))

    def exp(self) -> SimpleElement:
        """The exponential."""
        return self.through(math.exp, math.exp)

    def tanh(self) -> SimpleElement:
        """The hyperbolic tangent."""
        return self.through(math.tanh, lambda x: math.cosh(x) ** -2)

    def backward(self) -> None:
        """Set ``grad`` of every number that this one was computed from."""
        found, waiting = {self}, [self]
        while waiting:
            fresh = set(waiting.pop().operands) - found
            found |= fresh
            waiting += fresh
        for number in found:
            number.grad = 0.0
        self.grad = 1.0
        # The newest first: when a number's turn comes, all that was computed from it has passed its share.
        for number in sorted(found, key=lambda number: number.born, reverse=True):
            for operand, partial in zip(number.operands, number.partials, strict=True):
                operand.grad += number.grad * partial


def lifted(x: Any) -> SimpleElement:
    """What stands beside a SimpleElement: another one, or a float that becomes one."""
    return x if isinstance(x, SimpleElement) else SimpleElement(x)
