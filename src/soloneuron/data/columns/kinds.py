"""What a column of a file means: numbers, dates, truths or categories; or why it is none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from soloneuron.data.columns.dates import DateFault, looks_like_date, read_days
from soloneuron.data.columns.faults import ColumnFault, Cure, missing_fault, shown
from soloneuron.data.files.table import RawColumn
from soloneuron.data.labels import spelled_number
from soloneuron.data.truths import truth_pair
from soloneuron.records.columns import ColumnEncoding, Gaps
from soloneuron.texts.phrases import Said

MOST_CATEGORIES = 50
"""Text with more different values is no category but a name, a number of a ticket, or free text."""

FEW_NUMBERS = 10
"""A column in which most cells are numbers, and more different ones than these, is no category."""

INDEX_NAMES = ("", "unnamed: 0", "__index_level_0__")
"""What pandas calls the index of a frame that was written with it."""

ID_NAMES = ("id", "index", "n", "no", "№", "номер", "ид", "код")

SURELY_IDS = 10
"""So many rows must differ before their number is taken for an id; toys have fewer."""

Place = Callable[[int], str]


def meaning(
    column: RawColumn, place: Place, *, encode: bool, gaps: Gaps
) -> tuple[ColumnEncoding, list[ColumnFault]]:
    """What a column would become, and all that keeps it from that; fills and categories are not learned yet.

    Args:
        column: of the file; not all of it is missing.
        place: where a row stands in the file.
        encode: whether words may become features.
        gaps: what is done about missing cells.
    """
    absent = np.flatnonzero(column.missing)
    faults = []
    if column.fault is not None:
        fields = {name: value for name, value in column.fault.fields.items() if isinstance(value, str | int)}
        faults.append(ColumnFault(column.name, f"faults.{column.fault.code}", "drop", {**fields}))
    elif len(absent) and gaps == "refuse":
        faults.append(missing_fault(column.name, absent, place, "missing"))
    if column.numbers is not None:
        truth = column.type == "truth" and encode
        return ColumnEncoding(column.name, "ordinal" if truth else "number", gaps=gaps), faults
    encoding, fault = _of_words(column, place, encode=encode)
    # Whoever leaves the column out need not hear of its gaps.
    faults = faults if fault is None else [fault, *(() if fault.cure == "drop" else faults)]
    return replace(encoding, gaps=gaps), faults


def _of_words(column: RawColumn, place: Place, *, encode: bool) -> tuple[ColumnEncoding, ColumnFault | None]:
    assert column.words is not None, "it has no numbers"
    counts = Counter(column.words)
    counts.pop(None, None)
    name = column.name

    def fault(code: str, cure: Cure, rows: Iterable[int], **fields: Said) -> ColumnFault:
        assert column.words is not None
        found = list(rows)
        told: dict[str, Said] = {"count": len(counts), **fields}
        for which, row in zip(("", "_other"), found, strict=False):
            told |= {f"cell{which}": shown(str(column.words[row])), f"place{which}": place(row)}
        return ColumnFault(name, code, cure, told)

    def row_of(word: str) -> int:
        return list(column.words or ()).index(word)

    first = row_of(next(iter(counts)))
    if truth_pair(counts) is not None:
        return ColumnEncoding(name, "ordinal"), None if encode else fault("text", "encode", [first])
    dated = sum(count for word, count in counts.items() if looks_like_date(word))
    if dated == counts.total():
        days = read_days(column.words)
        if isinstance(days, DateFault):
            return ColumnEncoding(name, "date"), fault(days.code, "drop", days.rows)
        found = ColumnEncoding(name, "date", first=days[1])
        return found, None if encode else fault("dates", "encode", [first])
    numbers = [word for word in counts if spelled_number(word) is not None]
    if len(numbers) > FEW_NUMBERS and sum(counts[word] for word in numbers) > counts.total() / 2:
        stray = next(word for word in counts if spelled_number(word) is None)
        return ColumnEncoding(name), fault("mixed", "drop", [row_of(stray)])
    if len(counts) > MOST_CATEGORIES:
        if 2 * dated > counts.total():
            stray = next(word for word in counts if not looks_like_date(word))
            return ColumnEncoding(name, "date"), fault("no_date", "drop", [row_of(stray)])
        return ColumnEncoding(name, "one_hot"), fault("many", "drop", [first], most=MOST_CATEGORIES)
    return ColumnEncoding(name, "one_hot"), None if encode else fault("text", "encode", [first])


def is_index(column: RawColumn) -> bool:
    """Whether a column without a name is the index of a frame, or nothing at all."""
    if not column.unnamed and column.name.lower() not in INDEX_NAMES:
        return False
    return bool(column.missing.all()) or _all_different_integers(column)


def is_id(column: RawColumn, rows: int) -> bool:
    """Whether a column differs in every row as only ids do: whole numbers, or words."""
    name = column.name.lower().removesuffix("_id").removesuffix(" id")
    named = name in ID_NAMES or name != column.name.lower() or column.name.endswith(("Id", "ID"))
    if rows < (3 if named else SURELY_IDS):
        return False
    if column.numbers is not None:
        return _all_different_integers(column)
    words = column.words or ()
    return None not in words and len(set(words)) == rows and not all(looks_like_date(str(w)) for w in words)


def _all_different_integers(column: RawColumn) -> bool:
    values = column.numbers
    if values is None or not len(values) or not np.isfinite(values).all():
        return False
    return bool((values == np.floor(values)).all()) and len(np.unique(values)) == len(values)

