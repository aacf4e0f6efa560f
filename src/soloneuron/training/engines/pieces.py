"""Many runs in pieces of a fixed width, side by side in threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod

import torch
from torch import Tensor

from soloneuron.optimizers.state import OptimizerState
from soloneuron.training.engine import Engine, Recorded, Stretch
from soloneuron.training.kernels.workers import Workers, one_thread
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan, State
from soloneuron.training.run_axes import part_of_runs

WIDTH = 5_000
"""Runs in a piece at most: operations of several microseconds, on numbers that stay in cache."""

LEAST_WIDTH = 100
"""Runs in a piece where rows are many: each is read from memory for so many of them at least."""

LOGITS = 1_000_000
"""Logits of an update, up to which a piece is as wide as it may be."""


def piece_width(batch_size: int) -> int:
    """How many runs a piece holds at most, by the rows of an update."""
    return min(WIDTH, max(LEAST_WIDTH, LOGITS // batch_size))


def pieces_of(runs: int, batch_size: int) -> list[slice]:
    """Where many runs are cut, by nothing but their number and the rows of an update.

    Example:
        >>> pieces_of(12_000, 32)
        [slice(0, 5000, None), slice(5000, 10000, None), slice(10000, 12000, None)]
    """
    width = piece_width(batch_size)
    return [slice(start, min(start + width, runs)) for start in range(0, runs, width)]


class Pieces:
    """Runs do not depend on each other, so pieces of them go through all epochs one by one.

    Cut at fixed places: a piece's width decides how a product sums, so the digits are the same for any number
    of threads.

    Args:
        plan: a job of many runs.
        choose: the engine of a piece.
    """

    measure = None
    seamless = True

    @staticmethod
    def suits(plan: Plan) -> bool:
        """More runs than one piece holds."""
        return len(pieces_of(prod(plan.runs), plan.batch_size)) > 1

    def __init__(self, plan: Plan, choose: Callable[[Plan], Engine]) -> None:
        self._plan = plan
        self._parts = pieces_of(prod(plan.runs), plan.batch_size)
        self._workers = Workers()
        # One core each: the pieces themselves are what threads share.
        with one_thread():
            self._engines = [choose(part_of_runs(plan, part)) for part in self._parts]
        self._stands: State | None = None
        self._states: list[State] = []
        self.patience = max(1, min(engine.patience for engine in self._engines) // len(self._engines))

    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state; see ``Engine``."""
        # A state that was handed out last is already in pieces, and their engines know them.
        states = self._states if self._stands is state else [self._piece(state, part) for part in self._parts]
        work = partial(_advance, epochs=epochs, every=every)
        stretches = self._workers.map(work, list(zip(self._engines, states, strict=True)))
        self._states = [stretch.state for stretch in stretches]
        self._stands = self._whole(self._states)
        losses = torch.cat([stretch.losses for stretch in stretches], 1)
        return Stretch(
            self._stands,
            losses.view(epochs, *self._plan.runs),
            self._recorded([s.recorded for s in stretches]),
        )

    def _piece(self, state: State, part: slice) -> State:
        theta, memory = self._rows(state.theta, part), state.memory
        if memory is not None:
            slots = {name: self._slot(slot, part) for name, slot in memory.slots.items()}
            memory = OptimizerState(memory.method, slots, memory.t)
        return state._replace(theta=theta, memory=memory)

    def _rows(self, x: Tensor, part: slice) -> Tensor:
        runs = self._plan.runs
        return x.reshape(prod(runs), *x.shape[len(runs) :])[part].clone()

    def _slot(self, slot: Tensor, part: slice) -> Tensor:
        # What has no run axes is the same for all runs: each piece counts it by itself.
        return (
            self._rows(slot, part) if slot.shape[: len(self._plan.runs)] == self._plan.runs else slot.clone()
        )

    def _whole(self, states: Sequence[State]) -> State:
        runs, first = self._plan.runs, states[0]

        def joined(parts: list[Tensor]) -> Tensor:
            apart = parts[0].dim() > 0 and sum(len(part) for part in parts) == prod(runs)
            return torch.cat(parts).view(*runs, *parts[0].shape[1:]) if apart else parts[0].clone()

        memory = first.memory
        if memory is not None:
            memories = [state.memory for state in states if state.memory is not None]
            slots = {name: joined([own.slots[name] for own in memories]) for name in memory.slots}
            memory = OptimizerState(memory.method, slots, memory.t)
        return first._replace(theta=joined([state.theta for state in states]), memory=memory)

    def _recorded(self, parts: Sequence[Recorded]) -> Recorded:
        runs, first = self._plan.runs, parts[0]
        theta = torch.cat([part.theta for part in parts], 1)
        kept = [part.measures for part in parts if part.measures is not None]
        measures = None
        if len(kept) == len(parts):
            columns = zip(*kept, strict=True)
            measures = Measures(*(torch.cat(column, 1).view(-1, *runs) for column in columns))
        return first._replace(theta=theta.view(len(theta), *runs, theta.shape[-1]), measures=measures)


def _advance(work: tuple[Engine, State], *, epochs: int, every: int) -> Stretch:
    engine, state = work
    with one_thread():
        return engine.advance(state, epochs, every)
