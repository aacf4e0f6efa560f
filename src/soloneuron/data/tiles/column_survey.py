"""What is known of one column after a look at some of its rows: kinds of cells, words, sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from soloneuron.data.columns.dates import SHAPES, looks_like_date
from soloneuron.data.columns.faults import ColumnFault, Place
from soloneuron.data.columns.kinds import MOST_CATEGORIES
from soloneuron.data.files.marks import CellMarks
from soloneuron.data.files.table import CellType, RawColumn
from soloneuron.data.label_spellings import shortest_number, spelled_number
from soloneuron.errors import InputError
from soloneuron.records.columns import ColumnEncoding

MOST_KEPT_WORDS = 1_000
"""Different words of a column that are kept; of more, dates alone are looked at any further."""


class ColumnSurvey:
    """What is known of a column.

    Args:
        name: of it.

    Attributes:
        cells: how many are not missing; ``kept_cells`` of the rows to learn from. gaps: how many are missing;
            ``kept_gaps`` of the rows to learn from.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells = self.kept_cells = self.gaps = self.kept_gaps = 0
        self._first_gap = ""
        self._counts, self._kept = Counter[str](), Counter[str]()
        self._firsts: dict[str, str] = {}
        self._signs = set[Any]()
        self._total, self._numbers = np.longdouble(0), 0
        self._in_words = False
        self._marks = CellMarks()
        self._type: CellType = ""
        self._fault: InputError | None = None

    def add(self, raw: RawColumn, place: Place, kept: np.ndarray) -> None:
        """Look at some rows, of which some are learned from."""
        missing = raw.missing
        if missing.any() and not self.gaps:
            self._first_gap = place(int(missing.argmax()))
        self.gaps, self.kept_gaps = (
            self.gaps + int(missing.sum()),
            self.kept_gaps + int((missing & kept).sum()),
        )
        there = kept & ~missing
        self.cells, self.kept_cells = self.cells + int((~missing).sum()), self.kept_cells + int(there.sum())
        self._type, self._fault = raw.type, self._fault or raw.fault
        if raw.words is None:
            self._add_numbers(raw, place, there)
        else:
            self._in_words = True
            self._marks.add({word for word in raw.words if word is not None})
            self._add_words(raw.words, place, there)

    def _add_numbers(self, raw: RawColumn, place: Place, there: np.ndarray) -> None:
        assert raw.numbers is not None, "a column holds numbers or words"
        self._total += raw.numbers[there].sum(dtype=np.longdouble)
        self._numbers += int(there.sum())
        if len(self._counts) > MOST_CATEGORIES and not self._in_words:
            return  # So many different numbers are no categories, whatever else stands in the column.
        known = {value: self._spelled(value) for value in np.unique(raw.numbers[~raw.missing]).tolist()}
        self._add_words([known.get(value) for value in raw.numbers.tolist()], place, there)

    def _spelled(self, value: float) -> str:
        if self._type == "truth":
            return "true" if value else "false"
        return shortest_number(value)

    def _add_words(self, words: Sequence[str | None], place: Place, there: np.ndarray) -> None:
        kept = there.tolist()
        for word, count in Counter(words).items():
            if word is not None and self._wanted(word):
                self._counts[word] += count
        learned = (word for word, own in zip(words, kept, strict=True) if own and word is not None)
        self._kept.update(word for word in learned if word in self._counts)
        for row, word in enumerate(words):
            if word in self._counts and word not in self._firsts:
                self._firsts[str(word)] = place(row)

    def _wanted(self, word: str) -> bool:
        """Whether a word says something new: any of the first ones, dates of another kind."""
        if word in self._counts or len(self._counts) < MOST_KEPT_WORDS:
            return True
        if not looks_like_date(word):
            sign: Any = "a word"
        else:
            found = next(
                (name, shape.fullmatch(word)) for name, shape in SHAPES.items() if shape.fullmatch(word)
            )
            assert found[1] is not None, "it has this shape"
            sign = found[0], int(found[1][1]) > 12, int(found[1][3]) > 12
        new = sign not in self._signs
        self._signs.add(sign)
        return new

    @property
    def may_have_marks(self) -> bool:
        """Whether all words of it may be numbers with marks."""
        return self._in_words and self._marks.reading is not None

    @property
    def words_differ(self) -> bool:
        """Whether it is words, no dates, of which each stands in one row alone."""
        if not self._in_words or self.gaps or len(self._counts) < self.cells:
            return False
        return not all(map(looks_like_date, self._counts))

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each word occurs; those that were not kept count for the first of their kind."""
        counts = Counter(self._counts)
        more = self.cells - sum(counts.values())
        if more and counts:
            counts[next(iter(counts))] += more
        return counts

    @property
    def all_words(self) -> RawColumn:
        """The column with each word once, or a number for all."""
        if self._in_words:
            return RawColumn(self.name, words=[*self._counts], type=self._type, fault=self._fault)
        return RawColumn(self.name, np.zeros(1), type=self._type, fault=self._fault)

    @property
    def kept_words(self) -> RawColumn:
        """The same of the rows that are learned from."""
        return RawColumn(self.name, words=[*self._kept], type=self._type)

    def place(self, word: int) -> str:
        """Where a word stands first."""
        return self._firsts[[*self._counts][word]]

    @property
    def gap_fault(self) -> ColumnFault:
        """That cells are missing."""
        code = "missing" if self.gaps == 1 else "gaps"
        return ColumnFault(self.name, code, "missing", {"count": self.gaps, "place": self._first_gap})

    @property
    def mean(self) -> float:
        """Of the numbers that are learned from; nan of words."""
        return float(self._total / self._numbers) if self._numbers else float("nan")

    def commonest(self, encoding: ColumnEncoding) -> float:
        """The code of the word that occurs most often in the rows that are learned from."""
        counts = [0] * len(encoding.categories)
        codes = {word.casefold(): code for code, word in enumerate(encoding.categories)}
        for word, count in self._kept.items():
            spelled = spelled_number(word) or word
            place = codes.get(word.casefold(), codes.get(spelled.casefold()))
            if place is not None:
                counts[place] += count
        return float(counts.index(max(counts)))
