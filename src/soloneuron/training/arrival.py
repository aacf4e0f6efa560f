"""When a training has arrived: at the optimum, or as far as anybody goes where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import torch

from soloneuron.formulas.catalogue import LOSSES
from soloneuron.neuron import Neuron
from soloneuron.optimizers.searching import Searching
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Theta
from soloneuron.training.automatic import is_smooth, kinks_are_known
from soloneuron.training.loop import Step
from soloneuron.training.plan import Plan, State
from soloneuron.training.row_parts import parts_of
from soloneuron.training.scale import untrained_loss
from soloneuron.training.separability import unbounded

PROMISE = 1e-9
"""An optimum is reached when no more than this share of the untrained loss is still to be gained."""

CERTAIN = 1e-3
"""Where classes can be separated the mean loss falls for ever; below this nobody sees a difference."""


@dataclass(frozen=True)
class Arrival:
    """Looks at a single run after each step; nothing that it asks depends on the scale of a column.

    Args:
        plan: the job, of a neuron.
        promise: as ``PROMISE``.
    """

    plan: Plan
    promise: float = PROMISE

    @cached_property
    def untrained(self) -> float:
        """The mean loss of weights that are all 0: the scale of what can be gained."""
        neuron, rows = self.plan.objective, self.plan.data
        assert isinstance(neuron, Neuron), "only a neuron's training arrives"
        assert rows is not None, "a neuron has rows"
        return untrained_loss(neuron, rows)

    @property
    def searches(self) -> bool:
        """Whether the rule has a line search; any other goes on as long as it is told to."""
        return self.plan.optimizer.needs == "objective"

    @cached_property
    def tells(self) -> bool:
        """Whether what the rule promises is what can be gained: it knows of every kink there is."""
        objective = self.plan.objective
        if is_smooth(objective):
            return True
        if not (self.searches and kinks_are_known(objective)):
            return False
        assert isinstance(objective, Neuron), "no other objective has kinks that are known"
        # With kinks of both kinds L-BFGS promises less than there is.
        both = not objective.loss.smooth and objective.penalty is not None and not objective.penalty.smooth
        return not both or self.plan.optimizer.name == "newton"

    @property
    def _smooth_loss(self) -> bool:
        neuron = self.plan.objective
        return not isinstance(neuron, Neuron) or neuron.loss.smooth

    @cached_property
    def share(self) -> float:
        """Of the untrained loss, that counts for nothing; more than a rounded kink is wide at least."""
        if self._smooth_loss or self.plan.data is None:
            return self.promise
        return max(self.promise, 128 * float(torch.finfo(self.plan.data.features.dtype).eps))

    @cached_property
    def endless(self) -> bool:
        """Whether the loss has no optimum once all rows are on their side."""
        return unbounded(self.plan)

    @cached_property
    def least(self) -> bool:
        """Whether a value of 0 is the least: no loss and no penalty of the catalogues is negative."""
        neuron = self.plan.objective
        return isinstance(neuron, Neuron) and neuron.loss.name in LOSSES and neuron.loss.convex

    def at_optimum(self, step: Step, promised: float | None) -> bool:
        """Whether the last update could promise next to nothing any more."""
        if len(step.losses) and self.least and float(step.losses[-1]) == 0:
            return True
        return promised is not None and promised <= self.share * self.untrained

    def rough(self, state: State, share: float) -> bool:
        """Whether kinks are still rounded off so widely that a loss that stands still says nothing."""
        rule = self.plan.optimizer
        if state.memory is None or not isinstance(rule, Searching) or self._smooth_loss:
            return False
        if not kinks_are_known(self.plan.objective):
            return False
        return bool(rule.width(state.memory) > max(share, self.share) * self.untrained)

    def promised(self, state: State) -> float | None:
        """What the last update said could still be gained; None where nobody can tell."""
        memory = state.memory
        if memory is None or not self.tells:
            return None
        promised = self.plan.optimizer.promise(memory)
        return None if promised is None else float(promised)

    def reached(self, step: Step, promised: float | None) -> Literal["optimum", "certain"] | None:
        """Which end a training has reached, if any, where its last update has ``promised`` so much."""
        return "optimum" if self.at_optimum(step, promised) else "certain" if self.certain(step) else None

    def certain(self, step: Step) -> bool:
        """Whether all rows are on their right side, and the mean loss is below 1e-3 already."""
        if not self.endless or not len(step.losses) or float(step.losses[-1]) >= CERTAIN:
            return False
        return self.apart(step.state.theta)

    def apart(self, theta: Theta) -> bool:
        """Whether every row that counts is on its right side."""
        neuron, rows = self.plan.objective, self.plan.data
        assert isinstance(neuron, Neuron), "only a neuron's training arrives"
        assert rows is not None, "a neuron has rows"
        return all(_apart(neuron, theta, part) for part in parts_of(rows))


def _apart(neuron: Neuron, theta: Theta, rows: Batch) -> bool:
    right = (2 * rows.labels - 1) * neuron.logits(theta, rows.features) > 0
    return bool((right if rows.weights is None else right | (rows.weights == 0)).all())
