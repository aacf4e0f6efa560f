"""Expressions of formulas as TypeScript."""

from __future__ import annotations

import ast
from collections.abc import Callable

FORMULA_OPERATORS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Gt: (">", 2),
    ast.GtE: (">=", 2),
    ast.Lt: ("<", 2),
    ast.LtE: ("<=", 2),
    ast.Add: ("+", 3),
    ast.Sub: ("-", 3),
    ast.Mult: ("*", 4),
    ast.Div: ("/", 4),
    ast.Pow: ("**", 6),
}
"""How an operator is written, and how tightly it binds."""

CHOICE, SIGN, ATOM = 1, 5, 9
"""How tightly a condition, a sign and a single word bind."""

MATH_CALLS = {name: f"Math.{name}({{}})" for name in ("sqrt", "exp", "log", "abs", "sign")} | {
    "max": "Math.max({}, {})",
    "min": "Math.min({}, {})",
    "norm": "lengthOf({})",
    "clamp": "Math.min(Math.max({}, {}), {})",
}


def printed(tree: ast.expr, word: Callable[[str], str]) -> str:
    """An expression as TypeScript, with ``word(name)`` in the place of every name.

    Example:
        >>> printed(ast.parse("(1 - rho) * g ** 2", mode="eval").body, str.upper)
        '(1 - RHO) * G ** 2'
    """
    return _printed(tree, word)[0]


def constant_text(value: float | str | None) -> str:
    """A constant as TypeScript."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case str():
            return f'"{value}"'
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _printed(tree: ast.expr, word: Callable[[str], str]) -> tuple[str, int]:
    """The text, and how tightly its outermost part binds."""

    def within(part: ast.expr, least: int) -> str:
        text, binding = _printed(part, word)
        return text if binding >= least else f"({text})"

    match tree:
        case ast.Constant() | ast.Name():
            return constant_text(tree.value) if isinstance(tree, ast.Constant) else word(tree.id), ATOM  # type: ignore[arg-type]
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return "-" + within(x, SIGN + 1), SIGN
        case ast.BinOp(left=a, op=ast.Pow(), right=b):
            return f"{within(a, ATOM)} ** {within(b, ATOM)}", FORMULA_OPERATORS[ast.Pow][1]
        case ast.BinOp(left=a, op=op, right=b) | ast.Compare(left=a, ops=[op], comparators=[b]) if (
            type(op) in FORMULA_OPERATORS
        ):
            sign, binding = FORMULA_OPERATORS[type(op)]
            return f"{within(a, binding)} {sign} {within(b, binding + 1)}", binding
        case ast.IfExp(test=test, body=yes, orelse=no):
            parts = within(test, CHOICE + 1), within(yes, CHOICE + 1), within(no, CHOICE)
            return "{} ? {} : {}".format(*parts), CHOICE
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in MATH_CALLS:
            return MATH_CALLS[name].format(*(_printed(x, word)[0] for x in arguments)), ATOM
    raise ValueError(f"no translation is known for {ast.unparse(tree)!r} in a formula")
