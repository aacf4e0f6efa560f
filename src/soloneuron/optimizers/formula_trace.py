"""The trace of a formula: a rule as the paper writes it, with the numbers of one step put in.

The formula that runs is written for speed; ``Optimizer.paper`` declares the same one for reading, a line
``letter = expression`` each. Here such lines are read with ``ast``, computed and worded. They never train
anybody: a test holds every line to the step that was taken. Their language is Python's operators,
conditions, ``sqrt``, ``exp``, ``log``, ``abs``, ``sign``, ``max``, ``clamp``; in lines of their own ``dot``
and ``norm``, which look at all coordinates; ``g = grad(y)`` where it is wanted elsewhere than at theta.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.formula import (
    FORMULA_FUNCTIONS,
    SETTING_LETTERS,
    PaperLine,
    letters_of,
    read_line,
    read_lines,
    value_of,
)
from soloneuron.optimizers.formula_cases import lines_of_case
from soloneuron.optimizers.guard import clipped
from soloneuron.optimizers.settings import nothing
from soloneuron.optimizers.state import OptimizerState
from soloneuron.shapes import Gradient, Theta

Namespace = dict[str, Any]

SIGNS = {
    "theta": "θ", "beta": "β", "beta1": "β₁", "beta2": "β₂", "epsilon": "ε", "eta": "η", "mu": "μ",
    "mu_next": "μ₊", "lam": "λ", "lambd": "λ", "rho": "ρ", "rho_inf": "ρ∞", "psi": "ψ", "alpha": "α",
    "m_hat": "m^", "v_hat": "v^", "u_hat": "u^", "s_hat": "s^",
    "beta3": "β₃", "nu": "ν", "gamma": "γ", "product": "P",
}  # fmt: skip
"""How letters are written where there is room for more than ASCII."""


@dataclass(frozen=True)
class FormulaLine:
    """One line of a formula at one step.

    Attributes:
        name: the letter that gets a value, such as ``"m"``.
        formula: its expression, such as ``"β₁ · m + (1 − β₁) · g"``.
        filled: the same with numbers in the place of letters, one for every coordinate of theta.
        value: what it comes to: (d,), or () or (1,) where it is one number for all coordinates.
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
    if not rule.paper(t):
        raise InputError(
            f"{rule!r} must declare its formula in paper(t) to be traced, got none", code="formula.paper"
        )
    rate = rule.learning_rate
    known: Namespace = {
        **rule.settings,
        **{letter: rule.settings.get(name) for letter, name in SETTING_LETTERS.items()},
        "rate": rate(t) if callable(rate) else rate,
        "theta": theta,
        "t": t,
        "grad": lambda _: gradient,
        "clip": lambda g: clipped(g, rule.clip_value, rule.clip_norm),
        **_of_parts(rule, before, len(theta)),
        **rule.names(gradient, before, after),
    }
    known["mu"] = known["mu"](t) if callable(known["mu"]) else known["mu"]
    lines = complete_lines(rule, t)
    values, before_line = list[Tensor](), list[Namespace]()
    for name, tree in lines:
        before_line.append(dict(known))
        # A copy: what a search has found lives in a state that goes on.
        values.append(value_of(tree, known).clone())
        known[name] = values[-1]

    def holds(i: int, test: ast.expr) -> bool | None:
        value = value_of(test, before_line[i])
        return None if value.dim() else bool(value)

    shown = lines_of_case(lines, rule.settings, holds)
    return [
        FormulaLine(_sign(name), formula_words(tree, _sign), _filled(tree, numbers, len(theta)), value)
        for (name, _), tree, numbers, value in zip(lines, shown, before_line, values, strict=True)
        if tree is not None
    ]


def _of_parts(rule: Optimizer, state: OptimizerState, count: int) -> Namespace:
    """Of each coordinate what is kept for its part, weights or bias; and the length of a part of a vector."""
    if not rule.parts:
        return {}
    apart = int(rule.settings.get("bias", False))
    sizes = [count - apart, *[1] * apart]

    def norm(x: Gradient) -> Tensor:
        return torch.cat([torch.linalg.vector_norm(part).expand_as(part) for part in x.split(sizes)])

    def spread(slots: tuple[str, str]) -> Tensor:
        return torch.cat([state.slots[name].expand(k) for name, k in zip(slots, sizes, strict=False)])

    return {"norm": norm, **{letter: spread(slots) for letter, slots in rule.parts.items()}}


def complete_lines(rule: Optimizer, t: int = 1) -> list[PaperLine]:
    """The lines with the gradient, and what is done to it and to theta for every rule."""
    before, point, after = read_lines(rule.paper(t))
    usual = [read_line(line) for line in (f"g = grad({point})", *usual_lines(rule, point))]
    return [*before, *usual, *after]


def usual_lines(rule: Optimizer, point: str) -> list[str]:
    """What is done for every rule to a gradient that was taken at a point, and to theta."""
    lines = []
    if rule.clip_value is not None or rule.clip_norm is not None:
        lines.append("g = clip(g)")
    if rule.maximize:
        lines.append("g = -g")
    if nothing(rule.weight_decay) or decays_itself(rule):
        return lines
    coupled = rule.decay == "coupled"
    return [*lines, f"g = g + lam * {point}" if coupled else "theta = (1 - rate * lam) * theta"]


def decays_itself(rule: Optimizer) -> bool:
    """Whether the rule's own lines say what decays: something else than the gradient or theta."""
    before, _, after = read_lines(rule.paper(1))
    return any("lam" in letters_of(tree) for _, tree in (*before, *after))


def _filled(tree: ast.expr, known: Mapping[str, Any], count: int) -> tuple[str, ...]:
    """The expression with numbers, for every coordinate; what another function found is no arithmetic."""
    if isinstance(tree, ast.Call) and tree.func.id not in FORMULA_FUNCTIONS:  # type: ignore[attr-defined]
        return (formula_words(tree, _sign),) * count

    def number(name: str, place: int) -> str:
        x = torch.as_tensor(known[name], dtype=torch.float64)
        shown = f"{float(x[place] if x.dim() and len(x) > 1 else x) + 0.0:.4g}"
        return f"({shown})" if shown.startswith("-") else shown

    return tuple(formula_words(tree, lambda name, i=i: number(name, i)) for i in range(count))  # type: ignore[misc]


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


def formula_words(tree: ast.expr, word: Callable[[str], str]) -> str:
    """An expression as a person writes it, with ``word(name)`` in the place of every name."""
    again = ast.parse(ast.unparse(tree), mode="eval").body
    text = ast.unparse(_Names(word).visit(again))
    for code, sign in ((" ** ", "^"), (" * ", " · "), (" - ", " − ")):
        text = text.replace(code, sign)
    return text
