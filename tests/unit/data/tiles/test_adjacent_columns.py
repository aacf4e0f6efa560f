"""Columns that are collected before they are written stand where they would have been written one by one."""

import numpy as np
import pytest

from soloneuron.data.tiles.adjacent import AdjacentColumns
from soloneuron.data.tiles.writer import ROWS_FILE, TileShape, TileWriter

COLUMNS, SHAPE = 5, TileShape(5, np.dtype("float64"))
ROWS = SHAPE.height + 1_000
VALUES = np.random.default_rng(0).standard_normal((COLUMNS, ROWS))


def written(folder, fill):
    """The bytes of a tile file and its checksums."""
    folder.mkdir()
    writer = TileWriter(folder, SHAPE, ROWS)
    fill(writer)
    writer.ones(0, ROWS)
    writer.finish(ROWS)
    writer.close()
    return (folder / ROWS_FILE).read_bytes(), writer.sums


@pytest.mark.parametrize("memory", [0, 2 * ROWS * 8, 2**40])
@pytest.mark.parametrize("cut", [ROWS, 700])
@pytest.mark.parametrize("order", [range(COLUMNS), (0, 1, 3, 2, 4)])
def test_columns_stand_in_their_tiles_whoever_collects_them(memory, cut, order, tmp_path):
    def one_by_one(writer):
        for place in range(COLUMNS):
            writer.columns(place, 0, [VALUES[place]])

    def collected(writer):
        beside = AdjacentColumns(writer, memory)
        for place in order:
            for first in range(0, ROWS, cut):
                beside.add(place, first, VALUES[place, first : first + cut])
        beside.write()

    assert written(tmp_path / "collected", collected) == written(tmp_path / "alone", one_by_one)


def test_no_more_columns_are_collected_than_the_memory_allows(tmp_path):
    class Noted(TileWriter):
        counts = ()

        def columns(self, place, first, columns):
            self.counts += (len(columns),)
            super().columns(place, first, columns)

    writer = Noted(tmp_path, SHAPE, ROWS)
    beside = AdjacentColumns(writer, 2 * ROWS * 8)
    for place in range(COLUMNS):
        beside.add(place, 0, VALUES[place])
    beside.write()
    writer.close()
    assert writer.counts == (2, 2, 1)
