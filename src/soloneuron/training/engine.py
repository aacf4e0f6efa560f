"""What an engine is: some epochs of a plan at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from soloneuron.brief import brief
from soloneuron.shapes import Theta
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan, State


class Recorded(NamedTuple):
    """Thetas that were recorded, and when.

    Attributes:
        epochs: K numbers that rise: how many epochs were done.
        theta: (K, runs..., k).
        evaluations: how often a gradient had been asked for until each, K numbers.
        measures: what the passes over the rows said of each theta, (K, runs...); None where they did not look
            at all rows at that very theta.
    """

    epochs: tuple[int, ...]
    theta: Theta
    evaluations: tuple[int, ...]
    measures: Measures | None = None

    def __repr__(self) -> str:
        return brief(self)


class Stretch(NamedTuple):
    """What some epochs did.

    Attributes:
        state: where the run stands after them.
        losses: (epochs, runs...), the loss of each: the mean of the losses taken before each update.
        recorded: the theta before every epoch that was to be recorded.
    """

    state: State
    losses: Tensor
    recorded: Recorded

    def __repr__(self) -> str:
        return brief(self)


class Engine(Protocol):
    """Advances a run by whole epochs.

    Attributes:
        patience: updates that take about a tenth of a second, so that who watches is not kept waiting and
            who interrupts loses little. A number and not a clock: a run must not depend on the time of day.
        seamless: whether no digit tells where one stretch ended and another began. Where one does, a training
            is cut at the same places whoever watches.
    """

    patience: int
    seamless: bool

    @property
    def measure(self) -> Callable[[Theta], Measures] | None:
        """Measures thetas (K, k) on the rows as they are laid out here; None where they are not."""

    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state.

        Args:
            state: where to start, at the end of an epoch; it is not changed.
            epochs: how many, >= 1.
            every: record theta before the epochs of which a multiple of this many are done; 0 records none.

        Returns:
            A Stretch.
        """
        ...


class Recorder:
    """Keeps theta before every few epochs of a stretch.

    Args:
        plan: the job.
        state: where the stretch starts.
        every: see ``Engine.advance``.
    """

    def __init__(self, plan: Plan, state: State, every: int) -> None:
        self._plan, self._state, self._every = plan, state, every
        self._first = plan.epoch(state)
        self._epochs: list[int] = []
        self._thetas: list[Theta] = []
        self._evaluations: list[int] = []

    def wants(self, done: int) -> bool:
        """Whether theta is to be kept where so many epochs of the stretch are done."""
        return self._every > 0 and (self._first + done) % self._every == 0

    def keep(self, done: int, theta: Theta, evaluations: int | None = None) -> None:
        """Keep a theta that nobody will change; without a count every update has asked once."""
        self._epochs.append(self._first + done)
        self._thetas.append(theta)
        asked = self._state.evaluations + done * self._plan.updates
        self._evaluations.append(asked if evaluations is None else evaluations)

    def recorded(self, measures: Sequence[Measures] | Measures | None = None) -> Recorded:
        """What was kept, with the measures of each theta or of all of them."""
        like = self._state.theta
        thetas = _stack(self._thetas) if self._thetas else like.new_empty(0, *like.shape)
        if isinstance(measures, Sequence) and not isinstance(measures, Measures):
            measures = stacked(measures) if len(measures) == len(self._thetas) > 0 else None
        return Recorded(tuple(self._epochs), thetas, tuple(self._evaluations), measures)


def stacked(measures: Sequence[Measures]) -> Measures:
    """Measures of single thetas as measures of all of them."""
    return Measures(*(_stack(column) for column in zip(*measures, strict=True)))


def _stack(column: Sequence[Tensor]) -> Tensor:
    """Tensors along a new first axis; of a single one, as after each step, a view."""
    return column[0].unsqueeze(0) if len(column) == 1 else torch.stack(tuple(column))
