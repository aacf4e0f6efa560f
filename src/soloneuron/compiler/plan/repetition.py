"""Repetition: stretches of a sequence that come again and again, one right after the other.

What is repeated is known by keys alone: equal keys are equal work. Whether the operands of a stretch move in
step from one repetition to the next is for those to see who know them.
"""

from __future__ import annotations

import heapq
from bisect import bisect
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from soloneuron.compiler.plan.grids import Array

LEAST_COUNT = 8
"""What comes again fewer times than this is written out."""

LEAST_SAVED = 8
"""So many lines a loop must save, or it is harder to read than what it stands for."""

_WINDOWS = (2, 8, 32, 128, 512, 2048)
_CANDIDATES = 4


@dataclass(frozen=True, order=True)
class RepeatedStretch:
    """Keys ``start`` to ``stop``, in which every key comes again ``period`` later."""

    start: int
    period: int
    count: int

    @property
    def stop(self) -> int:
        """Behind the last whole repetition."""
        return self.start + self.period * self.count


def find_stretches(keys: Iterable[Hashable], least: int = LEAST_SAVED) -> list[RepeatedStretch]:
    """Stretches that do not overlap, in order; those that save most are chosen first.

    Args:
        keys: one a line.
        least: how many lines a stretch must save.

    Returns:
        Stretches of at least ``LEAST_COUNT`` repetitions.
    """
    numbers: dict[Hashable, int] = {}
    sequence = np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
    waiting: list[tuple[int, int, int, int]] = []
    for period in _periods(sequence):
        for start, stop in _runs(sequence, period):
            _push(waiting, least, period, start, stop)
    starts: list[int] = []
    chosen: list[RepeatedStretch] = []
    while waiting:
        _, period, start, stop = heapq.heappop(waiting)
        # What is taken already may lie in the middle: then both sides wait again with what is left of them.
        place = bisect(starts, start)
        if place and chosen[place - 1].stop > start:
            _push(waiting, least, period, chosen[place - 1].stop, stop)
        elif place < len(chosen) and chosen[place].start < stop:
            _push(waiting, least, period, start, chosen[place].start)
            _push(waiting, least, period, chosen[place].stop, stop)
        else:
            starts.insert(place, start)
            chosen.insert(place, RepeatedStretch(start, period, (stop - start) // period))
    return chosen


def _push(waiting: list[tuple[int, int, int, int]], least: int, period: int, start: int, stop: int) -> None:
    count = (stop - start) // period
    saved = (count - 1) * period
    if count >= LEAST_COUNT and saved >= least:
        heapq.heappush(waiting, (-saved, period, start, stop))


def _runs(sequence: Array, period: int) -> list[tuple[int, int]]:
    """Where the sequence is equal to itself one period later."""
    same = np.r_[False, sequence[period:] == sequence[:-period], False]
    edges = np.flatnonzero(same[1:] != same[:-1]).reshape(-1, 2)
    long = edges[:, 1] - edges[:, 0] >= (LEAST_COUNT - 1) * period
    return [(int(start), int(stop) + period) for start, stop in edges[long]]


def _periods(sequence: Array) -> list[int]:
    """Likely periods: how far apart equal windows are, for windows of several lengths."""
    n = len(sequence)
    if n < LEAST_COUNT:
        return []
    generator = np.random.default_rng(0)
    with np.errstate(over="ignore"):
        values = generator.integers(1, 2**62, sequence.max() + 1, dtype=np.uint64)[sequence]
        powers = np.cumprod(np.full(n, 0x9E3779B97F4A7C15, dtype=np.uint64))
        # Sums of values times powers, each window brought to the power of the last: equal windows, equal
        # numbers.
        sums = np.r_[np.uint64(0), np.cumsum(values * powers)]
        found = {1}
        for width in _WINDOWS:
            if width * LEAST_COUNT > 2 * n:
                break
            windows = (sums[width:] - sums[:-width]) * powers[::-1][width - 1 :]
            order = np.argsort(windows, kind="stable")
            apart = np.diff(order)[windows[order[1:]] == windows[order[:-1]]]
            periods, counts = np.unique(apart, return_counts=True)
            likely = periods[np.argsort(-counts, kind="stable")][:_CANDIDATES]
            found.update(int(period) for period in likely if period * LEAST_COUNT <= n)
    return sorted(found)
