"""Tiles as they are written: columns in any order, whole in the end or not there at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from soloneuron.formulas.tiled import tile_height

PAGE = 4096
"""Every tile begins at a multiple of this, as memory of its own would."""

MOST_PARTS = 512
"""So many arrays are given to the system at once; it need not take more than 1,024."""

ROWS_FILE, LABELS_FILE = "tiles", "labels"

RESERVED_BYTES = 2**26
"""Room on the disk is taken in such steps where nobody knows how many rows there will be."""

FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a disk says that is full; of anything else a system may say here, nothing follows."""

WORD_VALUES = 2**64
"""Checksums are sums of words modulo this."""


class TileShape:
    """Where the numbers of a tile file stand.

    Args:
        columns: d.
        dtype: of the numbers.
    """

    def __init__(self, columns: int, dtype: np.dtype[np.floating]) -> None:
        self.width, self.dtype, self.item = columns + 1, dtype, dtype.itemsize
        self.height = tile_height(columns, self.item)
        self.stride = -(-self.width * self.height * self.item // PAGE) * PAGE

    def spans(self, first: int, last: int) -> Iterator[tuple[int, int, int, int]]:
        """Tile, its first of these rows, which of all rows those are, from and before."""
        while first < last:
            tile, begin = divmod(first, self.height)
            end = min(last, first + self.height - begin)
            yield tile, begin, first, end
            first = end

    def tiles(self, rows: int) -> int:
        """How many tiles so many rows make."""
        return -(-rows // self.height)

    def bytes(self, rows: int) -> int:
        """How long the file of so many rows is."""
        return self.tiles(rows) * self.stride


class TileWriter:
    """Writes rows into a folder: tiles, and labels beside them.

    Every number is added to the checksum of its tile while it is at hand: nothing is read again for that.

    Args:
        folder: that is there.
        shape: of the tiles.
        rows: how many there will be, if that is known: their room on the disk is taken at once.

    Attributes:
        sums: a checksum of each tile: the sum of its words of 64 bits.

    Raises:
        OSError: the disk is full.
    """

    def __init__(self, folder: Path, shape: TileShape, rows: int = 0) -> None:
        self._shape = shape
        self.sums = [0] * shape.tiles(rows)
        self._ones = np.ones(shape.height, dtype=shape.dtype)
        self._rows = os.open(folder / ROWS_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        self._labels = os.open(folder / LABELS_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        self._label_sum = self._reserved = 0
        self._reserve(shape.bytes(rows))

    def columns(self, place: int, first: int, columns: Sequence[npt.NDArray[np.floating]]) -> None:
        """Some numbers of columns that lie side by side from a place on; the last place is that of ones."""
        shape = self._shape
        made = [np.ascontiguousarray(numbers, dtype=shape.dtype) for numbers in columns]
        self._take_place(first + len(made[0]))
        spans, width = list(shape.spans(first, first + len(made[0]))), shape.height * shape.item
        starts = [start - first for *_, start, _ in spans]
        at = [tile * shape.stride + place * width + begin * shape.item for tile, begin, *_ in spans]
        for k, numbers in enumerate(made):
            sums = word_sums(numbers, starts, [one + k * width for one in at])
            for (tile, *_), words in zip(spans, sums, strict=True):
                self._add(tile, words)
        for (*_, start, end), one in zip(spans, at, strict=True):
            parts = [numbers[start - first : end - first] for numbers in made]
            if end - start == shape.height:
                _write(self._rows, parts, one)
                continue
            for k, part in enumerate(parts):
                _write(self._rows, [part], one + k * width)

    def ones(self, first: int, rows: int) -> None:
        """The column of ones of some rows."""
        for _, _, start, end in self._shape.spans(first, first + rows):
            self.columns(self._shape.width - 1, start, [self._ones[: end - start]])

    def rows(self, first: int, columns: Sequence[npt.NDArray[np.floating]]) -> None:
        """Some rows, given all columns but that of ones: whole tiles are written at a time."""
        shape = self._shape
        made = [np.ascontiguousarray(numbers, dtype=shape.dtype) for numbers in columns]
        self._take_place(first + len(made[0]))
        for tile, _, start, end in shape.spans(first, first + len(made[0])):
            parts = [numbers[start - first : end - first] for numbers in made]
            if end - start == shape.height:
                self.sums[tile] = 0
                for place, numbers in enumerate([*parts, self._ones]):
                    self._add(tile, word_sum(numbers, place * shape.height * shape.item))
                _write(self._rows, [*parts, self._ones], tile * shape.stride)
                continue
            self.columns(0, start, parts)
            self.ones(start, end - start)

    def labels(self, first: int, numbers: npt.NDArray[np.floating]) -> None:
        """Some labels."""
        made, at = np.ascontiguousarray(numbers, self._shape.dtype), first * self._shape.item
        self._label_sum += word_sum(made, at)
        _write(self._labels, [made], at)

    def renumber(self, rows: int, numbers: npt.NDArray[np.floating]) -> None:
        """Every label k becomes the k-th of some numbers."""
        item, dtype = self._shape.item, self._shape.dtype
        for start in range(0, rows, 2**17):
            count = min(2**17, rows - start)
            found = np.frombuffer(os.pread(self._labels, count * item, start * item), dtype=dtype)
            self.labels(start, numbers[found.astype(np.int64)])

    def finish(self, rows: int) -> None:
        """Bring the last tile together.

        Nobody waits for the disk: what it loses with its power, the checksums miss when the tiles are opened.
        """
        shape = self._shape
        last, short = divmod(rows, shape.height)
        if short:
            whole = os.pread(self._rows, shape.width * shape.height * shape.item, last * shape.stride)
            # What lies behind the last row of the last column was never written.
            whole = whole.ljust(shape.width * shape.height * shape.item, b"\0")
            found = np.frombuffer(whole, dtype=shape.dtype).reshape(shape.width, shape.height)
            os.truncate(self._rows, last * shape.stride)
            left = np.ascontiguousarray(found[:, :short])
            self.sums[last] = word_sum(left.ravel(), 0)
            _write(self._rows, [left], last * shape.stride)
        self.sums = self.sums[: shape.tiles(rows)]
        os.truncate(self._rows, shape.bytes(rows))
        os.truncate(self._labels, rows * shape.item)

    def count_again(self, rows: int) -> int:
        """Take the checksums of so many rows from what stands in the files.

        Returns:
            The sum of all of them.
        """
        shape = self._shape
        self._take_place(rows)
        self.sums = [0] * len(self.sums)
        for tile, _, start, end in shape.spans(0, rows):
            read = os.pread(self._rows, shape.width * shape.height * shape.item, tile * shape.stride)
            whole = read.ljust(shape.width * shape.height * shape.item, b"\0")
            found = np.frombuffer(whole, dtype=shape.dtype).reshape(shape.width, shape.height)
            for place in range(shape.width):
                at = place * shape.height * shape.item
                self._add(tile, word_sum(found[place, : end - start], at))
        count = rows * shape.item
        labels = np.frombuffer(os.pread(self._labels, count, 0).ljust(count, b"\0"), dtype=shape.dtype)
        self._label_sum = word_sum(labels, 0)
        return self.total

    @property
    def total(self) -> int:
        """The sum of the checksums of tiles and labels."""
        return (sum(self.sums) + self._label_sum) % WORD_VALUES

    def _add(self, tile: int, words: int) -> None:
        self.sums[tile] = (self.sums[tile] + words) % WORD_VALUES

    def _take_place(self, rows: int) -> None:
        """Room for so many rows, on the disk and for their checksums."""
        tiles, wanted = self._shape.tiles(rows), self._shape.bytes(rows)
        self.sums += [0] * (tiles - len(self.sums))
        if wanted > self._reserved:
            self._reserve(max(wanted, self._reserved + RESERVED_BYTES))

    def _reserve(self, size: int) -> None:
        """Take room on the disk: pages that have their place are written in half the time."""
        if not hasattr(os, "posix_fallocate") or size <= self._reserved:
            return
        known, self._reserved = self._reserved, size
        try:
            os.posix_fallocate(self._rows, known, size - known)
        except OSError as fault:
            if fault.errno in FULL_DISK and not known:
                raise

    def close(self) -> None:
        """Let go of the files."""
        for file in (self._rows, self._labels):
            os.close(file)


def word_sum(numbers: npt.NDArray[np.floating], at: int) -> int:
    """The sum of the words of 64 bits that numbers make at a place of a file, zeros around them.

    Args:
        numbers: contiguous, of 4 or 8 bytes each.
        at: the place of the first, in bytes; a multiple of 4.

    Example:
        >>> halves = np.array([1, 2, 3], dtype=np.uint32).view(np.float32)
        >>> word_sum(halves, 0) == 1 + 2 * 2**32 + 3, word_sum(halves, 4) == 2**32 + 2 + 3 * 2**32
        (True, True)
    """
    if numbers.itemsize == 8:
        return int(np.add.reduce(numbers.view(np.uint64)))
    halves = numbers.view(np.uint32)
    odd = at // 4 % 2
    rest = halves[odd:]
    whole = len(rest) // 2 * 2
    found = int(np.add.reduce(rest[:whole].view(np.uint64)))
    if odd and len(halves):
        found += int(halves[0]) << 32
    if whole < len(rest):
        found += int(rest[-1])
    return found


def word_sums(numbers: npt.NDArray[np.floating], starts: Sequence[int], at: Sequence[int]) -> list[int]:
    """``word_sum`` of the parts that begin at some of the numbers, each at a place of its own."""
    if numbers.itemsize == 8 and len(numbers):
        return np.add.reduceat(numbers.view(np.uint64), starts).tolist()  # type: ignore[no-any-return]
    ends = [*starts[1:], len(numbers)]
    return [word_sum(numbers[start:end], one) for start, end, one in zip(starts, ends, at, strict=True)]


def _write(file: int, parts: Sequence[npt.NDArray[np.floating]], at: int) -> None:
    """Write arrays one behind the other, whatever the system takes of them at a time."""
    left = [part.data.cast("B") for part in parts if part.size]
    while left:
        done = os.pwritev(file, left[:MOST_PARTS], at)
        at += done
        while left and done >= len(left[0]):
            done -= len(left.pop(0))
        if done:
            left[0] = left[0][done:]
