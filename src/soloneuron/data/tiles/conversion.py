"""Files into tiles: every piece written is noted, so that what was stopped goes on from there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from soloneuron.data.labels import as_classes, plain_words
from soloneuron.data.tiles.arrow_files import TableFile
from soloneuron.data.tiles.blocks import Cell, ColumnNumbers, Labels, Numbers, column_numbers
from soloneuron.data.tiles.cache import PART, delete, make_room
from soloneuron.data.tiles.entry import About, checksums, no_room, write_about
from soloneuron.data.tiles.sources import Columns, fingerprint
from soloneuron.data.tiles.writer import TileShape, TileWriter
from soloneuron.errors import InputError

JOURNAL = "journal"
LOCK = "lock"


@dataclass(frozen=True)
class Request:
    """What is to be converted.

    Attributes:
        files: in order.
        columns: which of their columns.
        dtype: of the numbers: ``float32`` or ``float64``.
        classes: the words for 0 and 1, or () where they are found.
        positive: the word that means 1, or None where sorting chooses it.
        numbers: how a column becomes numbers.
        block: bytes of text read at a time.
    """

    files: tuple[TableFile, ...]
    columns: Columns
    dtype: str
    classes: tuple[str, ...] = ()
    positive: str | None = None
    numbers: ColumnNumbers = field(default=column_numbers, compare=False)
    block: int = 2**20

    @property
    def digest(self) -> str:
        """Of what is asked for, whatever the files hold."""
        paths = [str(file.path) for file in self.files]
        hook = f"{self.numbers.__module__}.{getattr(self.numbers, '__qualname__', '')}"
        said = [paths, self.columns.all, self.columns.label, self.dtype, self.classes, self.positive, hook]
        return _digest(said)

    def name(self) -> str:
        """The name of the tiles: of what is asked for, and of what the files hold now."""
        marks = [fingerprint(file.path) for file in self.files]
        return "rows-" + _digest([self.digest, marks])

    @property
    def shape(self) -> TileShape:
        """Of its tiles."""
        return TileShape(len(self.columns.features), np.dtype(self.dtype))

    @property
    def title(self) -> str:
        """Where the rows come from, for people."""
        first, *others = self.files
        return first.path.name if not others else f"{first.path.name} ... ({len(others) + 1} files)"


def _digest(said: Any) -> str:
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=12).hexdigest()


def convert(request: Request, folder: Path) -> Path:
    """Write the tiles of a request, or the rest of them.

    Args:
        request: what is to be converted.
        folder: the cache.

    Returns:
        The folder of the tiles, whole.

    Raises:
        InputError: a file does not hold what it must, changed while it was read, or the disk is full; nothing
            of it stays but what a later call can go on from.
    """
    name = request.name()
    done, part = folder / name, folder / (name + PART)
    with writing(part):
        if done.is_dir():
            delete(part)
            return done
        _write(request, part, folder, name)
        os.replace(part, done)
    return done


@contextmanager
def writing(part: Path) -> Iterator[None]:
    """A folder for tiles that are being written; one process at a time writes into a cache.

    Raises:
        InputError: the disk does not take them; nothing of them stays.
    """
    try:
        with (part.parent / LOCK).open("w") as lock:
            with suppress(ImportError):
                import fcntl

                fcntl.flock(lock, fcntl.LOCK_EX)
            part.mkdir(exist_ok=True)
            yield
    except OSError as fault:
        delete(part)
        raise no_room(part.parent, fault) from None
    except InputError:
        delete(part)
        raise


def _write(request: Request, part: Path, folder: Path, name: str) -> None:
    """Write everything that belongs to the tiles."""
    known = [file.rows for file in request.files]
    total = sum(rows for rows in known if rows is not None)
    keep = {part, folder / name}
    make_room(folder, request.shape.bytes(total), keep=keep)
    journal = _Journal(part, name)
    labels = Labels(request.columns.label or "", journal.words)
    writer = TileWriter(part, request.shape)
    try:
        rows = _write_pieces(request, writer, labels, journal)
        if not rows:
            raise InputError(f"{request.title} has column names but no rows", code="file.rows")
        journal.finishing()
        zero, one = _classes(request, labels)
        if request.columns.label is not None:
            writer.renumber(rows, _numbers_of(labels, (zero, one)))
        writer.finish(rows)
    finally:
        writer.close()
        journal.close()
    if request.name() != name:
        raise InputError(f"{request.title} changed while it was read: try again", code="source.changed")
    make_room(folder, 0, keep=keep)
    sums = checksums(part, request.shape, rows)
    about = About(
        request=request.digest,
        rows=rows,
        columns=request.columns.features,
        label=request.columns.label or "",
        classes=(zero, one),
        dtype=request.dtype,
        name=request.title,
        sums=sums,
        sources=tuple(str(file.path) for file in request.files),
    )
    write_about(part, about)
    (part / JOURNAL).unlink()


def _write_pieces(request: Request, writer: TileWriter, labels: Labels, journal: _Journal) -> int:
    """Write what is not written yet; how many rows there are in all."""
    rows, columns = journal.rows, request.columns
    texts = [] if columns.label is None else [columns.label]
    for place, file in enumerate(request.files[journal.file :], journal.file):
        before = 0
        skipped = journal.pieces if place == journal.file else 0
        for number, piece in enumerate(file.pieces(columns.all, texts=texts, block=request.block)):
            if number >= skipped:
                _write_piece(request, writer, labels, file, piece.columns, before, rows)
                writer.ones(rows, piece.rows)
                rows += piece.rows
                journal.note(place, number + 1, rows, labels.words)
            before += piece.rows
    return rows


def _write_piece(
    request: Request,
    writer: TileWriter,
    labels: Labels,
    file: TableFile,
    columns: Iterator[tuple[str, int, Any]],
    before: int,
    rows: int,
) -> None:
    places = {name: place for place, name in enumerate(request.columns.features)}
    for name, first, values in columns:
        cell = Cell(file.path, before + first, name)
        if name == request.columns.label:
            writer.labels(rows + first, labels.numbers(values, cell))
        else:
            numbers = request.numbers(values, cell)
            _refuse_too_large(numbers, request.dtype, cell)
            writer.column(places[name], rows + first, numbers)


def _refuse_too_large(numbers: Numbers, dtype: str, first: Cell) -> None:
    if dtype == "float64" or not len(numbers):
        return
    largest = float(np.finfo(np.float32).max)
    if max(-numbers.min(), numbers.max()) > largest:
        row = int((np.abs(numbers) > largest).argmax())
        raise InputError(
            f"{first.path} must fit float32 (up to {largest:.3g}), got {numbers[row]:g} in row "
            f"{first.row + row}, column {first.column!r}: scale it, or take float64",
            code="features.large",
        )


def _classes(request: Request, labels: Labels) -> tuple[str, str]:
    if request.columns.label is None:
        return "", ""
    if request.classes:
        zero, one = request.classes
        return zero, one
    return as_classes(plain_words(labels.words), labels.column, request.positive)


def _numbers_of(labels: Labels, classes: Sequence[str]) -> Numbers:
    """What each word becomes, 0 or 1."""
    spelled, known = plain_words(labels.words), [repr(word) for word in classes if word]
    for word in spelled:
        if word not in classes:
            raise InputError(
                f"the label {labels.column!r} must be {' or '.join(known)}, got {word!r}",
                code="label.value",
            )
    return np.array([float(classes.index(word)) for word in spelled])


class _Journal:
    """What of a conversion is done: one line a piece.

    It is believed where no machine was started anew since: a line may reach the disk before what it tells of.

    Args:
        part: the folder.
        name: of the tiles.
    """

    def __init__(self, part: Path, name: str) -> None:
        self.file, self.pieces, self.rows, self.words = 0, 0, 0, list[str]()
        path, head = part / JOURNAL, {"name": name, "boot": _boot()}
        lines = _whole_lines(path)
        known = bool(lines) and lines[0] == head and lines[-1] != "finishing"
        self._out: IO[str] = path.open("w", encoding="utf-8")
        self._line(head)
        if known and len(lines) > 1:
            self.file, self.pieces, self.rows, self.words = lines[-1]
            self.note(self.file, self.pieces, self.rows, self.words)

    def note(self, file: int, pieces: int, rows: int, words: list[str]) -> None:
        """A piece has been written."""
        self._line([file, pieces, rows, words])

    def finishing(self) -> None:
        """From here on nothing can be gone on with."""
        self._line("finishing")

    def close(self) -> None:
        """Let go of the file."""
        self._out.close()

    def _line(self, said: Any) -> None:
        self._out.write(json.dumps(said) + "\n")
        self._out.flush()


def _whole_lines(path: Path) -> list[Any]:
    """The lines of a journal that were written to their end."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return []
    found = []
    for line in text.splitlines(keepends=True):
        if not line.endswith("\n"):
            break
        found.append(json.loads(line))
    return found


def _boot() -> str:
    """Which start of the machine this is; nothing where it does not tell."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""
