"""What is known of the ends of runs, as tensors: which run did what, by its losses and its gradient."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from soloneuron.formulas.columns import column_moments
from soloneuron.neuron import Neuron
from soloneuron.records.history import OutcomeKind
from soloneuron.training.automatic import is_smooth
from soloneuron.training.plan import Plan
from soloneuron.training.scale import (
    UNEVEN,
    Reach,
    Untrained,
    best_constant,
    reach,
    scales_of,
    untrained,
)
from soloneuron.training.separability import unbounded
from soloneuron.training.trends import Trend, trend_of

STILL = 1e-3
"""One that spans less than this share of its loss stands still; a loss this much higher is higher."""

WORTH = 1e-3
"""A gain of less than this share of the untrained loss is not missed."""

HALVES = 100
"""A run that would need so many times its last half for what one column could gain does not move."""

FLAT, SLOW = 1 / HALVES, 0.1
"""A last half whose losses span less than this share of the untrained loss is looked at closely: no column
gains more than the loss itself. The second number is for columns that differ in scale at first sight."""

GLANCE = 500
"""Rows that a first sight takes in."""

FEWEST_EPOCHS = 10
"""Epochs after which a run can be said not to move."""

SATURATED = 0.1
"""Below this share of the slope at weights of 0 a loss that is not convex has lost its slope."""

CANCELED = 1e-3
"""Rows pull against each other where the gradient is this much shorter than their slopes allow."""


@dataclass(frozen=True, eq=False)
class Ends:
    """The ends of R runs of a plan, none of them beyond the range of numbers.

    Args:
        plan: the job.
        theta: the last theta, (R, k).
        losses: the loss of each epoch, (E, R), E >= 1.
        values: the objective at the start and at the end, (R,) each.
        gradient_norms: length of the gradient at the start and at the end, (R,) each.
    """

    plan: Plan
    theta: Tensor
    losses: Tensor
    values: tuple[Tensor, Tensor]
    gradient_norms: tuple[Tensor, Tensor]

    @cached_property
    def path(self) -> Trend:
        """What the losses did."""
        # Beside a kink no constant rate comes to rest.
        noisy = (bool(self.plan.seeds) and self.plan.updates > 1) or self._kinked
        return trend_of(self.values, self.losses, noisy=noisy, monotone=self.plan.plain and not noisy)

    @property
    def _kinked(self) -> bool:
        return isinstance(self.plan.objective, Neuron) and not is_smooth(self.plan.objective)

    @cached_property
    def untrained(self) -> Untrained:
        """What weights of 0 cost."""
        return untrained(self.plan)

    @cached_property
    def reach(self) -> Reach | None:
        """What the gradient says where the losses stand still or it has become small; else not asked."""
        if not isinstance(self.plan.objective, Neuron):
            return None
        share = SLOW if self._uneven_at_first_sight else FLAT
        flat = self.path.spread <= share * self.untrained.value
        small = self.gradient_norms[1] <= 1e-3 * self.gradient_norms[0]
        if not (flat | small).any():
            return None
        return reach(self.plan, self.theta, self.path.end, self.untrained)

    def kinds(self) -> list[tuple[OutcomeKind, Tensor]]:
        """Which runs ended in which way, (R,) each; of several the first that holds is told."""
        path = self.path
        wild: list[tuple[OutcomeKind, Tensor]] = [("diverging", path.rising), ("oscillating", path.cycling)]
        if not isinstance(self.plan.objective, Neuron):
            small = math.sqrt(torch.finfo(self.theta.dtype).eps) * self.gradient_norms[0].clamp(min=1.0)
            return [*wild, ("converged", (self.gradient_norms[1] <= small) & ~path.risen)]
        above = path.end > self.untrained.value * (1 + STILL)
        worse = above & (path.risen | (path.fall <= path.spread / 4))
        return [
            *wild,
            ("plateau", self.saturated | self.stuck | self.stranded),
            ("worse_than_untrained", worse),
            ("converged", self.converged),
        ]

    @cached_property
    def saturated(self) -> Tensor:
        """No better than one answer for all rows, where the loss has lost its slope without being least."""
        neuron, reach = self.plan.objective, self.reach
        if reach is None or not isinstance(neuron, Neuron) or neuron.loss.convex:
            return self._none
        still = self.path.spread <= STILL * self.path.end.abs()
        still &= ~self.path.risen
        return still & (reach.slope <= SATURATED) & (self.path.end >= 0.98 * best_constant(self.plan))

    @cached_property
    def stuck(self) -> Tensor:
        """The losses stand still although one column alone could make them much lower."""
        reach = self.reach
        if reach is None or len(self.losses) < FEWEST_EPOCHS:
            return self._none
        return self._worth(reach) & (self.path.spread <= reach.gain / HALVES)

    @cached_property
    def stranded(self) -> Tensor:
        """The losses stand still although weights of 0, nothing learned, would make them much lower."""
        above = self.path.end - self.untrained.value
        if not isinstance(self.plan.objective, Neuron) or len(self.losses) < FEWEST_EPOCHS:
            return self._none
        still = (self.path.spread <= above / HALVES) & ~self.path.risen
        return still & (above > WORTH * self.untrained.value)

    @cached_property
    def converged(self) -> Tensor:
        """The gradient is zero beside the scale of the data, and not because the slopes have vanished."""
        neuron, reach = self.plan.objective, self.reach
        if reach is None or not isinstance(neuron, Neuron):
            return self._none
        eps = torch.finfo(self.theta.dtype).eps
        # A line search cannot go on where the loss itself no longer tells two points apart.
        blind = self.path.spread <= 16 * eps * self.path.end.abs()
        zero = (reach.steepness <= math.sqrt(eps)) | (blind & (reach.gain <= math.sqrt(eps) * WORTH))
        if not neuron.loss.convex or unbounded(self.plan):
            least = self.path.end <= 1e-12 * self.untrained.value
            zero &= (reach.steepness < CANCELED * reach.slope) | ((reach.slope == 0) & least)
        return zero & ~self.path.risen

    @cached_property
    def slowed(self) -> Tensor:
        """The scales of the columns explain why a run still falls, but could have fallen much further."""
        reach = self.reach
        if reach is None or len(self.losses) < FEWEST_EPOCHS or not self.uneven:
            return self._none
        return self._worth(reach) & (self.path.fall.abs() <= reach.gain)

    @cached_property
    def scales(self) -> tuple[float, float]:
        """The least and the largest scale of the columns."""
        neuron = self.plan.objective
        return scales_of(self.plan.moments, bias=neuron.bias) if isinstance(neuron, Neuron) else (1.0, 1.0)

    @cached_property
    def _uneven_at_first_sight(self) -> bool:
        data = self.plan.data
        if (
            data is None
            or data.features.layout != torch.strided
            or not isinstance(self.plan.objective, Neuron)
        ):
            return False
        least, largest = scales_of(column_moments(data.features[:GLANCE]), bias=self.plan.objective.bias)
        return largest >= UNEVEN * least

    @property
    def uneven(self) -> bool:
        """Whether the columns differ so much in scale that this is what to change first."""
        return self.scales[1] >= UNEVEN * self.scales[0]

    def _worth(self, reach: Reach) -> Tensor:
        return reach.gain > WORTH * self.untrained.value

    @property
    def _none(self) -> Tensor:
        return torch.zeros(len(self.theta), dtype=torch.bool, device=self.theta.device)
