"""Numbers of a text on disk are those of rows in memory, whatever marks they have; so are notes on ids."""

import random
import warnings

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from soloneuron.data.datasets import read_dataset
from soloneuron.data.files.cells import MISSING_NUMBERS, MISSING_WORDS
from soloneuron.data.files.table import Note
from soloneuron.data.tiles import staging, text_files
from soloneuron.data.tiles.ids import index_note
from soloneuron.data.tiles.stream import rows_of_files
from soloneuron.errors import InputError

FAR = 3_000
"""Rows that no sample reaches."""


def cells(*far, plain="1.5", before=FAR):
    return [plain] * before + [*far]


TEXTS = {
    "english thousands": (",", {"x": ["1,234.5", "12,345,678", "2"]}),
    "german thousands": (";", {"x": ["1.234,5", "12.345.678", "2"]}),
    "swiss thousands": (",", {"x": ["1'234.5", "2", "3"]}),
    "thousands with blanks": (";", {"x": ["1 234,5", "2\u00a0000", "3"]}),
    "percent": (",", {"x": ["45%", "1.5 %", "2 %"]}),
    "percent with commas": (";", {"x": ["45%", "1,5 %", ""]}),
    "a long minus": (",", {"x": ["\u22121.5", "2", "3"]}),
    "a plus": (",", {"x": ["+1.5", "2", "3"]}),
    "a comma that a point explains": (";", {"x": ["1,234", "2,345", "3,456"], "z": ["1.5", "2.5", "3"]}),
    "a comma that nothing explains": (";", {"x": ["1,234", "2,345", "3,456"]}),
    "thousands far down": (",", {"x": cells("1,234.5", "-")}),
    "percent in one column alone": (",", {"x": ["1%", "2%", "3%"], "z": ["1", "2", "3.5"]}),
    "half a percent": (",", {"x": ["1%", "2", "3%"]}),
    "two marks": (";", {"x": ["1,5", "2.5", "3"]}),
    "two marks far down": (";", {"x": cells("1,5")}),
    "a mark that could be either": (";", {"x": ["1.234", "2.345", "3"], "z": ["1,5", "2,5", "3"]}),
    "a word among thousands": (",", {"x": ["1,234", "many", "3"]}),
    "a missing one among thousands": (",", {"x": ["1,234", "NA", "3"]}),
    "decimal commas": (";", {"x": ["1,5", "2,5", "3"], "z": ["1", "2", "3"]}),
    "decimal commas and a point far down": (
        ";",
        {"x": cells("2,5", plain="1,5"), "z": cells("2.5", plain="1")},
    ),
}

ASKED = {"plain": {}, "encoded": {"encode": True, "missing": "mean"}}


