"""What the losses of runs did in the end: fall, rise, go up and down, or stand still."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

LATELY = 20
"""Epochs at the end that must all fall where nothing else is asked."""

FEWEST_VALUES = 5
"""Values, the start and the end among them, of which a cycle can be told."""

HIGHER, NOISE = 1e-3, 5e-2
"""Shares of a loss by which another must be above it to have risen: of runs without and with dice."""

SWING, TREMOR = 1e-3, 1e-5
"""Shares of the loss that a cycle spans at least: where rules may swing, and where every value must fall."""


class Trend(NamedTuple):
    """The end of R runs, (R,) each.

    Attributes:
        start: the objective before the first update.
        end: the objective after the last.
        risen: whether the end is above the start.
        rising: risen, in the last tenth too, without a step down.
        cycling: up and down without getting lower.
        fall: by how much the mean of the last quarter lies below that of the quarter before.
        spread: the largest difference between two values of the last half.
    """

    start: Tensor
    end: Tensor
    risen: Tensor
    rising: Tensor
    cycling: Tensor
    fall: Tensor
    spread: Tensor


def trend_of(values: tuple[Tensor, Tensor], losses: Tensor, *, noisy: bool, monotone: bool) -> Trend:
    """Look at the losses of runs.

    Args:
        values: the objective at the start and at the end, (R,) each.
        losses: the loss of each epoch before its updates, (E, R).
        noisy: whether losses go up and down anyway, by dice or beside kinks.
        monotone: whether a rate that is not too large would make every value lower than the one before.

    Returns:
        The Trend.
    """
    start, end = values
    path = torch.cat([start[None], losses[1:], end[None]]) if len(losses) else start[None]
    least = HIGHER if not noisy else NOISE
    risen = end - start > least * start.abs()
    window = max(FEWEST_VALUES, len(path) // 10)
    last = path[-window:]
    up = (last.diff(dim=0) >= 0).all(0) & (last[-1] - last[0] > least * start.abs())
    half = max(1, len(path) // 4) if len(path) >= FEWEST_VALUES else max(1, len(path) // 2)
    before, after = path[-2 * half : -half], path[-half:]
    both = path[-2 * half :]
    fall = before.mean(0) - after.mean(0) if len(before) else torch.zeros_like(start)
    spread = both.amax(0) - both.amin(0)
    if len(path) < FEWEST_VALUES:
        cycling = torch.zeros_like(up)
    elif noisy:
        cycling = (after.mean(0) > start + least * start.abs()) & (fall <= spread / 4)
    else:
        cycling = _cycles(path, half, 0.5)
        # A cycle may begin late; in a short window it must not die down at all.
        cycling |= _cycles(path, max(2, len(path) // 20), 0.9)
        if monotone:
            cycling |= (fall <= spread / 4) & _bounces(both)
    return Trend(start, end, risen, risen & up, cycling, fall, spread)


def _cycles(path: Tensor, part: int, keeps: float) -> Tensor:
    """Whether the last part of a path (E, R) goes up and down no lower than the part before.

    It must keep a share of that part's swing: a swing that dies down is on its way.
    """
    before, last = path[-2 * part : -part], path[-part:]
    swings = last.amax(0) - last.amin(0)
    swung = before.amax(0) - before.amin(0)
    no_lower = (last.amin(0) >= before.amin(0) - swings / 10) & (last.mean(0) >= before.mean(0) - swings / 10)
    return no_lower & (swings >= keeps * swung) & _swinging(path[-2 * part :], swings, SWING)


def _bounces(path: Tensor) -> Tensor:
    """Whether a path (E, R) goes up for a quarter as much as it goes down, in its last half too."""
    return (
        _climbs(path)
        & _climbs(path[len(path) // 2 - 1 :])
        & _swinging(path, path.amax(0) - path.amin(0), TREMOR)
    )


def _climbs(path: Tensor) -> Tensor:
    steps = path.diff(dim=0)
    return steps.clamp(min=0).sum(0) >= -steps.clamp(max=0).sum(0) / 4


def _swinging(path: Tensor, swing: Tensor, least: float) -> Tensor:
    """Whether a path turns twice at least, and its swing is no trifle."""
    signs = path.diff(dim=0).sign()
    turns = (signs[1:] * signs[:-1] < 0).sum(0)
    size = torch.maximum(path.abs().mean(0), path.abs().amax(0) / 10)
    return (turns >= 2) & (swing > least * size)


def plainly_falls(losses: Sequence[float]) -> bool:
    """Whether a single run's losses fall to the end, and by a hundredth at least since the middle.

    Such a run is on no plateau and in no cycle, so that nobody need be asked how it ended.

    Example:
        >>> plainly_falls([0.7, 0.6, 0.5, 0.4]), plainly_falls([0.7, 0.4, 0.4, 0.4])
        (True, False)
    """
    last = losses[-LATELY:]
    return (
        len(losses) > 1
        and all(later < earlier for earlier, later in pairwise(last))
        and losses[-1] < 0.99 * losses[len(losses) // 2 - 1]
    )
