"""Rows in a hurry: blocks of bytes, whose numbers are read at once.

numpy finds the bytes between separators, cells that are words are taken out, and what is left is a list of
JSON, whose numbers msgspec reads to the same bits as ``float`` in a third of its time. Whatever is not as
plain as that is left to the patient reader, which makes the same table and knows the line of every fault.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec
import numpy as np
import numpy.typing as npt

from soloneuron.data.files.cells import is_missing
from soloneuron.data.files.dialects import LONGEST_LINE
from soloneuron.data.files.gathering import JSON_NUMBERS, Cells
from soloneuron.data.files.marks import reading_of
from soloneuron.data.files.rows import TextRows
from soloneuron.data.files.signs import (
    BLANK,
    CLOSE,
    COMMA,
    MINUS,
    NEWLINE,
    POINT,
    UNKNOWN,
    ZERO,
    Bytes,
    NotPlainError,
    Offsets,
    are_outside,
    cell_starts,
    without_quotes,
    without_returns,
)
from soloneuron.data.files.table import ColumnNumbers
from soloneuron.data.files.words import needs_words

BLOCK_BYTES = 1 << 18
"""Bytes that are taken at once: they stay in the cache while they are gone through."""

WIDEST_WORD = 200
"""Bytes of a word; a table of longer ones is made of all that stand in a block."""

MOST_QUOTED_LINES = 100
"""Line ends in quotation marks at the end of a block; more are rather one mark that is not closed."""

ONE_BYTE_SIGNS = ("utf-8", "cp125", "cp866", "koi8")
"""Encodings in which a byte below 128 is always a sign of ASCII."""


def read_blocks(rows: TextRows, indices: Sequence[int], as_words: set[int], *, commas: bool) -> Cells | None:
    """The cells of the columns wanted; None where the text is not plain enough.

    Args:
        rows: the text, and how it is parted.
        indices: the columns wanted.
        as_words: those of all columns that are kept as they are written.
        commas: whether numbers have decimal commas.
    """
    if (
        not rows.text.encoding.startswith(ONE_BYTE_SIGNS)
        or rows.dialect.separator == " "
        or len(rows.cells) < 2
    ):
        return None
    reader = _BlockReader(rows, indices, as_words, commas)
    try:
        for block in _blocks(rows):
            reader.add(block)
    except (NotPlainError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    found = reader.cells()
    unclear = commas and any(reading_of(set(words)) is not None for words in found.words.values())
    return None if unclear or needs_words(found.numbers, found.words) else found


def _blocks(rows: TextRows) -> Iterator[bytearray]:
    """Whole lines below the names, some at a time, each block behind an opening bracket."""
    stream = rows.text.stream
    stream.seek(0)
    head = b"".join(stream.readline(LONGEST_LINE) for _ in range(rows.begin))
    if head.count(b"\r") > head.count(b"\r\n") or not head.endswith(b"\n"):
        raise NotPlainError
    block = bytearray(b"[")
    while read := stream.read(BLOCK_BYTES):
        block += read
        end = _end_of_rows(block)
        if end:
            rest = block[end:]
            del block[end:]
            yield block
            block = bytearray(b"[") + rest
        elif len(block) > LONGEST_LINE:
            raise NotPlainError
    if block.count(b'"') % 2:
        raise NotPlainError
    if len(block) > 1:
        block += b"\n"
        yield block


def _end_of_rows(block: bytearray) -> int:
    """Behind the last line end that is in no quotation marks; 0 if there is none."""
    end = block.rfind(b"\n") + 1
    for _ in range(MOST_QUOTED_LINES):
        if block.count(b'"', 0, end) % 2 == 0:
            return end
        end = block.rfind(b"\n", 0, end - 1) + 1
    raise NotPlainError


@dataclass
class _BlockReader:
    """Columns while blocks are read; those in ``as_words`` are no numbers."""

    rows: TextRows
    wanted: Sequence[int]
    as_words: set[int]
    commas: bool
    as_numbers: list[int] = field(default_factory=list)
    numbers: ColumnNumbers = field(default_factory=lambda: np.empty((0, 0)))
    words: dict[int, list[str]] = field(default_factory=dict)
    known: dict[bytes, str] = field(default_factory=dict)
    with_commas: set[int] = field(default_factory=set)
    lines: list[npt.NDArray[np.int64]] = field(default_factory=list)
    line: int = 0

    def __post_init__(self) -> None:
        self.line = self.rows.begin
        self.words = {index: [] for index in self.as_words & set(self.wanted)}
        self.as_numbers = sorted(set(self.wanted) - self.as_words)
        self.numbers = np.empty((len(self.as_numbers), 0))

    def add(self, block: bytearray) -> None:
        """Take whole lines."""
        if b"\0" in block:
            raise NotPlainError
        signs = np.frombuffer(block, dtype=np.uint8)
        quoted = b'"' in block
        signs, ends = self._parted(without_returns(signs) if b"\r" in block else signs, quoted=quoted)
        if not len(ends):
            return
        starts = cell_starts(ends)
        empty = starts == ends
        if empty.any():
            # Then every cell has a sign in it.
            signs = np.insert(signs, starts[empty], UNKNOWN)
            ends = ends + empty.cumsum().reshape(ends.shape)
            starts = cell_starts(ends)
        stops = ends
        if quoted:
            starts, stops, blank = without_quotes(signs, starts, ends)
            empty |= blank
        if empty.all(axis=1).any():
            raise NotPlainError
        self._take_words(signs, starts, stops)
        if self.commas:
            self._take_commas(signs, ends)
        signs[ends] = COMMA
        signs[-1] = CLOSE
        try:
            table = _numbers(signs, ends)
        except msgspec.DecodeError:
            gaps = self._take_gaps(signs, starts, stops)
            table = _numbers(signs, ends)
            table[gaps] = np.nan
        self._keep(table, len(block))

    def cells(self) -> Cells:
        """All that was taken."""
        count = sum(map(len, self.lines))
        numbers = {index: self.numbers[place, :count] for place, index in enumerate(self.as_numbers)}
        lines = np.concatenate([np.empty(0, dtype=np.int64), *self.lines])
        return Cells(lines, numbers, self.words, tuple(sorted(self.with_commas.intersection(numbers))))

    def _keep(self, table: ColumnNumbers, size: int) -> None:
        """Put rows, read from so many bytes, below those before; room is made for all that seem to come."""
        end = sum(map(len, self.lines))
        begin = end - len(table)
        if end > self.numbers.shape[1]:
            left = _bytes_left(self.rows.text.stream)
            grown = np.empty((len(self.as_numbers), end + 100 + int(1.05 * len(table) * left / size)))
            grown[:, :begin] = self.numbers[:, :begin]
            self.numbers = grown
        self.numbers[:, begin:end] = table[:, self.as_numbers].T

    def _parted(self, signs: Bytes, *, quoted: bool) -> tuple[Bytes, Offsets]:
        """The signs without blank lines, and where in them every cell ends, (rows, columns)."""
        ends = np.flatnonzero((signs == NEWLINE) | (signs == ord(self.rows.dialect.separator)))
        ending = signs[ends] == NEWLINE
        begin = self.line + 1
        self.line += int(np.count_nonzero(ending))
        if quoted:
            lines, outside = begin + ending.cumsum() - 1, are_outside(signs, ends)
            ends, ending = ends[outside], ending[outside]
            newlines, numbers = ends[ending], lines[outside][ending]
        else:
            newlines, numbers = ends[ending], np.arange(begin, self.line + 1)
        blank = np.diff(newlines, prepend=0) == 1
        if blank.any():
            gone = newlines[blank]
            signs = np.delete(signs, gone)
            ends = np.delete(ends, np.searchsorted(ends, gone))
            ends = ends - np.searchsorted(gone, ends)
            numbers = numbers[~blank]
        self.lines.append(numbers)
        width = len(self.rows.cells)
        if len(ends) % width or len(ends) != width * len(numbers):
            raise NotPlainError
        table = ends.reshape(-1, width)
        if (signs[table[:, -1]] != NEWLINE).any():
            raise NotPlainError
        return signs, table

    def _take_words(self, signs: Bytes, starts: Offsets, ends: Offsets) -> None:
        """Keep the words, and leave zeros in their places."""
        for index in self.as_words:
            begin, widths = starts[:, index], ends[:, index] - starts[:, index]
            widest = int(widths.max())
            if widest > WIDEST_WORD:
                raise NotPlainError
            inside = np.arange(widest) < widths[:, np.newaxis]
            places = (begin[:, np.newaxis] + np.arange(widest))[inside]
            if index in self.words:
                letters = np.zeros((len(begin), widest), dtype=np.uint8)
                letters[inside] = signs[places]
                different, which = np.unique(letters.view(f"S{widest}").ravel(), return_inverse=True)
                words = [self._word(word) for word in different.tolist()]
                self.words[index] += [words[place] for place in which.tolist()]
            signs[places] = BLANK
            signs[begin] = ZERO

    def _word(self, cell: bytes) -> str:
        if cell not in self.known:
            if b'"' in cell.replace(b'""', b""):
                raise NotPlainError
            self.known[cell] = cell.replace(b'""', b'"').decode(self.rows.text.encoding).strip()
        return self.known[cell]

    def _take_gaps(self, signs: Bytes, starts: Offsets, ends: Offsets) -> npt.NDArray[np.bool_]:
        """Where a number is missing; columns that are not wanted may hold anything."""
        first = signs[starts]
        strange: npt.NDArray[np.bool_] = (
            ((first < ZERO) | (first > ord("9"))) & (first != MINUS) & (first != BLANK)
        )
        if not strange.any():
            return strange
        view, wanted = signs.data, set(self.as_numbers)
        for row, index in np.argwhere(strange).tolist():
            start, end = int(starts[row, index]), int(ends[row, index])
            if index in wanted and not is_missing(self._word(bytes(view[start:end]))):
                raise NotPlainError
            view[start:end] = b"0".rjust(end - start)
        return strange

    def _take_commas(self, signs: Bytes, ends: Offsets) -> None:
        """Decimal commas become points, where there is no point beside them."""
        if (signs == POINT).any():
            raise NotPlainError
        places = np.flatnonzero(signs == COMMA)
        self.with_commas.update((np.searchsorted(ends.ravel(), places) % ends.shape[1]).tolist())
        signs[places] = POINT


def _bytes_left(stream: BinaryIO) -> int:
    """How many bytes there are to read yet."""
    place = stream.tell()
    end = stream.seek(0, os.SEEK_END)
    stream.seek(place)
    return end - place


def _numbers(signs: Bytes, ends: Offsets) -> ColumnNumbers:
    """The numbers in a list of JSON, a row for each of cells."""
    values = JSON_NUMBERS.decode(signs.data)
    if len(values) != ends.size:
        raise NotPlainError
    return np.fromiter(values, dtype=np.float64, count=ends.size).reshape(ends.shape)
