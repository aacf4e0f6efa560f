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
    """One step of every run by itself, with views of hyperparameters and of copies of theta and the slots.

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
    # A rule that raises in the second run must not have moved the first.
    moved, before, after = theta.clone(), state.slots, state.copy().slots
    shared = {
        name for name, x in before.items() if x.dim() != theta.dim() or x.shape[:-1] != theta.shape[:-1]
    }
    for run in product(*map(range, theta.shape[:-1])):
        tensors = {**rule.settings, "learning_rate": rate}.items()
        own = {name: x.expand_as(theta)[run] for name, x in tensors if isinstance(x, Tensor)}
        alone = rule.replace(**own) if own else rule
        slots = {name: before[name].clone() if name in shared else x[run] for name, x in after.items()}
        alone.step(moved[run], gradient[run], OptimizerState(state.method, slots, state.t))
        for name in shared:
            after[name].copy_(slots[name])
    theta.copy_(moved)
    for name, x in after.items():
        before[name].copy_(x)
    state.t = t
