"""Columns that come one after another, written into the tiles some at a time."""

from __future__ import annotations

from soloneuron.data.tiles.blocks import ColumnValues
from soloneuron.data.tiles.writer import TileWriter

COLLECTED_BYTES = 2**23
"""With more than these the first column is out of the cache when the last one has come."""


class AdjacentColumns:
    """Columns of the same rows that lie side by side in every tile, collected until they are worth a write.

    A write of a single column is short: the system takes more time for its pages, and Python for its call.

    Args:
        writer: of the tiles.
        memory: bytes that may be taken for it.
    """

    def __init__(self, writer: TileWriter, memory: int) -> None:
        self._writer, self._most = writer, min(memory, COLLECTED_BYTES)
        self._place = self._row = 0
        self._columns: list[ColumnValues] = []

    def add(self, place: int, row: int, numbers: ColumnValues) -> None:
        """Numbers of a column from a row on; what does not lie beside those collected is begun anew."""
        held = self._columns
        beside = place == self._place + len(held) and row == self._row
        if held and not (beside and len(numbers) == len(held[0])):
            self.write()
        if not self._columns:
            self._place, self._row = place, row
        self._columns.append(numbers)
        if (len(self._columns) + 1) * numbers.nbytes > self._most:
            self.write()

    def write(self) -> None:
        """Write what is collected."""
        if self._columns:
            self._writer.columns(self._place, self._row, self._columns)
        self._columns = []
