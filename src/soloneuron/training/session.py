"""One training: pull its steps, then ask for its history."""

from __future__ import annotations

import math
from collections.abc import Iterator
from math import prod

import torch
from torch import Tensor

from soloneuron.errors import ShapeError
from soloneuron.formulas.metrics import accuracy
from soloneuron.records.history import History, RateLimits
from soloneuron.shapes import Theta
from soloneuron.training.engines import choose
from soloneuron.training.limits import rate_limits
from soloneuron.training.loop import Step, steps
from soloneuron.training.outcomes import judge
from soloneuron.training.plan import Plan, State

MEASURED = 4_000_000
"""Logits held at a time when the recorded thetas are measured."""


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
    _records: dict[int, Theta]
    _losses: list[Tensor]

    def __init__(self, plan: Plan, start: State, *, epochs: int, record_every: int) -> None:
        self.plan = plan
        self.epochs = epochs
        self.overflow = False
        self._engine = choose(plan)
        self._record_every = record_every
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
        done, losses = state.epoch - self._first, self.losses
        if not 0 <= done <= len(losses):
            self._begin(state)
            return
        self._losses = [losses[:done]]
        self._records = {epoch: theta for epoch, theta in self._records.items() if epoch < state.epoch}
        if done == 0 or state.epoch % self._record_every == 0:
            self._records[state.epoch] = state.theta
        self._state, self.overflow = state, False

    def steps(self) -> Iterator[Step]:
        """Train; yields at every recorded epoch, and in between about every tenth of a second."""
        updates = -(-self.plan.rows // self.plan.batch_size)
        longest = max(1, self._engine.patience // updates)
        stride = min(self._record_every, max(1, self.epochs))
        while True:
            for step in steps(self._engine, self._state, self.epochs, stride=stride, longest=longest):
                self._take(step)
                yield step
                if self._state is not step.state:
                    break
            else:
                return

    def _begin(self, state: State) -> None:
        self._state, self._first, self.overflow = state, state.epoch, False
        self._records = {state.epoch: state.theta}
        self._losses = [state.theta.new_empty(0, *self.plan.runs)]

    def _take(self, step: Step) -> None:
        self._state, self.overflow = step.state, step.overflow
        self._losses.append(step.losses)
        if step.state.epoch % self._record_every == 0:
            self._records[step.state.epoch] = step.state.theta

    @property
    def losses(self) -> Tensor:
        """The loss of every finished epoch since the first state, (E, runs...)."""
        parts = [part for part in self._losses if len(part)] or self._losses[:1]
        self._losses = parts if len(parts) == 1 else [torch.cat(parts)]
        return self._losses[0]

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
        records = {**self._records, self.state.epoch: self.state.theta}
        theta = torch.stack(list(records.values()))
        gradient_norm, share, apart = self._measure(theta)
        runs = prod(self.plan.runs)
        outcomes = judge(
            self.plan,
            theta=self.state.theta.reshape(runs, -1),
            losses=self.losses.reshape(-1, runs),
            gradient_norms=(gradient_norm[0].reshape(runs), gradient_norm[-1].reshape(runs)),
            apart=apart[-1].reshape(runs),
            epochs=self.epochs,
            overflow=self.overflow,
            stopped=stopped,
        )
        return History(
            epochs=tuple(records),
            theta=theta,
            loss=self.losses,
            gradient_norm=gradient_norm,
            accuracy=share,
            outcomes=outcomes,
            seeds=self.plan.seeds,
        )

    def _measure(self, theta: Theta) -> tuple[Tensor, Tensor, Tensor]:
        """At every recorded theta: length of the full gradient, accuracy, classes apart (K, runs...)."""
        plan = self.plan
        if plan.objective is not None:
            gradient = plan.objective.value_and_gradient(theta, plan.data)[1]
            norms = torch.linalg.vector_norm(gradient, dim=-1)
            return norms, torch.full_like(norms, math.nan), torch.zeros_like(norms, dtype=torch.bool)
        X, y, s = plan.data
        side = torch.where(y > 0.5, 1.0, -1.0).to(y.dtype)
        norms, shares, aparts = [], [], []
        for part in theta.flatten(0, -2).split(max(1, MEASURED // plan.rows)):
            z = plan.neuron.logits(part, X)
            norms.append(torch.linalg.vector_norm(plan.neuron.gradient(part, z, plan.data), dim=-1))
            shares.append(accuracy(z, y, s))
            aparts.append((z * side).amin(-1) > 0)
        measured = (torch.cat(parts).view(theta.shape[:-1]) for parts in (norms, shares, aparts))
        return tuple(measured)  # type: ignore[return-value]
