"""The rows of a plan laid out for products, and what labels and weights make of their logits.

For hard labels and a symmetric loss, negate the rows of class 1 and let A be the rows [x, 1] with that sign.
With t = A theta, the logits of the wrong class, everything is said of t alone:

    loss(t),   slope(t),   gradient = A^T slope(t) / n

so y, the bias and the subtraction p - y are gone. For NLL the slope is sigmoid(t).
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.data.arrays import is_hard
from soloneuron.formulas.losses import Loss
from soloneuron.formulas.losses.base import zero_like
from soloneuron.formulas.pairwise import PairwiseSum, block_height, sparse_block_height
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.formulas.sparse import is_sparse
from soloneuron.formulas.tiled import tiled
from soloneuron.neuron import Neuron
from soloneuron.shapes import Gradient, Labels, Logits, RowWeights, Theta, Values
from soloneuron.training.plan import Plan


@dataclass(frozen=True, eq=False)
class Tile:
    """Some rows ready for products.

    Attributes:
        columns: (k, m), features and bias column; signed where the labels are folded in.
        rows: (m, k), the same memory.
        labels: (m,), or None where they are folded in.
        weights: (m,) or (runs, m), or None.
        edges: (m,): a folded row is on its right side where t lies below: at the least numbers about 0. None
            where they are worked out when they are needed.
        classes: (m,), the labels of rows that stand as they are: where labels are folded in, logits and
            slopes take their sign, to the same digits. None for all others.
    """

    columns: Tensor
    rows: Tensor
    labels: Labels | None
    weights: RowWeights | None
    edges: Tensor | None
    classes: Labels | None = None


class RowLayout:
    """Where the numbers of a plan's rows stand: all of them, or those of them that are here.

    Args:
        plan: of a neuron on rows.

    Attributes:
        X: (m, d), the features that are here. y: (m,), their labels. weights: (m,) or (runs, m), or None.
        count: n, how many rows there are, here and elsewhere.
        width: k.
    """

    def __init__(self, plan: Plan) -> None:
        neuron, data = plan.objective, plan.data
        assert isinstance(neuron, Neuron), "only a neuron's rows are laid out"
        assert data is not None, "a neuron has rows"
        self.neuron, self.loss = neuron, neuron.loss
        X, y, self._weights_of_all = data
        self.sharded = X if isinstance(X, ShardedRows) else None
        self.X = X if self.sharded is None else self.sharded.here
        self.count, self.width = plan.rows, plan.columns
        self.folded = foldable(neuron.loss) and is_hard(y)
        here = slice(0, self.count) if self.sharded is None else self.sharded.span
        s = self._weights_of_all
        self.y, self.weights = y[here], None if s is None else s[..., here]
        # Of rows in tiles nothing is held that is as long as they are many.
        stacked = tiled(self.X)
        self.sign = sign_of(self.y) if self.folded and stacked is None else None
        self.edges = edges_of(self.y) if stacked is None else None
        if stacked is not None:
            self.height = stacked.height
        elif is_sparse(self.X):
            self.height = sparse_block_height(self.count, self.X.shape[1])
        else:
            self.height = block_height(self.width, self.X.element_size())

    def of(self, neuron: Neuron) -> RowLayout:
        """The same rows for a neuron whose loss folds labels as this one's does."""
        other = copy(self)
        other.neuron, other.loss = neuron, neuron.loss
        return other

    def matrix(self) -> Tensor:
        """A (m, k), row-major."""
        A = self.X.new_empty(len(self.X), self.width)
        self._fill(A[:, : self.X.shape[1]], slice(None))
        if self.neuron.bias:
            A[:, -1] = self._ones(slice(None))
        return A

    def views(self, A: Tensor) -> list[Tile]:
        """A row-major A (n, k) cut into tiles, without a copy."""
        return [self._tile(A[rows].T, rows) for rows in self.cuts()]

    def tiles(self) -> list[Tile]:
        """All rows in feature-major tiles: at every width from 2 to 500 that reads faster than row-major.

        Tile by tile, so that the rows are copied once, and those that stand in tiles not at all. The cuts
        depend on the shape alone: sums of tiles, added in their order, have the same digits for any number of
        threads.
        """
        stacked = tiled(self.X)
        if stacked is not None and len(stacked.tiles) > 1:
            pairs = zip(stacked.tiles, stacked.spans(), strict=True)
            return [self._standing(tile[: self.width], rows) for tile, rows in pairs]
        made = []
        for rows in self.cuts():
            columns = self.X.new_empty(self.width, rows.stop - rows.start)
            self._fill(columns[: self.X.shape[1]].T, rows)
            if self.neuron.bias:
                columns[-1] = self._ones(rows)
            made.append(self._tile(columns, rows))
        return made

    def cuts(self) -> list[slice]:
        """Where the rows that are here are cut into tiles."""
        m = len(self.X)
        return [slice(start, min(start + self.height, m)) for start in range(0, m, self.height)]

    def sums(self, tile: int = 0) -> PairwiseSum:
        """An empty sum over all tiles, for those that are here from one of them on."""
        first = 0 if self.sharded is None else self.sharded.first // self.height
        return PairwiseSum(-(-self.count // self.height), first + tile)

    def of_all(self, here: PairwiseSum) -> Tensor:
        """The sum over all tiles, given what was added up of those that are here."""
        return here.total if self.sharded is None else self.sharded.total(here, self.height)

    def largest(self, here: Tensor) -> Tensor:
        """The largest there is, given the largest that is here."""
        return here if self.sharded is None else self.sharded.largest(here)

    def _fill(self, place: Tensor, rows: slice) -> None:
        if not self.folded:
            place.copy_(self.X[rows])
        else:
            torch.mul(self.X[rows], self._ones(rows)[:, None], out=place)

    def fold(self, A: Tensor, rows: slice) -> None:
        """Fold the labels of some rows into them, (m, k), where they are folded; in place."""
        if self.folded:
            A.mul_(self._ones(rows)[:, None])

    def _ones(self, rows: slice) -> Tensor:
        """The column of ones of some rows, with their sign where that is folded in."""
        if not self.folded:
            return self.y.new_ones(())
        return sign_of(self.y[rows]) if self.sign is None else self.sign[rows]

    def _standing(self, columns: Tensor, rows: slice) -> Tile:
        """A tile of rows that stand in tiles."""
        weights = None if self.weights is None else self.weights[..., rows]
        y = self.y[rows]
        return Tile(columns, columns.T, None if self.folded else y, weights, None, y)

    def _tile(self, columns: Tensor, rows: slice) -> Tile:
        return Tile(
            columns=columns,
            rows=columns.T,
            labels=None if self.folded else self.y[rows],
            weights=None if self.weights is None else self.weights[..., rows],
            edges=edges_of(self.y[rows]) if self.edges is None else self.edges[rows],
        )

    # Of logits t (..., m): those of the wrong class where labels are folded in.

    def turned(self, t: Tensor, tile: Tile) -> Tensor:
        """Logits or slopes with the sign that rows which stand as they are do not have; in place."""
        return t if tile.classes is None or tile.labels is not None else t.mul_(sign_of(tile.classes))

    def right(self, t: Logits, tile: Tile, *, out: Tensor) -> Tensor:
        """How much weight is on its right side less how much is not, (...); ``out`` is scratch like t."""
        edges = _edges(tile)
        side = t if tile.labels is None else torch.where(edges > 0, t, -t)
        torch.sub(edges, side, out=out).sign_()
        return out.sum(-1) if tile.weights is None else out.mul_(tile.weights).sum(-1)

    def share_of(self, right: Tensor) -> Tensor:
        """The accuracy, given what ``right`` says of all rows."""
        s = self._weights_of_all
        whole = self.count if s is None else s.sum(-1)
        return (whole + right) / 2 / whole

    def highest(self, t: Logits, tile: Tile) -> Tensor:
        """The highest logit of the wrong class (...): below 0 all rows are on their right side."""
        return (t if tile.labels is None else torch.where(_edges(tile) > 0, t, -t)).amax(-1)

    def pass_over(self, t: Logits, tile: Tile, *, out: Logits) -> Values:
        """The sum of the losses (...), and the weighted slope of each row to ``out``; t is spent."""
        self._slope(t, tile, out=out)
        total = self.total(t, out, tile)
        if tile.weights is not None:
            out.mul_(tile.weights)
        return total

    def slope(self, t: Logits, tile: Tile, *, out: Logits) -> None:
        """The weighted slope of each row to ``out``; t is kept."""
        self._slope(t, tile, out=out)
        if tile.weights is not None:
            out.mul_(tile.weights)

    def _slope(self, t: Logits, tile: Tile, *, out: Logits) -> None:
        if tile.labels is None:
            self.loss.slope_into(t, out=out)
        else:
            out.copy_(self.loss.derivative(t, tile.labels))

    def total(self, t: Logits, slope: Logits, tile: Tile) -> Values:
        """The sum of the losses (...) after their slope, which without weights may shorten it; t is spent."""
        if tile.labels is None and tile.weights is None:
            return self.loss.total(t, slope)
        return self.cost(t, tile)

    def cost(self, t: Logits, tile: Tile) -> Values:
        """The sum of the losses (...); t is spent."""
        y = tile.labels
        cost = self.loss.value_into(t, out=t) if y is None else self.loss.value(t, y)
        return cost.sum(-1) if tile.weights is None else (cost * tile.weights).sum(-1)

    def bend(self, t: Logits, tile: Tile) -> Logits:
        """The weighted second derivative of each row, in float64; t is kept."""
        # A folded row is of class 0.
        y = zero_like(t) if tile.labels is None else tile.labels
        bend = self.loss.second_derivative(t, y)
        return (bend if tile.weights is None else bend * tile.weights).double()

    def penalized(self, theta: Theta) -> Theta:
        """The part of theta that the penalty acts on."""
        return self.neuron.penalized(theta)

    def finish(self, value: Values, gradient: Gradient, theta: Theta, rows: int) -> tuple[Values, Gradient]:
        """Sums over rows as the objective's value and gradient: means, with the penalty's share."""
        value, gradient = value / rows, gradient.div_(rows)
        penalty = self.neuron.penalty
        if penalty is not None:
            w = self.penalized(theta)
            value = value + penalty.value(w)
            penalty.add_gradient(w, self.penalized(gradient))
        return value, gradient


def sign_of(y: Labels) -> Tensor:
    """-1 for class 1 and 1 for class 0."""
    return torch.sub(1.0, y, alpha=2.0)


def edges_of(y: Labels) -> Tensor:
    """Where a row is on its right side, see ``Tile``.

    z = 0 is class 0: its rows are right at t = 0, those of class 1 only below. So is a label of 1/2.
    """
    return (y <= 0.5).to(y.dtype).mul_(2).sub_(1).mul_(torch.finfo(y.dtype).tiny)


def _edges(tile: Tile) -> Tensor:
    if tile.edges is not None:
        return tile.edges
    assert tile.classes is not None, "rows that stand as they are have labels"
    return edges_of(tile.classes)


def foldable(loss: Loss) -> bool:
    """Whether a loss says of itself that t is enough: a class that inherits the claim may have changed it."""
    own = vars(type(loss))
    whole = all(name in own for name in ("value", "derivative", "slope_into", "value_into"))
    return loss.symmetric and whole and ("total" in own or type(loss).total is Loss.total)
