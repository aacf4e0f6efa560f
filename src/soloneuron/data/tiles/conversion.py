"""Files into tiles: every piece written is noted, so that what was stopped goes on from there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import numpy as np

from soloneuron.data.columns.telling import tell
from soloneuron.data.files.table import Note
from soloneuron.data.label_spellings import plain_words
from soloneuron.data.labels import LabelClasses, Labelled, as_classes, as_numbers
from soloneuron.data.tiles.arrow_files import COLUMN_ROWS, release_memory
from soloneuron.data.tiles.blocks import ColumnValues, FirstCell, LabelWords
from soloneuron.data.tiles.cache import PART, delete, make_space
from soloneuron.data.tiles.entry import About, TileHome, label_checksum, not_writable, write_about
from soloneuron.data.tiles.ids import id_notes
from soloneuron.data.tiles.journal import JOURNAL, Journal
from soloneuron.data.tiles.request import Request
from soloneuron.data.tiles.staging import Stage
from soloneuron.data.tiles.survey import column_parts
from soloneuron.data.tiles.writer import TileWriter
from soloneuron.errors import InputError

LOCK = "lock"

SPARE_MEMORY = 6 * COLUMN_ROWS * 8
"""Bytes a column; where more may be taken, pyarrow's memory is left to whoever reads next."""


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
        notes = _write(request, part, folder, name)
        os.replace(part, done)
    # Not before: whoever takes warnings for errors finds the rows whole the next time.
    tell(notes)
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
            if not part.is_dir():
                delete(part)
            part.mkdir(exist_ok=True)
            yield
    except OSError as fault:
        delete(part)
        raise not_writable(part.parent, fault) from None
    except InputError:
        delete(part)
        raise


def _write(request: Request, part: Path, folder: Path, name: str) -> list[Note]:
    """Write everything that belongs to the tiles; what is to be told of them."""
    known = [file.rows for file in request.files]
    total = sum(rows for rows in known if rows is not None)
    keep = {part, folder / name}
    make_space(folder, request.shape.bytes(total), keep=keep)
    journal = Journal(part, name)
    writer = TileWriter(part, request.shape, total)
    if journal.rows and writer.count_again(journal.rows) != journal.total:
        journal.begin_anew()
        writer.count_again(0)
    labels = LabelWords(
        request.columns.label or "", journal.words, several=request.several, gaps=request.leaves_out
    )
    try:
        stage, all_seen = Stage(request, writer, labels, journal.rows), not journal.rows
        rows = _write_pieces(request, stage, labels, journal)
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
        if request.memory < SPARE_MEMORY * len(request.columns.all):
            release_memory()
    notes = [*request.notes, *_id_notes(request, stage, part, all_seen=all_seen)]
    if request.name() != name:
        raise InputError(f"{request.title} changed while it was read: try again", code="source.changed")
    make_space(folder, 0, keep=keep)
    sums = (*writer.sums, label_checksum(part, request.shape, rows))
    about = About(
        request=request.digest,
        rows=rows,
        columns=request.names,
        label=request.columns.label or "",
        classes=classes[:2],
        rest=classes.rest,
        encodings=request.made_of,
        dtype=request.dtype,
        name=request.title,
        sums=sums,
        sources=tuple(str(file.path) for file in request.files),
        notes=tuple((note.code, dict(note.fields)) for note in notes),
    )
    write_about(part, about)
    (part / JOURNAL).unlink()
    return [*stage.notes, *notes]


def _id_notes(request: Request, stage: Stage, part: Path, *, all_seen: bool) -> list[Note]:
    """What is to be told of columns that differ in every row; nothing where no label is learned."""
    if request.columns.label is None or request.encodings or request.classes:
        return []
    return id_notes(stage.whole_numbers, partial(column_parts, request), TileHome(part), all_seen=all_seen)


def _write_pieces(request: Request, stage: Stage, labels: LabelWords, journal: Journal) -> int:
    """Write what is not written yet; how many rows there are in all."""
    columns = request.columns
    texts = columns.all if request.made_of else [] if columns.label is None else [columns.label]
    for place, file in enumerate(request.files[journal.file :], journal.file):
        before, skipped, number = 0, journal.pieces if place == journal.file else 0, -1
        for number, piece in enumerate(
            file.pieces(columns.all, texts=texts, memory=request.memory, apart=not request.made_of)
        ):
            if number >= skipped:
                stage.take(piece, FirstCell(file.path, before, ""))
                if stage.full:
                    stage.empty()
                    journal.note(place, number + 1, stage.rows, labels.words, stage.total)
            before += piece.rows
        stage.empty()
        journal.note(place, number + 1, stage.rows, labels.words, stage.total)
    return stage.rows


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
