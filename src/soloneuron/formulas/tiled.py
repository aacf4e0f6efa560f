"""Rows that stand in tiles: blocks that fit the cache, column by column, wherever their memory is.

A tiled X (n, d) stands wherever rows do; whoever looks into it asks ``tiled`` first. Tile i holds rows
i * height to (i + 1) * height as a matrix (d + 1, m), a column of the rows after another and a column of ones
last: what a product with weights and bias reads, just as it lies. The last tile may be shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from soloneuron.formulas.pairwise import block_height
from soloneuron.shapes import Features

NumberSpace = Callable[[int, torch.dtype], Tensor]
"""Makes room for so many numbers where rows are kept."""


def tile_height(columns: int, number_bytes: int) -> int:
    """How many rows a tile has.

    Args:
        columns: d; the column of ones is counted here.
        number_bytes: of one number.

    Example:
        >>> tile_height(31, 8)
        8192
    """
    return block_height(columns + 1, number_bytes)


class TiledRows:
    """Rows X (n, d) in tiles, which are read one after another and never put together.

    Args:
        tiles: (d + 1, m) each, of ``tile_height`` rows but for the last one; with columns of ones.
        home: makes room for a number a row where the rows are kept; None takes plain memory.

    Example:
        >>> rows = tiles_of(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
        >>> rows.shape, rows[1:].tolist()
        (torch.Size([2, 2]), [[3.0, 4.0]])
    """

    layout = torch.strided

    def __init__(self, tiles: Sequence[Tensor], home: NumberSpace | None = None) -> None:
        self.tiles, self.home = list(tiles), home
        width, self.height = self.tiles[0].shape
        rows = self.height * (len(self.tiles) - 1) + self.tiles[-1].shape[1]
        self.shape = torch.Size((rows, width - 1))
        self.dtype, self.device = self.tiles[0].dtype, self.tiles[0].device
        self.is_cpu = self.device.type == "cpu"

    def __repr__(self) -> str:
        return f"TiledRows{tuple(self.shape)}"

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, rows: slice | Tensor) -> Tensor:
        """Some rows (m, d) in memory of their own."""
        if isinstance(rows, Tensor):
            return self._gathered(rows)
        first, last, step = rows.indices(len(self))
        if step != 1:
            return self._gathered(torch.arange(first, last, step))
        found = self.new_empty(max(0, last - first), self.shape[1])
        for part, tile in self.between(first, last):
            found[part.start - first : part.stop - first] = tile[:-1].T
        return found

    def spans(self) -> Iterator[slice]:
        """Which rows each tile holds."""
        for start in range(0, len(self), self.height):
            yield slice(start, min(start + self.height, len(self)))

    def between(self, first: int, last: int) -> Iterator[tuple[slice, Tensor]]:
        """The rows from one to before another, tile by tile: which, and their columns (d + 1, m)."""
        while first < last:
            place, begin = divmod(first, self.height)
            tile = self.tiles[place][:, begin : begin + last - first]
            yield slice(first, first + tile.shape[1]), tile
            first += tile.shape[1]

    def whole_tiles(self, first: int, last: int) -> TiledRows:
        """The tiles that hold the rows from one to before another, both at borders of tiles."""
        return TiledRows(self.tiles[first // self.height : -(-last // self.height)], self.home)

    def parts(self) -> Iterator[tuple[slice, Tensor]]:
        """All rows, tile by tile: which, and a view (m, d) of them."""
        for rows, tile in zip(self.spans(), self.tiles, strict=True):
            yield rows, tile[:-1].T

    def space(self, count: int, dtype: torch.dtype) -> Tensor:
        """Room for so many numbers: not in memory if the rows are not."""
        return self.new_empty(count, dtype=dtype) if self.home is None else self.home(count, dtype)

    def vector(self) -> Tensor:
        """Room for one number a row, (n,), like the rows."""
        return self.space(len(self), self.dtype)

    def new_empty(self, *size: int, **options: Any) -> Tensor:
        """Memory like that of the rows."""
        return self.tiles[0].new_empty(*size, **options)

    def new_zeros(self, *size: int, **options: Any) -> Tensor:
        """Zeros like the rows."""
        return self.tiles[0].new_zeros(*size, **options)

    def element_size(self) -> int:
        """The bytes of a number."""
        return self.tiles[0].element_size()

    def dim(self) -> int:
        """Rows are a table."""
        return 2

    def _gathered(self, places: Tensor) -> Tensor:
        found = self.new_empty(len(places), self.shape[1])
        homes = places.div(self.height, rounding_mode="floor")
        for home in homes.unique().tolist():
            wanted = (homes == home).nonzero()[:, 0]
            found[wanted] = self.tiles[home][:-1].index_select(1, places[wanted] - home * self.height).T
        return found


def tiled(X: object) -> TiledRows | None:
    """The rows, if they stand in tiles.

    Example:
        >>> tiled(torch.zeros(2, 1)) is None
        True
    """
    return X if isinstance(X, TiledRows) else None


def tiles_of(X: Features) -> TiledRows:
    """Rows of a tensor (n, d) copied into tiles."""
    height = tile_height(X.shape[1], X.element_size())
    ones = X.new_ones(len(X), 1)
    parts = zip(X.split(height), ones.split(height), strict=True)
    return TiledRows([torch.cat(part, 1).T.contiguous() for part in parts])


def row_parts(X: Features, height: int) -> Iterator[tuple[slice, Tensor]]:
    """Rows in parts of their own or of so many, as views: whoever adds up over them holds no copy.

    Example:
        >>> [(rows.start, len(part)) for rows, part in row_parts(torch.zeros(5, 1), 3)]
        [(0, 3), (3, 2)]
    """
    found = tiled(X)
    if found is not None:
        yield from found.parts()
        return
    for start in range(0, len(X), height):
        rows = slice(start, min(start + height, len(X)))
        yield rows, X[rows]
