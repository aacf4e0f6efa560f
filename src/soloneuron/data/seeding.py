"""The order in which rows are taken."""

from __future__ import annotations

import secrets
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

import torch
from torch import Tensor

_ODD = 0x9E3779B97F4A7C15
_WORD = 2**64

WINDOW_TILES = 8
"""Tiles whose rows are shuffled together: so much of the rows is held at a time."""


def epoch_order(rows: int, seed: int, epoch: int) -> Tensor:
    """The shuffled order of one epoch, a function of seed and epoch alone.

    Nothing is carried from epoch to epoch, so a run can pause, step back and resume at any epoch and see
    the same rows again. Seed and epoch are mixed (the finalizer of SplitMix64), so that epoch 1 of
    seed 0 has nothing to do with epoch 0 of seed 1.

    Args:
        rows: n, how many rows there are.
        seed: any integer.
        epoch: from 0.

    Returns:
        A permutation of 0 .. n-1, (n,), int64.

    Source: Steele, Lea and Flood, OOPSLA (2014), for the mixing.

    Example:
        >>> sorted(epoch_order(4, seed=1, epoch=0).tolist())
        [0, 1, 2, 3]
    """
    return torch.randperm(rows, generator=generator_for(seed, epoch))


class TileOrder:
    """The shuffled order of one epoch of rows in tiles: tiles by chance, and rows inside a window of them.

    Whoever follows it reads the tiles of one window after those of another, and holds no more rows than a
    window has. It is not the uniform order: two rows of one tile are never further apart than a window is
    long. Where all tiles make one window it is uniform.

    Args:
        rows: n, how many rows there are.
        height: rows of a tile; the last one may be shorter.
        seed: any integer.
        epoch: from 0.

    Example:
        >>> order = TileOrder(10, 3, seed=1, epoch=0)
        >>> sorted(order.places().tolist()) == list(range(10)), len(order.windows)
        (True, 1)
    """

    def __init__(self, rows: int, height: int, *, seed: int, epoch: int) -> None:
        self._rows, self._height = rows, height
        generator = generator_for(seed, epoch)
        tiles = torch.randperm(-(-rows // height), generator=generator).tolist()
        self._word = int(torch.randint(2**62, (), generator=generator))
        self.windows = [tiles[first : first + WINDOW_TILES] for first in range(0, len(tiles), WINDOW_TILES)]
        sizes = (sum(span.stop - span.start for span in self.spans(k)) for k in range(len(self.windows)))
        self._ends: list[int] = list(accumulate(sizes))

    def between(self, first: int, last: int) -> Iterator[tuple[int, slice]]:
        """Of which windows the rows from one to before another of the order are, and which they are there."""
        window = bisect_right(self._ends, first)
        while first < last:
            end = min(last, self._ends[window])
            begin = self._ends[window] - self.size(window)
            yield window, slice(first - begin, end - begin)
            first, window = end, window + 1

    def size(self, window: int) -> int:
        """How many rows a window has."""
        return self._ends[window] - (self._ends[window - 1] if window else 0)

    def spans(self, window: int) -> list[slice]:
        """Which rows the tiles of a window hold."""
        starts = [tile * self._height for tile in self.windows[window]]
        return [slice(start, min(start + self._height, self._rows)) for start in starts]

    def inside(self, window: int) -> Tensor:
        """In which order the rows of a window are taken, its tiles put one after another, (m,)."""
        return torch.randperm(self.size(window), generator=generator_for(self._word, window))

    def places(self) -> Tensor:
        """The whole order, a permutation of 0 .. n-1, (n,)."""
        return torch.cat([self.places_of(window) for window in range(len(self.windows))])

    def places_of(self, window: int) -> Tensor:
        """Which rows of all a window takes, in the order in which it takes them, (m,)."""
        rows = torch.cat([torch.arange(span.start, span.stop) for span in self.spans(window)])
        return rows[self.inside(window)]


def generator_for(seed: int, stream: int = 0) -> torch.Generator:
    """Fresh dice for any whole seed; every stream of a seed rolls on its own."""
    return torch.Generator().manual_seed(_mix(_mix(seed) + stream))


def fresh_seed() -> int:
    """A seed nobody asked for, from the operating system; it is recorded, so the run can be repeated."""
    return secrets.randbits(31)


def _mix(word: int) -> int:
    word = (word + _ODD) % _WORD
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % _WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % _WORD
    return (word ^ (word >> 31)) % 2**63
