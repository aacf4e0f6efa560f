"""Where the batches of an epoch get their rows from: a matrix in memory, or tiles a window at a time."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from soloneuron.formulas.sharded import ShardedRows
from soloneuron.formulas.tiled import TiledRows, tiled
from soloneuron.shapes import Labels, RowWeights
from soloneuron.training.kernels.layout import RowLayout, Tile, sign_of
from soloneuron.training.plan import Plan

TURNED = 11
"""Columns of a tile that are turned into rows at a time."""


class RowPlace(NamedTuple):
    """Where rows are put.

    Attributes:
        rows: (m, k), row-major. labels: (m,), or None where they are folded in. weights: (m,), or None.
    """

    rows: Tensor
    labels: Labels | None
    weights: RowWeights | None

    def part(self, rows: slice) -> RowPlace:
        """Some of it; itself where that is all."""
        if rows.start == 0 and rows.stop == len(self.rows):
            return self
        return RowPlace(*(None if own is None else own[rows] for own in self))  # type: ignore[arg-type]

    @staticmethod
    def like(layout: RowLayout, height: int) -> RowPlace:
        """Memory for so many rows of a layout."""
        rows = layout.X.new_empty(height, layout.width)
        labels = None if layout.folded else rows.new_empty(height)
        return RowPlace(rows, labels, None if layout.weights is None else rows.new_empty(height))

    def take(self, source: RowPlace, rows: Tensor) -> None:
        """Fill it with rows of another."""
        for own, place in zip(source, self, strict=True):
            if own is not None and place is not None:
                _take(own, rows, place)


def _take(source: Tensor, rows: slice | Tensor, place: Tensor) -> None:
    """Some rows into their place; with out= nothing is allocated in the loop."""
    if isinstance(rows, slice):
        place.copy_(source[rows])
    else:
        torch.index_select(source, 0, rows, out=place)


def _turn(columns: Tensor, rows: Tensor) -> None:
    """Copy columns (k, m) of a tile into rows (m, k), some columns at a time.

    The columns of a tile lie a power of two apart, so that in a cache all of them want the same few places:
    with more at a time than these are, each number would be fetched with its whole line. NumPy does it twice
    as fast as torch.
    """
    source, target = columns.numpy(), rows.numpy()
    for first in range(0, len(source), TURNED):
        some = slice(first, first + TURNED)
        np.copyto(target[:, some], source[some].T)


class RowSource(Protocol):
    """Gives the rows of an epoch in its order."""

    def tiles(self) -> list[Tile]:
        """All rows, for measuring."""

    def fill(self, place: RowPlace, start: int, epoch: int) -> None:
        """Put the rows that follow ``start`` others in an epoch where they belong."""


class MatrixSource:
    """All rows in one matrix, gathered one by one; those of other processes are asked for.

    Args:
        plan: the job.
        layout: its rows.
    """

    def __init__(self, plan: Plan, layout: RowLayout) -> None:
        self._plan, self._layout, self._matrix = plan, layout, layout.matrix()
        sharded = layout.sharded
        self._rows = self._matrix if sharded is None else sharded.of_rows(lambda _: self._matrix)

    def tiles(self) -> list[Tile]:
        """See ``RowSource``."""
        return self._layout.views(self._matrix)

    def fill(self, place: RowPlace, start: int, epoch: int) -> None:
        """See ``RowSource``."""
        order, data = self._plan.order(epoch), self._plan.data
        assert data is not None, "a neuron has rows"
        taken = slice(start, start + len(place.rows))
        rows = taken if order is None else order[taken]
        if not isinstance(self._rows, Tensor):
            place.rows.copy_(self._rows[rows])
        for own, target in (
            (self._rows, place.rows),
            (data.labels, place.labels),
            (data.weights, place.weights),
        ):
            if isinstance(own, Tensor) and target is not None:
                _take(own, rows, target)


class TileSource:
    """Rows that stand in tiles: a window of them is put into memory, and its rows are gathered there.

    Args:
        plan: the job, its rows shuffled by tiles or not at all.
        layout: its rows.
        rows: the same.
    """

    def __init__(self, plan: Plan, layout: RowLayout, rows: TiledRows) -> None:
        self._plan, self._layout, self._rows = plan, layout, rows
        self._epoch, self._window, self._held = -1, -1, RowPlace.like(layout, 0)

    def tiles(self) -> list[Tile]:
        """See ``RowSource``."""
        return self._layout.tiles()

    def fill(self, place: RowPlace, start: int, epoch: int) -> None:
        """See ``RowSource``."""
        if not self._plan.seeds:
            self._read(place, slice(start, start + len(place.rows)))
            return
        if epoch != self._epoch:
            self._order = self._plan.tile_order(self._plan.seeds[0], epoch)
            self._epoch, self._window = epoch, -1
        filled = 0
        for window, rows in self._order.between(start, start + len(place.rows)):
            self._hold(window)
            taken = self._inside[rows]
            place.part(slice(filled, filled + len(taken))).take(self._held, taken)
            filled += len(taken)

    def _hold(self, window: int) -> None:
        """Put the rows of a window into memory, unless they are there."""
        if window == self._window:
            return
        size = self._order.size(window)
        if len(self._held.rows) < size:
            self._held = RowPlace.like(self._layout, size)
        filled = 0
        for span in self._order.spans(window):
            height = span.stop - span.start
            self._read(self._held.part(slice(filled, filled + height)), span)
            filled += height
        self._window, self._inside = window, self._order.inside(window)

    def _read(self, place: RowPlace, rows: slice) -> None:
        """Rows as they follow each other, their labels folded in."""
        layout = self._layout
        for span, columns in self._rows.between(rows.start, rows.stop):
            here = place.part(slice(span.start - rows.start, span.stop - rows.start))
            _turn(columns[: layout.width], here.rows)
            layout.fold(here.rows, span)
            if here.labels is not None:
                here.labels.copy_(layout.y[span])
            if here.weights is not None and layout.weights is not None:
                here.weights.copy_(layout.weights[span])


class SpreadTileSource:
    """Tiles that are spread over processes: every row is asked of the one that holds it.

    Args:
        plan: the job, its rows shuffled by tiles or not at all.
        layout: its rows.
        rows: the same.
    """

    def __init__(self, plan: Plan, layout: RowLayout, rows: ShardedRows) -> None:
        self._plan, self._layout, self._rows = plan, layout, rows
        self._at: tuple[int, int] | None = None

    def tiles(self) -> list[Tile]:
        """See ``RowSource``."""
        return self._layout.tiles()

    def fill(self, place: RowPlace, start: int, epoch: int) -> None:
        """See ``RowSource``."""
        data, (d,) = self._plan.data, self._rows.shape[1:]
        assert data is not None, "a neuron has rows"
        rows = self._places(start, start + len(place.rows), epoch)
        y = data.labels[rows]
        ones = sign_of(y) if self._layout.folded else torch.ones_like(y)
        torch.mul(self._rows[rows], ones[:, None], out=place.rows[:, :d])
        place.rows[:, d:] = ones[:, None]
        for own, target in ((data.labels, place.labels), (data.weights, place.weights)):
            if own is not None and target is not None:
                _take(own, rows, target)

    def _places(self, first: int, last: int, epoch: int) -> slice | Tensor:
        if not self._plan.seeds:
            return slice(first, last)
        if self._at is None or self._at[0] != epoch:
            self._order, self._at = self._plan.tile_order(self._plan.seeds[0], epoch), (epoch, -1)
        parts = []
        for window, rows in self._order.between(first, last):
            if self._at != (epoch, window):
                self._window, self._at = self._order.places_of(window), (epoch, window)
            parts.append(self._window[rows])
        return torch.cat(parts)


def row_source(plan: Plan, layout: RowLayout) -> RowSource:
    """Where the batches of a plan get their rows from."""
    stacked = tiled(layout.X)
    if stacked is None:
        return MatrixSource(plan, layout)
    if layout.sharded is None:
        return TileSource(plan, layout, stacked)
    return SpreadTileSource(plan, layout, layout.sharded)
