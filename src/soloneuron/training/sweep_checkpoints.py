"""A sweep keeps the pieces that are finished in a file, and leaves them out when it goes on."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from soloneuron.records.checkpoint import Checkpoint
from soloneuron.storage.piece_files import PieceFile, read_pieces
from soloneuron.training.checkpoint_identity import Identity, digest_of_rows
from soloneuron.training.checkpoint_state import go_on_from
from soloneuron.training.recipes import recipe_of
from soloneuron.training.session import Training

SOONEST, SHARE = 5.0, 0.1
"""Seconds, and the share of all time so far, that lie between two looks at pieces that are not finished."""


class KeptPieces:
    """The pieces of a sweep, in a file: the finished ones, and how far others had come.

    A piece that takes long is kept again and again, each time behind all that was kept before; the last one
    counts. These times lie further and further apart, so that the file stays short.

    Args:
        path: the file; where it is there, the pieces in it are those of a sweep that was stopped.

    Raises:
        InputError: it cannot be read or written.
        RecordError: it is something else, or it was damaged.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = str(path)
        self._found, whole = read_pieces(path) if Path(path).exists() else ({}, 0)
        self._file = PieceFile(path, whole)
        self._rows: tuple[object, str] | None = None
        self._began = self._looked = monotonic()

    def identity(self, training: Training) -> Identity:
        """Of a piece; the rows that all of them share are looked at once."""
        data = training.plan.data
        if data is not None and (self._rows is None or self._rows[0] is not data.features):
            self._rows = data.features, digest_of_rows(data.features)
        return Identity.of(training, recipe_of(training), features=self._rows and self._rows[1])

    def go_on(self, number: int, training: Training, identity: Identity) -> bool:
        """Let a piece stand where it was kept, at its end; whether it was.

        Raises:
            RecordError: it is a piece of another sweep: what differs is said.
        """
        kept = self._found.get(number)
        if kept is None:
            return False
        identity.check(kept, self._path)
        go_on_from(training, kept, self._path)
        return training.epoch == training.epochs

    def due(self) -> bool:
        """Whether it is time to keep what is not finished."""
        now = monotonic()
        late = now - self._looked >= max(SOONEST, SHARE * (now - self._began))
        self._looked = now if late else self._looked
        return late

    def keep(self, number: int, kept: Checkpoint | None) -> None:
        """Add a piece where it stands."""
        if kept is not None:
            self._file.append(number, kept)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
