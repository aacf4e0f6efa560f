"""Functions of many Elements: sums and products of any length in one node, and what is built from them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from operator import mul
from typing import NamedTuple

from soloneuron.element.branches import Inequality
from soloneuron.element.element import Element, computed_element
from soloneuron.element.scalars import Scalar, bottom, plain_number
from soloneuron.errors import InputError, ShapeError


class Vector(NamedTuple):
    """One side of many products: its values are read once, when ``Vector.of`` is called.

    Args:
        elements: its Elements; none if it holds numbers only.
        values: its numbers.
    """

    elements: tuple[Element, ...]
    values: tuple[Scalar, ...]

    @classmethod
    def of(cls, xs: Iterable[Scalar]) -> Vector:
        """The vector of Elements or numbers; in a mixture, numbers become leaves."""
        return cls(*_operands(xs))


class Largest(float):
    """The largest of some Elements as a plain number, which remembers whose it is.

    What is computed by taking it off and adding it again does not depend on it, so there is no derivative
    to record. Who replays the graph with other values reads ``of`` and takes the largest of those.
    """

    __slots__ = ("of",)
    of: tuple[Element, ...]

    @classmethod
    def among(cls, z: Iterable[Element]) -> Largest:
        """The largest finite one of some Elements; 0 if there is none."""
        elements = tuple(z)
        numbers = [bottom(x) for x in elements]
        largest = cls(max(filter(math.isfinite, numbers), default=0.0))
        largest.of = elements
        return largest


def dot(ws: Iterable[Scalar], xs: Iterable[Scalar]) -> Element:
    """The sum of products w1 x1 + w2 x2 + … as one node.

    Args:
        ws: Elements or numbers, or a Vector of them.
        xs: as many Elements or numbers, or a Vector of them.

    Returns:
        An Element; 0 for no terms.

    Raises:
        ShapeError: two different lengths.

    Example:
        >>> w, x = [Element(2), Element(3)], [10, 100]
        >>> dot(w, x)
        Element(data=320, grad=0)
    """
    w, w_values = _operands(ws)
    x, x_values = _operands(xs)
    if len(w_values) != len(x_values):
        raise ShapeError(
            f"dot needs as many weights as inputs, got {len(w_values)} and {len(x_values)}",
            code="element.dot",
            weights=len(w_values),
            inputs=len(x_values),
        )
    if not w:
        w, w_values, x, x_values = x, x_values, w, w_values
    value = sum(map(mul, w_values, x_values))
    return computed_element(value, "dot", w, x_values, x, w_values if x else ()) if w else Element(value)


def total(xs: Iterable[Scalar]) -> Element:
    """The sum x1 + x2 + … as one node.

    Args:
        xs: Elements or numbers.

    Returns:
        An Element; 0 for no terms.
    """
    terms = tuple(_element(x) for x in xs)
    if not terms:
        return Element(0)
    return computed_element(sum(x.data for x in terms), "total", terms, (1,) * len(terms), (), ())


def maximum(x: Scalar, y: Scalar) -> Element:
    """The larger of two Elements or numbers; equals share the slope."""
    return y.maximum(x) if isinstance(y, Element) else _element(x).maximum(y)


def minimum(x: Scalar, y: Scalar) -> Element:
    """The smaller of two Elements or numbers; equals share the slope."""
    return y.minimum(x) if isinstance(y, Element) else _element(x).minimum(y)


def clamp(x: Scalar, low: float | None = None, high: float | None = None) -> Element:
    """The number x where it lies between two bounds, else the nearer bound."""
    return _element(x).clamp(low, high)


def atan2(y: Scalar, x: Scalar) -> Element:
    """The angle of the point (x, y), from -pi to pi."""
    return _element(y).atan2(x)


def where(condition: object, a: Scalar, b: Scalar) -> Element:
    """One of two, by a comparison that is recorded: a compiled graph decides it anew in every run.

    The gradient goes to the side that was chosen. The other one gets none, and what it was computed from
    gets 0, even where its slope is infinite.

    Args:
        condition: a comparison of Elements, such as ``x > 0``; an Element, true where it is not 0; or a plain
            truth value, which is decided now and for good.
        a: an Element or a number: the value where the condition holds.
        b: an Element or a number: the value elsewhere.

    Returns:
        An Element.

    Raises:
        InputError: anything that is no number.

    Example:
        >>> x = Element(-2.0)
        >>> y = where(x > 0, x * x, -x)
        >>> y.backward()
        >>> y.data, x.grad
        (2.0, -1)
    """
    if isinstance(condition, Element):
        condition = abs(condition) > 0
    if isinstance(condition, Inequality):
        return Element.chosen(condition, a, b)
    if condition is None or not hasattr(condition, "__bool__"):
        raise InputError(
            f"condition must be a comparison, an Element or a truth value, got {condition!r} (where)",
            code="element.condition",
            condition=condition,
        )
    return _element(a) if condition else _element(b)


def softmax(logits: Iterable[Scalar]) -> list[Element]:
    """Probabilities exp(z_i) / sum of exp(z), with the largest logit taken off first.

    Args:
        logits: at least one Element or number.

    Returns:
        As many Elements, which sum to 1.

    Raises:
        InputError: no logits.
    """
    z = _logits(logits, "softmax", 1)
    exps = _shifted_exps(z, Largest.among(z))
    whole = total(exps)
    return [e / whole for e in exps]


def logsumexp(logits: Iterable[Scalar]) -> Element:
    """The logarithm of the sum of exp(z), with the largest logit taken off first.

    Args:
        logits: at least one Element or number.

    Returns:
        An Element; about 1000 for logits near 1000.

    Raises:
        InputError: no logits.
    """
    z = _logits(logits, "logsumexp", 1)
    largest = Largest.among(z)
    return _plus(total(_shifted_exps(z, largest)).log(), largest)


def cross_entropy(logits: Iterable[Scalar], target: int) -> Element:
    """The loss -log softmax(z)[target], as the softplus of logsumexp of (z_i - z_target), i not target.

    A sure and right answer keeps its small loss, instead of the difference of two large numbers.

    Args:
        logits: at least two Elements or numbers.
        target: the index of the right class, from 0.

    Returns:
        An Element >= 0.

    Raises:
        InputError: fewer than two logits, or no such class.
    """
    z = _logits(logits, "cross_entropy", 2)
    if isinstance(target, bool) or not isinstance(target, int) or not 0 <= target < len(z):
        raise InputError(
            f"target must be an index from 0 to {len(z) - 1}, got {target!r} (cross_entropy)",
            code="cross_entropy.target",
            target=target,
        )
    right = z[target]
    return logsumexp([other - right for i, other in enumerate(z) if i != target]).softplus()


def _element(x: Scalar) -> Element:
    return x if isinstance(x, Element) else Element(x)


def _operands(xs: Iterable[Scalar]) -> tuple[tuple[Element, ...], tuple[Scalar, ...]]:
    """The Elements of one side of a product, and all its values; in a mixture, numbers become leaves."""
    if type(xs) is Vector:
        return xs
    xs = tuple(xs)
    # Tuples of floats, unlike lists, are dropped by the cyclic collector when it first meets them.
    values = tuple([x.data for x in xs if isinstance(x, Element)])
    if len(values) == len(xs):
        return xs, values
    if not values:
        return (), tuple([plain_number(x) for x in xs])
    return _operands(_element(x) for x in xs)


def _logits(logits: Iterable[Scalar], function: str, least: int) -> list[Element]:
    z = [_element(x) for x in logits]
    if len(z) < least:
        raise InputError(
            f"{function} needs at least {least} logit{'s' * (least > 1)}, got {len(z)}",
            code=f"{function}.logits",
            count=len(z),
        )
    return z


def _shifted_exps(z: list[Element], largest: Largest) -> list[Element]:
    return [computed_element(x.data - largest, "-", x, 1, None, largest).exp() for x in z]


def _plus(x: Element, largest: Largest) -> Element:
    return computed_element(x.data + largest, "+", x, 1, None, largest)
