"""What the names in scalar code mean: fast ones that may raise, and total ones that follow IEEE arithmetic.

A program runs on Python's own floats. Where these refuse (a division by 0, an overflow, a logarithm of a
negative number) the same text runs once more with every division, power and function made total, and gives
inf or NaN as torch does.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from soloneuron.element import scalars as rules

REFUSALS = (ArithmeticError, ValueError)
"""What Python's floats raise where IEEE arithmetic goes on."""


def make_step(source: str, tables: Mapping[str, Any] = MappingProxyType({})) -> Callable[..., Any]:
    """The function ``step`` of a scalar program; it never raises, whatever the numbers are.

    Args:
        source: its text.
        tables: what else the text refers to by name.
    """
    fast: Callable[..., Any] = _defined(compile(source, "<compiled graph>", "exec"), {**_FAST, **tables})
    total: list[Callable[..., Any]] = []

    def step(*arguments: list[float]) -> Any:
        try:
            return fast(*arguments)
        except REFUSALS:
            if not total:
                tree = ast.fix_missing_locations(_Total().visit(ast.parse(source)))
                total.append(_defined(compile(tree, "<compiled graph>", "exec"), {**_TOTAL, **tables}))
            return total[0](*arguments)

    return step


def _defined(code: Any, names: dict[str, Any]) -> Any:
    namespace = dict(names)
    # The text was written by ``write_scalar``: identifiers and numbers, nothing that a user typed.
    exec(code, namespace)
    return namespace["step"]


class _Total(ast.NodeTransformer):
    """Divisions and powers become calls of functions that never raise."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        function = {ast.Div: "divide", ast.Pow: "power"}.get(type(node.op))
        if function is None:
            return node
        return ast.Call(ast.Name(function, ast.Load()), [node.left, node.right], [])


def divide(x: float, y: float) -> float:
    """A quotient by IEEE rules."""
    try:
        return x / y
    except ZeroDivisionError:
        return math.nan if x == 0 or math.isnan(x) else math.copysign(math.inf, x) * math.copysign(1.0, y)


def total_power(x: float, n: float) -> float:
    """A power by IEEE rules: NaN where it is not real."""
    try:
        return math.pow(x, n)
    except OverflowError:
        return -math.inf if x < 0 and n % 2 == 1 else math.inf
    except ValueError:
        return math.inf if x == 0 else math.nan


def power_derivative(x: float, n: float) -> float:
    """The derivative of a power by its base; 0 where the exponent is."""
    return n * total_power(x, n - 1) if n else 0.0


def exponent_derivative(x: float, _: float, y: float) -> float:
    """The derivative of a power by its exponent; 0 at a base of 0."""
    return 0.0 if x == 0 else y * math.log(x) if x > 0 else math.nan


def _largest(*numbers: float) -> float:
    # An infinite one, taken off, would make inf - inf.
    most = max(numbers)
    return most if math.isfinite(most) else math.copysign(1.7976931348623157e308, most)


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def _softplus(x: float) -> float:
    return x + math.log1p(math.exp(-x)) if x > 0 else math.log1p(math.exp(x))


def _never_raising(function: Callable[..., float]) -> Callable[..., float]:
    def total(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return math.nan

    return total


_LIFTED = ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf")
_SHARED: dict[str, Any] = {
    "inf": math.inf,
    "nan": math.nan,
    "atan2": math.atan2,
    "largest": _largest,
    "power": total_power,
    "power_slope": power_derivative,
    "exponent_slope": exponent_derivative,
}
_FAST = (
    _SHARED | {name: getattr(math, name) for name in _LIFTED} | {"sigmoid": _sigmoid, "softplus": _softplus}
)
_TOTAL = (
    _SHARED
    | {name: _never_raising(getattr(rules, name)) for name in _LIFTED}
    | {"sigmoid": rules.logistic, "softplus": rules.log1pexp, "divide": divide}
)
