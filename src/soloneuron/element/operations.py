"""The table of operations: what each is called, its rule, and how it is written in torch and in plain Python.

``Element`` makes its methods from this table, ``parse_expression`` its functions, and both backends of the
compiler their lines. Only what must be fast (``+ - * / **``, ``relu`` and its like) has its rule beside the
operator, for a table that is looked up at every node halves the speed.

In the texts ``a``, ``b``, ``c``, ``d`` are the operands and ``y`` is the result. The lines of torch may use a
scratch tensor ``t`` and a mask ``m``; nothing is imported here for them.
"""

from __future__ import annotations

from soloneuron.element import scalars as rules
from soloneuron.element.operation import Operation, Slope

_SIGN = "float(({a} > 0) - ({a} < 0))"


def _share(python: str, less: str, order: str) -> Slope:
    # 1 where chosen, a half between equals, 1 at NaN, as torch has it.
    lines = (f"{less}({order}, out={{t}})", f"{less[0]}e({order}, out={{m}})", "{t}.add_({m})")
    return Slope(python, (*lines, "{t}.mul_(-0.5).add_(1)"))


def _where(name: str, sign: str) -> Operation:
    condition = f"{name}({{c}}, {{d}}, out={{t}})"
    return Operation(
        f"The first operand where the third {sign} the fourth, else the second.",
        f"({{a}} if {{c}} {sign} {{d}} else {{b}})",
        (f"{name}({{c}}, {{d}}, out={{m}})", "where({m}, {a}, {b}, out={y})"),
        (
            Slope(f"(1.0 if {{c}} {sign} {{d}} else 0.0)", (condition,)),
            Slope(f"(0.0 if {{c}} {sign} {{d}} else 1.0)", (condition, "{t}.neg_().add_(1)")),
        ),
    )


