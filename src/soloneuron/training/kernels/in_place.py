"""All rows at once where they stand: no copy is made for the few passes of a line search."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor

from soloneuron.formulas.coordinates import Coordinates
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.formulas.tiled import tiled
from soloneuron.neuron import Neuron
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.training.kernels.curvature import SecondOrder
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.kernels.workers import Workers, one_thread
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan

TILES = 2
"""A part is as large as so many tiles: without a copy beside it that much stays in the cache."""

GROUPS = 8
"""Parts are summed up in so many groups, whatever the number of threads: the digits are the same."""

MANY_NUMBERS = 100_000
"""Numbers in the rows from which a copy costs more than what its layout saves."""


@dataclass
class _Sums:
    """What some parts of the rows have summed up; of thetas (K, k) each number has K."""

    total: Tensor
    right: Tensor
    highest: Tensor
    gradient: Gradient
    hessian: Tensor

    @staticmethod
    def of(theta: Theta, *, bends: bool) -> _Sums:
        """Nothing yet."""
        zero = theta.new_zeros(theta.shape[:-1])
        k = theta.shape[-1] if bends else 0
        hessian = theta.new_zeros(k, k, dtype=torch.float64)
        return _Sums(zero, zero.clone(), torch.full_like(zero, -torch.inf), torch.zeros_like(theta), hessian)

    def add(self, other: _Sums) -> None:
        """The sums of both."""
        self.total += other.total
        self.right += other.right
        self.gradient += other.gradient
        self.hessian += other.hessian
        torch.maximum(self.highest, other.highest, out=self.highest)


class RowsInPlace:
    """Value, gradient and second derivatives over rows that stay as they came, part by part in the cache.

    A copy in tiles costs as much as nine passes over rows in place, which from 100 columns on are the
    faster ones too. Labels cannot be folded into rows that are not copied; logits and slopes take the sign,
    and the bias is added to them.

    Args:
        layout: of a single run's rows, which are contiguous.
        columns: finds the coordinates to differentiate by twice, see ``Curvature``.
    """

    def __init__(self, layout: RowLayout, columns: Callable[[], Coordinates | None]) -> None:
        self._layout, self._columns, self._workers = layout, columns, Workers()
        parts = [(cut, self._tile(cut)) for cut in self._cuts(layout)]
        count = min(GROUPS, len(parts))
        cuts = [g * len(parts) // count for g in range(count + 1)]
        self._groups = [parts[low:high] for low, high in pairwise(cuts)]
        self.measure = one_thread()(self._measured)

    @staticmethod
    def suits(plan: Plan) -> bool:
        """Whether passes are few and rows many: a rule with a line search, more rows than a cache holds."""
        assert plan.data is not None, "a neuron has rows"
        X = plan.data.features
        if isinstance(X, ShardedRows) or tiled(X) is not None:
            # Their sums have the digits of tiles, however many hold them.
            return False
        return (
            plan.optimizer.needs == "objective"
            and not plan.runs
            and X.is_contiguous()
            and X.numel() > MANY_NUMBERS
        )

    @staticmethod
    def _cuts(layout: RowLayout) -> list[slice]:
        height = TILES * layout.height
        return [slice(at, min(at + height, layout.count)) for at in range(0, layout.count, height)]

    def of(self, neuron: Neuron) -> RowsInPlace:
        """The same of another neuron on these rows, see ``RowLayout.of``."""
        other = copy(self)
        other._layout = self._layout.of(neuron)
        return other

    def both(self, theta: Theta, *, watch: bool = False) -> tuple[Values, Gradient, Tensor | None]:
        """As ``WholeBatch.both``, of one theta (k,)."""
        sums = self._summed(theta, watch=watch)
        value, gradient = self._layout.finish(sums.total, sums.gradient, theta, self._layout.count)
        return value, gradient, self._layout.share_of(sums.right) if watch else None

    def second_order(self, theta: Theta, *, watch: bool = False) -> SecondOrder:
        """As ``Curvature.second_order``."""
        sums, layout = self._summed(theta, watch=watch, bends=True), self._layout
        value, gradient = layout.finish(sums.total, sums.gradient, theta, layout.count)
        H = layout.neuron.add_bend(sums.hessian.div_(layout.count), self._columns())
        return SecondOrder(value, gradient, H, layout.share_of(sums.right) if watch else None)

    def value(self, theta: Theta) -> Values:
        """The value alone: a trial costs one product a part."""
        layout, neuron = self._layout, self._layout.neuron
        parts = self._workers.map(partial(self._valued, theta=theta), self._groups)
        mean: Values = torch.stack(parts).sum() / layout.count
        return mean if neuron.penalty is None else mean + neuron.penalty.value(neuron.penalized(theta))

    def _measured(self, thetas: Theta) -> Measures:
        """The measures of thetas (K, k), (K,) each."""
        # One after another: where a line search stands there are few.
        found = []
        for theta in thetas:
            sums = self._summed(theta, watch=True)
            value, gradient = self._layout.finish(sums.total, sums.gradient, theta, self._layout.count)
            norm = torch.linalg.vector_norm(gradient)
            found.append((value, norm, self._layout.share_of(sums.right), sums.highest < 0))
        return Measures(*(torch.stack(column) for column in zip(*found, strict=True)))

    def _summed(self, theta: Theta, *, watch: bool, bends: bool = False) -> _Sums:
        work = partial(self._passed, theta=theta, watch=watch, bends=bends)
        first, *others = self._workers.map(work, self._groups)
        for sums in others:
            first.add(sums)
        return first

    def _passed(self, group: list[tuple[slice, Tile]], *, theta: Theta, watch: bool, bends: bool) -> _Sums:
        layout, sums = self._layout, _Sums.of(theta, bends=bends)
        neuron = layout.neuron
        weights, bias = neuron.weights(sums.gradient), sums.gradient[-1:]
        for cut, tile in group:
            t = self._logits(theta, cut, tile)
            r = torch.empty_like(t)
            if bends:
                self._bend(sums.hessian, layout.bend(t, tile), tile)
            if watch:
                sums.right += layout.right(t, tile, out=r)
                torch.maximum(sums.highest, layout.highest(t, tile), out=sums.highest)
            sums.total += layout.pass_over(t, tile, out=r)
            if layout.sign is not None:
                r *= layout.sign[cut]
            weights.addmv_(tile.columns, r)
            if neuron.bias:
                bias += r.sum()
        return sums

    def _valued(self, group: list[tuple[slice, Tile]], *, theta: Theta) -> Values:
        total = theta.new_zeros(())
        for cut, tile in group:
            total = total + self._layout.cost(self._logits(theta, cut, tile), tile)
        return total

    def _logits(self, theta: Theta, cut: slice, tile: Tile) -> Tensor:
        """Of the wrong class where labels are folded."""
        neuron, sign = self._layout.neuron, self._layout.sign
        t = torch.mv(tile.rows, neuron.weights(theta))
        if neuron.bias:
            t += theta[-1]
        return t if sign is None else t.mul_(sign[cut])

    def _bend(self, H: Tensor, bend: Tensor, tile: Tile) -> None:
        """Add the second derivatives of a part: signs would meet twice."""
        columns, x = self._columns(), tile.rows.double()
        if columns is not None:
            x = (x - columns.mean) / columns.scale
        bent, d = x * bend[:, None], x.shape[1]
        H[:d, :d].addmm_(bent.T, x)
        if len(H) > d:
            H[:d, d] += bent.sum(0)
            H[d, :d] = H[:d, d]
            H[d, d] += bend.sum()

    def _tile(self, cut: slice) -> Tile:
        layout = self._layout
        assert layout.edges is not None, "rows in tiles are not rows in place"
        x = layout.X[cut]
        return Tile(
            columns=x.T,
            rows=x,
            labels=None if layout.folded else layout.y[cut],
            weights=None if layout.weights is None else layout.weights[cut],
            edges=layout.edges[cut],
        )
