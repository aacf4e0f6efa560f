"""The measured example on every optimizer's card: what it costs on a few surfaces at its best rate."""

from __future__ import annotations

from typing import NamedTuple

from soloneuron.formulas.catalogue import SURFACES
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.training.cost_table import tabulate_costs

TASKS = ("bowl", "ravine", "rotated_ravine", "plateau", "rosenbrock")
"""Surfaces of the catalogue that tell methods apart."""

MOST_EVALUATIONS = 500
"""Gradient evaluations after which a method has not arrived."""

TARGET_LEFT = 1e-6
"""Of the way down, what may be left at the target."""


class Cost(NamedTuple):
    """Gradient evaluations to a target, and the rate of the grid at which there are so few."""

    evaluations: float
    rate: float


def cost(surface: str, optimizer: str) -> Cost | None:
    """What an optimizer needs to the target of a surface, at its best rate of one grid.

    A surface has two coordinates and no bias: a method that treats a bias apart is told so.

    Args:
        surface: a name of ``TASKS``.
        optimizer: a name of the catalogue.

    Returns:
        The cost, or None for a method that does not arrive.
    """
    rule = as_optimizer(optimizer)
    if "bias" in rule.defaults():
        rule = rule.replace(bias=False)
    (entry,) = tabulate_costs(
        SURFACES.load(surface)(), [rule], steps=MOST_EVALUATIONS, share=TARGET_LEFT
    ).entries
    if entry.best_rate is None or entry.best_steps == float("inf"):
        return None
    return Cost(float(entry.best_steps), entry.best_rate)