def written(folder, separator, columns, name="rows.csv"):
    rows = len(next(iter(columns.values())))
    columns = {**columns, "y": ["a", "b", "b"][:rows] + ["a"] * (rows - 3)}
    lines = [columns, *zip(*columns.values(), strict=True)]
    path = folder / name
    text = "\n".join(
        separator.join(f'"{cell}"' if separator in cell else cell for cell in line) for line in lines
    )
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read(reader, path, **asked):
    """The rows and what was said of them, or the sentence with which they were refused."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = reader(path, label="y", **asked)
        except InputError as fault:
            return fault, []
    return found, sorted(str(one.message) for one in said)


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("SOLONEURON_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(text_files, "_text_block", lambda _: 2**12)


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize(("separator", "columns"), TEXTS.values(), ids=TEXTS)
def test_a_stream_reads_numbers_as_rows_in_memory_are_read(separator, columns, asked, tmp_path):
    path = written(tmp_path, separator, columns)
    (memory, said), (tiles, told) = (read(reader, path, **asked) for reader in (read_dataset, rows_of_files))
    if isinstance(memory, InputError):
        assert isinstance(tiles, InputError)
        assert memory.code == tiles.code or (memory.code, tiles.code) in {
            ("columns.unready", "file.text"),
            ("columns.unready", "file.missing"),
        }
        if memory.code in ("file.marks", "file.ambiguous"):
            assert str(tiles) == str(memory)
        assert not list((tmp_path / "cache").glob("rows-*"))
        return
    torch.testing.assert_close(tiles.features[:], memory.features, rtol=0, atol=0)
    assert tiles.feature_names == memory.feature_names
    assert told == said
    again, told = read(rows_of_files, path, **asked)
    assert torch.equal(again.features[:], memory.features)
    assert [note for note in said if "filled" not in note] == told


@pytest.mark.parametrize("word", sorted((MISSING_WORDS | MISSING_NUMBERS) - {""}))
def test_what_is_missing_in_memory_is_missing_in_a_stream_that_is_not_asked_to_fill_it(word, tmp_path):
    for cell in {word, word.upper(), word.capitalize(), word[:1] + word[1:].upper()}:
        path = written(tmp_path, ",", {"x": ["1.5", cell, "2"]})
        (memory, _), (tiles, _) = (read(reader, path) for reader in (read_dataset, rows_of_files))
        assert "missing cell in line 3, column 'x'" in str(memory)
        assert (tiles.code, tiles.fields["column"]) == ("file.missing", "x")


def test_each_file_has_marks_of_its_own(tmp_path):
    paths = [
        written(tmp_path, ",", {"x": ["1,234.5", "2", "3"]}, "1.csv"),
        written(tmp_path, ";", {"x": ["1.234,5", "2", "3"]}, "2.csv"),
        written(tmp_path, ",", {"x": ["1.5", "2", "3"]}, "3.csv"),
    ]
    (memory, said), (tiles, told) = (read(reader, paths) for reader in (read_dataset, rows_of_files))
    assert torch.equal(tiles.features[:], memory.features)
    assert told == [note for note in said if "rows of" not in note and "files" not in note]


# Ids.


def shuffled(count):
    return random.Random(0).sample(range(10 * count), count)


IDS = {
    "rising": (list(range(40)), True),
    "falling": (list(range(40, 0, -1)), True),
    "in any order": (shuffled(40), True),
    "one twice": ([*shuffled(39), 7, 7], False),
    "one twice, far apart": ([7, *range(100, 138), 7], False),
    "in every file anew": ([*range(20)] * 2, False),
    "not whole": ([k + 0.5 for k in range(40)], False),
    "one not whole": ([*range(39), 39.5], False),
    "few": (list(range(5)), False),
    "with a gap": ([None, *range(39)], False),
}


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize(("values", "is_id"), IDS.values(), ids=IDS)
def test_ids_are_told_as_in_memory(values, is_id, kind, tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "STAGED_TILES", 1)
    dice = np.random.default_rng(0)
    columns = {
        "number": pa.array(values),
        "x": dice.standard_normal(len(values)).round(1),
        "y": np.where(dice.random(len(values)) > 0.5, "a", "b"),
    }
    path = tmp_path / f"rows.{kind}"
    if kind == "parquet":
        parquet.write_table(pa.table(columns), path, row_group_size=7)
    else:
        arrow_csv.write_csv(pa.table(columns), path)
    asked = {"missing": "drop"} if None in values else {}
    (_, said), (_, told), (_, again) = (
        read(reader, path, **asked) for reader in (read_dataset, rows_of_files, rows_of_files)
    )
    assert told == said
    assert any("different in every row" in note for note in told) is is_id
    assert [note for note in told if "different" in note] == again


def test_words_that_differ_in_every_row_are_told_as_in_memory(tmp_path):
    path = written(
        tmp_path, ",", {"name": [f"person {k}" for k in range(20)], "x": [str(k % 3) for k in range(20)]}
    )
    asked = {"encode": True}
    assert read(rows_of_files, path, **asked)[1] == read(read_dataset, path, **asked)[1]


def test_a_model_is_told_nothing_of_ids(tmp_path):
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"number": list(range(40)), "y": ["a", "b"] * 20}), path)
    assert read(rows_of_files, path, classes=("a", "b"))[1] == []


def test_an_index_is_read_twice_to_be_counted_and_to_be_compared():
    reads = []

    def numbers_of(name):
        reads.append(name)
        return iter(np.split(np.arange(40.0), 4))

    note = index_note("number", numbers_of, lambda count, dtype: torch.empty(count, dtype=dtype))
    assert note == Note("index", {"column": "number"})
    assert len(reads) == 2


INDEXES = {
    "unnamed in csv": ("csv", {"": list(range(30))}),
    "pandas in csv": ("csv", {"Unnamed: 0": list(range(30))}),
    "pandas in parquet": ("parquet", {"__index_level_0__": shuffled(30)}),
    "no cells": ("csv", {"": [None] * 30}),
    "a feature without a name": ("csv", {"": [k % 7 for k in range(30)]}),
    "words without a name": ("csv", {"": [f"w{k % 3}" for k in range(30)]}),
    "a name of its own": ("csv", {"number": list(range(30))}),
}


@pytest.mark.parametrize(("kind", "column"), INDEXES.values(), ids=INDEXES)
def test_an_index_without_a_name_is_left_out_as_in_memory(kind, column, tmp_path):
    columns = {**column, "x": [k / 8 for k in range(30)], "y": ["a", "b"] * 15}
    path = tmp_path / f"rows.{kind}"
    {"parquet": parquet.write_table, "csv": arrow_csv.write_csv}[kind](pa.table(columns), path)
    asked = {"encode": True} if "words" in str(column) or "w0" in str(column) else {}
    found = [read(reader, path, **asked) for reader in (read_dataset, rows_of_files, rows_of_files)]
    memory = found[0][0]
    for tiles, told in found[1:]:
        assert told == found[0][1]
        assert tiles.feature_names == memory.feature_names
        assert torch.equal(tiles.features[:], memory.features)
