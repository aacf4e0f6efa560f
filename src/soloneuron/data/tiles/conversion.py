"""Files into tiles: every piece written is noted, so that what was stopped goes on from there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from soloneuron.data.label_spellings import plain_words
from soloneuron.data.labels import LabelClasses, Labelled, as_classes, as_numbers
from soloneuron.data.tiles.arrow_files import TableFile, TablePiece, release_memory
from soloneuron.data.tiles.blocks import ArrayNumbers, ColumnValues, FirstCell, LabelWords, column_numbers
from soloneuron.data.tiles.cache import PART, delete, make_space
from soloneuron.data.tiles.entry import About, checksums, not_writable, write_about
from soloneuron.data.tiles.sources import Columns, file_mark
from soloneuron.data.tiles.writer import TileShape, TileWriter
from soloneuron.errors import InputError

STAGED_TILES = 8
"""Tiles that are collected before they are written, where memory is no question."""

STAGED_SHARE = 16
"""Of the memory no larger share than one of so many is taken for it."""

JOURNAL = "journal"
LOCK = "lock"


@dataclass(frozen=True)
class Request:
    """What is to be converted.

    Attributes:
        files: in order.
        columns: which of their columns.
        dtype: of the numbers: ``float32`` or ``float64``.
        classes: the words for 0 and 1, and what else means 0; or () where they are found.
        positive: the word that means 1, or None where sorting chooses it.
        numbers: how a column becomes numbers.
        memory: bytes that reading may take, about.
    """

    files: tuple[TableFile, ...]
    columns: Columns
    dtype: str
    classes: tuple[str, ...] = ()
    positive: str | None = None
    numbers: ArrayNumbers = field(default=column_numbers, compare=False)
    memory: int = field(default=2**28, compare=False)

    @property
    def several(self) -> bool:
        """Whether a label may have more than two values."""
        return self.positive is not None or len(self.classes) > 2

    @property
    def digest(self) -> str:
        """Of what is asked for, whatever the files hold."""
        paths = [str(file.path) for file in self.files]
        hook = f"{self.numbers.__module__}.{getattr(self.numbers, '__qualname__', '')}"
        said = [paths, self.columns.all, self.columns.label, self.dtype, self.classes, self.positive, hook]
        return _digest(said)

    def name(self) -> str:
        """The name of the tiles: of what is asked for, and of what the files hold now."""
        marks = [file_mark(file.path) for file in self.files]
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
        raise not_writable(part.parent, fault) from None
    except InputError:
        delete(part)
        raise


def _write(request: Request, part: Path, folder: Path, name: str) -> None:
    """Write everything that belongs to the tiles."""
    known = [file.rows for file in request.files]
    total = sum(rows for rows in known if rows is not None)
    keep = {part, folder / name}
    make_space(folder, request.shape.bytes(total), keep=keep)
    journal = _Journal(part, name)
    labels = LabelWords(request.columns.label or "", journal.words, several=request.several)
    writer = TileWriter(part, request.shape)
    try:
        rows = _write_pieces(request, writer, labels, journal)
        if not rows:
            raise InputError(f"{request.title} has column names but no rows", code="file.rows")
        journal.finishing()
        classes = _classes(request, labels)
        if request.columns.label is not None:
            writer.renumber(rows, _numbers_of(labels, classes, request.title))
        writer.finish(rows)
    finally:
        writer.close()
        journal.close()
        release_memory()
    if request.name() != name:
        raise InputError(f"{request.title} changed while it was read: try again", code="source.changed")
    make_space(folder, 0, keep=keep)
    sums = checksums(part, request.shape, rows)
    about = About(
        request=request.digest,
        rows=rows,
        columns=request.columns.features,
        label=request.columns.label or "",
        classes=classes[:2],
        rest=classes.rest,
        dtype=request.dtype,
        name=request.title,
        sums=sums,
        sources=tuple(str(file.path) for file in request.files),
    )
    write_about(part, about)
    (part / JOURNAL).unlink()


def _write_pieces(request: Request, writer: TileWriter, labels: LabelWords, journal: _Journal) -> int:
    """Write what is not written yet; how many rows there are in all."""
    columns, stage = request.columns, _Stage(request, writer, labels, journal.rows)
    texts = [] if columns.label is None else [columns.label]
    for place, file in enumerate(request.files[journal.file :], journal.file):
        before, skipped, number = 0, journal.pieces if place == journal.file else 0, -1
        for number, piece in enumerate(file.pieces(columns.all, texts=texts, memory=request.memory)):
            if number >= skipped:
                stage.take(piece, FirstCell(file.path, before, ""))
                if stage.full:
                    stage.empty()
                    journal.note(place, number + 1, stage.rows, labels.words)
            before += piece.rows
        stage.empty()
        journal.note(place, number + 1, stage.rows, labels.words)
    return stage.rows


class _Stage:
    """Rows on their way into tiles: some pieces are collected, so that whole tiles are written.

    Args:
        request: what is converted.
        writer: of the tiles.
        labels: their numbers.
        rows: how many are written already.
    """

    def __init__(self, request: Request, writer: TileWriter, labels: LabelWords, rows: int) -> None:
        self._request, self._writer, self._labels, self.rows = request, writer, labels, rows
        self._places = {name: place for place, name in enumerate(request.columns.all)}
        tiles = max(1, min(STAGED_TILES, request.memory // STAGED_SHARE // request.shape.stride))
        self._most = tiles * request.shape.height
        self._parts: list[list[ColumnValues]] = [[] for _ in self._places]
        self._held = 0

    @property
    def full(self) -> bool:
        """Whether it is time to write; also after what was not collected at all."""
        return self._held >= self._most or not self._held

    def take(self, piece: TablePiece, first: FirstCell) -> None:
        """Collect a piece; one whose columns come one after another is written at once."""
        if not piece.together:
            self.empty()
        for name, start, values in piece.columns:
            cell = FirstCell(first.path, first.row + start, name)
            place, numbers = self._places[name], self._numbers(values, cell)
            if piece.together:
                self._parts[place].append(numbers)
            elif name == self._request.columns.label:
                self._writer.labels(self.rows + start, numbers)
            else:
                self._writer.column(place, self.rows + start, numbers)
        if piece.together:
            self._held += piece.rows
        else:
            self._writer.ones(self.rows, piece.rows)
            self.rows += piece.rows

    def empty(self) -> None:
        """Write what is collected."""
        if not self._held:
            return
        columns = [parts[0] if len(parts) == 1 else np.concatenate(parts) for parts in self._parts]
        width = len(self._request.columns.features)
        self._writer.rows(self.rows, columns[:width])
        if len(columns) > width:
            self._writer.labels(self.rows, columns[-1])
        self.rows, self._held = self.rows + self._held, 0
        self._parts = [[] for _ in self._places]

    def _numbers(self, values: Any, cell: FirstCell) -> ColumnValues:
        if cell.column == self._request.columns.label:
            return self._labels.numbers(values, cell)
        numbers = self._request.numbers(values, cell)
        _refuse_too_large(numbers, self._request.dtype, cell)
        return numbers


def _refuse_too_large(numbers: ColumnValues, dtype: str, first: FirstCell) -> None:
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


def _classes(request: Request, labels: LabelWords) -> LabelClasses:
    if request.columns.label is None:
        return LabelClasses("", "")
    if request.classes:
        zero, one, *rest = request.classes
        return LabelClasses(zero, one, tuple(rest))
    return as_classes(plain_words(labels.words), labels.column, request.positive)


def _numbers_of(labels: LabelWords, classes: LabelClasses, source: str) -> ColumnValues:
    """What each word becomes, 0 or 1."""
    spelled = tuple(plain_words(labels.words))
    return as_numbers(Labelled(spelled, np.arange(len(spelled))), classes, labels.column, lambda _: source)


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
