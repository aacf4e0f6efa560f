"""What was stopped or damaged on the way into tiles ends right, or is one sentence."""

import json
import os
import shutil
import warnings

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from soloneuron.data.tiles import conversion, entry, staging
from soloneuron.data.tiles.cache import cache_folder, delete
from soloneuron.data.tiles.entry import checksums
from soloneuron.data.tiles.stream import stream
from soloneuron.data.tiles.writer import TileShape, TileWriter
from soloneuron.errors import InputWarning

ROWS = 150


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch, tmp_path):
    monkeypatch.setattr("soloneuron.formulas.pairwise.TILE_BYTES", 1)
    monkeypatch.setenv("SOLONEURON_CACHE", str(tmp_path / "cache"))


def table(rows=ROWS, seed=0):
    dice = np.random.default_rng(seed)
    a, b = dice.standard_normal((2, rows))
    return pa.table({"a": a, "b": b, "n": dice.integers(-9, 9, rows), "y": np.where(a > b, "yes", "no")})


def numbers(data):
    return torch.cat([tile[:-1].T for tile in data.features.tiles])


DAMAGES = {
    "a tile": lambda part: flipped(part / "tiles", 20),
    "a label": lambda part: flipped(part / "labels", 6),
    "half the tiles": lambda part: os.truncate(part / "tiles", (part / "tiles").stat().st_size // 2),
    "no labels": lambda part: (part / "labels").unlink(),
    "an empty journal": lambda part: (part / "journal").write_bytes(b""),
    "a journal of bytes": lambda part: (part / "journal").write_bytes(b"\xff\x00\n\xfe\n"),
    "a journal of words": lambda part: (part / "journal").write_text('"a"\n{}\n[1, 2]\n'),
    "a journal of more": lambda part: noted(part, lambda note: [note[0], note[1], 10**6, *note[3:]]),
    "a journal of words for counts": lambda part: noted(part, lambda note: ["1", *note[1:]]),
    "a journal of fewer": lambda part: noted(part, lambda note: note[:3]),
    "a byte of the journal": lambda part: flipped(part / "journal", -20),
    "nothing": lambda part: None,  # noqa: ARG005
}


def flipped(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def noted(part, change):
    """The journal with its last note changed."""
    first, *_, last = (part / "journal").read_text().splitlines()
    note, seal = json.loads(last)
    (part / "journal").write_text(f"{first}\n{json.dumps([change(note), seal])}\n")


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_stopped_conversion_that_was_damaged_ends_right(damage, dtype, tmp_path, monkeypatch):
    path = tmp_path / "rows.parquet"
    parquet.write_table(table(), path, row_group_size=33)
    whole = stream(path, label="y", dtype=dtype, cache=tmp_path / "whole")
    monkeypatch.setattr(staging, "STAGED_TILES", 1)
    write, done = conversion.TileWriter.rows, []

    def interrupted(self, first, columns):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(first)
        write(self, first, columns)

    with monkeypatch.context() as patch:
        patch.setattr(conversion.TileWriter, "rows", interrupted)
        with pytest.raises(KeyboardInterrupt):
            stream(path, label="y", dtype=dtype)
    (part,) = cache_folder().glob("*.part")
    damage(part)
    again = stream(path, label="y", dtype=dtype)
    assert torch.equal(numbers(again), numbers(whole))
    assert torch.equal(again.labels, whole.labels)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert torch.equal(numbers(stream(path, label="y", dtype=dtype)), numbers(whole))


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_checksums_are_those_of_the_file_however_it_was_written(rows, tmp_path):
    shape = TileShape(3, np.dtype("float32"))
    count = 2 * shape.height + 5
    values = np.random.default_rng(0).standard_normal((3, count)).astype(np.float32)
    writer = TileWriter(tmp_path, shape, count if rows == 2 else 0)
    for start in range(0, count, rows):
        part = values[:, start : start + rows]
        writer.labels(start, part[0])
        if rows == 7:
            writer.rows(start, [*part])
            continue
        for place in range(0, 3, rows):
            writer.columns(place, start, [*part[place : place + rows]])
        writer.ones(start, part.shape[1])
    writer.finish(count)
    writer.close()
    assert tuple(writer.sums) == checksums(tmp_path, shape, count)[:-1]


def emptied(path):
    path.write_bytes(b"")


def folder_instead(path):
    path.unlink()
    path.mkdir()


def loop_instead(path):
    path.unlink()
    path.symlink_to(path.name)


def file_instead(path):
    shutil.rmtree(path)
    path.write_text("something else")


def link_instead(path):
    shutil.rmtree(path)
    path.symlink_to("nowhere")


def longer(path):
    path.write_bytes(path.read_bytes() + b"\0" * 8)


INSIDE = ("tiles", "labels", "about.json")


@pytest.mark.parametrize("change", [emptied, folder_instead, loop_instead, longer, os.remove])
@pytest.mark.parametrize("name", INSIDE)
def test_whatever_stands_in_the_place_of_a_file_is_converted_again(name, change, tmp_path):
    path = tmp_path / "rows.parquet"
    parquet.write_table(table(), path)
    whole = stream(path, label="y", cache=tmp_path / "whole")
    stream(path, label="y")
    (folder,) = cache_folder().glob("rows-*")
    change(folder / name)
    with pytest.warns(InputWarning, match="damaged: they are converted again"):
        again = stream(path, label="y")
    assert torch.equal(numbers(again), numbers(whole))


@pytest.mark.parametrize("change", [file_instead, link_instead])
def test_whatever_stands_in_the_place_of_tiles_is_converted_again(change, tmp_path):
    path = tmp_path / "rows.parquet"
    parquet.write_table(table(), path)
    whole = stream(path, label="y", standardize=True, cache=tmp_path / "whole")
    stream(path, label="y", standardize=True)
    for folder in cache_folder().glob("rows-*"):
        change(folder)
        change_of_part = folder.with_name(folder.name + ".part")
        change_of_part.mkdir()
        change(change_of_part)
    with pytest.warns(InputWarning, match="damaged: they are converted again"):
        again = stream(path, label="y", standardize=True)
    assert torch.equal(numbers(again), numbers(whole))
    assert not list(cache_folder().glob("*.part"))


def test_rows_that_another_process_deletes_as_they_are_opened_are_read_to_the_end(tmp_path, monkeypatch):
    path = tmp_path / "rows.parquet"
    parquet.write_table(table(), path)
    whole = stream(path, label="y")
    monkeypatch.setattr(entry, "touch", delete)
    assert torch.equal(numbers(stream(path, label="y")), numbers(whole))
    assert not list(cache_folder().glob("rows-*"))
