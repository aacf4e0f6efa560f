"""One training: pull its steps, then ask for its history."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import torch
from torch import Tensor

from soloneuron.formulas.metrics import accuracy
from soloneuron.records.history import History, RateLimits
from soloneuron.shapes import Theta
from soloneuron.training.engines import choose
from soloneuron.training.limits import rate_limits
from soloneuron.training.loop import Step, steps
from soloneuron.training.outcomes import judge
from soloneuron.training.plan import Plan, State

PATIENCE = 1_000_000
"""Rows between two steps, so that who watches is not kept waiting."""

MEASURED = 4_000_000
"""Logits held at a time when the recorded thetas are measured."""


class Training:
    """A prepared training: ``for step in training.steps(): ...`` and then ``training.history()``.

    Stop pulling and the training stands where it is; pull again and it goes on. Whoever watches may take its
    time: nothing runs between two steps.

    Args:
        plan: the job.
        start: where to begin.
        epochs: the epoch to end after.
        record_every: keep theta at every multiple of this many epochs, and at the end.
    """

    def __init__(self, plan: Plan, start: State, *, epochs: int, record_every: int) -> None:
        self.plan = plan
        self.state = start
        self.epochs = epochs
        self.overflow = False
        self._engine = choose(plan)
        self._record_every = record_every
        self._records = {start.epoch: start.theta}
        self._losses = [start.theta.new_empty(0, *plan.runs)]

    def steps(self) -> Iterator[Step]:
        """Train; yields at every recorded epoch, and in between where epochs are long."""
        longest = max(1, PATIENCE // self.plan.rows)
        stride = min(self._record_every, max(1, self.epochs))
        for step in steps(self._engine, self.state, self.epochs, stride=stride, longest=longest):
            self.state, self.overflow = step.state, step.overflow
            self._losses.append(step.losses)
            if step.state.epoch % self._record_every == 0:
                self._records[step.state.epoch] = step.state.theta
            yield step

    @property
    def losses(self) -> Tensor:
        """The loss of every finished epoch, (E, runs...)."""
        return torch.cat(self._losses)

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
