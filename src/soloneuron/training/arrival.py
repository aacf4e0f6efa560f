"""When a training has arrived: at the optimum, or as far as anybody goes where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Theta
from soloneuron.training.automatic import is_smooth
from soloneuron.training.loop import Step
from soloneuron.training.plan import Plan
from soloneuron.training.row_parts import parts_of
from soloneuron.training.separability import unbounded
from soloneuron.training.stopping import untrained_loss

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
    def smooth(self) -> bool:
        """Whether the slope of loss and penalty has no jump."""
        return is_smooth(self.plan.objective)

    @cached_property
    def endless(self) -> bool:
        """Whether the loss has no optimum once all rows are on their side."""
        return unbounded(self.plan)

    def at_optimum(self, step: Step) -> bool:
        """Whether the last update could promise next to nothing any more; no gradient tells at a kink."""
        rule, memory = self.plan.optimizer, step.state.memory
        # What a part of the rows promises says nothing of the others.
        if memory is None or not self.smooth or not self.plan.full_batch:
            return False
        promised = rule.promise(memory)
        return promised is not None and bool(promised <= self.promise * self.untrained)

    def reached(self, step: Step) -> Literal["optimum", "certain"] | None:
        """Which end a training has reached, if any."""
        return "optimum" if self.at_optimum(step) else "certain" if self.certain(step) else None

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
