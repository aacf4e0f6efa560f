"""The functions of one scalar: a number, or an Element in a number's place.

Every rule of ``Element`` computes its value and its partials with the functions of this file. Given numbers
they use ``math``; given Elements they build a graph, so that derivatives of any order need no code of their
own; given complex numbers (only ``gradcheck`` does that) they use ``cmath``, and every branch looks at the
real part, which continues the branch analytically. A kink has a name of its own (``sign``, ``step``), so that
a recorded slope is no frozen branch.
"""

from __future__ import annotations

import cmath
import math
import reprlib
from collections.abc import Callable
from numbers import Real
from typing import Any

from soloneuron.errors import InputError

Scalar = Any
"""An int, a float, a complex number or an Element: it has the operators."""

DOUBLE = 2**1024
"""Integers from here on do not fit a double; they would stop the first float that they meet."""


def plain_number(value: object) -> int | float:
    """The Python number meant by a constant; a NumPy or torch scalar gives its ``.item()``.

    Args:
        value: what came in.

    Returns:
        An int or a float.

    Raises:
        InputError: not one real number.
    """
    number = operand_number(value)
    if number is None:
        raise InputError(
            "an Element takes one real number (int, float, or a NumPy or torch scalar) or an Element, "
            f"got {reprlib.repr(value)} ({type(value).__name__})",
            code="element.number",
            value=value,
        )
    return number


def operand_number(value: object) -> int | float | None:
    """The number meant by the other operand of an operator, or None where Python should ask that one.

    Args:
        value: what stands beside an Element.

    Returns:
        An int or a float; None for what is not one real number, such as an array of several.

    Raises:
        InputError: an int that fits no double.
    """
    if type(value) is float or (type(value) is int and -DOUBLE < value < DOUBLE):
        return value
    number: Any = value
    # An Element gives its number too, but without its graph; an array of numbers broadcasts by itself.
    if hasattr(value, "item") and not hasattr(value, "_da"):
        if hasattr(value, "__array_ufunc__") and getattr(value, "ndim", False):
            return None
        try:
            number = value.item()
        except (RuntimeError, TypeError, ValueError):
            return None
    if isinstance(number, bool) or not isinstance(number, Real):
        return None
    if not isinstance(number, int):
        return float(number)
    if not -DOUBLE < number < DOUBLE:
        raise InputError(
            f"an Element takes an int of at most 1024 bits, got one of {number.bit_length()} bits",
            code="element.size",
        )
    return int(number)


def _lifted(name: str, of_real: Callable[[float], float], of_complex: Callable[[complex], complex]) -> Any:
    """One function for numbers (by ``math`` or ``cmath``) and for Elements (by their method)."""

    def function(x: Scalar) -> Scalar:
        if isinstance(x, (float, int)):
            return of_real(x)
        return of_complex(x) if isinstance(x, complex) else getattr(x, name)()

    function.__name__ = name
    function.__doc__ = f"{name}(x) of a number or an Element."
    return function


def _real_log(x: float) -> float:
    if x <= 0:
        raise InputError(f"log needs a number > 0, got {x}", code="element.log", value=x)
    return math.log(x)


def _real_sqrt(x: float) -> float:
    if x < 0:
        raise InputError(f"sqrt needs a number >= 0, got {x}", code="element.sqrt", value=x)
    return math.sqrt(x)


def _wave(wave: Callable[[float], float]) -> Callable[[float], float]:
    """A wave of infinity is NaN, as in IEEE arithmetic."""
    return lambda x: math.nan if math.isinf(x) else wave(x)


def _grown(grows: Callable[[float], float]) -> Callable[[float], float]:
    """What leaves the range of a double is infinite, with the sign of its slope."""

    def function(x: float) -> float:
        try:
            return grows(x)
        except OverflowError:
            return math.copysign(math.inf, grows(math.copysign(1.0, x)))

    return function


def _real_log1p(x: float) -> float:
    if x <= -1:
        raise InputError(f"log1p needs a number > -1, got {x}", code="element.log1p", value=x)
    return math.log1p(x)


def _real_sign(x: float) -> float:
    return (x > 0) - (x < 0)


def _beyond_complex(_: complex) -> complex:
    raise TypeError("cmath has no such function")


def _number_sigmoid(z: Any) -> Any:
    # exp(-|z|) lies in (0, 1]: nothing overflows, and a small result keeps its relative precision.
    e = exp(-z if z.real > 0 else z)
    return (1 if z.real > 0 else e) / (1 + e)


