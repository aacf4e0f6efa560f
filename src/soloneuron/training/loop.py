"""The loop: one generator of updates. Who watches, pulls; who stops pulling, stops the training.

``updates`` is the only place where an optimizer meets an objective. Training by epochs, minimizing a
function, comparing and stepping all pull it; engines accelerate it by whole epochs and give its numbers to
1e-12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.brief import brief
from soloneuron.optimizers.base import Optimizer, ValueAndGradient
from soloneuron.shapes import Values
from soloneuron.training.engine import Engine, Recorded
from soloneuron.training.evaluation import Counted
from soloneuron.training.plan import Plan, State


class Update(NamedTuple):
    """What one update did.

    Attributes:
        state: where the run stands now: live tensors, which the next update changes; keep ``state.copy()``.
        value: (runs...), the objective of its batch where the optimizer first asked.
    """

    state: State
    value: Values

    def __repr__(self) -> str:
        return brief(self)


def updates(
    rule: Optimizer,
    state: State,
    evaluation: Callable[[int], ValueAndGradient],
    *,
    rows: Callable[[int], int] = lambda update: 0,  # noqa: ARG005
) -> Iterator[Update]:
    """Take one update after another, for ever.

    Args:
        rule: what moves theta.
        state: where to start; it is not changed.
        evaluation: update, counted from 0 -> value and gradient at a point, for that update; an
            ``Evaluation`` where the rule asks for more.
        rows: update -> how many rows one evaluation of it looks at.

    Yields:
        An Update each.

    Example:
        >>> from soloneuron.optimizers import GradientDescent
        >>> start = State(0, torch.tensor([4.0]))
        >>> path = updates(GradientDescent(learning_rate=0.25), start, lambda t: lambda x: (x**2, 2 * x))
        >>> [next(path).state.theta.item() for _ in range(3)]
        [2.0, 1.0, 0.5]
    """
    theta = state.theta.clone()
    memory = rule.start(theta) if state.memory is None else state.memory.copy()
    update, asked, seen = state.update, state.evaluations, state.rows
    while True:
        # theta and memory change in place; the count is kept here, so that no caller has to.
        counted = Counted(evaluation(update))
        value = rule.update(theta, counted, memory)
        asked, seen, update = asked + counted.calls, seen + counted.calls * rows(update), update + 1
        yield Update(State(update, theta, memory, asked, seen), value)


def updates_of(plan: Plan, state: State) -> Iterator[Update]:
    """The updates of a plan from a state on."""
    return updates(plan.optimizer, state, plan.evaluation, rows=plan.size)


class Step(NamedTuple):
    """What some epochs did.

    Attributes:
        state: where the run stands now.
        losses: (epochs, runs...), one value for each of these epochs.
        recorded: the thetas on the way, before the epochs that were to be recorded.
        overflow: whether the single run has left the range of its dtype; the state is the last finite one.
    """

    state: State
    losses: Tensor
    recorded: Recorded
    overflow: bool = False

    def __repr__(self) -> str:
        return brief(self)


def steps(
    engine: Engine,
    start: State,
    epochs: int,
    *,
    updates: int,
    record_every: int,
    strides: Sequence[int],
    longest: int,
) -> Iterator[Step]:
    """Train by epochs, and yield every few of them.

    Pause, step back and resume are the same thing: keep a state, and start again from it.

    Args:
        engine: advances a state.
        start: where to begin: at the end of an epoch.
        epochs: the epoch to end after.
        updates: updates an epoch.
        record_every: record theta before the epochs of which a multiple of this many are done.
        strides: yield at every multiple of each of these numbers of epochs,
        longest: and after this many at the latest.

    Yields:
        Steps. A single run that overflows ends with the step before the first non-finite number.
    """
    state, epoch = start, start.update // updates
    while epoch < epochs:
        count = min(*(stride - epoch % stride for stride in strides), longest, epochs - epoch)
        done = engine.advance(state, count, record_every)
        if state.theta.dim() == 1 and not is_finite(done.state, done.losses):
            yield _last_finite(engine, state, count, record_every)
            return
        state, epoch = done.state, epoch + count
        yield Step(*done)


def _last_finite(engine: Engine, state: State, epochs: int, record_every: int) -> Step:
    """The last finite epoch of a stretch that does not stay finite, by halving.

    A number that is not finite stays so, hence bisection; engines are exact to the bit from a given state.
    """
    nothing = Recorded((), state.theta.new_empty(0, *state.theta.shape), ())
    good = Step(state, state.theta.new_empty(0), nothing, overflow=True)
    low, high = 0, epochs
    while high - low > 1:
        middle = (low + high) // 2
        done = engine.advance(state, middle, record_every)
        if is_finite(done.state, done.losses):
            low, good = middle, Step(*done, overflow=True)
        else:
            high = middle
    return good


def is_finite(state: State, losses: Tensor) -> bool:
    """Whether a state and the losses that led to it are within the range of the dtype."""
    # A sum tells of every number that is not finite; of one that is not, by itself, only all of them do.
    return all(isfinite(float(x.sum())) or bool(torch.isfinite(x).all()) for x in (losses, state.theta))
