"""The session: a config in, a recording out. No clock, no disk, no network; the page does the same by itself.

A run is deterministic and short, so all its tables are kept: stepping back and forth is looking at the
recording, and going on past its end is training.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.arrival import held_since
from soloneuron.formulas.metrics import LEARNED_ACCURACY, NEAR_LOWEST
from soloneuron.playing.config import MOST_STEPS, Config
from soloneuron.playing.landscape import Landscape, landscape_of
from soloneuron.playing.race import LiveRace, drawable
from soloneuron.playing.refusals import playground_error
from soloneuron.training.plan import State
from soloneuron.training.stepping import next_state
from soloneuron.view.recording import LARGEST_DRAWN

KEEP_EVERY = 64
"""Steps between two states that are kept whole; those between are computed again."""

TABLE_COLUMNS = ("loss", "gradient_norm", "accuracy", "moved", "rows", "lost")
"""The last columns of a race's table."""


class Session:
    """One person's race.

    Args:
        config: what to play; checked.

    Raises:
        InputError: the data are of no use, a loss at the start is more than a frame can hold, or something
            changes in the run: ``changes.play`` plays that.
    """

    def __init__(self, config: Config) -> None:
        if config.changes:
            step, word, _ = config.changes[0]
            raise InputError(
                f"the config of a session must have no changes, got {step}.{word}: "
                "soloneuron.playing.changes.play(config) plays them",
                code="session.changes",
                change=f"{step}.{word}",
            )
        self.config = config
        self.race = LiveRace(config)
        self.position = 0
        self.tables: list[Tensor] = [self.race.table()]
        check_start(config, self.race)
        self.landscape: Landscape = landscape_of(config, self.race)
        self._losses = torch.empty(KEEP_EVERY, len(self.race.runners), dtype=torch.float64)
        self._learned: list[list[int | None]] = []
        self._reached: list[list[int | None]] = []
        self._best: list[list[int]] = []
        self._states: list[list[State]] = []
        self._note()

    def go(self, step: int) -> None:
        """Show a step: of the recording, or by training up to it; clamped to 0 .. 10,000."""
        step = min(max(step, 0), MOST_STEPS)
        while len(self.tables) <= step:
            self.tables.append(self.race.step())
            self._note()
        self.position = step

    def measures(self, runner: int, step: int | None = None) -> dict[str, float]:
        """The numbers of a runner at a step, by name."""
        row = self.tables[self.position if step is None else step][runner].tolist()
        *_, loss, norm, share, moved, rows, lost = row
        return dict(zip(TABLE_COLUMNS, (loss, norm, share, moved, rows, lost), strict=True))

    def weights(self, runner: int, step: int | None = None) -> Tensor:
        """Theta of a runner at a step."""
        return self.tables[self.position if step is None else step][runner, : len(self.race.start)]

    def state_at(self, runner: int, step: int) -> State:
        """Where a runner stood at a recorded step, bit for bit; one that is lost stands where it last was."""
        job = self.race.runners[runner]
        state = self._states[step // KEEP_EVERY][runner]
        while state.update < min(step, job.state.update):
            state = next_state(job.plan, state)
        return state

    def losses(self, runner: int) -> Tensor:
        """The loss of a runner at every step up to now, (position + 1,)."""
        return self._losses[: self.position + 1, runner]

    def best_step(self, runner: int) -> int:
        """The first step up to now at which a runner's loss was lowest."""
        return self._best[self.position][runner]

    def learned(self, runner: int, step: int | None = None) -> int | None:
        """Since when, up to a step, so many of the rows of a runner have been right; None if they are not."""
        return self._learned[self.position if step is None else step][runner]

    def reached(self, runner: int, step: int | None = None) -> int | None:
        """The same of a loss near the lowest there is."""
        return self._reached[self.position if step is None else step][runner]

    def _note(self) -> None:
        """Note who stands at what with the newest table, and since when."""
        step = len(self.tables) - 1
        if step % KEEP_EVERY == 0:
            self._states.append([runner.state for runner in self.race.runners])
        if step == len(self._losses):
            self._losses = torch.cat([self._losses, torch.empty_like(self._losses)])
        self._losses[step] = self.tables[-1][:, -len(TABLE_COLUMNS)]
        numbers = [self.measures(runner, step) for runner in range(len(self.race.runners))]
        lowest = [self.landscape.lowest[runner.loss] for runner in self.race.runners]
        right = [each["accuracy"] >= LEARNED_ACCURACY for each in numbers]
        near = [each["loss"] <= low + NEAR_LOWEST for each, low in zip(numbers, lowest, strict=True)]
        _note_since(self._learned, right, step)
        _note_since(self._reached, near, step)
        self._best.append([self._better(runner, step) for runner in range(len(self.race.runners))])

    def _better(self, runner: int, step: int) -> int:
        if step == 0:
            return 0
        best = self._best[step - 1][runner]
        lower = self.measures(runner, step)["loss"] < self.measures(runner, best)["loss"]
        return step if lower else best


def _note_since(record: list[list[int | None]], holds: list[bool], step: int) -> None:
    """Since when something holds of each runner, one step more."""
    before: list[int | None] = record[-1] if record else [None] * len(holds)
    record.append([held_since(since, here, step) for since, here in zip(before, holds, strict=True)])


def check_start(config: Config, race: LiveRace) -> None:
    """Refuse a start at which a loss, or what is measured of it, is more than a frame can hold.

    Raises:
        InputError: it is; the sentence names a start that is near enough.
    """
    fine = drawable(race.table())
    if not fine.all():
        raise playground_error(
            "far",
            loss=race.runners[int((~fine).nonzero()[0])].loss,
            start=_said(config),
            most=f"{LARGEST_DRAWN:g}",
            nearer=_said(_nearer(config)),
        )


def _nearer(config: Config) -> Config:
    """The config from a start so near to 0 that every loss fits into a frame, by halves."""
    one, two = (round(weight / 2, 2) for weight in config.start)
    nearer = replace(config, start=(one, two))
    return nearer if drawable(LiveRace(nearer).table()).all() else _nearer(nearer)


def _said(config: Config) -> str:
    return "{:g}, {:g}".format(*config.start)
