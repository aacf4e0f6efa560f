"""Words, dates and gaps under ``--stream`` become what they become in memory."""

import csv
import re
import warnings

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import feather, parquet

from soloneuron.data.datasets import read_dataset
from soloneuron.data.tiles import survey as survey_module
from soloneuron.data.tiles.stream import rows_of_files, stream
from soloneuron.errors import InputError, UnknownNameError

ROWS = 150


def columns(seed):
    """Columns of every kind, some with gaps, as lists."""
    dice = np.random.default_rng(seed)

    def with_gaps(values, share=0.1):
        gaps = dice.random(ROWS) < share
        return [None if gap else value for gap, value in zip(gaps, values, strict=True)]

    days, months = dice.integers(1, 28, ROWS), dice.integers(1, 13, ROWS)
    return {
        "number": with_gaps(dice.normal(size=ROWS).round(3).tolist()),
        "whole": dice.integers(0, 5, ROWS).tolist(),
        "color": with_gaps(dice.choice(["red", "green", "blue"], ROWS).tolist()),
        "member": with_gaps(dice.choice(["yes", "no"], ROWS).tolist()),
        "when": with_gaps([f"2024-{m:02d}-{d:02d}" for m, d in zip(months, days, strict=True)]),
        "slashes": [f"{d:02d}/{m:02d}/2024" for m, d in zip(months, days, strict=True)],
        "flag": (dice.random(ROWS) > 0.5).tolist(),
        "mixed": dice.choice(["1", "2.0", "x"], ROWS).tolist(),
        "y": with_gaps(dice.choice(["a", "b"], ROWS).tolist(), 0.03),
    }


def written(folder, kind, made):
    path = folder / f"rows.{kind}"
    if kind == "parquet":
        parquet.write_table(pa.table(made), path, row_group_size=70)
    elif kind == "feather":
        feather.write_feather(pa.table(made), path, chunksize=64)
    else:
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(made)
            writer.writerows(zip(*made.values(), strict=True))
    return path


def read(reader, path, **asked):
    """The rows, and what was said of them; or the sentence with which they were refused."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = reader(path, label="y", **asked)
        except InputError as fault:
            return str(fault), []
    return found, sorted(str(one.message) for one in said)


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("SOLONEURON_CACHE", str(tmp_path / "cache"))


BRIEFLY = ("mean parquet", "median csv", "drop csv", "indicator feather")


@pytest.mark.parametrize(
    ("missing", "kind"),
    [
        pytest.param(missing, kind, marks=() if f"{missing} {kind}" in BRIEFLY else pytest.mark.slow)
        for missing in ("mean", "median", "drop", "indicator")
        for kind in ("parquet", "csv", "feather")
    ],
)
def test_rows_on_disk_become_what_rows_in_memory_do(missing, kind, tmp_path):
    path = written(tmp_path, kind, columns(len(missing)))
    (memory, said), (tiles, told) = (
        read(reader, path, encode=True, missing=missing) for reader in (read_dataset, rows_of_files)
    )
    assert tiles.feature_names == memory.feature_names
    assert tiles.classes == memory.classes
    assert torch.equal(tiles.labels, memory.labels)
    torch.testing.assert_close(tiles.features[:], memory.features, rtol=1e-12, atol=0)
    assert told == said
    for one, other in zip(tiles.columns, memory.columns, strict=True):
        assert (one.name, one.kind, one.categories, one.first, one.gaps) == (
            other.name, other.kind, other.categories, other.first, other.gaps,
        )  # fmt: skip
        assert one.fill == pytest.approx(other.fill, rel=1e-12) if isinstance(one.fill, float) else True


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({}, {"encode": True}),
        ({}, {"missing": "mean"}),
        ({"color": [f"word {row}" for row in range(ROWS)]}, {"encode": True, "missing": "mean"}),
        ({"color": [str(row) for row in range(ROWS - 1)] + ["x"]}, {"encode": True, "missing": "mean"}),
        ({"when": ["01/02/2024"] * ROWS}, {"encode": True, "missing": "mean"}),
        ({"when": ["31/02/2024"] * ROWS}, {"encode": True, "missing": "mean"}),
        ({"whole": [None] * ROWS}, {"encode": True, "missing": "mean"}),
        ({"number": [None, *range(ROWS - 1)]}, {"encode": True, "missing": "drop", "drop": ["color"]}),
        ({"y": ["a", "b", "c"] * (ROWS // 3)}, {"encode": True, "missing": "mean"}),
    ],
    ids=range(9),
)
def test_what_is_refused_in_memory_is_refused_on_disk_in_the_same_words(change, asked, kind, tmp_path):
    path = written(tmp_path, kind, {**columns(1), **change})
    (memory, _), (tiles, _) = (read(reader, path, **asked) for reader in (read_dataset, rows_of_files))
    if isinstance(memory, str):
        # A stream counts rows, from 0; a text in memory counts lines, from 1.
        assert tiles == re.sub(r"in line (\d+)", lambda found: f"in row {int(found[1]) - 2}", memory)
        assert not list((tmp_path / "cache").glob("rows-*"))
    else:
        torch.testing.assert_close(tiles.features[:], memory.features, rtol=1e-12, atol=0)


def test_words_are_looked_at_once_and_not_again_where_they_are_kept(tmp_path, monkeypatch):
    path, looks, blocks = written(tmp_path, "parquet", columns(2)), [], survey_module._blocks
    monkeypatch.setattr(survey_module, "_blocks", lambda *given: looks.append(given[1]) or blocks(*given))
    first, told = read(stream, path, encode=True, missing="mean")
    assert [len(names) for names in looks] == [8, 1, 1]  # all, then the dates, whose days have a mean
    again, retold = read(stream, path, encode=True, missing="mean")
    assert len(looks) == 3
    assert again.columns == first.columns
    assert torch.equal(again.features[:], first.features[:])
    assert [line for line in told if line.startswith("words become")] == retold


def test_an_unknown_treatment_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(UnknownNameError, match="median"):
        rows_of_files(written(tmp_path, "parquet", columns(0)), label="y", missing="medium")


def test_more_columns_than_the_memory_holds_together_are_told(tmp_path):
    path = written(tmp_path, "parquet", columns(0))
    with pytest.raises(InputError, match=r"8 columns need 68\.7 MB of memory or more"):
        rows_of_files(path, label="y", encode=True, missing="mean", memory="64M")


def test_a_text_without_names_is_told(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("39,State-gov,a\n50,Private,b\n38,State-gov,a\n")
    with pytest.raises(InputError, match="must begin with a line of column names, got data"):
        rows_of_files(path, label="a")
