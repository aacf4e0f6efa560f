"""Tiles as they are written: columns in any order, whole in the end or not there at all."""

from __future__ import annotations

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

    Args:
        folder: that is there.
        shape: of the tiles.
    """

    def __init__(self, folder: Path, shape: TileShape) -> None:
        self._shape = shape
        self._ones = np.ones(shape.height, dtype=shape.dtype)
        self._rows = os.open(folder / ROWS_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        self._labels = os.open(folder / LABELS_FILE, os.O_RDWR | os.O_CREAT, 0o600)

    def column(self, place: int, first: int, numbers: npt.NDArray[np.floating]) -> None:
        """Some numbers of a column; the last column is that of ones."""
        shape, made = self._shape, np.ascontiguousarray(numbers, dtype=self._shape.dtype)
        for tile, begin, start, end in shape.spans(first, first + len(made)):
            at = tile * shape.stride + (place * shape.height + begin) * shape.item
            _write(self._rows, [made[start - first : end - first]], at)

    def ones(self, first: int, rows: int) -> None:
        """The column of ones of some rows."""
        self.column(self._shape.width - 1, first, np.ones(rows, dtype=self._shape.dtype))

    def rows(self, first: int, columns: Sequence[npt.NDArray[np.floating]]) -> None:
        """Some rows, given all columns but that of ones: whole tiles are written at a time."""
        shape = self._shape
        made = [np.ascontiguousarray(numbers, dtype=shape.dtype) for numbers in columns]
        for tile, _, start, end in shape.spans(first, first + len(made[0])):
            parts = [numbers[start - first : end - first] for numbers in made]
            if end - start == shape.height:
                _write(self._rows, [*parts, self._ones], tile * shape.stride)
                continue
            for place, numbers in enumerate(parts):
                self.column(place, start, numbers)
            self.ones(start, end - start)

    def labels(self, first: int, numbers: npt.NDArray[np.floating]) -> None:
        """Some labels."""
        _write(self._labels, [np.ascontiguousarray(numbers, self._shape.dtype)], first * self._shape.item)

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
            _write(self._rows, [np.ascontiguousarray(found[:, :short])], last * shape.stride)
        os.truncate(self._rows, shape.bytes(rows))
        os.truncate(self._labels, rows * shape.item)

    def close(self) -> None:
        """Let go of the files."""
        for file in (self._rows, self._labels):
            os.close(file)


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
