"""Files become Datasets: columns by name or index, two label values as 0 and 1."""

import hashlib
import tracemalloc
from importlib import import_module

import numpy as np
import pyarrow as pa
import pytest
import torch
from openpyxl import Workbook
from pyarrow import feather, parquet

from soloneuron.data.datasets import read_dataset
from soloneuron.data.files.reading import READERS
from soloneuron.data.files.sources import fingerprint
from soloneuron.data.new_rows import read_features
from soloneuron.errors import InputError, InputWarning, UnknownNameError

ROWS = "a,b,y\n1,2,0\n3,4,1\n5,6,1\n"


def test_a_file_becomes_features_labels_and_their_names(csv):
    data = read_dataset(csv(ROWS), label="y")
    assert data.features.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert data.labels.tolist() == [0, 1, 1]
    assert (data.features.dtype, data.labels.dtype) == (torch.float64, torch.float64)
    assert (data.feature_names, data.label_name, data.classes, data.name) == (
        ("a", "b"),
        "y",
        ("0", "1"),
        "file.csv",
    )


def test_the_label_may_be_any_column(csv):
    data = read_dataset(csv("y,a,b\n0,1,2\n1,3,4\n"), label="y")
    assert (data.feature_names, data.features.tolist()) == (("a", "b"), [[1, 2], [3, 4]])


def test_the_tensor_is_writable_and_its_own(csv):
    data = read_dataset(csv(ROWS), label="y")
    data.features[0, 0] = 9.0
    assert read_dataset(csv(ROWS), label="y").features[0, 0] == 1.0


@pytest.mark.parametrize("suffix", READERS)
def test_every_suffix_is_read_in_small_and_capital_letters(suffix, tmp_path):
    for name in (f"small{suffix}", f"CAPITAL{suffix.upper()}"):
        path, rows = tmp_path / name, np.array([[1.0, 2, 0], [3, 4, 1]])
        with path.open("wb") as file:
            if suffix == ".npy":
                np.save(file, rows)
            elif suffix == ".npz":
                np.savez(file, rows)
            elif suffix in {".parquet", ".pq"}:
                parquet.write_table(pa.table(dict(zip("012", rows.T, strict=True))), file)
            elif suffix == ".feather":
                feather.write_feather(pa.table(dict(zip("012", rows.T, strict=True))), file)
            elif suffix in {".xlsx", ".xlsm"}:
                book = Workbook()
                for cells in (["0", "1", "2"], *rows.tolist()):
                    book.active.append(cells)
                book.save(file)
            else:
                file.write(b"0x,1x,2\n1,2,0\n3,4,1\n")
        data = read_dataset(path, label="2")
        assert (data.features.tolist(), data.labels.tolist()) == ([[1, 2], [3, 4]], [0, 1])


# Columns


def test_features_are_taken_in_the_order_named_and_drop_takes_away(csv):
    assert read_dataset(csv(ROWS), label="y", features=["b", "a"]).feature_names == ("b", "a")
    assert read_dataset(csv(ROWS), label="y", drop=["a"]).feature_names == ("b",)
    assert read_dataset(csv(ROWS), label="y", features=["b", "a"], drop=["b"]).feature_names == ("a",)
    assert read_dataset(csv(ROWS), label="y", drop=["a", "b"]).features.shape == (3, 0)


@pytest.mark.parametrize("which", ["label", "features", "drop"])
def test_an_unknown_column_suggests_the_nearest_wherever_it_is_named(which, csv):
    named = {"label": "sick", "features": [], "drop": []}
    named[which] = "heigth" if which == "label" else ["heigth"]
    with pytest.raises(UnknownNameError, match="did you mean 'height'") as caught:
        read_dataset(csv("height,sick\n1,0\n"), **named)
    assert caught.value.code == "column.unknown"


@pytest.mark.parametrize(
    "named",
    [
        {"features": ["a", "a"]},
        {"features": ["a", "y"]},
        {"drop": ["y"]},
        {"drop": ["a", "y"]},
    ],
)
def test_a_column_cannot_play_two_parts(named, csv):
    with pytest.raises(InputError):
        read_dataset(csv(ROWS), label="y", **named)


@pytest.mark.parametrize("label", ["-1", "2"])
def test_a_numpy_column_counts_from_either_end_but_keeps_one_name(label, tmp_path):
    np.save(tmp_path / "t.npy", np.array([[1.0, 2, 0], [3, 4, 1]]))
    data = read_dataset(tmp_path / "t.npy", label=label, features=["-2"])
    assert (data.feature_names, data.label_name) == (("1",), "2")


@pytest.mark.parametrize("label", ["-1", "²", "-", "--1", "1.0", ""])
def test_a_csv_column_has_no_index(label, csv):
    with pytest.raises(UnknownNameError):
        read_dataset(csv(ROWS), label=label)


@pytest.mark.parametrize("first", ["0", "a"])
def test_a_csv_column_called_0_makes_no_indices(first, csv):
    with pytest.raises(UnknownNameError):
        read_dataset(csv(f"{first},b\n1,0\n2,1\n"), label="-1")


