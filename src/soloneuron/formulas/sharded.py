"""Rows spread over processes, as one matrix: products with it are asked of all of them together.

Every process runs the same program on the same theta. What it needs of all rows is a sum over blocks, which
are the same for any number of processes (``pairwise``), or the logits of all rows, one number a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol, cast

import torch
from torch import Tensor

from soloneuron.formulas.pairwise import (
    PairwiseSum,
    TreeNode,
    block_height,
    nodes_of_span,
    sparse_block_height,
)
from soloneuron.formulas.sparse import column_sums, compressed, is_sparse, rows_at, weighted_sums
from soloneuron.formulas.tiled import TiledRows, tiled

FEWEST_BLOCKS = 8
"""Rows of fewer blocks, 32 MB of them in 64 bits, every process takes for itself."""


class ProcessGroup(Protocol):
    """Processes that ask each other; each of them calls the same methods in the same order.

    Attributes:
        rank: which of them this is, from 0.
        size: how many there are.
    """

    rank: int
    size: int

    def gather(self, mine: Tensor) -> list[Tensor]:
        """The tensors of all, in the order of ranks; they have one shape and one dtype."""


@dataclass(frozen=True, eq=False)
class ShardedRows:
    """The rows X (n, d) of which each process holds those of some blocks.

    It stands where a tensor does as long as it is multiplied by the functions of ``formulas.sparse``, or
    asked for some rows. Labels and weights, one number a row, every process has for itself.

    Args:
        here: those that this process holds, (m, d), dense or sparse, a tensor of its own: how a product
            rounds may depend on where in memory its numbers begin. Rows on disk are tiles of all rows.
        borders: where the rows of each process begin, and n.
        height: how many rows the highest blocks have that begin and end at these borders.
        group: the processes.
    """

    here: Tensor
    borders: tuple[int, ...]
    height: int
    group: ProcessGroup

    @staticmethod
    def of(X: Tensor, group: ProcessGroup) -> ShardedRows:
        """The rows of a matrix that every process has, of which each keeps its own."""
        n, d = X.shape
        borders, height = shard_borders(n, d, group.size, sparse=is_sparse(X)), _height_of(X)
        first, last = borders[group.rank], borders[group.rank + 1]
        stacked = tiled(X)
        # Blocks of either dtype begin where tiles do; few rows are cut elsewhere, and fit the memory.
        if stacked is not None and first < last and not any(row % height for row in borders[:-1]):
            return ShardedRows(cast("Tensor", stacked.whole_tiles(first, last)), borders, height, group)
        own = rows_at(X, slice(first, last))
        own = own.clone() if is_sparse(X) else own.clone(memory_format=torch.contiguous_format)
        return ShardedRows(own, borders, height, group)

    @property
    def shape(self) -> torch.Size:
        """(n, d)."""
        return torch.Size([len(self), self.here.shape[1]])

    @property
    def dtype(self) -> torch.dtype:
        """That of the numbers."""
        return self.here.dtype

    @property
    def device(self) -> torch.device:
        """Where the numbers are."""
        return self.here.device

    @property
    def layout(self) -> torch.layout:
        """How they are stored."""
        return self.here.layout

    def __len__(self) -> int:
        return self.borders[-1]

    def of_rows(self, change: Callable[[Tensor], Tensor]) -> ShardedRows:
        """The same rows, each process having changed its own."""
        return replace(self, here=change(self.here))

    def to(self, dtype: torch.dtype) -> ShardedRows:
        """The same rows in a dtype."""
        return self.of_rows(lambda here: here.to(dtype))

    @property
    def first(self) -> int:
        """Which row is the first of those here."""
        return self.borders[self.group.rank]

    @property
    def span(self) -> slice:
        """Which of all rows are here."""
        return slice(self.first, self.borders[self.group.rank + 1])

    def cuts(self, height: int) -> list[slice]:
        """The blocks of so many rows that are here, counted from the first row here."""
        m = len(self.here)
        return [slice(start, min(start + height, m)) for start in range(0, m, height)]

    def sums(self, height: int) -> PairwiseSum:
        """An empty sum over blocks of so many rows, for those that are here."""
        return PairwiseSum(-(-len(self) // height), self.first // height)

    def total(self, mine: PairwiseSum, height: int) -> Tensor:
        """The sum over all blocks of so many rows, given what was added up of those that are here."""
        if self.group.size == 1:
            return mine.total
        count = -(-len(self) // height)
        spans = [nodes_of_span(count, first // height, -(-stop // height)) for first, stop in self._spans]
        most = max(len(span) for span in spans)
        first = mine.nodes[0].sum
        padded = first.new_zeros(most, *first.shape)
        for k, node in enumerate(mine.nodes):
            padded[k] = node.sum
        whole = PairwiseSum(count)
        for span, sums in zip(spans, self.group.gather(padded), strict=True):
            # Not those that were sent: on them the next pass over the rows may write already.
            whole.join(TreeNode(*place, own) for place, own in zip(span, sums.unbind(), strict=False))
        return whole.total

    def largest(self, mine: Tensor) -> Tensor:
        """The largest of what the processes have, number by number."""
        return torch.stack(self.group.gather(mine)).amax(0)

    def weighted_sums(self, w: Tensor) -> Tensor:
        """X w, (..., n), which every process has then; worked out by the block."""
        parts = [weighted_sums(w, rows_at(self.here, rows)) for rows in self.cuts(self.height)]
        own = torch.cat(parts, -1).movedim(-1, 0)
        return self._joined(own, self._lengths).movedim(0, -1).contiguous()

    def column_sums(self, r: Tensor) -> Tensor:
        """X^T r, (..., d)."""
        return sum_of_blocks(self, lambda rows, at: column_sums(r[..., at], rows))

    def __getitem__(self, rows: slice | Tensor) -> Tensor:
        """Some rows as every process has them then: a slice that goes up, or places (m,)."""
        if isinstance(rows, slice):
            rows = torch.arange(*rows.indices(len(self)), device=self.device)
        # Owners rise where places do, so that of rows in order nothing has to be put back into order.
        owner = torch.bucketize(rows, rows.new_tensor(self.borders[1:-1], dtype=rows.dtype), right=True)
        order = owner.argsort(stable=True)
        counts = torch.bincount(owner, minlength=self.group.size).tolist()
        own = rows[owner == self.group.rank] - self.first
        back = torch.empty_like(order)
        back[order] = torch.arange(len(order), device=order.device)
        if self.layout == torch.strided:
            return self._joined(self.here[own], counts)[back]
        return self._joined_sparse(own, counts, back)

    def _joined_sparse(self, own: Tensor, counts: Sequence[int], back: Tensor) -> Tensor:
        mine = rows_at(self.here, own)
        stored = self._joined(mine.crow_indices().diff(), counts)
        sizes = [int(part.sum()) for part in stored.split(list(counts))]
        columns, values = (self._joined(x, sizes) for x in (mine.col_indices(), mine.values()))
        crow = torch.cat([stored.new_zeros(1), stored.cumsum(0)]).to(columns.dtype)
        return rows_at(compressed(crow, columns, values, self.shape[1]), back)

    def _joined(self, mine: Tensor, lengths: Sequence[int]) -> Tensor:
        """The rows that processes have, one after another, given how many each has."""
        padded = mine.new_zeros(max(lengths), *mine.shape[1:])
        padded[: len(mine)] = mine
        return torch.cat([part[:n] for part, n in zip(self.group.gather(padded), lengths, strict=True)])

    @property
    def _spans(self) -> list[tuple[int, int]]:
        return list(pairwise(self.borders))

    @property
    def _lengths(self) -> list[int]:
        return [stop - first for first, stop in self._spans]


def sum_of_blocks(X: Tensor | ShardedRows, of_block: Callable[[Tensor, slice], Tensor]) -> Tensor:
    """The sum over the blocks of rows of what a function says of one: its rows, and their places.

    Example:
        >>> sum_of_blocks(torch.ones(3, 2), lambda rows, at: rows.sum(0))
        tensor([3., 3.])
    """
    if isinstance(X, ShardedRows):
        here, first, height, sums = X.here, X.first, X.height, X.sums(X.height)
    else:
        here, first, height = X, 0, _height_of(X)
        sums = PairwiseSum(-(-len(X) // height))
    for start in range(0, len(here), height):
        rows = slice(start, min(start + height, len(here)))
        part = here if len(here) <= height and isinstance(here, Tensor) else rows_at(here, rows)
        sums.add(of_block(part, slice(first + rows.start, first + rows.stop)))
    return X.total(sums, height) if isinstance(X, ShardedRows) else sums.total


def shard_height(rows: int, columns: int, *, sparse: bool) -> int:
    """Rows of the highest blocks that anybody makes of rows, in any dtype, with a bias or without."""
    return sparse_block_height(rows, columns) if sparse else block_height(columns, 4)


def _height_of(X: Tensor) -> int:
    return shard_height(*X.shape, sparse=is_sparse(X))


def shard_borders(rows: int, columns: int, size: int, *, sparse: bool) -> tuple[int, ...]:
    """Where the rows of each of so many processes begin, and where the last of them ends.

    At borders of blocks, so that each process has whole ones; by the row where all are few.

    Example:
        >>> shard_borders(200_000, 30, 3, sparse=False)
        (0, 65536, 131072, 200000)
    """
    height = shard_height(rows, columns, sparse=sparse)
    blocks = -(-rows // height)
    if blocks < FEWEST_BLOCKS:
        return tuple(rows * rank // size for rank in range(size + 1))
    return tuple(min(rows, blocks * rank // size * height) for rank in range(size + 1))


def tiles_here(X: Tensor | ShardedRows) -> TiledRows | None:
    """The tiles in which rows stand: all of them, or those of this process; None for other rows.

    Example:
        >>> tiles_here(torch.zeros(2, 1)) is None
        True
    """
    return tiled(X.here if isinstance(X, ShardedRows) else X)


def are_few(X: ShardedRows) -> bool:
    """Whether there are so few blocks that their products are sooner worked out than asked for.

    The answer is the same for any number of processes, so that all of them go about it in one way.
    """
    return len(X) <= (FEWEST_BLOCKS - 1) * X.height
