"""Columns while a text is read: numbers as long as they are, words from where one is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from soloneuron.data.files.cells import MISSING_NUMBERS, is_missing, strict_float
from soloneuron.data.files.table import ColumnNumbers

JSON_NUMBERS = msgspec.json.Decoder(list[float])


@dataclass(frozen=True)
class Cells:
    """What the cells of a text are.

    Attributes:
        lines: (n,): the line in which each row ends.
        numbers: (n,) for each column of numbers.
        words: the cells of each column kept as it is written.
        commas: those columns of numbers that had decimal commas, which were seen to be.
    """

    lines: npt.NDArray[np.int64]
    numbers: dict[int, ColumnNumbers]
    words: dict[int, list[str]]
    commas: tuple[int, ...] = ()


class Gathering:
    """Cells of some columns, chunk by chunk.

    Args:
        indices: the columns to keep.
        as_words: those of them that are kept as they are written.

    Attributes:
        words: the cells of the columns kept as words, without blanks around them.
        failed: columns that were to be numbers, but are not: they must be gathered again, as words.
    """

    def __init__(self, indices: Iterable[int], as_words: Iterable[int]) -> None:
        self.words: dict[int, list[str]] = {index: [] for index in as_words}
        self.failed: set[int] = set()
        self._parts: dict[int, list[ColumnNumbers]] = {
            index: [] for index in indices if index not in self.words
        }
        self._dashes: set[int] = set()
        self._known: dict[str, str] = {}

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Take rows of the same width."""
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        for index, words in self.words.items():
            known = self._known
            words.extend(known.setdefault(cell, cell) for cell in map(str.strip, columns[index]))
        for index, parts in self._parts.items():
            if index not in self.failed:
                self._add_numbers(index, columns[index], parts)

    def _add_numbers(self, index: int, cells: Sequence[str], parts: list[ColumnNumbers]) -> None:
        values = _floats(cells)
        if values is None:
            stripped = [cell.strip() for cell in cells]
            found = [number_or_missing(cell) for cell in stripped]
            values = [value for value in found if value is not None]
            if len(values) < len(found):
                self.failed.add(index)
                return
            if not MISSING_NUMBERS.isdisjoint(map(str.lower, stripped)):
                self._dashes.add(index)
        parts.append(np.array(values, dtype=np.float64))

    def numbers(self) -> dict[int, ColumnNumbers]:
        """(n,) for each column of numbers; a column of dashes and no number is not among them, but failed."""
        found = {
            index: np.concatenate([np.empty(0), *self._parts.pop(index)])
            for index in list(self._parts)
            if index not in self.failed
        }
        for index in self._dashes & found.keys():
            if np.isnan(found[index]).all():
                self.failed.add(index)
                del found[index]
        return found


def _floats(cells: Sequence[str]) -> list[float] | None:
    """Cells that are all plain numbers; None if one is not.

    Nearly all are numbers of JSON too, which msgspec reads to the same bits in a third of the time.
    """
    with suppress(msgspec.DecodeError):
        values = JSON_NUMBERS.decode(f"[{','.join(cells)}]")
        if len(values) == len(cells):
            return values
    try:
        return list(map(strict_float, cells))
    except ValueError:
        return None


def number_or_missing(cell: str) -> float | None:
    """A cell as a number, NaN where it is missing, None where it is a word."""
    try:
        return strict_float(cell)
    except ValueError:
        return np.nan if is_missing(cell) or cell.lower() in MISSING_NUMBERS else None


def word_columns(sample: Sequence[Sequence[str]], indices: Iterable[int]) -> set[int]:
    """Those columns in which some rows already have a word."""
    return {
        index for index in indices if any(number_or_missing(row[index].strip()) is None for row in sample)
    }
