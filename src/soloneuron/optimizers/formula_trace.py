"""The trace of a formula: a rule as the paper writes it, with the numbers of one step put in.

The formula that runs is written for speed; ``Optimizer.paper`` declares the same one for reading, a line
``letter = expression`` each. Here such lines are read with ``ast``, computed and worded. They never train
anybody: a test holds every line to the step that was taken.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.guard import clipped
from soloneuron.optimizers.settings import nothing
from soloneuron.optimizers.state import OptimizerState
from soloneuron.shapes import Gradient, Theta

Namespace = dict[str, Any]

SIGNS = {
    "theta": "θ", "beta": "β", "beta1": "β₁", "beta2": "β₂", "epsilon": "ε", "eta": "η", "mu": "μ",
    "mu_next": "μ₊", "lam": "λ", "lambd": "λ", "rho": "ρ", "rho_inf": "ρ∞", "psi": "ψ", "alpha": "α",
    "m_hat": "m^", "v_hat": "v^", "u_hat": "u^", "s_hat": "s^", "beta3": "β₃", "nu": "ν", "gamma": "γ",
}  # fmt: skip
"""How letters are written where there is room for more than ASCII."""

_INFIX: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
}

_FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    "sqrt": torch.sqrt,
    "exp": torch.exp,
    "log": torch.log,
    "abs": torch.abs,
    "sign": torch.sign,
    "max": torch.maximum,
    "clamp": lambda x, least, most: torch.minimum(torch.maximum(x, least), most),
}


@dataclass(frozen=True)
class FormulaLine:
    """One line of a formula at one step.

    Attributes:
        name: the letter that gets a value, such as ``"m"``.
        formula: its expression, such as ``"β₁ · m + (1 − β₁) · g"``.
        filled: the same with numbers in the place of letters, one for every coordinate of theta.
        value: what it comes to: (d,), or () where it is one number for all coordinates.
    """

    name: str
    formula: str
    filled: tuple[str, ...]
    value: Tensor


def trace_formula(
    rule: Optimizer, theta: Theta, gradient: Gradient, before: OptimizerState, after: OptimizerState
) -> list[FormulaLine]:
    """The formula of a rule with the numbers of a step that was taken.

    Args:
        rule: the rule.
        theta: (d,) before the step.
        gradient: (d,) that the step was given, at the point where the rule wanted it.
        before: the state before the step.
        after: the state after it; only a line search has to look there.

    Returns:
        One FormulaLine a line, in the order of the formula; the last ``theta`` is where the step led.

    Raises:
        InputError: somebody's own rule that declares no ``paper``.

    Example:
        >>> from soloneuron.optimizers import Momentum
        >>> rule, theta, g = Momentum(learning_rate=0.5), torch.tensor([1.0]), torch.tensor([2.0])
        >>> before = rule.start(theta)
        >>> for line in trace_formula(rule, theta, g, before, before):
        ...     print(line.name, "=", line.formula, "=", line.filled[0])
        g = ∇f(θ) = ∇f(θ)
        v = μ · v + g = 0.9 · 0 + 2
        step = rate · v = 0.5 · 2
        θ = θ − step = 1 − 1
    """
    rule = rule.fitted(theta)
    t = before.t + 1
    lines = rule.paper(t)
    if not lines:
        raise InputError(
            f"{rule!r} must declare its formula in paper(t) to be traced, got none", code="formula.paper"
        )
    rate = rule.learning_rate
    known: Namespace = {
        **rule.settings,
        "rate": rate(t) if callable(rate) else rate,
        "lam": rule.weight_decay,
        "mu": rule.settings.get("momentum"),
        "theta": theta,
        "t": t,
        "grad": lambda _: gradient,
        "clip": lambda g: clipped(g, rule.clip_value, rule.clip_norm),
        **_FUNCTIONS,
        **rule.names(gradient, before, after),
    }
    known["mu"] = known["mu"](t) if callable(known["mu"]) else known["mu"]
    found = []
    for line in _with_the_usual(rule, lines):
        name, _, formula = line.partition(" = ")
        tree = ast.parse(formula, mode="eval").body
        value = _value(tree, known)
        found.append(FormulaLine(_sign(name), _worded(tree, _sign), _filled(tree, known, len(theta)), value))
        known[name] = value
    return found


def _with_the_usual(rule: Optimizer, lines: tuple[str, ...]) -> list[str]:
    """The lines with the gradient, and what is done to it and to theta for every rule."""
    asked = [i for i, line in enumerate(lines) if line.startswith("g = grad(")]
    place = asked[0] + 1 if asked else 0
    first = list(lines[:place]) or ["g = grad(theta)"]
    point = first[-1][len("g = grad(") : -1]
    if rule.clip_value is not None or rule.clip_norm is not None:
        first.append("g = clip(g)")
    if rule.maximize:
        first.append("g = -g")
    if nothing(rule.weight_decay):
        return [*first, *lines[place:]]
    if rule.decay == "coupled":
        first.append(f"g = g + lam * {point}")
    # A rule that decays something else than theta has lambda in its own lines.
    elif not any(re.search(r"\blam\b", line) for line in lines):
        first.append("theta = (1 - rate * lam) * theta")
    return [*first, *lines[place:]]


def _value(node: ast.expr, known: Mapping[str, Any]) -> Tensor:
    """What an expression comes to."""

    def value(part: ast.expr) -> Tensor:
        return _value(part, known)

    match node:
        case ast.Constant(value=number):
            return torch.as_tensor(number, dtype=torch.float64)
        case ast.Name(id=name):
            return torch.as_tensor(known[name], dtype=torch.float64)
        case ast.UnaryOp(op=op, operand=x):
            return _INFIX[type(op)](value(x))  # type: ignore[no-any-return]
        case ast.BinOp(left=a, op=op, right=b) | ast.Compare(left=a, ops=[op], comparators=[b]):
            return _INFIX[type(op)](value(a), value(b))  # type: ignore[no-any-return]
        case ast.IfExp(test=test, body=yes, orelse=no):
            return torch.where(value(test), value(yes), value(no))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return torch.as_tensor(known[name](*map(value, arguments)), dtype=torch.float64)
    raise AssertionError(f"a formula has no {ast.dump(node)}")


def _filled(tree: ast.expr, known: Mapping[str, Any], count: int) -> tuple[str, ...]:
    """The expression with numbers, for every coordinate; what another function found is no arithmetic."""
    if isinstance(tree, ast.Call) and tree.func.id not in _FUNCTIONS:  # type: ignore[attr-defined]
        return (_worded(tree, _sign),) * count

    def number(name: str, place: int) -> str:
        x = torch.as_tensor(known[name], dtype=torch.float64)
        shown = f"{float(x[place] if x.dim() and len(x) > 1 else x) + 0.0:.4g}"
        return f"({shown})" if shown.startswith("-") else shown

    return tuple(_worded(tree, lambda name, i=i: number(name, i)) for i in range(count))  # type: ignore[misc]


def _sign(name: str) -> str:
    return SIGNS.get(name, name)


class _Names(ast.NodeTransformer):
    """Puts other words in the place of names; functions keep theirs."""

    def __init__(self, word: Callable[[str], str]) -> None:
        self.word = word

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.id  # type: ignore[attr-defined]
        called = {"grad": "∇f", "sqrt": "√"}.get(name, name)
        return ast.Call(ast.Name(called), [self.visit(x) for x in node.args], [])

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.word(node.id))


def _worded(tree: ast.expr, word: Callable[[str], str]) -> str:
    """An expression as a person writes it, with ``word(name)`` in the place of every name."""
    again = ast.parse(ast.unparse(tree), mode="eval").body
    text = ast.unparse(_Names(word).visit(again))
    for code, sign in ((" ** ", "^"), (" * ", " · "), (" - ", " − ")):
        text = text.replace(code, sign)
    return text
