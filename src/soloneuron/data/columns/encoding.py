"""Features out of columns, by scikit-learn's transformers; what they know stands in plain records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from soloneuron.data.columns.dates import DateFault, looks_like_date, read_days
from soloneuron.data.columns.faults import (
    ColumnFault,
    Place,
    cell_fault,
    missing_fault,
    shown_cells,
    word_shown,
)
from soloneuron.data.files.table import RawColumn
from soloneuron.data.label_spellings import shortest_number, spelled_number
from soloneuron.data.truths import truth_pair, truth_side
from soloneuron.records.columns import ColumnEncoding, Missing, encoded_names

Matrix = npt.NDArray[np.float64]

NUMBERS_AT_A_TIME = 2**17
"""Numbers that are worked on at a time."""

LEAST_ROWS = 2048
"""Rows at a time at least: a transformer of many columns takes a while to start."""

UNSEEN = -1.0
"""The code of a word that is none of the categories; nan is a cell that is missing."""


@dataclass(frozen=True)
class Unseen:
    """Words of a column that were not there when its categories were learned.

    Attributes:
        column: its name.
        words: some of them.
        rows: how many rows hold one.
    """

    column: str
    words: tuple[str, ...]
    rows: int


def learned(
    columns: Sequence[RawColumn], encodings: Sequence[ColumnEncoding], missing: Missing | None
) -> tuple[ColumnEncoding, ...]:
    """The encodings with what the rows teach: the categories, and what a missing cell is filled with.

    Numbers and dates are filled with the mean or the median, words with the most frequent; where a feature
    of its own says that a cell is missing, numbers have the mean there, and words no category.

    Args:
        columns: of the rows to learn from.
        encodings: what each of them means.
        missing: what is done about missing cells; None or ``drop`` fills nothing.
    """
    known = [
        replace(encoding, categories=categories_of(column)) if has_words(encoding) else encoding
        for column, encoding in zip(columns, encodings, strict=True)
    ]
    if missing is None or missing == "drop":
        return tuple(known)
    from soloneuron.data.columns.transformers import typical_values  # scikit-learn is waited for where needed

    gaps: list[int] = []
    typical: list[float] = []
    for some in _parts(len(known), len(columns[0].missing), least=1):
        values = np.column_stack(
            [column_values(*pair) for pair in zip(columns[some], known[some], strict=True)]
        )
        gaps += np.isnan(values).sum(axis=0).tolist()
        words = np.array([has_words(encoding) for encoding in known[some]])
        typical += typical_values(values, words, "median" if missing == "median" else "mean")
    return tuple(
        filled_encoding(encoding, fill, indicated=missing == "indicator" and gap > 0)
        for encoding, fill, gap in zip(known, typical, gaps, strict=True)
    )


def filled_encoding(encoding: ColumnEncoding, fill: float, *, indicated: bool) -> ColumnEncoding:
    """An encoding that fills; where a feature tells what is missing, words get no category at all."""
    if not has_words(encoding):
        return replace(encoding, fill=fill, indicator=indicated)
    word = None if indicated and encoding.kind == "one_hot" else encoding.categories[int(fill)]
    return replace(encoding, fill=word, indicator=indicated)


def column_values(column: RawColumn, encoding: ColumnEncoding) -> Matrix:
    """Numbers, days or codes of words (n,), nan where a cell is missing, -1 for a word that is not known."""
    if encoding.kind in ("number", "date"):
        days = None if column.words is None else read_days(column.words, encoding.first)
        return column.numbers if column.numbers is not None else days[0]  # type: ignore[index,return-value]
    if encoding.kind == "ordinal" and column.numbers is not None:
        values = column.numbers
        return np.where(np.isnan(values) | (values == 0) | (values == 1), values, UNSEEN)
    codes = {_key(word, encoding): float(code) for code, word in enumerate(encoding.categories)}
    known: dict[str | None, float] = {None: np.nan}
    values = np.empty(len(column.missing))
    for row, word in enumerate(written(column)):
        if word not in known:
            known[word] = codes.get(_key(str(word), encoding), UNSEEN)
        values[row] = known[word]
    return values


def features_of(columns: Sequence[RawColumn], encodings: Sequence[ColumnEncoding]) -> Matrix:
    """The features (n, k), in the order of ``encoded_names``; a part of the rows at a time."""
    from soloneuron.data.columns.transformers import transformer_of  # scikit-learn is waited for where needed

    known = [column_values(*pair) for pair in zip(columns, encodings, strict=True)]
    rows, transformer = len(columns[0].missing), transformer_of(encodings, [_fill(one) for one in encodings])
    made = np.empty((rows, len(encoded_names(tuple(encodings)))))
    for some in _parts(rows, len(known), least=LEAST_ROWS):
        values = np.column_stack([column[some] for column in known])
        for i, encoding in enumerate(encodings):
            if encoding.kind == "ordinal":
                # Between no and yes there is no third: whatever else is said counts as missing.
                values[values[:, i] == UNSEEN, i] = np.nan
        made[some] = transformer.transform(values)
    return made


def _parts(count: int, width: int, *, least: int) -> Iterator[slice]:
    """Parts of some rows or columns, so small that copies of one cost no memory to speak of."""
    step = max(NUMBERS_AT_A_TIME // max(width, 1), least)
    return (slice(start, start + step) for start in range(0, count, step))


def unfit(
    column: RawColumn, encoding: ColumnEncoding, place: Place
) -> tuple[list[ColumnFault], Unseen | None]:
    """Why a column of new rows is not as the encoding has learned it, and the words that are new in it."""
    faults, unseen = [], None
    if column.fault is not None:
        return [cell_fault(column.name, column.fault, "file")], None
    absent = np.flatnonzero(column.missing)
    if encoding.kind in ("number", "date") and column.numbers is None:
        assert column.words is not None, "it has no numbers"
        fault = _no_value(column, encoding, place)
        if fault is not None:
            return [fault], None
    elif encoding.kind == "date" and len(absent) < len(column.missing):
        row = int(np.flatnonzero(~column.missing)[0])
        cell = word_shown(f"{column.numbers[row]:g}") if column.numbers is not None else ""
        return [ColumnFault(column.name, "no_date", "file", {"cell": cell, "place": place(row)})], None
    if has_words(encoding):
        new = np.flatnonzero(column_values(column, encoding) == UNSEEN).tolist()
        words = written(column)
        if new:
            unseen = Unseen(column.name, tuple(dict.fromkeys(str(words[row]) for row in new)), len(new))
        if encoding.kind == "ordinal" and new and encoding.gaps != "fill":
            fields = shown_cells(words, new[:1], place)
            zero, one = map(word_shown, encoding.categories)
            return [ColumnFault(column.name, "no_truth", "file", {**fields, "zero": zero, "one": one})], None
    if len(absent) and encoding.gaps == "refuse":
        faults.append(missing_fault(column.name, absent, place, "missing"))
    return faults, unseen


def written(column: RawColumn) -> Sequence[str | None]:
    """The cells as words, numbers spelled alike: 1.0 is "1"."""
    if column.words is not None:
        return column.words
    assert column.numbers is not None, "a column holds numbers or words"
    truths = {0.0: "false", 1.0: "true"} if column.type == "truth" else {}
    kinds = np.unique(column.numbers[~np.isnan(column.numbers)]).tolist()
    known = {value: truths.get(value) or shortest_number(value) for value in kinds}
    return [known.get(value) for value in column.numbers.tolist()]


def _no_value(column: RawColumn, encoding: ColumnEncoding, place: Place) -> ColumnFault | None:
    """The first word of new rows that is no number, or no date."""
    words = column.words or ()
    is_date = encoding.kind == "date"
    code, rows = "no_date" if is_date else "no_number", []
    for row, word in enumerate(words):
        if word is not None and not (is_date and looks_like_date(word)):
            rows = [row]
            break
    if is_date and not rows:
        days = read_days(words, encoding.first)
        if not isinstance(days, DateFault):
            return None
        code, rows = days.code, [*days.rows]
    if not rows:
        return None
    return ColumnFault(column.name, code, "file", shown_cells(words, rows, place))


def has_words(encoding: ColumnEncoding) -> bool:
    """Whether the words of a column become categories."""
    return encoding.kind in ("ordinal", "one_hot")


def categories_of(column: RawColumn) -> tuple[str, ...]:
    """The words of a column: no and yes in this order, others sorted."""
    words = {word for word in written(column) if word is not None}
    pair = truth_pair(words)
    return pair or tuple(sorted({_plain(word) for word in words}))


def _key(word: str, encoding: ColumnEncoding) -> str:
    if encoding.kind != "ordinal":
        return _plain(word)
    # True in new rows is the yes of those that were learned from.
    known, said = [one.casefold() for one in encoding.categories], word.casefold()
    side = None if said in known else truth_side(said)
    return said if side is None else known[side]


def _plain(word: str) -> str:
    """A number among words as it is spelled when all are numbers."""
    return spelled_number(word) or word


def _fill(column: ColumnEncoding) -> float:
    if isinstance(column.fill, str):
        return float([_key(word, column) for word in column.categories].index(_key(column.fill, column)))
    return UNSEEN if column.fill is None and column.kind == "one_hot" else float(column.fill or 0.0)
