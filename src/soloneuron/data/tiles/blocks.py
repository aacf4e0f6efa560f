"""From Arrow columns to numbers: the one place where a column of a file becomes a column of a tile."""

from __future__ import annotations

import math
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from soloneuron.data.label_spellings import plain_words
from soloneuron.data.labels import as_classes
from soloneuron.errors import InputError

ColumnValues: TypeAlias = npt.NDArray[np.float64]

MOST_WORDS = 1_000
"""Different labels, in whatever spelling, after which a column is no label of two classes."""

NO_WORD = {"", "na", "n/a", "nan", "null", "?"}


class FirstCell(NamedTuple):
    """Where the first of some cells stands: its file, its row there, its column."""

    path: Any
    row: int
    column: str


def column_numbers(values: Any, first: FirstCell) -> ColumnValues:
    """A column of numbers or truths, as it is.

    Args:
        values: an Arrow array.
        first: where its first cell stands.

    Raises:
        InputError: text, a missing cell, or a number that is not finite.
    """
    import pyarrow as pa

    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean)
    if not any(known(values.type) for known in kinds):
        raise InputError(
            f"column {first.column!r} of {first.path} must be numbers, got the type {values.type}: leave it "
            f"out with --drop {first.column}",
            code="file.text",
            column=first.column,
        )
    if values.null_count:
        row = first.row + values.is_valid().to_pylist().index(False)
        raise InputError(
            f"{first.path} has a missing cell in row {row}, column {first.column!r}: fill it, or leave the "
            "row or the column out",
            code="file.missing",
            column=first.column,
            row=row,
        )
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.uint8())
    numbers = plain_numbers(values.cast(pa.float64(), safe=False))
    if not math.isfinite(numbers.sum()):
        bad = ~np.isfinite(numbers)
        if bad.any():
            place = int(bad.argmax())
            raise InputError(
                f"{first.path} must hold finite numbers, got {numbers[place]} in row {first.row + place}, "
                f"column {first.column!r}",
                code="file.finite_row",
                row=first.row + place,
                column=first.column,
                cell=str(numbers[place]),
            )
    return numbers


def plain_numbers(values: Any) -> ColumnValues:
    """The memory of an Arrow array of float64 without gaps; its own ``to_numpy`` would import pandas."""
    if not len(values):
        return np.empty(0)
    return np.frombuffer(values.buffers()[1], dtype=np.float64, count=len(values), offset=8 * values.offset)


class LabelWords:
    """The words of a label, numbered as they are met, until all are known and two of them mean 0 and 1.

    Args:
        column: the label.
        words: those met before.
        several: whether there may be more than two.
        gaps: whether a label may be missing.
    """

    def __init__(self, column: str, words: list[str], *, several: bool = False, gaps: bool = False) -> None:
        self.column, self.words, self._several, self._gaps = column, words, several, gaps

    def numbers(self, values: Any, first: FirstCell) -> ColumnValues:
        """Some labels by the numbers of their words; nan where one may be missing, and is.

        Raises:
            InputError: a missing label, or more words than two classes may have spellings.
        """
        import pyarrow as pa

        coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
        known = [_word(word) for word in coded.dictionary.to_pylist()]
        indices = coded.indices
        if indices.null_count and not self._gaps:
            raise self._missing(first, indices.is_valid().to_pylist().index(False))
        # A missing one is coded behind all that are known.
        codes = _integers(indices.cast(pa.int64()).fill_null(len(known)) if indices.null_count else indices)
        places = np.full(len(known) + 1, np.nan)
        for k, word in enumerate(known):
            if word.lower() not in NO_WORD:
                places[k] = self._place(word)
            elif not self._gaps and (codes == k).any():
                raise self._missing(first, int((codes == k).argmax()))
        found: ColumnValues = places[codes]
        return found

    def _place(self, word: str) -> int:
        if word not in self.words:
            self.words.append(word)
            many = not self._several and len({*plain_words(self.words)}) > 2
            if many or len(self.words) > MOST_WORDS:
                as_classes(plain_words(self.words), self.column, None)
        return self.words.index(word)

    def _missing(self, first: FirstCell, row: int) -> InputError:
        return InputError(
            f"{first.path} has no label in row {first.row + row}, column {self.column!r}",
            code="file.missing",
            column=self.column,
            row=first.row + row,
        )


def _integers(values: Any) -> npt.NDArray[np.integer]:
    """The memory of an Arrow array of whole numbers without gaps."""
    if not len(values):
        return np.empty(0, dtype=np.int64)
    dtype = np.dtype(values.type.to_pandas_dtype())
    offset = dtype.itemsize * values.offset
    return np.frombuffer(values.buffers()[1], dtype=dtype, count=len(values), offset=offset)


def _word(value: Any) -> str:
    """A label as a word, true and false as in a text; a missing one as none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
