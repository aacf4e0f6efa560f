"""How every operation of an Element is written in torch: its value, and its partial derivative.

In the templates ``a`` and ``b`` are the operands, ``y`` the result, ``t`` a scratch tensor for the partial
and ``m`` one for a mask. ``slope`` says where the partial is to be found. A rule with ``kink`` has an
infinite partial at a number where it is used: a gradient of 0 must not become NaN there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """The lines of one operation."""

    value: tuple[str, ...]
    partial: tuple[str, ...] = ()
    slope: str = "{t}"
    kink: bool = False


RULES = {
    "relu": Rule(("clamp_min({a}, 0, out={y})",), ("sign({y}, out={t})",)),
    "leaky_relu": Rule(
        ("mul({a}, {b}, out={y})", "gt({a}, 0, out={m})", "where({m}, {a}, {y}, out={y})"),
        ("sign({a}, out={t})", "{t}.clamp_min_(0)", "{t}.mul_(1 - {b}).add_({b})"),
    ),
    "exp": Rule(("exp({a}, out={y})",), (), "{y}"),
    # An Element refuses the logarithm of 0; -inf would pass for a value, NaN does not.
    "log": Rule(
        ("log({a}, out={y})", "le({a}, 0, out={m})", "{y}.masked_fill_({m}, nan)"),
        ("reciprocal({a}, out={t})",),
    ),
    "sqrt": Rule(("sqrt({a}, out={y})",), ("reciprocal({y}, out={t})", "{t}.mul_(0.5)"), kink=True),
    # Partials by the result where that is possible: 1 - y y, and below y - y y, are one call without tanh.
    "tanh": Rule(("tanh({a}, out={y})",), ("addcmul(one, {y}, {y}, value=-1, out={t})",)),
    "sigmoid": Rule(("sigmoid({a}, out={y})",), ("addcmul({y}, {y}, {y}, value=-1, out={t})",)),
    # logaddexp(a, 0) = log(exp(a) + 1) without overflow at either end.
    "softplus": Rule(("logaddexp({a}, zero, out={y})",), ("sigmoid({a}, out={t})",)),
    "sin": Rule(("sin({a}, out={y})",), ("cos({a}, out={t})",)),
    "cos": Rule(("cos({a}, out={y})",), ("sin({a}, out={t})", "{t}.neg_()")),
    "abs": Rule(("absolute({a}, out={y})",), ("sign({a}, out={t})",)),
    # Half of 1 + sign(a - b): equals share the slope, as in Element.
    "maximum": Rule(
        ("maximum({a}, {b}, out={y})",), ("sub({a}, {b}, out={t})", "{t}.sign_()", "{t}.add_(1).mul_(0.5)")
    ),
    "minimum": Rule(
        ("minimum({a}, {b}, out={y})",), ("sub({b}, {a}, out={t})", "{t}.sign_()", "{t}.add_(1).mul_(0.5)")
    ),
    "/": Rule(("div({a}, {b}, out={y})",), ("reciprocal({b}, out={t})",)),
    "**": Rule(
        ("pow({a}, {b}, out={y})",),
        ("pow({a}, {b} - 1, out={t})", "{t}.mul_({b})", "eq({b}, 0, out={m})", "{t}.masked_fill_({m}, 0)"),
        kink=True,
    ),
    "spread": Rule(("{y}.copy_({a})",)),
    # It is taken off before exp; an infinite one would make inf - inf of them.
    "largest": Rule(("amax({a}, 0, out={y})", "{y}.clamp_(-greatest, greatest)")),
}

RIGHT = {
    "maximum": Rule((), ("sub({b}, {a}, out={t})", "{t}.sign_()", "{t}.add_(1).mul_(0.5)")),
    "minimum": Rule((), ("sub({a}, {b}, out={t})", "{t}.sign_()", "{t}.add_(1).mul_(0.5)")),
    "/": Rule((), ("div({y}, {b}, out={t})", "{t}.neg_()")),
    "**": Rule(
        (),
        ("log({a}, out={t})", "{t}.mul_({y})", "eq({a}, 0, out={m})", "{t}.masked_fill_({m}, 0)"),
        kink=True,
    ),
}
"""The partial derivative by the right operand."""

POWER_BY_NUMBER = Rule(
    ("pow({a}, {b}, out={y})",), ("pow({a}, {b} - 1, out={t})", "{t}.mul_({b})"), kink=True
)

TORCH_FUNCTIONS = (
    "absolute",
    "add",
    "addcmul",
    "addmm",
    "amax",
    "clamp_min",
    "cos",
    "div",
    "dot",
    "eq",
    "exp",
    "gt",
    "index_select",
    "le",
    "log",
    "logaddexp",
    "maximum",
    "minimum",
    "mm",
    "mul",
    "mv",
    "pow",
    "reciprocal",
    "sigmoid",
    "sign",
    "sin",
    "sqrt",
    "sub",
    "sum",
    "tanh",
    "where",
)
"""Every function of torch that generated code calls by its name."""