def test_a_column_that_is_filled_only_in_rows_without_a_label_is_empty(csv):
    rows = "".join(f"{i},{'' if i else 5},{i % 2 if i else ''}\n" for i in range(6))
    with pytest.raises(InputError, match="column 'b' has no filled cell") as caught:
        read_dataset(csv("a,b,y\n" + rows), label="y", missing="mean")
    assert caught.value.fields["settings"] == {"drop": ["b"]}


@pytest.mark.parametrize(
    ("missing", "filled"), [("mean", [1.0, 4.0, 2.5]), ("median", [1.0, 4.0, 2.5]), ("drop", [1.0, 4.0])]
)
def test_gaps_are_filled_or_left_out_as_is_said(missing, filled, csv):
    with pytest.warns(InputWarning):
        data = read_dataset(csv("a,y\n1,0\n4,1\n,1\n"), label="y", missing=missing)
    assert data.features[:, 0].tolist() == filled


def test_another_treatment_of_gaps_is_refused(csv):
    with pytest.raises(UnknownNameError, match="did you mean 'median'"):
        read_dataset(csv(ROWS), label="y", missing="meadian")


# Rows to predict


def test_features_are_read_by_name_whatever_else_there_is(csv):
    X = read_features(csv("name,b,a\nAnn,2,1\nBob,4,3\n"), ("a", "b"))
    assert X.tolist() == [[1, 2], [3, 4]]
    assert X.dtype == torch.float64


def test_no_features_are_as_many_empty_rows_as_the_file_has(csv):
    assert read_features(csv(ROWS), ()).shape == (3, 0)


def test_a_missing_feature_is_refused(csv):
    with pytest.raises(UnknownNameError, match="unknown column 'c'"):
        read_features(csv(ROWS), ("a", "c"))


# Files


def test_the_fingerprint_is_the_hash_of_the_bytes(csv):
    assert fingerprint(csv(ROWS)) == hashlib.sha256(ROWS.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.csv", b"", "file.empty"), ("a.csv", b"x,y\n", "file.rows"), ("a.doc", b"x,y\n1,0\n", "file.format")],
)
def test_a_file_of_no_use_is_refused(name, content, code, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_dataset(tmp_path / name, label="y")
    assert caught.value.code == code


@pytest.mark.parametrize("suffix", READERS)
def test_a_file_that_is_not_there_and_a_folder_are_refused(suffix, tmp_path):
    (tmp_path / f"folder{suffix}").mkdir()
    for name in (f"nothing{suffix}", f"folder{suffix}"):
        with pytest.raises(InputError, match="cannot read"):
            read_dataset(tmp_path / name, label="y")


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        ("# a comment\nx,y\n1,0\n", "file.comment", "got a comment, '# a comment'"),
        ("#x,z\n1,0\n", "file.comment", "the # before the names"),
    ],
)
def test_a_first_line_that_names_no_columns_is_told_apart(content, code, sentence, csv):
    for read in (lambda path: read_dataset(path, label="y"), lambda path: read_features(path, ["y"])):
        with pytest.raises(InputError) as caught:
            read(csv(content))
        assert caught.value.code == code
        assert sentence in str(caught.value)


def test_a_single_name_with_a_space_is_a_name(csv):
    assert read_features(csv("body height\n1\n2\n"), ["body height"]).tolist() == [[1], [2]]
    with pytest.raises(UnknownNameError):
        read_features(csv("height\n1\n2\n"), ["hight"])


def test_a_file_that_has_gone_has_no_fingerprint(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        fingerprint(tmp_path / "gone.csv")


@pytest.mark.filterwarnings("ignore:.*missing cell")
@pytest.mark.parametrize("missing", ["drop", "mean", "median", "indicator"])
def test_filling_gaps_takes_no_more_than_three_times_the_numbers(missing, tmp_path):
    numbers = np.random.default_rng(0).random((60_000, 16))
    numbers[::50, 3] = np.nan
    np.save(tmp_path / "gaps.npy", np.column_stack([numbers, np.arange(60_000) % 2]))
    read_dataset(tmp_path / "gaps.npy", label="-1", missing=missing, features=["3"])  # imports what it takes
    import_module("soloneuron.data.columns.transformers")  # else that is counted, too
    tracemalloc.start()
    try:
        data = read_dataset(tmp_path / "gaps.npy", label="-1", missing=missing)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(data.labels) == 60_000 - 1_200 * (missing == "drop")
    assert peak < 3 * numbers.nbytes


MARKED = {
    "comma, point": ("a;b;y\n1,5;x;0\n2.5;z;1\n3,5;x;1\n", "'2.5' in line 3 and '1,5' in line 2"),
    "thousands or decimals": ('a,b,c,y\n"1,234",x,"0,5",0\n"2,345",z,1.5,1\n', "one decimal mark"),
}


@pytest.mark.parametrize("case", MARKED)
def test_a_number_that_reads_in_two_ways_is_told_as_that_among_other_faults(case, csv):
    content, said = MARKED[case]
    with pytest.raises(InputError) as caught:
        read_dataset(csv(content), label="y")
    assert said in str(caught.value)
    assert "finite" not in str(caught.value)
    assert str(caught.value).count("column 'a'") <= 1
    assert "column 'b' must be numbers, got 'x' in line 2" in str(caught.value)
