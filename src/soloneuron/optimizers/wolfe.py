"""A line search for the strong Wolfe conditions: how far to go along a direction.

Accepted is a step t with enough decrease and a slope that is flat enough::

    f(t) <= f(0) + c1 t f'(0)    and    |f'(t)| <= c2 |f'(0)|

First the step grows until an interval holds such a t, then cubic interpolation narrows the interval.

Source: Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and 3.6, with the safeguards of
Schmidt's minFunc (2005), which torch.optim.LBFGS follows too: the same evaluations in the same order.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from soloneuron.formulas.newton import DECREASE
from soloneuron.shapes import Gradient

FLATNESS = 0.9
NARROW = 1e-9
TRIALS = 25


@dataclass(frozen=True)
class Trial:
    """One point along the direction: step t, value f, gradient g and slope f'(t)."""

    t: float
    f: float
    g: Gradient
    slope: float


def search(probe: Callable[[float], Trial], start: Trial, t: float, reach: float) -> tuple[Trial, int]:
    """Find a step that satisfies the strong Wolfe conditions.

    Args:
        probe: evaluates the function at a step.
        start: the trial at t = 0, with a negative slope.
        t: the first step to try.
        reach: the largest coordinate of the direction; an interval shorter than 1e-9 in theta ends it.

    Returns:
        The accepted trial, or the best of the last interval, and the number of evaluations.
    """
    ends, accepted, used = _bracket(probe, start, t)
    if accepted:
        return ends[1], used
    return _narrow(probe, start, ends, used, reach)


def _bracket(probe: Callable[[float], Trial], start: Trial, t: float) -> tuple[list[Trial], bool, int]:
    """Lengthen the step until the last two trials hold an acceptable one between them, or the last is one."""
    last, new, used = start, probe(t), 1
    while used <= TRIALS:
        # Too high, or no lower than the trial before (asked from the third trial on, as minFunc does): the
        # minimum was passed.
        if _rises(new, start) or (used > 2 and new.f >= last.f):
            return [last, new], False, used
        if _flat(new, start):
            return [last, new], True, used
        # Lower but going up: passed it as well.
        if new.slope >= 0:
            return [last, new], False, used
        # At least a hundredth further than the last stride, at most ten times as far.
        t = _lowest(last, new, new.t + 0.01 * (new.t - last.t), new.t * 10)
        last, new, used = new, probe(t), used + 1
    return [start, new], False, used


def _narrow(
    probe: Callable[[float], Trial], start: Trial, ends: list[Trial], used: int, reach: float
) -> tuple[Trial, int]:
    """Shrink the interval around an acceptable step."""
    low, high = (0, 1) if ends[0].f <= ends[1].f else (1, 0)
    stalled = False
    # ends[low] is the end of the lesser value: what is returned when interval or trials run out.
    while used <= TRIALS and abs(ends[1].t - ends[0].t) * reach >= NARROW:
        t, stalled = _inside(ends, stalled)
        new, used = probe(t), used + 1
        if _rises(new, start) or new.f >= ends[low].f:
            ends[high] = new
            low, high = (0, 1) if ends[0].f <= ends[1].f else (1, 0)
            continue
        if _flat(new, start):
            return new, used
        # The slope at the new low end must point into the interval; else the old low end bounds it.
        if new.slope * (ends[high].t - ends[low].t) >= 0:
            ends[high] = ends[low]
        ends[low] = new
    return ends[low], used


def _inside(ends: list[Trial], stalled: bool) -> tuple[float, bool]:
    """The cubic's minimum, kept a tenth away from the ends when it sticks to one of them twice in a row."""
    left, right = sorted((ends[0].t, ends[1].t))
    t, margin = _lowest(ends[0], ends[1], left, right), 0.1 * (right - left)
    if min(right - t, t - left) >= margin:
        return t, False
    if not (stalled or t >= right or t <= left):
        return t, True
    return (right - margin if abs(t - right) < abs(t - left) else left + margin), False


def _rises(new: Trial, start: Trial) -> bool:
    """Whether a trial fails to decrease enough."""
    return new.f > start.f + DECREASE * new.t * start.slope


def _flat(new: Trial, start: Trial) -> bool:
    """Whether the slope has become small enough."""
    return abs(new.slope) <= -FLATNESS * start.slope


def _lowest(a: Trial, b: Trial, left: float, right: float) -> float:
    """The minimum within [left, right] of the cubic through two values and slopes, else the middle."""
    if a.t > b.t:
        a, b = b, a
    bend = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t)
    square = bend**2 - a.slope * b.slope
    # Negative or NaN: the cubic has no minimum, or a value is not finite.
    if not square >= 0:
        return (left + right) / 2
    root = math.sqrt(square)
    spread = b.slope - a.slope + 2 * root
    if spread == 0:  # a straight line, as between two kinks of the hinge
        return (left + right) / 2
    t = b.t - (b.t - a.t) * ((b.slope + root - bend) / spread)
    return min(max(t, left), right)
