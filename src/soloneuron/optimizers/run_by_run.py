"""A step of a rule that looks across runs where it sees several: each run by itself."""

from __future__ import annotations

from itertools import product
from typing import Any

from torch import Tensor

from soloneuron.optimizers.settings import scheduled
from soloneuron.optimizers.state import OptimizerState
from soloneuron.optimizers.workspace import Workspace
from soloneuron.shapes import Gradient


def step_run_by_run(owner: Any, workspace: Workspace[Any], gradient: Gradient, state: OptimizerState) -> None:
    """One step of every run by itself, with views of theta, of the slots and of hyperparameters.

    Args:
        owner: the rule as it was given.
        workspace: theta with run axes, and the slots.
        gradient: like theta.
        state: whose slots these are.
    """
    theta, rule, t = workspace.theta, workspace.rule, state.t + 1
    rate = rule.learning_rate
    if callable(rate):
        rate = scheduled(rate(t), t, theta, type(owner).__name__)
    kept: dict[str, Tensor] = {}
    for run in product(*map(range, theta.shape[:-1])):
        tensors = {**rule.settings, "learning_rate": rate}.items()
        own = {name: x.expand_as(theta)[run] for name, x in tensors if isinstance(x, Tensor)}
        alone = rule.replace(**own) if own else rule
        slots = {name: x[run] if x.shape == theta.shape else x.clone() for name, x in state.slots.items()}
        alone.step(theta[run], gradient[run], OptimizerState(state.method, slots, state.t))
        kept = {name: x for name, x in slots.items() if state.slots[name].shape != theta.shape}
    for name, x in kept.items():
        state.slots[name].copy_(x)
    state.t = t