OPERATIONS: dict[str, Operation] = {
    "relu": Operation(
        "The positive part, max(x, 0).",
        "(0.0 if {a} <= 0.0 else {a})",
        ("clamp_min({a}, 0, out={y})",),
        (Slope("(0.0 if {a} <= 0.0 else 1.0)", ("ne({y}, 0, out={t})",)),),
    ),
    "leaky_relu": Operation(
        "The number x where it is positive, else leak x.",
        "({a} if {a} > 0.0 else {b} * {a})",
        ("mul({a}, {b}, out={y})", "gt({a}, 0, out={m})", "where({m}, {a}, {y}, out={y})"),
        (
            Slope(
                "(1.0 if {a} > 0.0 else {b})",
                ("sign({a}, out={t})", "{t}.clamp_min_(0)", "{t}.mul_(1 - {b}).add_({b})"),
            ),
        ),
    ),
    "exp": Operation(
        "The exponential; inf where it leaves the range of a double.",
        "exp({a})",
        ("exp({a}, out={y})",),
        (Slope("{y}", (), "{y}"),),
        rules.exp,
        lambda _, y: y,
    ),
    "expm1": Operation(
        "The number exp(x) - 1, exact near 0.",
        "expm1({a})",
        ("expm1({a}, out={y})",),
        (Slope("exp({a})", ("exp({a}, out={t})",)),),
        rules.expm1,
        lambda x, _: rules.exp(x),
    ),
    "log": Operation(
        "The natural logarithm of a number > 0; anything else is an InputError that names it.",
        "log({a})",
        # An Element refuses the logarithm of 0; -inf would pass for a value, NaN does not.
        ("log({a}, out={y})", "le({a}, 0, out={m})", "{y}.masked_fill_({m}, nan)"),
        (Slope("1.0 / {a}", ("reciprocal({a}, out={t})",)),),
        rules.log,
        lambda x, _: 1 / x,
    ),
    "log1p": Operation(
        "The logarithm of 1 + x, exact near 0, of a number > -1.",
        "log1p({a})",
        ("log1p({a}, out={y})", "le({a}, -1, out={m})", "{y}.masked_fill_({m}, nan)"),
        (Slope("1.0 / (1.0 + {a})", ("add({a}, 1, out={t})", "{t}.reciprocal_()")),),
        rules.log1p,
        lambda x, _: 1 / (1 + x),
    ),
    "sqrt": Operation(
        "The square root of a number >= 0; its slope at 0 is inf.",
        "sqrt({a})",
        ("sqrt({a}, out={y})",),
        (Slope("0.5 / {y}", ("reciprocal({y}, out={t})", "{t}.mul_(0.5)"), pole=True),),
        rules.sqrt,
        lambda x, _: rules.power_slope(x, 0.5),
    ),
    "sigmoid": Operation(
        "The probability of class 1, 1 / (1 + exp(-x)), exact at both ends.",
        "sigmoid({a})",
        ("sigmoid({a}, out={y})",),
        # y (1 - y) loses every digit where y rounds to 1.
        (Slope("{y} * sigmoid(-{a})", ("neg({a}, out={t})", "{t}.sigmoid_()", "{t}.mul_({y})")),),
        rules.logistic,
        lambda x, y: y * rules.logistic(-x),
    ),
    "softplus": Operation(
        "The smooth positive part log(1 + exp(x)), 1000 at 1000.",
        "softplus({a})",
        # logaddexp(a, 0) = log(exp(a) + 1) without overflow at either end.
        ("logaddexp({a}, zero, out={y})",),
        (Slope("sigmoid({a})", ("sigmoid({a}, out={t})",)),),
        rules.log1pexp,
        lambda x, _: rules.logistic(x),
    ),
    "sin": Operation(
        "The sine.",
        "sin({a})",
        ("sin({a}, out={y})",),
        (Slope("cos({a})", ("cos({a}, out={t})",)),),
        rules.sin,
        lambda x, _: rules.cos(x),
    ),
    "cos": Operation(
        "The cosine.",
        "cos({a})",
        ("cos({a}, out={y})",),
        (Slope("-sin({a})", ("sin({a}, out={t})", "{t}.neg_()")),),
        rules.cos,
        lambda x, _: -rules.sin(x),
    ),
    "tan": Operation(
        "The tangent.",
        "tan({a})",
        ("tan({a}, out={y})",),
        (Slope("(1.0 + {y} * {y})", ("addcmul(one, {y}, {y}, out={t})",)),),
        rules.tan,
        lambda _, y: 1 + y * y,
    ),
    "sinh": Operation(
        "The hyperbolic sine.",
        "sinh({a})",
        ("sinh({a}, out={y})",),
        (Slope("cosh({a})", ("cosh({a}, out={t})",)),),
        rules.sinh,
        lambda x, _: rules.cosh(x),
    ),
    "cosh": Operation(
        "The hyperbolic cosine.",
        "cosh({a})",
        ("cosh({a}, out={y})",),
        (Slope("sinh({a})", ("sinh({a}, out={t})",)),),
        rules.cosh,
        lambda x, _: rules.sinh(x),
    ),
    "tanh": Operation(
        "The hyperbolic tangent.",
        "tanh({a})",
        ("tanh({a}, out={y})",),
        # 1 - y y loses every digit where y rounds to 1.
        (Slope("cosh({a}) ** -2", ("cosh({a}, out={t})", "{t}.reciprocal_()", "{t}.square_()")),),
        rules.tanh,
        lambda x, _: rules.sech_squared(x),
    ),
    "erf": Operation(
        "The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.",
        "erf({a})",
        ("erf({a}, out={y})",),
        (
            Slope(
                "1.1283791670955126 * exp(-{a} * {a})",
                ("mul({a}, {a}, out={t})", "{t}.neg_().exp_().mul_(1.1283791670955126)"),
            ),
        ),
        rules.erf,
        lambda x, _: 1.1283791670955126 * rules.exp(-x * x),
    ),
    "abs": Operation(
        "The absolute value; its slope at 0 is 0.",
        "abs({a})",
        ("absolute({a}, out={y})",),
        (Slope(_SIGN, ("sign({a}, out={t})",)),),
    ),
    "sign": Operation(
        "The sign: -1, 0 or 1. Its slope is 0 everywhere.",
        _SIGN,
        ("sign({a}, out={y})",),
        (),
        rules.sign,
        lambda _x, _y: 0,
    ),
    "step": Operation(
        "The slope of relu: 0 up to 0, then 1. Its own slope is 0 everywhere.",
        "(0.0 if {a} <= 0.0 else 1.0)",
        ("le({a}, 0, out={y})", "{y}.neg_().add_(1)"),
        (),
        rules.step,
        lambda _x, _y: 0,
    ),
    "clamp_min": Operation(
        "The number x, but at least b; at b the slope is 1, as torch has it.",
        "({b} if {a} < {b} else {a})",
        ("clamp_min({a}, {b}, out={y})",),
        (Slope("(1.0 if {a} >= {b} else 0.0)", ("ge({a}, {b}, out={t})",)),),
    ),
    "clamp_max": Operation(
        "The number x, but at most b; at b the slope is 1, as torch has it.",
        "({b} if {a} > {b} else {a})",
        ("clamp_max({a}, {b}, out={y})",),
        (Slope("(1.0 if {a} <= {b} else 0.0)", ("le({a}, {b}, out={t})",)),),
    ),
    "maximum": Operation(
        "The larger of two; equals share the slope.",
        "({a} if {a} >= {b} else {b} if {b} > {a} else {a} + {b})",
        ("maximum({a}, {b}, out={y})",),
        (
            _share("(0.0 if {a} < {b} else 0.5 if {a} == {b} else 1.0)", "lt", "{a}, {b}"),
            _share("(0.0 if {b} < {a} else 0.5 if {a} == {b} else 1.0)", "gt", "{a}, {b}"),
        ),
    ),
    "minimum": Operation(
        "The smaller of two; equals share the slope.",
        "({a} if {a} <= {b} else {b} if {b} < {a} else {a} + {b})",
        ("minimum({a}, {b}, out={y})",),
        (
            _share("(0.0 if {a} > {b} else 0.5 if {a} == {b} else 1.0)", "gt", "{a}, {b}"),
            _share("(0.0 if {b} > {a} else 0.5 if {a} == {b} else 1.0)", "lt", "{a}, {b}"),
        ),
    ),
    "atan2": Operation(
        "The angle of the point (b, a), from -pi to pi.",
        "atan2({a}, {b})",
        ("atan2({a}, {b}, out={y})",),
        (
            Slope(
                "{b} / ({a} * {a} + {b} * {b})",
                ("mul({a}, {a}, out={t})", "{t}.addcmul_({b}, {b})", "div({b}, {t}, out={t})"),
            ),
            Slope(
                "-{a} / ({a} * {a} + {b} * {b})",
                ("mul({a}, {a}, out={t})", "{t}.addcmul_({b}, {b})", "div({a}, {t}, out={t})", "{t}.neg_()"),
            ),
        ),
    ),
    "/": Operation(
        "The quotient.",
        "{a} / {b}",
        ("div({a}, {b}, out={y})",),
        (
            Slope("1.0 / {b}", ("reciprocal({b}, out={t})",)),
            Slope("-{y} / {b}", ("div({y}, {b}, out={t})", "{t}.neg_()")),
        ),
    ),
    "**": Operation(
        "The power.",
        "power({a}, {b})",
        ("pow({a}, {b}, out={y})",),
        (
            Slope(
                "power_slope({a}, {b})",
                (
                    "pow({a}, {b} - 1, out={t})",
                    "{t}.mul_({b})",
                    "eq({b}, 0, out={m})",
                    "{t}.masked_fill_({m}, 0)",
                ),
                pole=True,
            ),
            Slope(
                "exponent_slope({a}, {b}, {y})",
                ("log({a}, out={t})", "{t}.mul_({y})", "eq({a}, 0, out={m})", "{t}.masked_fill_({m}, 0)"),
                pole=True,
            ),
        ),
    ),
    "where>": _where("gt", ">"),
    "where>=": _where("ge", ">="),
}
"""Every operation that is no sum of products, by the name that it has in a node."""