def _number_softplus(z: Any) -> Any:
    e = exp(-z if z.real > 0 else z)
    return (z if z.real > 0 else 0) + (cmath.log(1 + e) if isinstance(e, complex) else math.log1p(e))


def _number_relu(z: Any) -> Any:
    return (0 if type(z) is int else 0.0) if z.real <= 0 else z


exp = _lifted("exp", _grown(math.exp), cmath.exp)
expm1 = _lifted("expm1", _grown(math.expm1), lambda z: cmath.exp(z / 2) * 2 * cmath.sinh(z / 2))
log = _lifted("log", _real_log, cmath.log)
log1p = _lifted("log1p", _real_log1p, lambda z: cmath.log(1 + z))
sqrt = _lifted("sqrt", _real_sqrt, cmath.sqrt)
sin = _lifted("sin", _wave(math.sin), cmath.sin)
cos = _lifted("cos", _wave(math.cos), cmath.cos)
tan = _lifted("tan", _wave(math.tan), cmath.tan)
sinh = _lifted("sinh", _grown(math.sinh), cmath.sinh)
cosh = _lifted("cosh", _grown(math.cosh), cmath.cosh)
tanh = _lifted("tanh", math.tanh, cmath.tanh)
erf = _lifted("erf", math.erf, _beyond_complex)
absolute = _lifted("__abs__", abs, lambda z: z if z.real > 0 else -z)
sign = _lifted("sign", _real_sign, lambda z: _real_sign(z.real))
rectified = _lifted("relu", _number_relu, _number_relu)
# The slope of relu: 1 at NaN, as torch has it.
step = _lifted("step", lambda x: 0 if x <= 0 else 1, lambda z: 0 if z.real <= 0 else 1)
logistic = _lifted("sigmoid", _number_sigmoid, _number_sigmoid)
log1pexp = _lifted("softplus", _number_softplus, _number_softplus)


def bottom(x: Scalar) -> float:
    """The real number at the bottom of a number, or of an Element in its place; it leaves no mark."""
    return float(x.real) if isinstance(x, (float, complex)) else x if isinstance(x, int) else bottom(x.data)


def sech_squared(x: Scalar) -> Scalar:
    """The derivative of tanh, 4 sigmoid(2x) sigmoid(-2x).

    Unlike 1 - tanh(x)^2, it keeps its relative precision where tanh rounds to 1.
    """
    return 4 * logistic(2 * x) * logistic(-2 * x)


def power(x: Scalar, n: Scalar) -> Scalar:
    """x ** n for a number n and a base where that is real; too large a number becomes inf.

    Raises:
        InputError: a negative base with a fractional exponent, which would be complex.
        ZeroDivisionError: 0 to a negative exponent.
    """
    if bottom(x) < 0 and bottom(n) % 1 != 0:
        raise InputError(
            f"a negative base needs a whole exponent, got ({bottom(x)}) ** {bottom(n)}: "
            "the result is not real",
            code="element.power",
            base=x,
            exponent=n,
        )
    try:
        # 9 ** (9 ** 9) would be computed digit by digit for hours.
        if isinstance(x, int) and isinstance(n, int) and n * (x.bit_length() - 1) > 1024:
            return float(x) ** n
        return x**n
    except OverflowError:
        return -math.inf if bottom(x) < 0 and bottom(n) % 2 == 1 else math.inf


def power_slope(x: Scalar, n: Scalar) -> Scalar:
    """The derivative of x ** n by x, n x^(n-1); at x = 0 it is 0 for n = 0, and inf for 0 < n < 1."""
    if bottom(x) == 0 and bottom(n) < 1:
        return 0 if bottom(n) == 0 else pole(x)
    return n * power(x, n - 1)


def exponent_slope(x: Scalar, n: Scalar, value: Scalar) -> Scalar:
    """The derivative of x ** n by n, x^n log(x); at x = 0 it is 0, the limit for n > 0.

    Raises:
        InputError: a negative base, around which x ** n is not real for most n.
    """
    if bottom(x) < 0:
        raise InputError(
            f"an exponent that is an Element needs a base >= 0, got {bottom(x)}; "
            "write the exponent as a number",
            code="element.exponent",
            base=x,
            exponent=n,
        )
    return 0 if bottom(x) == 0 else value * log(x)


def pole(x: Scalar) -> Scalar:
    """The slope inf at x = 0 of a root, written so that its own slope is -inf as the root's is."""
    return math.inf * exp(-x)
