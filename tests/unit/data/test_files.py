"""Files become Datasets: columns by name or index, two label values as 0 and 1."""

import hashlib

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from soloneuron.data.files import READERS, fingerprint, read_dataset, read_features
from soloneuron.errors import InputError, UnknownNameError


@pytest.fixture
def csv(tmp_path):
    def write(content):
        path = tmp_path / "file.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return write


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


# Classes


@pytest.mark.parametrize(
    ("values", "classes", "labels"),
    [
        ("0 1 1", ("0", "1"), [0, 1, 1]),
        ("1 0 1", ("0", "1"), [1, 0, 1]),
        ("1.0 0.0 1", ("0", "1"), [1, 0, 1]),
        ("10 9 10", ("9", "10"), [1, 0, 1]),
        ("-1 1 -1", ("-1", "1"), [0, 1, 0]),
        ("True False True", ("False", "True"), [1, 0, 1]),
        ("TRUE false true", ("False", "True"), [1, 0, 1]),
        ("none some none", ("none", "some"), [0, 1, 0]),
        ("no yes no", ("no", "yes"), [0, 1, 0]),
        ("1e3 1000 2", ("2", "1000"), [1, 1, 0]),
        ("1234567 1234568 1234567", ("1234567", "1234568"), [0, 1, 0]),
        ("0.12345678 0.12345679 0.12345678", ("0.12345678", "0.12345679"), [0, 1, 0]),
    ],
)
def test_two_values_are_sorted_as_numbers_if_they_are_and_as_words_if_not(values, classes, labels, csv):
    data = read_dataset(csv("x,y\n" + "".join(f"1,{value}\n" for value in values.split())), label="y")
    assert (data.classes, data.labels.tolist()) == (classes, labels)


@pytest.mark.parametrize(("positive", "classes"), [("no", ("yes", "no")), ("yes", ("no", "yes"))])
def test_positive_says_which_value_is_one(positive, classes, csv):
    data = read_dataset(csv("x,y\n1,no\n2,yes\n"), label="y", positive=positive)
    assert data.classes == classes
    assert data.labels.tolist() == [float(word == positive) for word in ("no", "yes")]


@pytest.mark.parametrize("positive", ["0", "0.0", "0.00"])
def test_positive_is_compared_as_the_number_it_is(positive, csv):
    assert read_dataset(csv("x,y\n1,0.0\n2,1.0\n"), label="y", positive=positive).classes == ("1", "0")


@pytest.mark.parametrize("positive", ["false", "False", "FALSE"])
def test_positive_is_compared_as_the_truth_it_is(positive, csv):
    classes = read_dataset(csv("x,y\n1,TRUE\n2,FALSE\n"), label="y", positive=positive).classes
    assert classes == ("True", "False")


def test_truths_are_the_same_classes_in_csv_and_parquet(csv, tmp_path):
    columns = {"x": [1.0, 2.0], "y": [True, False]}
    parquet.write_table(pa.table(columns), tmp_path / "file.parquet")
    typed = read_dataset(tmp_path / "file.parquet", label="y")
    plain = read_dataset(csv("x,y\n1,true\n2,false\n"), label="y")
    assert (typed.classes, typed.labels.tolist()) == (plain.classes, plain.labels.tolist())
    assert typed.classes == ("False", "True")


def test_an_unknown_positive_value_is_refused(csv):
    with pytest.raises(UnknownNameError, match="unknown label value 'ye': did you mean 'yes'"):
        read_dataset(csv("x,y\n1,no\n2,yes\n"), label="y", positive="ye")


def test_known_classes_are_kept_also_if_only_one_of_them_occurs(csv):
    data = read_dataset(csv("x,y\n1,no\n2,no\n"), label="y", classes=("yes", "no"))
    assert (data.classes, data.labels.tolist()) == (("yes", "no"), [1, 1])


def test_a_value_outside_the_known_classes_is_named_by_its_row(csv):
    with pytest.raises(InputError, match="'y' must be 'yes' or 'no', got 'perhaps' in row 1") as caught:
        read_dataset(csv("x,y\n1,no\n2,perhaps\n"), label="y", classes=("yes", "no"))
    assert (caught.value.code, caught.value.fields["row"]) == ("label.value", 1)


@pytest.mark.parametrize(
    ("value", "classes", "label"), [("1", ("", "1"), 1), ("0", ("0", ""), 0), ("cat", ("cat", ""), 0)]
)
def test_of_one_class_the_other_has_no_name(value, classes, label, csv):
    data = read_dataset(csv(f"x,y\n1,{value}\n2,{value}\n"), label="y")
    assert (data.classes, data.labels.tolist()) == (classes, [label, label])


@pytest.mark.parametrize("classes", [("", "1"), ("1", "")])
def test_of_a_known_class_without_a_name_nothing_is_said(classes, csv):
    with pytest.raises(InputError, match="'y' must be '1', the only value known, got '0' in row 1"):
        read_dataset(csv("x,y\n1,1\n2,0\n"), label="y", classes=classes)


def test_probabilities_as_labels_are_sent_to_where_they_are_taken(csv):
    with pytest.raises(InputError, match=r"got 3: 0, 0.5, 1 \(.*soloneuron.fit does"):
        read_dataset(csv("x,y\n1,0\n2,0.5\n3,1\n"), label="y")


def test_three_values_are_refused_and_the_first_five_named(csv):
    with pytest.raises(InputError, match=r"must have two values, got 7: 0, 1, 2, 3, 4 \.\.\.") as caught:
        read_dataset(csv("x,y\n" + "".join(f"1,{i}\n" for i in range(7))), label="y")
    assert caught.value.code == "label.classes"


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
        ("x|y\n1|0\n2|1\n", "file.delimiter", "replace the | between them"),
        ("x y\n1 0\n2 1\n", "file.delimiter", "replace the space between them"),
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
