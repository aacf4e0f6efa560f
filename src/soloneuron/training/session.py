"""One training: pull its steps, then ask for its history."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cached_property
from math import prod
from typing import Protocol

import torch
from torch import Tensor

from soloneuron.errors import ShapeError
from soloneuron.records.history import History, Outcome, RateLimits
from soloneuron.shapes import Values
from soloneuron.training.engine import Engine, Recorded
from soloneuron.training.engines import choose
from soloneuron.training.engines.stepwise import Stepwise
from soloneuron.training.limits import rate_limits
from soloneuron.training.loop import Step, is_finite, steps
from soloneuron.training.measures import Measures, measure, values_at
from soloneuron.training.outcomes import judge
from soloneuron.training.plan import Plan, State
from soloneuron.training.recorded import compacted, joined_records, recorded_at, recorded_before

Steps = Generator[Step, None, None]


class Keeper(Protocol):
    """Whoever keeps a training while it is pulled."""

    every: int

    def kept(self, training: Training, steps: Iterator[Step]) -> Steps:
        """The same steps; what is kept is kept between them."""


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

    Attributes:
        keeper: is given the steps to keep where the training stands; None keeps nothing.
    """

    _state: State
    _first: int
    _parts: list[Recorded]
    _losses: list[Tensor]

    def __init__(self, plan: Plan, start: State, *, epochs: int, record_every: int = 1) -> None:
        self.plan = plan
        self.epochs = epochs
        self.overflow = False
        self.on_step: Callable[[int, float | None], None] | None = None
        """Called with the epoch, and the last loss of a single run, after each step; None calls nobody."""
        self.record_every = record_every
        self.keeper: Keeper | None = None
        self._begin(start)

    @cached_property
    def _engine(self) -> Engine:
        """It copies rows into its own layout: a training that goes to another process has none yet."""
        return choose(self.plan)

    def __repr__(self) -> str:
        return f"Training(epoch {self.epoch} of {self.epochs}, {self.plan.optimizer})"

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
        if not 0 < done <= len(losses) or state.update % self.plan.updates:
            self._begin(state)
            return
        self.go_on(state, self._first, losses[:done], [recorded_before(part, epoch) for part in self._parts])

    def go_on(self, state: State, first: int, losses: Tensor, parts: Sequence[Recorded]) -> None:
        """Stand where a training of the same job stood, with its past; nothing is checked.

        Args:
            state: where it stood.
            first: the epoch at which it began.
            losses: of every epoch since, (E, runs...).
            parts: what it had recorded.
        """
        self._first, self._losses, self._parts = first, [losses], list(parts)
        self._state, self.overflow = state, False

    @property
    def epoch(self) -> int:
        """How many epochs are done."""
        return self.plan.epoch(self._state)

    def steps(self, stride: int | None = None) -> Steps:
        """Train; yields at every recorded epoch, and in between about every tenth of a second.

        Args:
            stride: yield at every multiple of this many epochs instead.
        """
        return self._kept(min(self.record_every if stride is None else stride, max(1, self.epochs)))

    def stretches(self) -> Steps:
        """Train; yields about every tenth of a second alone: what is recorded is recorded on the way."""
        return self._kept(max(1, self.epochs))

    def run(self) -> Training:
        """Train to the end, and return the training itself."""
        for _ in self.stretches():
            pass
        return self

    def _kept(self, stride: int) -> Steps:
        """The steps of training at multiples of so many epochs, kept if somebody keeps them."""
        if self.keeper is None:
            return self._pull(stride)
        between = [self.keeper.every] if self._engine.seamless else []
        return self.keeper.kept(self, self._pull(stride, *between))

    def _pull(self, *strides: int) -> Steps:
        """The steps of training, at the multiples of numbers of epochs."""
        updates = self.plan.updates
        longest = max(1, self._engine.patience // updates)
        if self._state.update % updates and self.epoch < self.epochs:
            yield self._finish_epoch()
        while not self.overflow:
            pulled = steps(
                self._engine,
                self._state,
                self.epochs,
                updates=updates,
                record_every=self.record_every,
                strides=strides,
                longest=longest,
            )
            for step in pulled:
                self._take(step)
                yield step
                # Whoever watches may have set another state meanwhile: go on from there.
                if self._state is not step.state:
                    break
            else:
                return

    def _begin(self, state: State) -> None:
        self._state, self._first, self.overflow = state, self.plan.epoch(state), False
        self._losses = [state.theta.new_empty(0, *self.plan.runs)]
        # Where a training begins is recorded, also between two records.
        self._parts = [] if self._recording(self._first) else [recorded_at(self._first, state)]

    def _recording(self, epoch: int) -> bool:
        return epoch % self.record_every == 0 and not self._state.update % self.plan.updates

    def _finish_epoch(self) -> Step:
        """Engines go by whole epochs: a state in the middle of one is brought to its end first."""
        done = Stepwise(self.plan).advance(self._state, 1)
        step = Step(*done)
        if done.state.theta.dim() == 1 and not is_finite(done.state, done.losses):
            step = Step(self._state, done.losses[:0], done.recorded, overflow=True)
        self._take(step)
        return step

    def _take(self, step: Step) -> None:
        self._state, self.overflow = step.state, step.overflow
        self._losses.append(step.losses)
        self._parts.append(step.recorded)
        if self.on_step is not None:
            single = step.losses.dim() == 1 and len(step.losses) > 0
            self.on_step(self.epoch, float(step.losses[-1]) if single else None)

    @property
    def last_step(self) -> Step:
        """Where the training stands, with the loss of its last epoch."""
        return Step(self._state, self.losses[-1:], recorded_at(self.epoch, self._state), self.overflow)

    @property
    def past(self) -> tuple[int, Tensor, list[Recorded]]:
        """The epoch at which it began, the loss of every epoch since, what was recorded; see ``go_on``."""
        self._parts = compacted(self._parts)
        return self._first, self.losses, self._parts

    @property
    def losses(self) -> Tensor:
        """The loss of every finished epoch since the first state, (E, runs...)."""
        parts = [part for part in self._losses if len(part)] or self._losses[:1]
        self._losses = parts if len(parts) == 1 else [torch.cat(parts)]
        return self._losses[0]

    @property
    def recorded(self) -> Recorded:
        """What has been recorded so far; where the training stands counts as recorded, also between two."""
        return joined_records(self._records())

    def values(self) -> Values:
        """The objective over all rows at every recorded theta, (K, runs...)."""
        objective, rows = self.plan.objective, self.plan.data
        parts = [
            values_at(objective, part.theta, rows) if part.measures is None else part.measures.value
            for part in self._records()
        ]
        return torch.cat(parts)

    def _records(self) -> list[Recorded]:
        """The records of each stretch, and where the training stands."""
        parts = [part for part in self._parts if part.epochs and part.epochs[-1] < self.epoch]
        return [*parts, recorded_at(self.epoch, self.state)]

    def _measured(self) -> tuple[Recorded, Measures]:
        """What has been recorded, and its measures: by-products of the passes where they are there."""
        parts = self._records()
        missing = [part for part in parts if part.measures is None]
        # One measuring for all that is missing: many thetas in one product.
        thetas = torch.cat([part.theta for part in missing])
        own = self._engine.measure
        found = measure(self.plan.objective, thetas, self.plan.data) if own is None else own(thetas)
        pieces = zip(*(column.split([len(part.epochs) for part in missing]) for column in found), strict=True)
        measures = [Measures(*next(pieces)) if part.measures is None else part.measures for part in parts]
        return joined_records(parts), Measures(*(torch.cat(column) for column in zip(*measures, strict=True)))

    def limits(self) -> RateLimits:
        """The limits of the learning rate where a single run stands."""
        return rate_limits(self.plan, self.state.theta)

    def history(self, *, stopped: str | None = None, known: Outcome | None = None) -> History:
        """The record of what has been done so far.

        Args:
            stopped: who stopped it, if it was stopped before its end, for the outcome's sentence.
            known: how a single run ended, where that is no question any more; None has it judged.

        Returns:
            A History with its outcomes.
        """
        recorded, measures = self._measured()
        outcomes = self._judged(measures, stopped) if known is None else (known,)
        return History(
            epochs=recorded.epochs,
            theta=recorded.theta,
            loss=self.losses,
            value=measures.value,
            gradient_norm=measures.gradient_norm,
            accuracy=measures.accuracy,
            outcomes=outcomes,
            seeds=self.plan.seeds,
            evaluations=recorded.evaluations,
        )

    def _judged(self, measures: Measures, stopped: str | None) -> tuple[Outcome, ...]:
        """How each run ended."""
        runs = prod(self.plan.runs)
        first, last = (Measures(*(column[at].reshape(runs) for column in measures)) for at in (0, -1))
        return judge(
            self.plan,
            theta=self.state.theta.reshape(runs, -1),
            losses=self.losses.reshape(-1, runs),
            values=(first.value, last.value),
            gradient_norms=(first.gradient_norm, last.gradient_norm),
            apart=last.apart,
            epochs=self.epochs,
            overflow=self.overflow,
            stopped=stopped,
        )
