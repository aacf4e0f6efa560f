"""One training: pull its steps, then ask for its history."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.errors import ShapeError
from soloneuron.records.history import History, RateLimits
from soloneuron.shapes import Theta, Values
from soloneuron.training.engines import choose
from soloneuron.training.engines.stepwise import Stepwise
from soloneuron.training.limits import rate_limits
from soloneuron.training.loop import Step, is_finite, steps
from soloneuron.training.measures import measure, values_at
from soloneuron.training.outcomes import judge
from soloneuron.training.plan import Plan, State


class Recorded(NamedTuple):
    """The thetas that a training has recorded, and when.

    Attributes:
        epochs: K numbers that rise.
        theta: (K, runs..., k).
        evaluations: how often a gradient had been asked for until each, K numbers.
    """

    epochs: tuple[int, ...]
    theta: Theta
    evaluations: tuple[int, ...]


class Training:
    """A prepared training: ``for step in training.steps(): ...`` and then ``training.history()``.

    Stop pulling and the training stands where it is; pull again and it goes on. Whoever watches may take its
    time: nothing runs between two steps. Keep ``training.state`` and set it again later, here or in another
    training of the same shape, to step back or to go on from there, bit for bit.

    Args:
        plan: the job.
        start: where to begin.
        epochs: the epoch to end after.
        record_every: keep theta at every multiple of this many epochs, and at the end.
    """

    _state: State
    _first: int
    _records: dict[int, State]
    _losses: list[Tensor]

    def __init__(self, plan: Plan, start: State, *, epochs: int, record_every: int = 1) -> None:
        self.plan = plan
        self.epochs = epochs
        self.overflow = False
        self.record_every = record_every
        self._engine = choose(plan)
        self._begin(start)

    @property
    def state(self) -> State:
        """Where the training stands; setting it takes the training there and forgets what came later."""
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        wanted = self._state.theta
        if state.theta.shape != wanted.shape or state.theta.dtype != wanted.dtype:
            raise ShapeError(
                f"a state must hold theta {tuple(wanted.shape)} in {wanted.dtype} for this training, got "
                f"{tuple(state.theta.shape)} in {state.theta.dtype}",
                code="state.shape",
            )
        epoch = self.plan.epoch(state)
        done, losses = epoch - self._first, self.losses
        # A state of the recorded past keeps what came before it; any other begins a new record.
        if not 0 <= done <= len(losses) or state.update % self.plan.updates:
            self._begin(state)
            return
        self._losses = [losses[:done]]
        self._records = {at: record for at, record in self._records.items() if at < epoch}
        if done == 0 or epoch % self.record_every == 0:
            self._records[epoch] = state
        self._state, self.overflow = state, False

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return self.plan.epoch(self._state)

    def steps(self) -> Iterator[Step]:
        """Train; yields at every recorded epoch, and in between about every tenth of a second."""
        updates = self.plan.updates
        longest = max(1, self._engine.patience // updates)
        stride = min(self.record_every, max(1, self.epochs))
        if self._state.update % updates and self.epoch < self.epochs:
            yield self._finish_epoch()
        while not self.overflow:
            pulled = steps(
                self._engine, self._state, self.epochs, updates=updates, stride=stride, longest=longest
            )
            for step in pulled:
                self._take(step)
                yield step
                # Whoever watches may have set another state meanwhile: go on from there.
                if self._state is not step.state:
                    break
            else:
                return

    def run(self) -> Training:
        """Train to the end, and return the training itself."""
        for _ in self.steps():
            pass
        return self

    def _begin(self, state: State) -> None:
        self._state, self._first, self.overflow = state, self.plan.epoch(state), False
        self._records = {self._first: state}
        self._losses = [state.theta.new_empty(0, *self.plan.runs)]

    def _finish_epoch(self) -> Step:
        """Engines go by whole epochs: a state in the middle of one is brought to its end first."""
        state, losses = Stepwise(self.plan).advance(self._state, 1)
        step = Step(state, losses)
        if state.theta.dim() == 1 and not is_finite(state, losses):
            step = Step(self._state, losses[:0], overflow=True)
        self._take(step)
        return step

    def _take(self, step: Step) -> None:
        self._state, self.overflow = step.state, step.overflow
        self._losses.append(step.losses)
        if self.epoch % self.record_every == 0:
            self._records[self.epoch] = step.state

    @property
    def losses(self) -> Tensor:
        """The loss of every finished epoch since the first state, (E, runs...)."""
        parts = [part for part in self._losses if len(part)] or self._losses[:1]
        self._losses = parts if len(parts) == 1 else [torch.cat(parts)]
        return self._losses[0]

    @property
    def recorded(self) -> Recorded:
        """What has been recorded so far, where the training stands included."""
        # Where the training stands counts as recorded, also between two records.
        records = {**self._records, self.epoch: self.state}
        theta = torch.stack([record.theta for record in records.values()])
        return Recorded(tuple(records), theta, tuple(record.evaluations for record in records.values()))

    def values(self) -> Values:
        """The objective over all rows at every recorded theta, (K, runs...)."""
        return values_at(self.plan.objective, self.recorded.theta, self.plan.data)

    def limits(self) -> RateLimits:
        """The limits of the learning rate where a single run stands."""
        return rate_limits(self.plan, self.state.theta)

    def history(self, *, stopped: str | None = None) -> History:
        """The record of what has been done so far.

        Args:
            stopped: who stopped it, if it was stopped before its end, for the outcome's sentence.

        Returns:
            A History, its outcome judged.
        """
        epochs, theta, evaluations = self.recorded
        value, gradient_norm, share, apart = measure(self.plan.objective, theta, self.plan.data)
        runs = prod(self.plan.runs)
        outcomes = judge(
            self.plan,
            theta=self.state.theta.reshape(runs, -1),
            losses=self.losses.reshape(-1, runs),
            values=(value[0].reshape(runs), value[-1].reshape(runs)),
            gradient_norms=(gradient_norm[0].reshape(runs), gradient_norm[-1].reshape(runs)),
            apart=apart[-1].reshape(runs),
            epochs=self.epochs,
            overflow=self.overflow,
            stopped=stopped,
        )
        return History(
            epochs=epochs,
            theta=theta,
            loss=self.losses,
            value=value,
            gradient_norm=gradient_norm,
            accuracy=share,
            outcomes=outcomes,
            seeds=self.plan.seeds,
            evaluations=evaluations,
        )
