"""The functions of one scalar: a number, or an Element in a number's place.

Every rule of ``Element`` computes its value and its partials with the functions of this file. Given numbers
they use ``math``; given Elements they build a graph, so that derivatives of any order need no code of their
own; given complex numbers (only ``gradcheck`` does that) they use ``cmath``, and every branch looks at the
real part, which continues the branch analytically.
"""

from __future__ import annotations

import cmath
import math
import reprlib
from collections.abc import Callable
from typing import Any

from soloneuron.errors import InputError

Scalar = Any
"""An int, a float, a complex number or an Element: it has the operators and ``.real``."""

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
    if type(value) is float or (type(value) is int and -DOUBLE < value < DOUBLE):
        return value
    number: Any = value
    if hasattr(value, "item"):
        try:
            number = value.item()
        except (RuntimeError, TypeError, ValueError):
            number = None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise InputError(
            "an Element takes one real number (int, float, or a NumPy or torch scalar) or an Element, "
            f"got {reprlib.repr(value)} ({type(value).__name__})",
            code="element.number",
            value=value,
        )
    if isinstance(number, float):
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


def _real_exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _real_log(x: float) -> float:
    if x <= 0:
        raise InputError(f"log needs a number > 0, got {x}", code="element.log", value=x)
    return math.log(x)


def _real_sqrt(x: float) -> float:
    if x < 0:
        raise InputError(f"sqrt needs a number >= 0, got {x}", code="element.sqrt", value=x)
    return math.sqrt(x)


exp = _lifted("exp", _real_exp, cmath.exp)
log = _lifted("log", _real_log, cmath.log)
sqrt = _lifted("sqrt", _real_sqrt, cmath.sqrt)
tanh = _lifted("tanh", math.tanh, cmath.tanh)
sin = _lifted("sin", lambda x: math.nan if math.isinf(x) else math.sin(x), cmath.sin)
cos = _lifted("cos", lambda x: math.nan if math.isinf(x) else math.cos(x), cmath.cos)
absolute = _lifted("__abs__", abs, lambda z: z if z.real > 0 else -z)


def _number_sigmoid(z: Any) -> Any:
    # exp(-|z|) lies in (0, 1]: nothing overflows, and a small result keeps its relative precision.
    e = exp(-z if z.real > 0 else z)
    return (1 if z.real > 0 else e) / (1 + e)


def _number_softplus(z: Any) -> Any:
    e = exp(-z if z.real > 0 else z)
    return (z if z.real > 0 else 0) + (cmath.log(1 + e) if isinstance(e, complex) else math.log1p(e))


logistic = _lifted("sigmoid", _number_sigmoid, _number_sigmoid)
log1pexp = _lifted("softplus", _number_softplus, _number_softplus)


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
    if x.real < 0 and n.real % 1 != 0:
        raise InputError(
            f"a negative base needs a whole exponent, got ({x.real}) ** {n.real}: the result is not real",
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
        return -math.inf if x.real < 0 and n.real % 2 == 1 else math.inf


def power_slope(x: Scalar, n: Scalar) -> Scalar:
    """The derivative of x ** n by x, n x^(n-1); at x = 0 it is 0 for n = 0, and inf for 0 < n < 1."""
    if x.real == 0 and n.real < 1:
        return 0 if n.real == 0 else pole(x)
    return n * power(x, n - 1)


def exponent_slope(x: Scalar, n: Scalar, value: Scalar) -> Scalar:
    """The derivative of x ** n by n, x^n log(x); at x = 0 it is 0, the limit for n > 0.

    Raises:
        InputError: a negative base, around which x ** n is not real for most n.
    """
    if x.real < 0:
        raise InputError(
            f"an exponent that is an Element needs a base >= 0, got {x.real}; write the exponent as a number",
            code="element.exponent",
            base=x,
            exponent=n,
        )
    return 0 if x.real == 0 else value * log(x)


def pole(x: Scalar) -> Scalar:
    """The slope inf at x = 0 of a root, written so that its own slope is -inf as the root's is."""
    return math.inf * exp(-x)
