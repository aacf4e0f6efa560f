"""A line search for the strong Wolfe conditions: how far to go along a direction.

Accepted is a step t with enough decrease and a slope that is flat enough::

    f(t) <= f(0) + c1 t f'(0)    and    |f'(t)| <= c2 |f'(0)|

First the step grows until an interval holds such a t, then cubic interpolation narrows the interval. A trial
beyond a wall, where value or slope is no finite number, is too far: it is infinitely high, and the interval
is halved until its inner end is finite.

Source: Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and 3.6, with the safeguards of
Schmidt's minFunc (2005), which torch.optim.LBFGS follows too: the same evaluations in the same order.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from soloneuron.formulas.newton import DECREASE

Notes = TypeVar("Notes")

FLATNESS = 0.9
NARROWEST = 1e-9
TRIALS = 25

HALVINGS = 60
"""Trials beyond a wall, which are counted apart: as many as Newton's search halves its step."""


@dataclass(frozen=True)
class Trial(Generic[Notes]):
    """One point along the direction: step t, value f and slope f'(t); the searcher's own notes of it.

    Beyond a wall f is inf and the slope NaN, by which no cubic passes.
    """

    t: float
    f: float
    slope: float
    notes: Notes


class _Probe(Generic[Notes]):
    """The function along the direction, and how often it was asked."""

    def __init__(self, along: Callable[[float], Trial[Notes]], steepest: float) -> None:
        self._along, self._steepest = along, steepest
        self.used = 0
        self.beyond = 0

    def at(self, t: float) -> Trial[Notes]:
        """The trial of a step."""
        trial = self._along(t)
        self.used += 1
        self.beyond += int(trial.f == math.inf)
        return trial

    def flat(self, trial: Trial[Notes]) -> bool:
        """Whether the slope has become small enough."""
        return abs(trial.slope) <= self._steepest

    @property
    def early(self) -> bool:
        """Whether minFunc would not yet compare a trial with the one before."""
        return self.used - self.beyond <= 2

    @property
    def more(self) -> bool:
        """Whether another trial may be asked for."""
        return self.used - self.beyond <= TRIALS and self.beyond <= HALVINGS


def search(
    along: Callable[[float], Trial[Notes]],
    start: Trial[Notes],
    t: float,
    reach: Callable[[], float],
    *,
    flatness: float = FLATNESS,
) -> tuple[Trial[Notes], int]:
    """Find a step that satisfies the strong Wolfe conditions.

    Args:
        along: evaluates the function at a step.
        start: the trial at t = 0, with a negative slope.
        t: the first step to try.
        reach: the largest coordinate of the direction, asked after the first trial; an interval shorter than
            1e-9 in theta ends the search.
        flatness: c2, which share of the slope may be left: in (c1, 1).

    Returns:
        The accepted trial, or the best of the last interval, never one above the start; and the number of
        evaluations.
    """
    probe = _Probe(along, flatness * abs(start.slope))
    ends, accepted = _bracket(probe, start, t)
    found = ends[1] if accepted else _narrow(probe, start, ends, reach())
    return found, probe.used


def _bracket(probe: _Probe[Notes], start: Trial[Notes], t: float) -> tuple[list[Trial[Notes]], bool]:
    """Lengthen the step until the last two trials hold an acceptable one between them, or the last is one."""
    last, new = start, probe.at(t)
    while probe.more:
        # Too high, or no lower than the trial before (asked from the third trial on, as minFunc does): the
        # minimum was passed.
        if _rises(new, start) or (not probe.early and new.f >= last.f):
            return [last, new], False
        if probe.flat(new):
            return [last, new], True
        # Lower but going up: passed it as well.
        if new.slope >= 0:
            return [last, new], False
        # At least a hundredth further than the last stride, at most ten times as far.
        t = _lowest(last, new, new.t + 0.01 * (new.t - last.t), new.t * 10)
        last, new = new, probe.at(t)
    return [start, new], False


def _narrow(
    probe: _Probe[Notes], start: Trial[Notes], ends: list[Trial[Notes]], reach: float
) -> Trial[Notes]:
    """Shrink the interval around an acceptable step."""
    low, high = (0, 1) if ends[0].f <= ends[1].f else (1, 0)
    stalled = False
    # ends[low] is the end of the lesser value: what is returned when interval or trials run out.
    while probe.more and abs(ends[1].t - ends[0].t) * reach >= NARROWEST:
        t, stalled = _inside(ends, stalled)
        new = probe.at(t)
        if _rises(new, start) or new.f >= ends[low].f:
            ends[high] = new
            low, high = (0, 1) if ends[0].f <= ends[1].f else (1, 0)
            continue
        if probe.flat(new):
            return new
        # The slope at the new low end must point into the interval; else the old low end bounds it.
        if new.slope * (ends[high].t - ends[low].t) >= 0:
            ends[high] = ends[low]
        ends[low] = new
    return ends[low]


def _inside(ends: list[Trial[Notes]], stalled: bool) -> tuple[float, bool]:
    """The cubic's minimum, kept a tenth away from the ends when it sticks to one of them twice in a row."""
    left, right = min(ends[0].t, ends[1].t), max(ends[0].t, ends[1].t)
    t, margin = _lowest(ends[0], ends[1], left, right), 0.1 * (right - left)
    if min(right - t, t - left) >= margin:
        return t, False
    if not (stalled or t >= right or t <= left):
        return t, True
    return (right - margin if abs(t - right) < abs(t - left) else left + margin), False


def _rises(new: Trial[Notes], start: Trial[Notes]) -> bool:
    """Whether a trial fails to decrease enough."""
    return new.f > start.f + DECREASE * new.t * start.slope


def _lowest(a: Trial[Notes], b: Trial[Notes], left: float, right: float) -> float:
    """The minimum within [left, right] of the cubic through two values and slopes, else the middle."""
    if a.t > b.t:
        a, b = b, a
    bend = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t)
    square = bend * bend - a.slope * b.slope
    # The cubic has no minimum, or a value or a square is beyond all numbers; bend**2 would raise there.
    if not 0 <= square < math.inf:
        return (left + right) / 2
    root = math.sqrt(square)
    spread = b.slope - a.slope + 2 * root
    if spread == 0:  # a straight line, as between two kinks of the hinge
        return (left + right) / 2
    t = b.t - (b.t - a.t) * ((b.slope + root - bend) / spread)
    return min(max(t, left), right)
