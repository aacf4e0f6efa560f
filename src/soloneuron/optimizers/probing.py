"""Whether somebody's own rule looks from one coordinate to another, or from run to run: it is tried."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Protocol

import torch
from torch import Tensor

from soloneuron.shapes import Gradient, Theta

PROBE_GRADIENTS = (3.0, -4.0, 0.5)
"""Gradients of three steps of a first coordinate; others get multiples that differ."""


class StepRule(Protocol):
    """What is tried of a rule."""

    def start(self, theta: Theta) -> Any:
        """A fresh state."""

    def at(self, theta: Theta, state: Any) -> Theta:
        """Where the next gradient is wanted."""

    def step(self, theta: Theta, gradient: Gradient, state: Any) -> None:
        """One step."""


def gradients_of(*shape: int) -> list[Tensor]:
    """A gradient for each of three steps; no two numbers of one are alike."""
    count = int(torch.tensor(shape).prod())
    others = (1 + torch.arange(count, dtype=torch.float64) / 3).reshape(shape)
    return [step * others for step in PROBE_GRADIENTS]


def after_steps(rule: StepRule, gradients: Sequence[Gradient]) -> Theta:
    """Theta after such gradients, from ones."""
    theta = torch.ones_like(gradients[0])
    state = rule.start(theta)
    for gradient in gradients:
        rule.at(theta, state)
        rule.step(theta, gradient.clone(), state)
    return theta


def coordinates_apart(rule: StepRule) -> tuple[Theta, Theta]:
    """Two coordinates after three steps together, and each by itself."""
    gradients = gradients_of(2)
    alone = [after_steps(rule, [g[k : k + 1] for g in gradients]) for k in (0, 1)]
    return after_steps(rule, gradients), torch.cat(alone)


def runs_apart(rule: StepRule) -> tuple[Theta, Theta]:
    """Two runs of two coordinates after three steps together, and each by itself."""
    gradients = gradients_of(2, 2)
    alone = [after_steps(rule, [g[k] for g in gradients]) for k in (0, 1)]
    return after_steps(rule, gradients), torch.stack(alone)


def same_theta(one: Theta, other: Theta) -> bool:
    """Whether two thetas are the same but for rounding."""
    return one.shape == other.shape and bool(
        torch.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True)
    )


@lru_cache(maxsize=256)
def _looks(kind: type, settings: tuple[tuple[str, Any], ...]) -> tuple[bool, bool]:
    found = [False, False]
    # What is wrong with the rule otherwise shows in the step that is asked for.
    with suppress(Exception):
        rule = untried(kind)(**dict(settings))
        for place, tried in enumerate((coordinates_apart, runs_apart)):
            found[place] = not same_theta(*tried(rule))
    return found[0], found[1]


PROBED = "soloneuron.optimizers.probed"
"""Where classes that are tried say that they stand: so their steps do not try them again."""


def untried(kind: type) -> Any:
    """The same class, taken at its word about what it looks at."""
    return type(kind.__name__, (kind,), {"__module__": PROBED, "name": kind.name})  # type: ignore[attr-defined]


def looks_across(kind: type, settings: dict[str, Any]) -> tuple[bool, bool]:
    """Whether a class of somebody's own looks across coordinates, and whether across runs.

    Args:
        kind: the class of a rule; those of this package say it themselves.
        settings: that were given. Tensors and schedules are left out: they change no such thing.

    Returns:
        Two answers; of a rule that raises, no.
    """
    if kind.__module__.startswith("soloneuron.optimizers"):
        return False, False
    plain = {name: value for name, value in settings.items() if isinstance(value, bool | int | float | str)}
    return _looks(kind, tuple(sorted(plain.items())))
