"""Expressions, and what operations make of them: built by formulas, read by whoever writes them down.

Equal expressions are one object, so that what stands twice in a formula is found by identity.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

Quantity: TypeAlias = "Expression | int | float"
"""What a formula is made of: an expression, or a number that is known already."""


@dataclass(frozen=True, eq=False)
class Expression:
    """An operation on operands.

    Args:
        operation: ``+``, ``-``, ``*``, ``/``, ``negative``, a comparison, ``where``, ``power``, ``variable``,
            or a function's name.
        operands: what it is applied to.
        letter: of a variable.
    """

    operation: str
    operands: tuple[Quantity, ...] = ()
    letter: str = ""


@cache
def variable(letter: str) -> Expression:
    """The variable with that letter."""
    return Expression("variable", (), letter)


@cache
def applied(operation: str, *operands: Quantity) -> Expression:
    """An operation on operands, as it stands; the same object for the same operands."""
    return Expression(operation, operands)


def added(a: Quantity, b: Quantity) -> Quantity:
    """a + b."""
    if not isinstance(a, Expression) and not isinstance(b, Expression):
        return a + b
    if _is(a, 0) or _is(b, 0):
        return b if _is(a, 0) else a
    if isinstance(b, Expression) and b.operation == "negative":
        return subtracted(a, b.operands[0])
    return applied("+", a, b)


def subtracted(a: Quantity, b: Quantity) -> Quantity:
    """a - b."""
    if not isinstance(a, Expression) and not isinstance(b, Expression):
        return a - b
    if _is(b, 0):
        return a
    if isinstance(b, Expression) and b.operation == "negative":
        return added(a, b.operands[0])
    return negative(b) if _is(a, 0) else applied("-", a, b)


def product_of(a: Quantity, b: Quantity) -> Quantity:
    """a b; a factor of 0 leaves nothing, as it does of a finite number."""
    if not isinstance(a, Expression) and not isinstance(b, Expression):
        return a * b
    if _is(a, 0) or _is(b, 0):
        return 0
    if _is(a, 1) or _is(b, 1):
        return b if _is(a, 1) else a
    # A sign goes to the front of a product, where another one may lift it; that rounds nothing.
    (a_sign, a), (b_sign, b) = _signed(a), _signed(b)
    product = b if _is(a, 1) else a if _is(b, 1) else applied("*", a, b)
    return product if a_sign == b_sign else negative(product)


def divided(a: Quantity, b: Quantity) -> Quantity:
    """a / b."""
    if not isinstance(a, Expression) and not isinstance(b, Expression):
        return a / b
    return a if _is(b, 1) else applied("/", a, b)


def negative(a: Quantity) -> Quantity:
    """-a."""
    if not isinstance(a, Expression):
        return -a
    return a.operands[0] if a.operation == "negative" else applied("negative", a)


def raised(a: Quantity, exponent: Quantity) -> Quantity:
    """a to a power; small whole ones are products, which are rounded as torch rounds them."""
    if _is(exponent, 0):
        return 1
    if _is(exponent, 1):
        return a
    if _is(exponent, 2):
        return product_of(a, a)
    return product_of(product_of(a, a), a) if _is(exponent, 3) else applied("power", a, exponent)


def size(a: Quantity) -> Quantity:
    """|a|."""
    if not isinstance(a, Expression):
        return abs(a)
    return applied("abs", a.operands[0] if a.operation == "negative" else a)


MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def comparison(operation: str, a: Quantity, b: Quantity) -> Quantity:
    """A comparison; that of -a with 0 is the other one of a."""
    if isinstance(a, Expression) and a.operation == "negative" and not isinstance(b, Expression):
        return applied(MIRRORED[operation], a.operands[0], -b + 0.0)
    return applied(operation, a, b)


def chosen(condition: Quantity, a: Quantity, b: Quantity) -> Quantity:
    """a where the condition holds, else b."""
    same = not isinstance(a, Expression) and not isinstance(b, Expression) and a == b
    return a if a is b or same else applied("where", condition, a, b)


LARGEST_EXPONENT = math.log(sys.float_info.max)
"""Beyond it an exponential is inf, and torch's sigmoid of the other sign is 0."""


def by_exponential(z: Quantity) -> Quantity:
    """The sigmoid by exp(-|z|), as ``links`` has it: that of -z then needs no other exponential.

    It is 0 where torch's is: a rule that looks at signs alone tells 0 from the smallest number.
    """
    e = applied("exp", negative(size(z)))
    small = chosen(comparison("<", z, -LARGEST_EXPONENT), 0, e)
    return divided(chosen(comparison(">", z, 0), 1, small), added(1, e))


def _signed(term: Quantity) -> tuple[bool, Quantity]:
    """Whether a term has a sign in front, and the term without it; -1 is 1 with a sign."""
    if isinstance(term, Expression):
        return (True, term.operands[0]) if term.operation == "negative" else (False, term)
    return (True, 1) if term == -1 else (False, term)


def _is(term: Quantity, number: float) -> bool:
    return not isinstance(term, Expression) and term == number
