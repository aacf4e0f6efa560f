"""What files teach before they are converted: what is an index, what commas mean, what columns are."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from soloneuron.data.columns.kinds import INDEX_NAMES
from soloneuron.data.columns.telling import encoded_notes, tell
from soloneuron.data.files.table import Note
from soloneuron.data.tiles.arrow_files import TableFile
from soloneuron.data.tiles.entry import TileHome
from soloneuron.data.tiles.ids import index_note
from soloneuron.data.tiles.request import Request
from soloneuron.data.tiles.survey import column_parts, survey
from soloneuron.data.tiles.text_files import csv_unnamed
from soloneuron.data.tiles.text_marks import may_have_marks, with_marks
from soloneuron.errors import InputError


def unnamed_columns(file: TableFile, drop: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file that have no name, or one that pandas gives an index."""
    blank = csv_unnamed(file.path) if file.format == "csv" else set()
    return tuple(
        name for name in file.names if (name in blank or name.lower() in INDEX_NAMES) and name not in drop
    )


def request_without_index(request: Request, folder: Path) -> Request:
    """The request without columns that were not named and only count the rows."""
    space, numbers_of = TileHome(folder / request.name()), partial(column_parts, request)
    notes = dict[str, Note]()
    for name in request.unnamed:
        # A column of words is no index; what is wrong with it is said where it is read.
        with suppress(InputError):
            note = index_note(name, numbers_of, space)
            if note is not None:
                notes[name] = note
    left = tuple(name for name in request.columns.features if name not in notes)
    if not notes or not left:
        return request
    columns = replace(request.columns, features=left)
    return replace(request, columns=columns, asked=request.columns, notes=tuple(notes.values()))


class UnreadMarksError(Exception):
    """Words of a text may be numbers with marks."""


def may_be_marks(fault: Exception) -> bool:
    """Whether numbers with marks may be what was refused."""
    if not isinstance(fault, InputError) or fault.code == "columns.unready":
        return True
    return fault.code == "file.text" and may_have_marks(str(fault.fields.get("cell", "a word")))


def request_with_marks(request: Request) -> Request:
    """The request with the marks of all numbers."""
    looked = [with_marks(file, request.columns.all, request.memory) for file in request.files]
    notes = {(note.code, *note.fields.items()): note for _, own in looked for note in own}
    files, notes_of_all = tuple(file for file, _ in looked), (*request.notes, *notes.values())
    return replace(request, files=files, notes=notes_of_all)


def surveyed_request(request: Request, folder: Path) -> Request:
    """The request with what its rows teach, if they do.

    Raises:
        UnreadMarksError: a text must be looked at before.
    """
    if not request.learns:
        return request
    found = survey(request, TileHome(folder / request.name()))
    if found.may_have_marks and any(file.unseen for file in request.files):
        raise UnreadMarksError
    request = replace(request, learned=found.encodings)
    tell([*found.notes, *encoded_notes(found.encodings)])
    return request
