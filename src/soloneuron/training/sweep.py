"""A whole grid of runs: the trainings that it takes, and what they found in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.records.checkpoint import Checkpoint
from soloneuron.records.history import History, Outcome
from soloneuron.records.sweep import SweepRecord
from soloneuron.training.checkpoint_identity import Identity
from soloneuron.training.checkpoint_state import checkpoint_of
from soloneuron.training.counts import as_count
from soloneuron.training.engines.pieces import pieces_of
from soloneuron.training.grid import RunGroup, SweepGrid
from soloneuron.training.kernels.workers import Workers, one_thread
from soloneuron.training.loop import Step
from soloneuron.training.memory import machine_memory
from soloneuron.training.parallel import run_tasks, worker_count
from soloneuron.training.plan import State
from soloneuron.training.prepare import prepare
from soloneuron.training.run_axes import part_of_runs
from soloneuron.training.session import Training
from soloneuron.training.sweep_checkpoints import KeptPieces
from soloneuron.training.validation import refuse_no_columns

Progress = Callable[[int, int], None]
"""Told after every step: epochs of runs that are done, and how many there are in all."""


class TrainedRuns(NamedTuple):
    """Some runs of a grid.

    Attributes:
        numbers: (run axes...), their places in the grid.
        training: how they were trained; it need not stand at its end.
        history: what came of it.
    """

    numbers: Tensor
    training: Training
    history: History


def train_grid(
    grid: SweepGrid,
    features: Any,
    labels: Any = None,
    *,
    progress: Progress | None = None,
    checkpoint: str | Path | None = None,
) -> Iterator[TrainedRuns]:
    """Train all runs of a grid, as few tensors as they fit in, on joblib's workers if it was told of any.

    Many runs are cut at fixed places, whoever trains them: a piece's width decides how a product sums.
    Without workers of joblib's the pieces of a tensor share threads, one tensor after another.

    Everything is checked before the first run begins. Whoever stops pulling, or interrupts, keeps what was
    yielded.

    Args:
        grid: from ``read_grid``.
        features: rows in any form that ``prepare`` takes; ``labels`` beside them or not.
        labels: see features.
        progress: told how far it is.
        checkpoint: a file in which finished pieces are kept; those that are there are not trained again.

    Yields:
        Some runs after others, in the order in which they are done.

    Raises:
        InputError: what ``prepare`` refuses, a grid that does not fit the memory, or what
            ``run_tasks`` refuses.
        RecordError: the checkpoint is one of another sweep, of other versions, or damaged.
    """
    epochs = as_count(grid.shared.get("epochs", 100), "epochs", least=0)
    # The start and the end of each run are enough for a table.
    every = as_count(grid.shared.get("record_every", max(1, epochs)), "record_every", least=1)
    probes = [prepare(features, labels, **{**probe, "epochs": 0}) for probe in grid.probes()]
    refuse_no_columns(probes[0].plan)
    if any(probe.plan.runs for probe in probes):
        raise InputError(
            "what all runs of a sweep share must have no run axes of its own (a penalty, an optimizer or "
            "sample_weight has): give a list, which makes an axis of the grid",
            code="sweep.runs",
        )
    rows = probes[0].plan.data
    groups = list(grid.groups())
    _refuse_too_large(groups, probes[0], epochs, every)
    del probes
    # The checked tensors instead of what came in: lists are converted once, not once a group.
    pair = features if rows is None else (rows.features, rows.labels)
    # One after another: where nobody trains side by side, only one of them holds a layout of its own.
    tensors = (
        cut_runs(group.numbers, prepare(pair, **{**group.settings, "epochs": epochs, "record_every": every}))
        for group in groups
    )
    tell = partial(_report, progress, total=grid.runs * epochs)
    keeper = None if checkpoint is None else KeptPieces(checkpoint)
    pieces = _numbered(tensors, keeper)
    found = (_elsewhere if worker_count() > 1 else _here)(pieces, tell, keeper)
    return found if keeper is None else _closing(found, keeper)


@dataclass(frozen=True, eq=False)
class SweepPiece:
    """Runs that are trained by themselves.

    Attributes:
        numbers: (run axes...), their places in the grid.
        training: of them.
        place: of the piece among all.
        identity: of the training, where it is kept.
        finished: whether it stands at its end already, for it was kept there.
    """

    numbers: Tensor
    training: Training
    place: int
    identity: Identity | None
    finished: bool

    @property
    def runs(self) -> int:
        """How many they are."""
        return max(1, self.numbers.numel())


CutRuns = tuple[Tensor, Training]
"""The places of some runs in their grid, and the training of just them."""

Threads = Callable[[], AbstractContextManager[None]]


def cut_runs(numbers: Tensor, training: Training) -> list[CutRuns]:
    """The runs of a training cut at fixed places, each piece with a training of its own."""
    plan, theta = training.plan, training.state.theta
    parts = pieces_of(max(1, numbers.numel()), plan.batch_size)
    if len(parts) == 1:
        return [(numbers, training)]
    flat = theta.reshape(-1, theta.shape[-1])
    lengths = {"epochs": training.epochs, "record_every": training.record_every}
    return [
        (
            numbers.flatten()[part],
            Training(part_of_runs(plan, part), State(0, flat[part].clone()), **lengths),
        )
        for part in parts
    ]


def _numbered(tensors: Iterable[list[CutRuns]], keeper: KeptPieces | None) -> Iterator[list[SweepPiece]]:
    """The pieces of each tensor; those that were kept stand where they were."""
    places = count()
    for tensor in tensors:
        made = []
        for (numbers, training), place in zip(tensor, places, strict=False):
            identity, finished = None, False
            if keeper is not None:
                identity = keeper.identity(training)
                finished = keeper.go_on(place, training, identity)
            made.append(SweepPiece(numbers, training, place, identity, finished))
        yield made


def _here(
    tensors: Iterable[list[SweepPiece]], tell: Callable[[int], None], keeper: KeptPieces | None
) -> Iterator[TrainedRuns]:
    """The pieces of one tensor after another, as many side by side as there are threads."""
    workers, done = Workers(), 0
    for pieces in tensors:
        for first in range(0, len(pieces), workers.count):
            some = pieces[first : first + workers.count]
            # A piece that has no other beside it may have all of torch's threads.
            threads = nullcontext if len(some) == 1 else one_thread
            pulled = [(piece.training.steps(), threads) for piece in some]
            while any(workers.map(_took_step, pulled)):
                if keeper is not None and keeper.due():
                    _keep(some, keeper)
                tell(done + sum(piece.training.epoch * piece.runs for piece in some))
            done += sum(piece.training.epochs * piece.runs for piece in some)
            histories = workers.map(_history, [(piece.training, threads) for piece in some])
            if keeper is not None:
                _keep(some, keeper)
            for piece, history in zip(some, histories, strict=True):
                yield TrainedRuns(piece.numbers, piece.training, history)


def _keep(pieces: Sequence[SweepPiece], keeper: KeptPieces) -> None:
    for piece in pieces:
        if piece.identity is not None and not piece.finished:
            keeper.keep(piece.place, checkpoint_of(piece.training, piece.identity))


def _elsewhere(
    tensors: Iterable[list[SweepPiece]], tell: Callable[[int], None], keeper: KeptPieces | None
) -> Iterator[TrainedRuns]:
    """All pieces on the workers that joblib was told to use, but for those that are finished."""
    pieces, done = [piece for tensor in tensors for piece in tensor], 0
    for piece in (piece for piece in pieces if piece.finished):
        done += piece.training.epochs * piece.runs
        yield TrainedRuns(piece.numbers, piece.training, piece.training.history())
    left = [piece for piece in pieces if not piece.finished]
    for number, (history, kept) in run_tasks(_trained, [(own.training, own.identity) for own in left]):
        piece = left[number]
        done += piece.training.epochs * piece.runs
        tell(done)
        if keeper is not None:
            keeper.keep(piece.place, kept)
        yield TrainedRuns(piece.numbers, piece.training, history)


def _closing(found: Iterator[TrainedRuns], keeper: KeptPieces) -> Iterator[TrainedRuns]:
    with closing(keeper):
        yield from found


def _took_step(work: tuple[Iterator[Step], Threads]) -> bool:
    """Take the next step of a training; whether there was one."""
    steps, threads = work
    with threads():
        return next(steps, None) is not None


def _history(work: tuple[Training, Threads]) -> History:
    training, threads = work
    with threads():
        return training.history()


def _trained(task: tuple[Training, Identity | None]) -> tuple[History, Checkpoint | None]:
    training, identity = task
    history = training.run().history()
    return history, None if identity is None else checkpoint_of(training, identity)


def _report(progress: Progress | None, done: int, *, total: int) -> None:
    if progress is not None:
        progress(done, total)


def sweep_record(grid: SweepGrid, parts: Sequence[tuple[Tensor, History]]) -> SweepRecord:
    """What the runs of a grid found, in the order of the grid.

    Args:
        grid: whose runs they are.
        parts: the places of some runs and their history, until all runs are told.
    """
    value, accuracy, norm = (torch.full((grid.runs,), torch.nan, dtype=torch.float64) for _ in range(3))
    outcomes: list[Outcome] = [parts[0][1].outcome] * grid.runs
    evaluations = [0] * grid.runs
    for numbers, history in parts:
        places = numbers.flatten()
        value[places] = history.value[-1].flatten().double()
        accuracy[places] = history.accuracy[-1].flatten().double()
        norm[places] = history.gradient_norm[-1].flatten().double()
        for place, outcome in zip(places.tolist(), history.outcomes, strict=True):
            outcomes[place], evaluations[place] = outcome, history.evaluations[-1]
    return SweepRecord(grid.recorded_axes(), value, accuracy, norm, tuple(outcomes), tuple(evaluations))


def _refuse_too_large(groups: Sequence[RunGroup], probe: Training, epochs: int, every: int) -> None:
    """Refuse a grid that would not fit: thetas that are kept, slots, and the logits of one update."""
    plan, theta = probe.plan, probe.state.theta
    memory = machine_memory()
    records = 2 + epochs // every
    runs = sum(max(1, group.numbers.numel()) for group in groups)
    together = max(max(1, group.numbers.numel()) for group in groups)
    numbers = runs * theta.shape[-1] * records
    numbers += together * (theta.shape[-1] * (4 + len(plan.optimizer.slots)) + 4 * plan.batch_size)
    wanted = numbers * theta.element_size()
    if memory is not None and wanted > memory:
        raise InputError(
            f"the grid must fit the memory, got {runs} runs, which take about {wanted / 1e9:.1f} GB of "
            f"{memory / 1e9:.1f} GB: take fewer values, record_every larger, or dtype=torch.float32",
            code="sweep.memory",
            runs=runs,
            bytes=wanted,
            memory=memory,
        )
