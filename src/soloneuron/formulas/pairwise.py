"""Sums over blocks of rows in a fixed binary tree: the same digits, whoever adds which blocks.

Where blocks begin and end depends on the shape of the rows alone, and so does what is added to what. Threads
and processes each take blocks that follow one another, add up what the tree lets them, and hand on the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from torch import Tensor

TILE_BYTES = 2**21
"""With half of it a pass takes 1.2 to 1.4 times as long; larger blocks are unequal shares of threads."""

FEWEST_ROWS = 32
"""Rows of a block at least, however wide they are."""

SPARSE_BLOCKS, FEWEST_SPARSE_ROWS = 16, 4_096
"""Sparse rows are cut into at most so many blocks, of at least so many rows: each has a transpose of its own,
which costs as much as it has columns."""


def block_height(width: int, item_size: int) -> int:
    """Rows of a block of dense rows, a power of two: higher blocks begin and end where lower ones do.

    Args:
        width: columns, that of a bias included.
        item_size: bytes of a number.

    Example:
        >>> block_height(31, 8), block_height(30, 4)
        (8192, 16384)
    """
    return int(max(FEWEST_ROWS, 2 ** round(math.log2(TILE_BYTES / (max(1, width) * item_size)))))


def sparse_block_height(rows: int, columns: int) -> int:
    """Rows of a block of sparse rows, a power of two.

    Example:
        >>> sparse_block_height(1_000_000, 100_000)
        65536
    """
    least = max(FEWEST_SPARSE_ROWS, rows / SPARSE_BLOCKS, columns / 2)
    return int(2 ** math.ceil(math.log2(least)))


class TreeNode(NamedTuple):
    """The sum of the blocks from place * 2^level on, 2^level of them or as many as there are.

    Attributes:
        level: 0 for a block.
        place: from 0, among the nodes of its level.
        sum: of any shape.
    """

    level: int
    place: int
    sum: Tensor


class PairwiseSum:
    """Adds up blocks that follow one another, as far as the tree over all blocks goes.

    Formula: node (l, p) = node (l-1, 2p) + node (l-1, 2p+1); where there is no right half it is the left one.

    Numerics: the error of a sum of n blocks grows with log2(n), and not with n.

    Args:
        count: how many blocks there are in all, >= 1.
        first: the first of those that are added here.

    Attributes:
        nodes: what could not be added yet, in order; the root alone once all blocks are there.

    Example:
        >>> import torch
        >>> left, right = PairwiseSum(3), PairwiseSum(3, first=1)
        >>> left.add(torch.tensor(1.0))
        >>> right.add(torch.tensor(2.0)), right.add(torch.tensor(3.0))
        (None, None)
        >>> left.join(right.nodes)
        >>> left.total
        tensor(6.)
    """

    def __init__(self, count: int, first: int = 0) -> None:
        self._count, self._next = count, first
        self.nodes: list[TreeNode] = []

    def add(self, block: Tensor) -> None:
        """Add the sum of the next block; the tensor is spent."""
        self._push(TreeNode(0, self._next, block))
        self._next += 1

    def join(self, nodes: Iterable[TreeNode]) -> None:
        """Add what was added up of the blocks that follow; the tensors are spent."""
        for node in nodes:
            self._push(node)

    @property
    def total(self) -> Tensor:
        """The sum of all blocks."""
        (root,) = self.nodes
        return root.sum

    def _push(self, node: TreeNode) -> None:
        nodes, (level, place, total) = self.nodes, node
        while True:
            if place % 2 and nodes and nodes[-1][:2] == (level, place - 1):
                total = nodes.pop().sum.add_(total)
            # The last one without a partner goes up as it is.
            elif place % 2 or not place or (place << level) + (1 << level) < self._count:
                break
            level, place = level + 1, place // 2
        nodes.append(TreeNode(level, place, total))


def nodes_of_span(count: int, first: int, stop: int) -> list[tuple[int, int]]:
    """Level and place of the nodes that remain when the blocks from first to stop are added up.

    Example:
        >>> nodes_of_span(6, 1, 6)
        [(0, 1), (1, 1), (2, 1)]
    """
    left, right, level = list[tuple[int, int]](), list[tuple[int, int]](), 0
    while first < stop:
        whole = -(-count >> level)
        if whole == 1:
            left.append((level, 0))
            break
        if first % 2:
            left.append((level, first))
            first += 1
        if first < stop < whole and stop % 2:
            stop -= 1
            right.append((level, stop))
        first, stop, level = first // 2, -(-stop // 2), level + 1
    return left + right[::-1]
