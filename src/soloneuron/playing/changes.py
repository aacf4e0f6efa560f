"""Changes while a race runs: the race before and the race after, and what of the one the other goes on from.

Who was there before goes on from where it stood, with its memory. A loss or an optimizer that takes the place
of one that left goes on from its theta; only a loss keeps the memory, for another rule cannot read it. All
others begin at the start. Which rows an update takes hangs on its number alone, through the order of the
seed, so a change of the batch needs no memory of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import NamedTuple

import torch

from soloneuron.optimizers.state import OptimizerState
from soloneuron.playing.config import MOST_POINTS, ROW_EDITS, Config, RaceEntry, configs_of
from soloneuron.playing.race import LiveRace, RaceRows, make_rows
from soloneuron.playing.refusals import playground_error
from soloneuron.training.plan import State

FRESH = ("data", "points", "seed")
"""Words that make the rows anew; edits of the rows before are gone then."""


class RowEdit(NamedTuple):
    """Numbers of rows that are taken away, and points that come behind what is left."""

    drop: tuple[int, ...] = ()
    add: tuple[tuple[float, float, int], ...] = ()


class Heir(NamedTuple):
    """Whose place a runner takes, and whether it keeps the memory, too."""

    runner: int
    memory: bool


@dataclass(frozen=True)
class RaceStage:
    """A stretch of a race.

    Attributes:
        step: its first.
        config: what holds in it, without changes.
        edits: what has been done to the rows of the config since they were made, one after the other.
    """

    step: int
    config: Config
    edits: tuple[RowEdit, ...] = ()


def stages_of(config: Config) -> list[RaceStage]:
    """The stretches of a race, in their order.

    Example:
        >>> from soloneuron.playing.link import read_link
        >>> [(stage.step, stage.config.batch) for stage in stages_of(read_link("20.batch=8"))]
        [(0, None), (20, 8)]
    """
    stages = [RaceStage(0, replace(config, changes=()))]
    for step, now in configs_of(config):
        words = {change.word: change.value for change in config.changes if change.step == step}
        edits = () if any(word in words for word in FRESH) else stages[-1].edits
        if any(word in words for word in ROW_EDITS):
            edits += (RowEdit(*(words.get(word, ()) for word in ROW_EDITS)),)
        stages.append(RaceStage(step, now, edits))
    return stages


def play(config: Config) -> LiveRace:
    """The race at the step of its config, every change up to there done when its step is reached.

    Raises:
        InputError: a change leaves too many rows, or takes away one that is not there.
    """
    first, *later = stages_of(config)
    race, at = LiveRace(first.config), 0
    for stage in later:
        if stage.step > config.step:
            break
        for _ in range(stage.step - at):
            race.step()
        race, at = race_after(race, stage), stage.step
    for _ in range(config.step - at):
        race.step()
    return race


def race_after(race: LiveRace, stage: RaceStage) -> LiveRace:
    """The race that goes on from another one as a stage says."""
    after = LiveRace(stage.config, reduce(_edited, stage.edits, make_rows(stage.config)))
    entries, losses = race.entries, race.losses
    for runner, heir in zip(after.runners, heirs(losses, entries, after.losses, after.entries), strict=True):
        if heir is None:
            runner.go_on(runner.state._replace(update=stage.step))
            continue
        before = race.runners[heir.runner].state
        theta = before.theta.clone()
        memory = runner.plan.optimizer.start(theta)
        if heir.memory and before.memory is not None:
            memory = _remembered(before.memory, memory)
        runner.go_on(State(stage.step, theta, memory, before.evaluations, before.rows))
    after.stand()
    return after


def _remembered(old: OptimizerState, begun: OptimizerState) -> OptimizerState:
    """What is remembered; with other numbers a rule may keep a slot more, which begins, or one less."""
    slots = {name: old.slots.get(name, slot).clone() for name, slot in begun.slots.items()}
    return OptimizerState(old.method, slots, old.t)


def heirs(
    losses: Sequence[str],
    entries: Sequence[RaceEntry],
    losses_after: Sequence[str],
    entries_after: Sequence[RaceEntry],
) -> list[Heir | None]:
    """For every runner after a change, losses outside, optimizers inside, whose place it takes.

    Example:
        >>> adam, descent = RaceEntry("adam", 0.2), RaceEntry("gradient_descent", 0.3)
        >>> heirs(["nll"], [descent], ["nll"], [adam, descent])
        [None, Heir(runner=0, memory=True)]
    """
    names, names_after = [entry.name for entry in entries], [entry.name for entry in entries_after]
    rules = [_place(names, names_after, place) for place in range(len(names_after))]
    sides = [_place(losses, losses_after, place) for place in range(len(losses_after))]
    return [
        None if side is None or rule is None else Heir(side * len(names) + rule, names[rule] == name)
        for side in sides
        for rule, name in zip(rules, names_after, strict=True)
    ]


def _place(before: Sequence[str], after: Sequence[str], place: int) -> int | None:
    """Where a name stood, or the name that left the same place; None where it is new."""
    if after[place] in before:
        return before.index(after[place])
    return place if place < len(before) and before[place] not in after else None


def _edited(rows: RaceRows, edit: RowEdit) -> RaceRows:
    """The rows after an edit; what is added is learned from."""
    test = () if rows.test is None else (rows.test,)
    data, held = rows.train, sum(len(part.labels) for part in test)
    X = torch.cat([part.features for part in (*test, data)])
    y = torch.cat([part.labels for part in (*test, data)])
    if edit.drop and edit.drop[-1] >= len(y):
        raise playground_error("points.drop", row=edit.drop[-1], most=len(y) - 1)
    kept = torch.ones(len(y), dtype=torch.bool)
    kept[list(edit.drop)] = False
    held = int(kept[:held].sum())
    added = X.new_tensor([[*point] for point in edit.add]).reshape(-1, 3)
    X, y = torch.cat([X[kept], added[:, :2]]), torch.cat([y[kept], added[:, 2]])
    if len(y) > MOST_POINTS:
        raise playground_error("points.count", count=len(y), most=MOST_POINTS)
    if len(y[held:].unique()) < 2:
        raise playground_error("points.left")
    parts = [replace(data, features=X[part], labels=y[part]) for part in (slice(held, None), slice(held))]
    return RaceRows(*parts) if held else RaceRows(parts[0])
