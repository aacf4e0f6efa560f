"""A sweep keeps the pieces that are finished in a file, and leaves them out when it goes on."""

from __future__ import annotations

from pathlib import Path

from soloneuron.records.checkpoint import Checkpoint
from soloneuron.storage.piece_files import PieceFile, read_pieces
from soloneuron.training.checkpoint_identity import Identity, digest_of_rows
from soloneuron.training.checkpoint_state import go_on_from
from soloneuron.training.recipes import recipe_of
from soloneuron.training.session import Training


class KeptPieces:
    """The finished pieces of a sweep, in a file.

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

    def keep(self, number: int, kept: Checkpoint | None) -> None:
        """Add a piece that is finished."""
        if kept is not None:
            self._file.append(number, kept)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
