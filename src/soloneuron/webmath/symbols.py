"""Symbols in the place of tensors: a formula of the library runs on them and leaves its expression.

torch hands every call on a symbol to ``__torch_function__``. So the formulas need not know of this, and what
trains is what is translated. ``torch.where`` is their only branch, hence one run tells all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

from soloneuron.webmath.algebra import (
    Expression,
    Quantity,
    added,
    applied,
    by_exponential,
    chosen,
    comparison,
    divided,
    negative,
    product_of,
    raised,
    size,
    subtracted,
    variable,
)


class Symbol:
    """A number that is not known yet. Like a tensor it can be changed in place.

    Args:
        term: what it stands for.

    Example:
        >>> import torch
        >>> from soloneuron.webmath.typescript import expression_text
        >>> expression_text(torch.exp(-2 * Symbol.of("x")).term)
        'Math.exp(-2 * x)'
    """

    def __init__(self, term: Quantity) -> None:
        self.term = term

    @classmethod
    def of(cls, letter: str) -> Symbol:
        """The symbol of a variable."""
        return cls(variable(letter))

    @property
    def real(self) -> Symbol:
        """Itself: formulas look at the real part, for they continue to complex numbers."""
        return self

    def is_complex(self) -> bool:
        """No."""
        return False

    def expand_as(self, _: object) -> Symbol:
        """Itself, for a symbol has no shape."""
        return self

    def __add__(self, other: object) -> Symbol:
        return Symbol(added(self.term, as_quantity(other)))

    def __radd__(self, other: object) -> Symbol:
        return Symbol(added(as_quantity(other), self.term))

    def __sub__(self, other: object) -> Symbol:
        return Symbol(subtracted(self.term, as_quantity(other)))

    def __rsub__(self, other: object) -> Symbol:
        return Symbol(subtracted(as_quantity(other), self.term))

    def __mul__(self, other: object) -> Symbol:
        return Symbol(product_of(self.term, as_quantity(other)))

    def __rmul__(self, other: object) -> Symbol:
        return Symbol(product_of(as_quantity(other), self.term))

    def __truediv__(self, other: object) -> Symbol:
        return Symbol(divided(self.term, as_quantity(other)))

    def __rtruediv__(self, other: object) -> Symbol:
        return Symbol(divided(as_quantity(other), self.term))

    def __pow__(self, exponent: object) -> Symbol:
        return Symbol(raised(self.term, as_quantity(exponent)))

    def __neg__(self) -> Symbol:
        return Symbol(negative(self.term))

    def __lt__(self, other: object) -> Symbol:
        return Symbol(comparison("<", self.term, as_quantity(other)))

    def __gt__(self, other: object) -> Symbol:
        return Symbol(comparison(">", self.term, as_quantity(other)))

    def __le__(self, other: object) -> Symbol:
        return Symbol(comparison("<=", self.term, as_quantity(other)))

    def __ge__(self, other: object) -> Symbol:
        return Symbol(comparison(">=", self.term, as_quantity(other)))

    def __getattr__(self, name: str) -> Callable[..., Symbol]:
        """The method of a tensor: what it returns, and with a trailing ``_`` what it leaves behind."""
        function = FUNCTIONS.get(name.removesuffix("_"))
        if function is None:
            raise AttributeError(f"a symbol has no {name!r}: webmath/symbols.py must say what it is")

        def method(*others: object) -> Symbol:
            found = Symbol(function(self.term, *map(as_quantity, others)))
            if not name.endswith("_"):
                return found
            self.term = found.term
            return self

        return method

    @classmethod
    def __torch_function__(
        cls, func: Callable[..., object], types: object, args: tuple[object, ...] = (), kwargs: Any = None
    ) -> Symbol:
        """What a function of torch makes of symbols."""
        name = func.__name__
        if name not in FUNCTIONS or kwargs:
            raise NotImplementedError(f"torch.{name}: webmath/symbols.py must say what it is")
        return cls(FUNCTIONS[name](*map(as_quantity, args)))


def as_quantity(value: object) -> Quantity:
    """What a formula has left: of a symbol what it stands for; a number of a tensor; both as they are."""
    if isinstance(value, Symbol):
        return value.term
    if isinstance(value, Tensor):
        return float(value)
    if isinstance(value, Expression | int | float):
        return value
    raise TypeError(f"a formula on symbols must hold numbers and symbols, got {value!r}")


def _function(name: str) -> Callable[..., Quantity]:
    return lambda term: applied(name, term)


FUNCTIONS: Mapping[str, Callable[..., Quantity]] = {
    **{name: _function(name) for name in ("exp", "log1p", "sqrt", "sin", "cos", "sign")},
    "abs": size,
    "neg": negative,
    "sigmoid": by_exponential,
    "mul": product_of,
    "div": divided,
    "square": lambda a: product_of(a, a),
    "hypot": lambda a, b: applied("hypot", a, b),
    "where": chosen,
    "zeros_like": lambda _: 0,
    "full_like": lambda _, number: number,
}
"""Functions and methods of torch by name."""
