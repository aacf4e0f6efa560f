"""What a column of a file means: numbers, dates, truths or categories; or why it is none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soloneuron.data.columns.dates import DateFault, looks_like_date, read_days
from soloneuron.data.columns.faults import ColumnFault, Cure, Place, cell_fault, missing_fault, shown_cells
from soloneuron.data.files.table import RawColumn
from soloneuron.data.label_spellings import is_finite_number
from soloneuron.data.truths import truth_pair
from soloneuron.records.columns import ColumnEncoding, Gaps
from soloneuron.texts.phrases import Said

MOST_CATEGORIES = 50
"""Text with more different values is no category but a name, a number of a ticket, or free text."""

FEW_NUMBERS = 10
"""A column in which most cells are numbers, and more different ones than these, is no category."""

MOST = 0.5
"""The share of cells from which on they are most."""

INDEX_NAMES = ("", "unnamed: 0", "__index_level_0__")
"""What pandas calls the index of a frame that was written with it."""

ID_NAMES = ("id", "index", "n", "no", "№", "номер", "ид", "код")

SURELY_IDS = 10
"""So many rows must differ before their number is taken for an id; toys have fewer."""


def meaning(
    column: RawColumn, place: Place, *, encode: bool, gaps: Gaps, counts: Mapping[str, int] | None = None
) -> tuple[ColumnEncoding, list[ColumnFault]]:
    """What a column would become, and all that keeps it from that; fills and categories are not learned yet.

    Args:
        column: of the file; not all of it is missing.
        place: where a row stands in the file.
        encode: whether words may become features.
        gaps: what is done about missing cells.
        counts: how often each word occurs, where the column has each of them once; None counts them.
    """
    absent = np.flatnonzero(column.missing)
    faults = []
    if column.fault is not None:
        faults.append(cell_fault(column.name, column.fault, "drop"))
        if column.numbers is None:
            return ColumnEncoding(column.name, gaps=gaps), faults
    elif len(absent) and gaps == "refuse":
        faults.append(missing_fault(column.name, absent, place, "missing"))
    if column.numbers is not None:
        truth = column.type == "truth" and encode
        return ColumnEncoding(column.name, "ordinal" if truth else "number", gaps=gaps), faults
    words = _Words.of(column, place, counts)
    encoding, fault = words.encoding()
    if fault is None and not encode:
        code = "dates" if encoding.kind == "date" else "text"
        first = next((word for word in words.counts if not is_finite_number(word)), next(iter(words.counts)))
        fault = words.fault_at(first, code, "encode")
    # Whoever leaves the column out need not hear of its gaps.
    faults = faults if fault is None else [fault, *(() if fault.cure == "drop" else faults)]
    return replace(encoding, gaps=gaps), faults


@dataclass(frozen=True)
class _Words:
    """A column of words, with how often each occurs."""

    name: str
    cells: Sequence[str | None]
    place: Place
    counts: Mapping[str, int]

    @classmethod
    def of(cls, column: RawColumn, place: Place, counts: Mapping[str, int] | None) -> _Words:
        """The words of a column that has no numbers."""
        assert column.words is not None, "it has no numbers"
        counts = counts or Counter(word for word in column.words if word is not None)
        return cls(column.name, column.words, place, counts)

    def share(self, holds: Callable[[str], bool]) -> float:
        """The share of the cells, of those that are not missing, for which something holds."""
        return sum(count for word, count in self.counts.items() if holds(word)) / sum(self.counts.values())

    def fault(self, code: str, cure: Cure, rows: Iterable[int], **fields: Said) -> ColumnFault:
        """A fault that shows the cells of some rows."""
        return ColumnFault(
            self.name,
            code,
            cure,
            {"count": len(self.counts), **fields, **shown_cells(self.cells, rows, self.place)},
        )

    def fault_at(self, word: str, code: str, cure: Cure, **fields: Said) -> ColumnFault:
        """A fault that shows the first cell with a word."""
        return self.fault(code, cure, [list(self.cells).index(word)], **fields)

    def encoding(self) -> tuple[ColumnEncoding, ColumnFault | None]:
        """What the words would become, and what keeps them from that also where words may be encoded."""
        name = self.name
        if truth_pair(self.counts) is not None:
            return ColumnEncoding(name, "ordinal"), None
        dated = self.share(looks_like_date)
        if dated == 1:
            return self._dates()
        if sum(map(is_finite_number, self.counts)) > FEW_NUMBERS and self.share(is_finite_number) > MOST:
            stray = next(word for word in self.counts if not is_finite_number(word))
            return ColumnEncoding(name), self.fault_at(stray, "mixed", "drop")
        if len(self.counts) <= MOST_CATEGORIES:
            return ColumnEncoding(name, "one_hot"), None
        if dated > MOST:
            stray = next(word for word in self.counts if not looks_like_date(word))
            return ColumnEncoding(name, "date"), self.fault_at(stray, "no_date", "drop")
        return ColumnEncoding(name, "one_hot"), self.fault_at(
            next(iter(self.counts)), "many", "drop", most=MOST_CATEGORIES
        )

    def _dates(self) -> tuple[ColumnEncoding, ColumnFault | None]:
        days = read_days(self.cells)
        if isinstance(days, DateFault):
            return ColumnEncoding(self.name, "date"), self.fault(days.code, "drop", days.rows)
        return ColumnEncoding(self.name, "date", first=days[1]), None


def is_index(column: RawColumn) -> bool:
    """Whether a column without a name is the index of a frame, or nothing at all."""
    if not column.unnamed and column.name.lower() not in INDEX_NAMES:
        return False
    return bool(column.missing.all()) or _all_different_integers(column)


def is_id(column: RawColumn, rows: int) -> bool:
    """Whether a column differs in every row as only ids do: whole numbers, or words."""
    if not may_be_id(column.name, rows):
        return False
    if column.numbers is not None:
        return _all_different_integers(column)
    words = column.words or ()
    return None not in words and len(set(words)) == rows and not all(looks_like_date(str(w)) for w in words)


def may_be_id(name: str, rows: int) -> bool:
    """Whether there are so many rows that a column of this name is an id, if all of them differ."""
    small = name.lower().removesuffix("_id").removesuffix(" id")
    named = small in ID_NAMES or small != name.lower() or name.endswith(("Id", "ID"))
    return rows >= (3 if named else SURELY_IDS)


def _all_different_integers(column: RawColumn) -> bool:
    values = column.numbers
    if values is None or not len(values) or not np.isfinite(values).all():
        return False
    return bool((values == np.floor(values)).all()) and len(np.unique(values)) == len(values)
