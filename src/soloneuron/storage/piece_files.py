"""A file to which finished pieces of a work are appended: whole ones are read, half a one is cut off."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from soloneuron.errors import RecordError
from soloneuron.records.checkpoint import Checkpoint
from soloneuron.storage.checkpoints import LARGEST_CHECKPOINT, checkpoint_bytes, checkpoint_from
from soloneuron.storage.files import read_bytes
from soloneuron.storage.paths import check_writable, write_refused

PIECES_VERSION = 1

_BEGUN = f"soloneuron pieces {PIECES_VERSION}\n".encode()
_HEAD = re.compile(rb"soloneuron pieces (\d{1,9})\n")
_PIECE = re.compile(rb"piece (\d{1,18}) (\d{1,18})\n")


def read_pieces(path: str | Path) -> tuple[dict[int, Checkpoint], int]:
    """The pieces of a file by their number, and how many bytes of it are whole.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is something else, of a newer version, or it was damaged.
    """
    content = read_bytes(path, LARGEST_CHECKPOINT)
    if len(content) < len(_BEGUN) and _BEGUN.startswith(content):
        return {}, 0  # killed in its first line
    head = _HEAD.match(content)
    if head is None:
        raise RecordError(
            f"{path} must be a checkpoint file of a sweep, got something else: choose another name for the "
            "checkpoint",
            code="checkpoint.format",
        )
    if int(head[1]) > PIECES_VERSION:
        raise RecordError(
            f"{path} has version {int(head[1])} of soloneuron pieces; this soloneuron reads up to "
            f"{PIECES_VERSION}: update soloneuron (install a newer one)",
            code="checkpoint.version",
        )
    found, end = dict[int, Checkpoint](), head.end()
    for number, start, stop in _places(content, head.end()):
        found[number], end = checkpoint_from(content[start:stop], path), stop
    return found, end


def _places(content: bytes, first: int) -> Iterator[tuple[int, int, int]]:
    """The number of each whole piece, and where its checkpoint begins and ends."""
    while (line := _PIECE.match(content, first)) is not None:
        first = line.end() + int(line[2])
        if first > len(content):
            return
        yield int(line[1]), line.end(), first


class PieceFile:
    """A file open for further pieces.

    Args:
        path: the file.
        whole: how many bytes of it are whole pieces; what stands behind them is cut off. 0 begins it.
        head: the line with which such a file begins.

    Raises:
        InputError: it cannot be written.
    """

    def __init__(self, path: str | Path, whole: int, head: bytes = _BEGUN) -> None:
        self._path = path
        try:
            self._file = os.open(check_writable(path), os.O_WRONLY | os.O_CREAT, 0o666)
            os.ftruncate(self._file, whole)
            os.lseek(self._file, 0, os.SEEK_END)
        except OSError as fault:
            raise write_refused(self._path, fault) from None
        if not whole:
            self.add(head)

    def append(self, number: int, kept: Checkpoint) -> None:
        """Add a piece behind all others.

        Raises:
            InputError: the disk does not take it; the others stay.
        """
        content = checkpoint_bytes(kept)
        self.add(f"piece {number} {len(content)}\n".encode() + content)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def add(self, content: bytes) -> None:
        """Add bytes behind all others.

        Raises:
            InputError: as ``append``.
        """
        left = memoryview(content)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as fault:
            raise write_refused(self._path, fault) from None
