"""A training job that has passed the door: every number checked, every default decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor

from soloneuron.data.arrays import is_hard
from soloneuron.data.batches import epoch_order
from soloneuron.formulas.losses import NLL
from soloneuron.neuron import Neuron
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.descent import GradientDescent
from soloneuron.optimizers.state import State as Memory
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Theta
from soloneuron.training.objective import Objective


class State(NamedTuple):
    """Where a run stands: enough to go on from, bit for bit.

    Attributes:
        epoch: how many epochs are done.
        theta: (runs..., d+1), never changed in place.
        memory: what the optimizer remembers, nor is that; None before the first step, and for plain descent,
            which remembers nothing.
    """

    epoch: int
    theta: Theta
    memory: Memory | None = None


@dataclass(frozen=True, eq=False)
class Plan:
    """What every engine is told.

    Attributes:
        neuron: the objective.
        data: all n rows; weights, if any, have mean 1.
        optimizer: the rule that moves theta, its learning rate included.
        batch_size: rows an update, from 1 to n.
        mean_weight: what a gradient of mean 1 is multiplied by, a row, to become a sum; None for means.
        seeds: () for file order, one seed for an order that all runs share, or one seed a run.
        runs: the leading axes of theta; () for a single run.
        objective: what is minimized in the place of the neuron, or None.
    """

    neuron: Neuron
    data: Batch
    optimizer: Optimizer
    batch_size: int
    mean_weight: float | None
    seeds: tuple[int, ...]
    runs: tuple[int, ...]
    objective: Objective | None = None

    @cached_property
    def rows(self) -> int:
        """n."""
        return len(self.data.labels)

    @cached_property
    def columns(self) -> int:
        """Length of theta: features, and one for the bias if there is one."""
        return self.data.features.shape[-1] + self.neuron.bias

    @property
    def learning_rate(self) -> Any:
        """One number, a tensor that broadcasts against theta, or a schedule t -> rate."""
        return self.optimizer.learning_rate

    @property
    def largest_rate(self) -> float:
        """The largest rate of all runs and coordinates; of a schedule, its first."""
        rate = self.learning_rate
        rate = rate(1) if callable(rate) else rate
        return float(rate.max()) if isinstance(rate, Tensor) else float(rate)

    @cached_property
    def plain(self) -> bool:
        """Whether this is plain descent at constant rates, one a run: theta <- theta - rate * gradient."""
        rule, rate = self.optimizer, self.learning_rate
        single = isinstance(rate, float) or (
            isinstance(rate, Tensor) and rate.dim() > 1 and rate.shape[-1] == 1
        )
        return type(rule) is GradientDescent and single and rule.takes_gradients_as_they_are

    @cached_property
    def signed(self) -> bool:
        """Whether this is the commonest case: plain descent on NLL, hard labels, no weights, no penalty."""
        return (
            self.plain
            and self.objective is None
            and isinstance(self.neuron.loss, NLL)
            and self.neuron.penalty is None
            and self.data.weights is None
            and self.columns > 0
            and is_hard(self.data.labels)
        )

    def scale(self, rows: int) -> float:
        """What the mean gradient of a batch is multiplied by: 1, or what makes it a sum."""
        return 1.0 if self.mean_weight is None else rows * self.mean_weight

    def step_size(self, rows: int) -> float | Tensor:
        """What multiplies the mean gradient of a batch in plain descent."""
        return cast("float | Tensor", self.learning_rate * self.scale(rows))

    def order(self, epoch: int) -> Tensor | None:
        """The order of rows in an epoch, (n,) or (runs..., n); None for file order."""
        if not self.seeds:
            return None
        orders = [epoch_order(self.rows, seed, epoch) for seed in self.seeds]
        return orders[0] if len(orders) == 1 else torch.stack(orders).view(*self.runs, -1)

    def batches(self, epoch: int) -> Iterator[Batch]:
        """The batches of an epoch in turn; the last one may be short."""
        order = self.order(epoch)
        for start in range(0, self.rows, self.batch_size):
            rows = slice(start, start + self.batch_size)
            yield self.rows_of(rows if order is None else order[..., rows])

    def rows_of(self, rows: slice | Tensor) -> Batch:
        """These rows as a batch."""
        X, y, s = self.data
        return Batch(X[rows], y[rows], None if s is None else s[rows])
