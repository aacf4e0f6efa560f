"""The loop: a generator of steps. Who watches, pulls; who stops pulling, stops the training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.training.engines import Engine
from soloneuron.training.plan import State


class Step(NamedTuple):
    """What some epochs did.

    Attributes:
        state: where the run stands now.
        losses: (epochs, runs...), one value for each of these epochs.
        overflow: whether the single run has left the range of its dtype; the state is the last finite one.
    """

    state: State
    losses: Tensor
    overflow: bool = False


def steps(engine: Engine, start: State, epochs: int, *, stride: int, longest: int) -> Iterator[Step]:
    """Train, and yield every few epochs.

    Pause, step back and resume are the same thing: keep a state, and start again from it.

    Args:
        engine: advances a state.
        start: where to begin.
        epochs: the epoch to end after, >= start.epoch.
        stride: yield at every multiple of this many epochs,
        longest: and after this many at the latest.

    Yields:
        Steps. A single run that overflows ends with the step before the first non-finite number.
    """
    state = start
    while state.epoch < epochs:
        count = min(stride - state.epoch % stride, longest, epochs - state.epoch)
        after, losses = engine.advance(state, count)
        if state.theta.dim() == 1 and not _finite(after, losses):
            yield _last_finite(engine, state, count)
            return
        state = after
        yield Step(state, losses)


def _last_finite(engine: Engine, state: State, epochs: int) -> Step:
    """The last finite epoch of a stretch that does not stay finite, by halving.

    A number that is not finite stays so, hence bisection; engines are exact to the bit from a given state.
    """
    good = Step(state, state.theta.new_empty(0), overflow=True)
    low, high = 0, epochs
    while high - low > 1:
        middle = (low + high) // 2
        after, losses = engine.advance(state, middle)
        if _finite(after, losses):
            low, good = middle, Step(after, losses, overflow=True)
        else:
            high = middle
    return good


def _finite(state: State, losses: Tensor) -> bool:
    return bool(torch.isfinite(losses).all() and torch.isfinite(state.theta).all())
