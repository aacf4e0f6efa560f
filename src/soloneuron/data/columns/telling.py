"""What is said aloud about columns: what became of words, what filled the gaps, what looks like an id."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta

from soloneuron.data.columns.choosing import printed_name
from soloneuron.data.columns.encoding import Unseen
from soloneuron.data.columns.faults import joined, word_shown
from soloneuron.data.files.table import Note
from soloneuron.errors import InputWarning
from soloneuron.records.columns import ColumnEncoding
from soloneuron.records.spellings import column_list, with_value
from soloneuron.texts.phrases import Phrase, Said
from soloneuron.texts.shell import shell_line

FEW_WORDS = 8
"""So many categories or new words of a column are told."""


def tell(notes: Iterable[Note], *, stacklevel: int = 3) -> None:
    """Warn of every note, in English; the code and the fields are there to word it otherwise.

    Args:
        notes: what is to be told.
        stacklevel: as in ``warnings.warn``; 3 is whoever called the caller.
    """
    for note in notes:
        said = Phrase(f"notes.{note.code}", note.fields).say("en")  # type: ignore[arg-type]
        warnings.warn(InputWarning(said, code=f"notes.{note.code}", **note.fields), stacklevel=stacklevel)


def id_note(column: str) -> Note:
    """That a column may be the number of a row, and how to leave it out."""
    option = shell_line(with_value("--drop", column_list([printed_name(column)])))
    return Note("ids", {"column": word_shown(column), "option": option})


def encoded_notes(encodings: Sequence[ColumnEncoding]) -> list[Note]:
    """What was made of words."""
    words = [_meaning(encoding) for encoding in encodings if encoding.kind != "number"]
    return [Note("encoded", {"columns": joined(words)})] if words else []


def filled_notes(gaps: Sequence[int], encodings: Sequence[ColumnEncoding]) -> list[Note]:
    """With what missing cells were filled, and how many of each column."""
    fills = []
    for count, encoding in zip(gaps, encodings, strict=False):
        if count and encoding.gaps == "fill":
            value = _fill_shown(encoding)
            by = Phrase("notes.no_category" if encoding.fill is None else "notes.value", {"value": value})
            fills.append(
                Phrase("notes.fill", {"column": word_shown(encoding.name), "by": by, "count": count})
            )
    return [Note("filled", {"columns": joined(fills)})] if fills else []


def _fill_shown(encoding: ColumnEncoding) -> str:
    """What missing cells are filled with, a day as a date."""
    fill = encoding.fill or 0.0
    if isinstance(fill, str):
        return word_shown(fill)
    if encoding.kind == "date":
        with suppress(OverflowError, ValueError):
            return (date(1970, 1, 1) + timedelta(days=fill)).isoformat()
    return f"{fill:.4g}"


def unseen_note(unseen: Unseen, encoding: ColumnEncoding) -> Note:
    """Which words of new rows no category stands for, and as what they count."""
    words = ", ".join(word_shown(word) for word in unseen.words[:FEW_WORDS])
    more = " ..." if len(unseen.words) > FEW_WORDS else ""
    code = "unseen_missing" if encoding.kind == "ordinal" else "unseen"
    return Note(code, {"column": word_shown(unseen.column), "rows": unseen.rows, "words": words + more})


def _meaning(encoding: ColumnEncoding) -> Phrase:
    """What became of one column of words."""
    fields: dict[str, Said] = {"column": word_shown(encoding.name), "count": len(encoding.categories)}
    if encoding.kind == "date":
        return Phrase("notes.days", fields)
    if encoding.kind == "ordinal":
        return Phrase(
            "notes.truth", {**fields, "zero": encoding.categories[0], "one": encoding.categories[1]}
        )
    words = ", ".join(word_shown(word) for word in encoding.categories[:FEW_WORDS])
    return Phrase(
        "notes.categories", {**fields, "words": words + " ..." * (len(encoding.categories) > FEW_WORDS)}
    )
