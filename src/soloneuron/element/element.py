"""Element: a number that remembers how it was computed, and can tell its derivatives.

Every operator computes the value and, at once, the partial derivatives by its operands: the rule of an
operation stands in the operation itself, for a table of rules would be looked up at every node and halves
the speed. How a node keeps its operands, and how ``backward`` walks them, is in ``node.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, final

from soloneuron.element.branches import Inequality, Readable
from soloneuron.element.drawing import draw
from soloneuron.element.kinks import clamped, larger, polar_angle
from soloneuron.element.node import hand_made_operands
from soloneuron.element.operations import OPERATIONS
from soloneuron.element.scalars import (
    Scalar,
    absolute,
    exponent_slope,
    operand_number,
    plain_number,
    power,
    power_slope,
    rectified,
    sign,
    step,
)


def _method(name: str) -> Callable[[Element], Element]:
    """The method of an operation of one operand, from its entry in the table."""
    entry = OPERATIONS[name]
    value, slope = entry.value, entry.slope
    assert value is not None
    assert slope is not None

    def method(self: Element) -> Element:
        x = self.data
        y = value(x)
        return computed_element(y, name, self, slope(x, y))

    method.__name__, method.__doc__ = name, entry.about
    method.__qualname__ = f"Element.{name}"
    return method


@final
class Element(Readable):
    """A scalar with a gradient.

    Conventions at kinks: the slope of relu and of abs at 0 is 0, that of leaky_relu its leak, that of
    maximum and minimum between equals one half each, that of clamp at its bounds 1. At NaN slopes are those
    of torch. The slope of a root at 0 is inf. An Element whose data is an Element gives second derivatives.

    ``float(x)`` and ``math.exp(x)`` of a computed Element leave its graph, and give an ``InputWarning``;
    ``x.item()``, ``round(x)`` and ``f"{x:.3f}"`` are for reading, and silent.

    Args:
        data: an int (it stays one), a float, a NumPy or torch scalar, a Fraction, or another Element.
        label: a name for pictures, or None; or the operands of a hand-made node, as in the assignment's
            constructor ``Element(data, _children=(), _op="")``, which passes no gradient on to them.
        _op: the operation of a hand-made node.
        _children: its operands, by name.

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

    def __init__(
        self,
        data: Scalar,
        label: str | Iterable[Element] | None = None,
        _op: str = "",
        *,
        _children: Iterable[Element] = (),
    ) -> None:
        if label is not None and not isinstance(label, str):
            label, _children = None, hand_made_operands(label)
        children = tuple(_children)
        self.data = data if isinstance(data, Element) else plain_number(data)
        self.grad = 0
        self.label = label
        self._op = _op
        self._a = self._da = self._b = self._db = None
        if children:
            self._op = _op or "made"
            self._a, self._da, self._b, self._db = children, (0,) * len(children), (), ()

    def __add__(self, other: Scalar) -> Element:
        if isinstance(other, Element):
            return computed_element(self.data + other.data, "+", self, 1, other, 1)
        other = operand_number(other)
        if other is None:
            return NotImplemented
        return computed_element(self.data + other, "+", self, 1, None, other)

    def __radd__(self, other: Scalar) -> Element:
        other = operand_number(other)
        if other is None:
            return NotImplemented
        return computed_element(other + self.data, "+", None, other, self, 1)

    def __sub__(self, other: Scalar) -> Element:
        if isinstance(other, Element):
            return computed_element(self.data - other.data, "-", self, 1, other, -1)
        other = operand_number(other)
        if other is None:
            return NotImplemented
        return computed_element(self.data - other, "-", self, 1, None, other)

    def __rsub__(self, other: Scalar) -> Element:
        other = operand_number(other)
        if other is None:
            return NotImplemented
        return computed_element(other - self.data, "-", None, other, self, -1)

    def __mul__(self, other: Scalar) -> Element:
        if isinstance(other, Element):
            return computed_element(self.data * other.data, "*", self, other.data, other, self.data)
        other = operand_number(other)
        if other is None:
            return NotImplemented
        return computed_element(self.data * other, "*", self, other, None, other)

    def __rmul__(self, other: Scalar) -> Element:
        other = operand_number(other)
        if other is None:
            return NotImplemented
        return computed_element(other * self.data, "*", None, other, self, other)

    def __truediv__(self, other: Scalar) -> Element:
        if isinstance(other, Element):
            value = self.data / other.data
            return computed_element(value, "/", self, 1 / other.data, other, -value / other.data)
        other = operand_number(other)
        if other is None:
            return NotImplemented
        return computed_element(self.data / other, "/", self, 1 / other, None, other)

    def __rtruediv__(self, other: Scalar) -> Element:
        other = operand_number(other)
        if other is None:
            return NotImplemented
        value = other / self.data
        return computed_element(value, "/", None, other, self, -value / self.data)

    def __pow__(self, other: Scalar) -> Element:
        x = self.data
        if isinstance(other, Element):
            n = other.data
            value = power(x, n)
            slope = exponent_slope(x, n, value)
            return computed_element(value, "**", self, power_slope(x, n), other, slope)
        n = operand_number(other)
        if n is None:
            return NotImplemented
        return computed_element(power(x, n), "**", self, power_slope(x, n), None, n)

    def __rpow__(self, other: Scalar) -> Element:
        base = operand_number(other)
        if base is None:
            return NotImplemented
        value = power(base, self.data)
        return computed_element(value, "**", None, base, self, exponent_slope(base, self.data, value))

    def __neg__(self) -> Element:
        return computed_element(-self.data, "-", self, -1)

    def __pos__(self) -> Element:
        return self

    def __abs__(self) -> Element:
        return computed_element(absolute(self.data), "abs", self, sign(self.data))

    def relu(self) -> Element:
        """The positive part, max(x, 0)."""
        x = self.data
        if type(x) is float or type(x) is int:
            if x <= 0:
                return computed_element(0 if type(x) is int else 0.0, "relu", self, 0)
            return computed_element(x, "relu", self, 1)
        return computed_element(rectified(x), "relu", self, step(x))

    def leaky_relu(self, leak: float = 0.01) -> Element:
        """The number x where it is positive, else leak x."""
        x, leak = self.data, plain_number(leak)
        if isinstance(x, Element):
            slope: Scalar = leak + (1 - leak) * step(x)
            return computed_element(x.leaky_relu(leak), "leaky_relu", self, slope, None, leak)
        if x.real > 0:
            return computed_element(x, "leaky_relu", self, 1, None, leak)
        return computed_element(leak * x, "leaky_relu", self, leak, None, leak)

    exp = _method("exp")
    expm1 = _method("expm1")
    log = _method("log")
    log1p = _method("log1p")
    sqrt = _method("sqrt")
    sigmoid = _method("sigmoid")
    softplus = _method("softplus")
    sin = _method("sin")
    cos = _method("cos")
    tan = _method("tan")
    sinh = _method("sinh")
    cosh = _method("cosh")
    tanh = _method("tanh")
    erf = _method("erf")
    sign = _method("sign")
    step = _method("step")

    def clamp(self, low: float | None = None, high: float | None = None) -> Element:
        """The number x where it lies between two bounds, else the nearer bound; at a bound the slope is 1.

        Args:
            low: the lower bound, or None.
            high: the upper bound, or None; where it is below ``low``, it wins.
        """
        bounded = self if low is None else self._clamped("clamp_min", plain_number(low), 1)
        return bounded if high is None else bounded._clamped("clamp_max", plain_number(high), -1)

    def _clamped(self, op: str, bound: float, sense: int) -> Element:
        value, slope = clamped(self.data, bound, sense)
        return computed_element(value, op, self, slope, None, bound)

    def atan2(self, x: Scalar) -> Element:
        """The angle of the point (x, this), from -pi to pi."""
        other = x if isinstance(x, Element) else Element(x)
        value, slope, rest = polar_angle(self.data, other.data)
        return computed_element(value, "atan2", self, slope, other, rest)

    def maximum(self, other: Scalar) -> Element:
        """The larger of two; equals share the slope."""
        return self._chosen("maximum", other, 1)

    def minimum(self, other: Scalar) -> Element:
        """The smaller of two; equals share the slope."""
        return self._chosen("minimum", other, -1)

    def _chosen(self, op: str, other: Scalar, sense: int) -> Element:
        x: Scalar = self.data
        y: Scalar = other.data if isinstance(other, Element) else plain_number(other)
        value, share, rest = larger(op, x, y, sense)
        if isinstance(other, Element):
            return computed_element(value, op, self, share, other, rest)
        return computed_element(value, op, self, share, None, y)

    @staticmethod
    def chosen(condition: Inequality, a: Scalar, b: Scalar) -> Element:
        """The node of ``where``: a where a comparison holds, else b."""
        first, second, left, right = (
            x if isinstance(x, Element) else Element(x) for x in (a, b, condition.left, condition.right)
        )
        sign = condition.sign
        if sign[0] == "<":
            sign, left, right = sign.replace("<", ">"), right, left
        one: Scalar = int(condition.holds)
        value: Scalar = first.data if one else second.data
        if isinstance(left.data, Element) or isinstance(right.data, Element):
            # Inside of a derivative the choice is recorded as well.
            below = Inequality(sign, left.data, right.data, condition.holds)
            value, one = Element.chosen(below, first.data, second.data), Element.chosen(below, 1, 0)
        return computed_element(value, f"where{sign}", (first, second), (one, 1 - one), (left, right), (0, 0))

    def _repr_svg_(self) -> str:
        return draw(self).svg

    # Copies and pickles carry the value: a graph may be deeper than the pickler's stack.
    def __reduce__(self) -> tuple[Any, ...]:
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
