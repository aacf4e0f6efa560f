"""Checkpoints: a training keeps where it stands in a file, and goes on from there, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from soloneuron.errors import InputError
from soloneuron.formulas.sharded import ProcessGroup
from soloneuron.records.checkpoint import Checkpoint
from soloneuron.records.recipe import Recipe
from soloneuron.storage.checkpoints import read_checkpoint, write_checkpoint
from soloneuron.storage.paths import check_writable
from soloneuron.storage.rewritten_file import RewrittenFile
from soloneuron.training.checkpoint_identity import Identity, group_of
from soloneuron.training.checkpoint_state import checkpoint_of, go_on_from
from soloneuron.training.counts import as_count
from soloneuron.training.loop import Step
from soloneuron.training.recipes import recipe_of
from soloneuron.training.session import Steps, Training
from soloneuron.training.sharding.agreement import together
from soloneuron.training.stopping import Patience, Watcher

ALL_IN_ALL = 100
"""About so many checkpoints are written where nobody says how often."""

WRITTEN_EVERY = 0.1
"""Seconds between two checkpoints at least: epochs that are shorter are not kept one by one."""


def with_checkpoint(
    training: Training,
    path: str | Path,
    *,
    every: int | None = None,
    recipe: Recipe | None = None,
    group: ProcessGroup | None = None,
    watcher: Watcher | None = None,
) -> Training:
    """The training, kept in a file while it is pulled; where the file is there, it goes on from it.

    Args:
        training: that has not begun.
        path: the file; its folder must exist.
        every: how many epochs lie between two checkpoints, >= 1, of which ten a second are written at
            most; None writes about a hundred in all.
        recipe: how it is done, where more belongs to it than the training knows; None asks the training.
        group: processes that train together; None is that of rows which are spread over processes, or this
            process alone. The first of them writes, and all read: the file must be where all of them see it.
        watcher: whose patience is kept beside the training; None where nobody's is.

    Raises:
        InputError: the path cannot be written, or the file cannot be read.
        RecordError: the file is no checkpoint, was damaged, or is one of another training: what differs is
            said.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from soloneuron.data.assignment import assignment_data
        >>> from soloneuron.training.prepare import prepare
        >>> with TemporaryDirectory() as folder:
        ...     settings = {"path": f"{folder}/run.checkpoint", "every": 5}
        ...     _ = with_checkpoint(prepare(assignment_data(), epochs=10), **settings).run()
        ...     with_checkpoint(prepare(assignment_data(), epochs=20), **settings).epoch
        10
    """
    target = check_writable(path)
    often = max(1, training.epochs // ALL_IN_ALL) if every is None else every
    often = as_count(often, "checkpoint_every", least=1)
    group = group or group_of(training.plan)
    kept = _read(target, group)
    patience, watched = (None, ()) if watcher is None else (watcher.patience, watcher.numbers)
    identity = Identity.of(training, recipe_of(training) if recipe is None else recipe, watched)
    if kept is not None:
        identity.check(kept, str(path))
        go_on_from(training, kept, str(path), patience)
    writes = group is None or group.rank == 0
    training.keeper = CheckpointKeeper(target, often, identity, patience, writes=writes)
    return training


def _read(path: Path, group: ProcessGroup | None) -> Checkpoint | None:
    """The checkpoint of a file, the same in all processes; None where there is no file."""
    if group is None:
        return read_checkpoint(path) if path.exists() else None
    return together(
        group,
        lambda: _read(path, None),
        lambda kept: {"the checkpoint": "none" if kept is None else f"one after update {kept.update}"},
    )


def kept_seeds(path: str | Path | None) -> list[int] | None:
    """The seeds of a checkpoint, for whoever gave none: another draw would be another training."""
    kept = _found(path)
    return None if kept is None else list(kept.seeds) or None


def kept_record_every(path: str | Path | None) -> int | None:
    """How many epochs lie between two that a checkpoint keeps, for whoever did not say: they go on so."""
    kept = _found(path)
    return None if kept is None else kept.recipe.record_every


def _found(path: str | Path | None) -> Checkpoint | None:
    return None if path is None or not Path(path).is_file() else read_checkpoint(path)


def check_place(path: str | Path | None, every: int | None) -> None:
    """Refuse what is no path, and a number of epochs between checkpoints without a file for them.

    Raises:
        InputError: one of these.
    """
    if path is not None and not isinstance(path, str | Path):
        raise InputError(
            f"checkpoint must be the path of a file, got {type(path).__name__}", code="checkpoint.type"
        )
    if path is None and every is not None:
        raise InputError(
            f"checkpoint_every={every} needs a file: give checkpoint, a path", code="checkpoint.path"
        )


class CheckpointKeeper:
    """Writes checkpoints of a training while it is pulled.

    A thread of its own writes them: the next epochs do not wait for the disk.

    Args:
        path: the file.
        every: how many epochs lie between two checkpoints; more where so many take less than a tenth of a
            second.
        identity: of the training.
        patience: of whoever watches it, if any.
        writes: whether this process is the one that does.
    """

    def __init__(
        self,
        path: Path,
        every: int,
        identity: Identity,
        patience: Patience | None = None,
        *,
        writes: bool = True,
    ) -> None:
        self.every, self._patience, self._writes = every, patience, writes
        self._file, self._identity = RewrittenFile(path), identity
        self._thread = ThreadPoolExecutor(1, "soloneuron-checkpoint")
        self._pending: Future[None] | None = None

    def kept(self, training: Training, steps: Iterator[Step]) -> Steps:
        """The steps of a training; it is kept on the way, and where it ends, is stopped or fails."""
        kept, at = training.epoch, -WRITTEN_EVERY
        try:
            for step in steps:
                yield step
                if training.epoch // self.every != kept // self.every and monotonic() - at >= WRITTEN_EVERY:
                    kept, at = training.epoch, monotonic()
                    self._write(training)
        finally:
            if training.epoch != kept:
                self._write(training)
            self._settle()
            self._file.finish()

    def _write(self, training: Training) -> None:
        made = checkpoint_of(training, self._identity, self._patience) if self._writes else None
        if made is not None:
            # One at a time: a disk slower than the training slows it down, and no heap of states grows.
            self._settle()
            self._pending = self._thread.submit(write_checkpoint, self._file, made)

    def _settle(self) -> None:
        """Wait for what is being written, and hear what became of it."""
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()
