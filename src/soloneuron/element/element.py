"""Element: a number that remembers how it was computed, and can tell its derivatives.

Every operator computes the value and, at once, the partial derivatives by its operands: the rule of an
operation stands in the operation itself, for a table of rules would be looked up at every node and halves
the speed. How a node keeps its operands, and how ``backward`` walks them, is in ``node.py``.
"""

from __future__ import annotations

from typing import Any, final

from soloneuron.element.drawing import draw
from soloneuron.element.node import Node, edges
from soloneuron.element.scalars import (
    Scalar,
    absolute,
    cos,
    exp,
    exponent_slope,
    log,
    log1pexp,
    logistic,
    plain_number,
    power,
    power_slope,
    sech_squared,
    sin,
    sqrt,
    tanh,
)
from soloneuron.errors import GraphError, InputError


class Compared(str):
    """The name of the operation of an Element that was compared: a mark that costs other nodes nothing."""

    __slots__ = ()


@final
class Element(Node):
    """A scalar with a gradient.

    Conventions at kinks: the slope of relu and of abs at 0 is 0, that of leaky_relu its leak, that of
    maximum and minimum between equals one half each. The slope of a root at 0 is inf. An Element whose
    data is an Element gives second derivatives.

    Args:
        data: an int (it stays one), a float, a NumPy or torch scalar, or another Element.
        label: a name for pictures, or None.

    Raises:
        InputError: anything else.

    Example:
        >>> a, b, c = Element(2), Element(-3), Element(10)
        >>> e = (a + b * c).relu()
        >>> e.backward()
        >>> print(a, e)
        Element(data=2, grad=0) Element(data=0, grad=1)
    """

    # Without slots of its own a subclass would get a dict for every node.
    __slots__ = ()
    # NumPy must leave np.float64(2) * element to our __rmul__.
    __array_ufunc__ = None

    def __init__(self, data: Scalar, label: str | None = None) -> None:
        if label is not None and not isinstance(label, str):
            raise InputError(
                f"label must be a string or None, got {label!r} ({type(label).__name__})",
                code="element.label",
                label=label,
            )
        self.data = data if isinstance(data, Element) else plain_number(data)
        self.grad = 0
        self.label = label
        self._op = ""
        self._a = self._da = self._b = self._db = None

    @property
    def real(self) -> float:
        """The real number at the bottom, which comparisons look at."""
        number: float = self.data.real
        return number

    def __add__(self, other: Scalar) -> Element:
        if isinstance(other, Element):
            return computed_element(self.data + other.data, "+", self, 1, other, 1)
        other = plain_number(other)
        return computed_element(self.data + other, "+", self, 1, None, other)

    def __radd__(self, other: Scalar) -> Element:
        other = plain_number(other)
        return computed_element(other + self.data, "+", None, other, self, 1)

    def __sub__(self, other: Scalar) -> Element:
        if isinstance(other, Element):
            return computed_element(self.data - other.data, "-", self, 1, other, -1)
        other = plain_number(other)
        return computed_element(self.data - other, "-", self, 1, None, other)

    def __rsub__(self, other: Scalar) -> Element:
        other = plain_number(other)
        return computed_element(other - self.data, "-", None, other, self, -1)

    def __mul__(self, other: Scalar) -> Element:
        if isinstance(other, Element):
            return computed_element(self.data * other.data, "*", self, other.data, other, self.data)
        other = plain_number(other)
        return computed_element(self.data * other, "*", self, other, None, other)

    def __rmul__(self, other: Scalar) -> Element:
        other = plain_number(other)
        return computed_element(other * self.data, "*", None, other, self, other)

    def __truediv__(self, other: Scalar) -> Element:
        if isinstance(other, Element):
            value = self.data / other.data
            return computed_element(value, "/", self, 1 / other.data, other, -value / other.data)
        other = plain_number(other)
        return computed_element(self.data / other, "/", self, 1 / other, None, other)

    def __rtruediv__(self, other: Scalar) -> Element:
        other = plain_number(other)
        value = other / self.data
        return computed_element(value, "/", None, other, self, -value / self.data)

    def __pow__(self, other: Scalar) -> Element:
        x = self.data
        if isinstance(other, Element):
            n = other.data
            value = power(x, n)
            slope = exponent_slope(x, n, value)
            return computed_element(value, "**", self, power_slope(x, n), other, slope)
        n = plain_number(other)
        return computed_element(power(x, n), "**", self, power_slope(x, n), None, n)

    def __rpow__(self, other: Scalar) -> Element:
        base = plain_number(other)
        value = power(base, self.data)
        return computed_element(value, "**", None, base, self, exponent_slope(base, self.data, value))

    def __neg__(self) -> Element:
        return computed_element(-self.data, "-", self, -1)

    def __pos__(self) -> Element:
        return self

    def __abs__(self) -> Element:
        x = self.data
        return computed_element(absolute(x), "abs", self, (x.real > 0) - (x.real < 0))

    def relu(self) -> Element:
        """The positive part, max(x, 0)."""
        x = self.data
        if x.real <= 0:
            return computed_element(0 if type(x) is int else 0.0, "relu", self, 0)
        return computed_element(x, "relu", self, 1)

    def leaky_relu(self, leak: float = 0.01) -> Element:
        """The number x where it is positive, else leak x."""
        x, leak = self.data, plain_number(leak)
        if x.real <= 0:
            return computed_element(leak * x, "leaky_relu", self, leak, None, leak)
        return computed_element(x, "leaky_relu", self, 1, None, leak)

    def exp(self) -> Element:
        """The exponential; inf where it leaves the range of a double."""
        value = exp(self.data)
        return computed_element(value, "exp", self, value)

    def log(self) -> Element:
        """The natural logarithm of a number > 0; anything else is an InputError that names it."""
        return computed_element(log(self.data), "log", self, 1 / self.data)

    def sqrt(self) -> Element:
        """The square root of a number >= 0; its slope at 0 is inf."""
        return computed_element(sqrt(self.data), "sqrt", self, power_slope(self.data, 0.5))

    def tanh(self) -> Element:
        """The hyperbolic tangent."""
        return computed_element(tanh(self.data), "tanh", self, sech_squared(self.data))

    def sigmoid(self) -> Element:
        """The probability of class 1, 1 / (1 + exp(-x)), exact at both ends."""
        p = logistic(self.data)
        return computed_element(p, "sigmoid", self, p * logistic(-self.data))

    def softplus(self) -> Element:
        """The smooth positive part log(1 + exp(x)), 1000 at 1000."""
        return computed_element(log1pexp(self.data), "softplus", self, logistic(self.data))

    def sin(self) -> Element:
        """The sine."""
        return computed_element(sin(self.data), "sin", self, cos(self.data))

    def cos(self) -> Element:
        """The cosine."""
        return computed_element(cos(self.data), "cos", self, -sin(self.data))

    def maximum(self, other: Scalar) -> Element:
        """The larger of two; equals share the slope."""
        return self._chosen("maximum", other, 1)

    def minimum(self, other: Scalar) -> Element:
        """The smaller of two; equals share the slope."""
        return self._chosen("minimum", other, -1)

    def _chosen(self, op: str, other: Scalar, sign: int) -> Element:
        x: Scalar = self.data
        y: Scalar = other.data if isinstance(other, Element) else plain_number(other)
        share: float
        if x.real == y.real:
            value, share = x, 0.5
        elif x.real != x.real or y.real != y.real:
            # A NaN must not be lost.
            value, share = x + y, 0.5
        else:
            value, share = (x, 1) if sign * x.real > sign * y.real else (y, 0)
        if isinstance(other, Element):
            return computed_element(value, op, self, share, other, 1 - share)
        return computed_element(value, op, self, share, None, y)

    def __lt__(self, other: Scalar) -> bool:
        mark_compared(self, other)
        return self.real < bottom(other)

    def __le__(self, other: Scalar) -> bool:
        mark_compared(self, other)
        return self.real <= bottom(other)

    def __gt__(self, other: Scalar) -> bool:
        mark_compared(self, other)
        return self.real > bottom(other)

    def __ge__(self, other: Scalar) -> bool:
        mark_compared(self, other)
        return self.real >= bottom(other)

    def __bool__(self) -> bool:
        return bool(self.data)

    def __repr__(self) -> str:
        label = "" if self.label is None else f", label={self.label!r}"
        return f"Element(data={self.data}, grad={self.grad}{label})"

    def _repr_svg_(self) -> str | None:
        # A notebook draws the graph; where that is too large for a picture, it prints the Element.
        try:
            return draw(self).svg
        except GraphError:
            return None

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies and pickles carry the value: a graph may be deeper than the pickler's stack.
        return Element, (self.data, self.label), (None, {"grad": self.grad})


_new = object.__new__  # skips __init__, whose checks the operands of an operation have passed long ago


def computed_element(data: Scalar, op: str, a: Any, da: Scalar, b: Any = None, db: Scalar = None) -> Element:
    """The result of an operation, with its operands and the partial derivatives by them."""
    node = _new(Element)
    node.data = data
    node.grad = 0
    node.label = None
    node._op = op
    node._a = a
    node._da = da
    node._b = b
    node._db = db
    return node


def mark_compared(*sides: Scalar) -> None:
    """Leave a mark on Elements that were compared, and on what they were computed from in one step.

    A branch of the program may depend on it; the compiler, which sees only the branch taken, warns then.
    """
    for side in sides:
        if isinstance(side, Element):
            for node in (side, *(operand for operand, _ in edges(side))):
                node._op = Compared(node._op)


def bottom(value: Scalar) -> float:
    """The real number that a comparison looks at."""
    return value.real if isinstance(value, Element) else plain_number(value)
