"""A training job that has been checked: every number in its range, every default decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from torch import Tensor

from soloneuron.brief import brief
from soloneuron.data.seeding import TileOrder, epoch_order
from soloneuron.formulas.columns import ColumnMoments, column_moments
from soloneuron.formulas.coordinates import Coordinates
from soloneuron.formulas.gram import largest_stretch
from soloneuron.formulas.sparse import rows_at
from soloneuron.formulas.tiled import tile_height
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.descent import GradientDescent
from soloneuron.optimizers.state import OptimizerState as Memory
from soloneuron.records.dataset import Batch
from soloneuron.shapes import RowWeights, Theta
from soloneuron.training.column_coordinates import hessian_coordinates, rough_moments
from soloneuron.training.evaluation import Evaluation


class State(NamedTuple):
    """Where a run stands: enough to go on from, bit for bit.

    Attributes:
        update: how many updates are done.
        theta: (runs..., k).
        memory: what the optimizer remembers; None before the first update, and for plain descent, which
            remembers nothing.
        evaluations: how often a gradient was asked for so far.
        rows: how many gradients of single rows that were, repeats counted.
    """

    update: int
    theta: Theta
    memory: Memory | None = None
    evaluations: int = 0
    rows: int = 0

    def __repr__(self) -> str:
        return brief(self)

    def copy(self) -> State:
        """A snapshot that later updates leave alone; the live state keeps its workspace."""
        memory = None if self.memory is None else self.memory.copy()
        return self._replace(theta=self.theta.clone(), memory=memory)


@dataclass(frozen=True, eq=False)
class Plan:
    """What the loop and every engine are told.

    Attributes:
        objective: what is minimized.
        data: all n rows; weights, if any, have mean 1, (n,) or (runs..., n). None for an objective without
            rows, such as a surface: then an update is an epoch.
        optimizer: the rule that moves theta, its learning rate included.
        batch_size: rows an update, from 1 to n.
        mean_weight: what a gradient of mean 1 is multiplied by, a row, to become a sum; None for means.
        seeds: () for file order, one seed for an order that all runs share, or one seed a run.
        runs: the leading axes of theta; () for a single run.
        class_weight: what a row of each class counts, as it was asked for; it is part of the data's weights.
        sample_weight: whether rows came with weights of their own.
        losses: whether somebody reads the loss of each epoch; otherwise engines may leave it out, as nan.
        by_tiles: whether the order of rows is that of ``TileOrder``, and not any order with the same chance.
    """

    objective: Objective
    data: Batch | None
    optimizer: Optimizer
    batch_size: int = 1
    mean_weight: float | None = None
    seeds: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()
    class_weight: str | tuple[float, float] | None = None
    sample_weight: bool = False
    losses: bool = True
    by_tiles: bool = False
    _orders: dict[int, Tensor | None] = field(default_factory=dict, repr=False)

    __repr__ = brief

    @cached_property
    def rows(self) -> int:
        """n; 1 for an objective without rows."""
        return 1 if self.data is None else len(self.data.labels)

    @cached_property
    def updates(self) -> int:
        """Updates an epoch."""
        return -(-self.rows // self.batch_size)

    @cached_property
    def columns(self) -> int:
        """Columns of the rows that a neuron sees: the features, and one for the bias if there is one."""
        width = 0 if self.data is None else self.data.features.shape[-1]
        return width + (isinstance(self.objective, Neuron) and self.objective.bias)

    @cached_property
    def moments(self) -> ColumnMoments:
        """Mean and deviation of every feature, worked out where first asked for; weights of one run count."""
        assert self.data is not None, "only rows have columns"
        return column_moments(self.data.features, self._weights_of_all)

    @cached_property
    def stretch(self) -> float:
        """By how much the rows lengthen theta at most; its square is the largest second moment."""
        assert self.data is not None, "only rows have moments"
        X = self.data.features
        return largest_stretch(X, self._weights_of_all, bias=self.columns > X.shape[-1])

    @property
    def _weights_of_all(self) -> RowWeights | None:
        """The row weights that all runs share, if they do."""
        s = None if self.data is None else self.data.weights
        return s if s is None or s.dim() == 1 else None

    def epoch(self, state: State) -> int:
        """How many epochs a state has finished."""
        return state.update // self.updates

    def after(self, state: State, epochs: int, theta: Theta) -> State:
        """The state some epochs on, of a rule that remembers nothing and asks once an update."""
        more = epochs * self.updates
        rows = state.rows + epochs * self.rows
        return State(state.update + more, theta, None, state.evaluations + more, rows)

    @property
    def _device(self) -> torch.device | None:
        """Where the rows are; an order is drawn on the CPU, the same for every device, and goes there."""
        return None if self.data is None else self.data.labels.device

    @property
    def full_batch(self) -> bool:
        """Whether every update takes all rows."""
        return self.batch_size == self.rows

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

    @property
    def asks_at_theta(self) -> bool:
        """Whether the first evaluation of every update is at theta itself."""
        rule = type(self.optimizer)
        return rule.needs == "objective" or (rule.needs == "gradient" and rule.point is Optimizer.point)

    @property
    def objective_is_convex(self) -> bool:
        """Whether this is a neuron whose loss, and so all it minimizes, is convex in theta."""
        return isinstance(self.objective, Neuron) and self.objective.loss.convex

    @property
    def seeds_differ(self) -> bool:
        """Whether runs take the rows in orders of their own."""
        return len(self.seeds) > 1

    def scale(self, rows: int) -> float:
        """What the mean gradient of a batch is multiplied by: 1, or what makes it a sum."""
        return 1.0 if self.mean_weight is None else rows * self.mean_weight

    def step_size(self, rows: int) -> float | Tensor:
        """What multiplies the mean gradient of a batch in plain descent."""
        return cast("float | Tensor", self.learning_rate * self.scale(rows))

    def order(self, epoch: int) -> Tensor | None:
        """The order of rows in an epoch, (n,) or one a seed (S, n); None for file order."""
        if not self.seeds:
            return None
        # One epoch is kept: its batches ask for it one after another.
        if epoch not in self._orders:
            orders = [self._order(seed, epoch).to(self._device) for seed in self.seeds]
            self._orders.clear()
            # One order a seed, (S, n): as the last run axis it broadcasts against any others.
            self._orders[epoch] = orders[0] if len(orders) == 1 else torch.stack(orders)
        return self._orders[epoch]

    def _order(self, seed: int, epoch: int) -> Tensor:
        return self.tile_order(seed, epoch).places() if self.by_tiles else epoch_order(self.rows, seed, epoch)

    def tile_order(self, seed: int, epoch: int) -> TileOrder:
        """The order of an epoch by tiles, as it is made window by window."""
        assert self.data is not None, "only rows have an order"
        X = self.data.features
        return TileOrder(self.rows, tile_height(X.shape[-1], X.dtype.itemsize), seed=seed, epoch=epoch)

    def rows_taken(self, update: int) -> slice | Tensor:
        """Which rows are the batch of an update, counted from 0; (m,) or (S, m) where shuffled."""
        epoch, part = divmod(update, self.updates)
        taken = slice(part * self.batch_size, min((part + 1) * self.batch_size, self.rows))
        order = self.order(epoch)
        return taken if order is None else order[..., taken]

    def rows_of(self, rows: slice | Tensor) -> Batch:
        """These rows as a batch."""
        assert self.data is not None, "an objective without rows has no batches"
        X, y, s = self.data
        return Batch(rows_at(X, rows), y[rows], None if s is None else _weights_of(s, rows))

    def batch(self, update: int) -> Batch | None:
        """The rows of an update, counted from 0; None for an objective without rows."""
        # All rows in their own order: the tensors themselves, not a copy of them.
        if self.data is None or (self.full_batch and not self.seeds):
            return self.data
        return self.rows_of(self.rows_taken(update))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """The batches of an epoch in turn; the last one may be short."""
        for update in range(epoch * self.updates, (epoch + 1) * self.updates):
            yield self.rows_of(self.rows_taken(update))

    def size(self, update: int) -> int:
        """How many rows the batch of an update has."""
        part = update % self.updates
        return min(self.batch_size, self.rows - part * self.batch_size)

    def evaluation(self, update: int) -> Evaluation:
        """The function of an update: what the optimizer is given to ask."""
        # All rows are one function in any order.
        batch = self.data if self.full_batch else self.batch(update)
        scale = self.scale(self.size(update))
        columns, bends = (lambda: self.coordinates), (lambda: self.hessian_coordinates)
        return Evaluation(self.objective, batch, scale, columns, bends)

    @cached_property
    def coordinates(self) -> Coordinates | None:
        """Of theta, in which the columns of all rows are alike; None for an objective that knows none."""
        if isinstance(self.objective, Neuron) and self.data is not None:
            return self.objective.coordinates_of(self._rough_moments)
        found = getattr(self.objective, "coordinates", None)
        return None if found is None or self.data is None else cast("Coordinates", found(self.data))

    @cached_property
    def hessian_coordinates(self) -> Coordinates | None:
        """By which to take second derivatives: None where theta itself leaves them their digits."""
        if not isinstance(self.objective, Neuron) or self.data is None:
            return None
        return hessian_coordinates(self.objective, self.data.features, lambda: self._rough_moments)

    @property
    def _rough_moments(self) -> ColumnMoments:
        assert self.data is not None, "only rows have columns"
        return rough_moments(self.data.features, self._weights_of_all, lambda: self.moments)


def _weights_of(s: RowWeights, rows: slice | Tensor) -> RowWeights:
    """The weights of a batch from those of all rows, (n,) or (runs..., n)."""
    if s.dim() == 1:
        return s[rows]
    if isinstance(rows, slice) or rows.dim() == 1:
        return s[..., rows]
    # Runs with rows of their own in orders of their own: each takes its own weights.
    runs = np.broadcast_shapes(s.shape[:-1], rows.shape[:-1])
    return s.expand(*runs, -1).gather(-1, rows.expand(*runs, -1))
