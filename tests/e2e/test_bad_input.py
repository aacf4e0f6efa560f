"""Bad input: one clear line on stderr, exit code 2, and nothing half-written."""

import io
import json
import os
import zipfile

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

HEAD = "x,z,y\n"

TEXTS = {
    "empty": ("", "is empty"),
    "blank": ("\n\n\n", "is empty"),
    "without rows": (HEAD, "no rows"),
    "without names": ("1,2,0\n3,4,1\n", "column names"),
    "ragged": (HEAD + "1,2,0\n3,1\n", "got 2 in line 3"),
    "cut short": (HEAD + "1,2,0\n3", "cut short"),
    "too long a line": (HEAD + "1,2,0\n3,4,5,1\n", "got 4 in line 3"),
    "one name twice": ("x,x,y\n1,2,0\n3,4,1\n", "'x'"),
    "a text column": (HEAD + "1,2,0\nred,4,1\n", "'x' of bad.csv must be numbers, got 'red' in line 3"),
    "a text column's two ways out": (
        HEAD + "red,2,0\n3,4,1\n",
        "--drop x, or choose the columns with --features",
    ),
    "a missing cell": (HEAD + "1,2,0\n3,,1\n", "missing cell in line 3, column 'z'"),
    "a cell NA": (HEAD + "1,2,0\n3,NA,1\n", "missing cell in line 3, column 'z'"),
    "a cell nan": (HEAD + "1,2,0\n3,nan,1\n", "missing cell in line 3, column 'z'"),
    "an infinite cell": (HEAD + "1,2,0\n-inf,4,1\n", "finite numbers, got -inf in line 3, column 'x'"),
    "a missing label": (HEAD + "1,2,0\n3,4,\n", "missing cell in line 3, column 'y'"),
    "a label nan": (HEAD + "1,2,0\n3,4,nan\n", "missing cell in line 3, column 'y'"),
    "three classes": (HEAD + "1,2,a\n3,4,b\n5,6,c\n", "'y' must have two values, got 3: a, b, c"),
    "decimal commas": ("x;y\n1,5;0\n2,5;1\n", "decimal comma"),
    "an open quote": (HEAD + '1,2,0\n"3,4,1\n', "not readable as CSV"),
    "a zero byte": (HEAD + "1,2,0\n3\0,4,1\n", r"got '3\x00' in line 3"),
    "a label with a zero byte": (HEAD + "1,2,0\n3,4,1\0\n", "line 3"),
    "numbers too large to add": (HEAD + "1e308,1e308,0\n3,4,1\n", "scale the data"),
    "an endless cell": (HEAD + "9" * 200_000 + ",2,0\n", "not readable as CSV"),
    "complex numbers": (HEAD + "1j,2,0\n3,4,1\n", "must be numbers, got '1j'"),
    "a text column whose name has a line break": ('"a\nb",y\n1,0\nred,1\n', "must be numbers, got 'red'"),
}


@pytest.mark.parametrize("fault", TEXTS)
def test_a_faulty_csv_is_refused_and_the_fault_named(fault, refused, folder):
    content, sentence = TEXTS[fault]
    (folder / "bad.csv").write_text(content, encoding="utf-8", newline="")
    assert sentence in refused("train", "bad.csv", "--label", "y", "-o", "m.json", "--save-run", "r.json")


BYTES = {
    "zero bytes": (b"\0\1\2\3", "binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "UTF-8"),
    "UTF-16": ((HEAD + "1,2,0\n").encode("utf-16"), "UTF-8"),
    "Windows-1251": ("имя,y\n1,0\n2,1\n".encode("cp1251"), "UTF-8"),
}


@pytest.mark.parametrize("fault", BYTES)
def test_bytes_that_are_no_text_are_refused(fault, refused, folder):
    content, sentence = BYTES[fault]
    (folder / "bad.csv").write_bytes(content)
    assert sentence in refused("train", "bad.csv", "--label", "y")


def test_a_missing_file_a_folder_and_an_unknown_format_are_refused(refused, folder, clinic):
    (folder / "folder.csv").mkdir()
    clinic.rename(folder / "clinic.xls")
    assert "cannot read nothing.csv: No such file" in refused("train", "nothing.csv", "--label", "y")
    assert "cannot read folder.csv: Is a directory" in refused("train", "folder.csv", "--label", "y")
    assert ".csv, .tsv, .txt, .parquet" in refused("train", "clinic.xls", "--label", "sick")


def test_a_file_without_permission_is_refused(solo, folder, clinic, monkeypatch):
    """Permission is refused by hand, since the tests may run as root, whom nothing is refused."""
    usual = io.open

    def forbid(file, *arguments, **named):
        if str(file) == str(clinic):
            raise PermissionError(13, "Permission denied", str(file))
        return usual(file, *arguments, **named)

    monkeypatch.setattr(io, "open", forbid)
    answer = solo("train", clinic, "--label", "sick", "-o", "m.json")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"soloneuron: cannot read {clinic}: Permission denied\n"
    assert {path.name for path in folder.iterdir()} == {"clinic.csv"}


# Columns


COLUMNS = {
    "an unknown label": (["--label", "sik"], "unknown column 'sik': did you mean 'sick'?"),
    "a label in other letters": (["--label", "SICK"], "unknown column 'SICK'"),
    "an unknown feature": (["--label", "sick", "--features", "hight"], "did you mean 'height'?"),
    "an unknown column to drop": (["--label", "sick", "--drop", "wait"], "did you mean 'weight'?"),
    "an index in CSV": (["--label", "-1"], "unknown column '-1'"),
    "a digit that is none": (["--label", "²"], "unknown column '²'"),
    "one feature twice": (["--label", "sick", "--features", "height,height"], "height"),
    "the label among the features": (["--label", "sick", "--features", "height,sick"], "sick"),
    "the label dropped": (["--label", "sick", "--drop", "sick"], "sick"),
    "an unknown positive value": (["--label", "sick", "--positive", "yes"], "unknown label value 'yes'"),
    "no label": ([], "--label must name the column to predict"),
}


@pytest.mark.parametrize("fault", COLUMNS)
def test_columns_that_make_no_sense_are_refused(fault, refused, clinic):
    arguments, sentence = COLUMNS[fault]
    assert sentence in refused("train", clinic, *arguments)


@pytest.mark.parametrize("option", ["--label", "--features", "--drop", "--positive"])
def test_columns_need_a_file(option, refused):
    assert "need a FILE" in refused("train", option, "x1")


def test_a_file_of_hundreds_of_columns_is_not_recited(refused, folder):
    names = ",".join(f"column{i}" for i in range(500))
    (folder / "wide.csv").write_text(f"{names}\n{','.join('1' * 500)}\n")
    assert len(refused("train", "wide.csv", "--label", "colunm7")) < 500


# Options


OPTIONS = {
    "--learning-rate nan": "learning_rate must be finite and > 0, got nan",
    "--learning-rate inf": "learning_rate must be finite and > 0, got inf",
    "--learning-rate 0": "learning_rate must be finite and > 0, got 0",
    "--learning-rate -1": "learning_rate must be finite and > 0, got -1",
    "--learning-rate fast": "must be a number > 0 or auto, got 'fast'",
    "--epochs -1": "must be a whole number >= 0, got '-1'",
    "--epochs 1e3": "must be a whole number >= 0, got '1e3'",
    "--epochs=--5": "'--5'",
    "--batch-size 0": "must be a whole number >= 1, got '0'",
    "--batch-size few": "must be a whole number >= 1, got 'few'",
    "--seed -1": "must be a whole number >= 0, got '-1'",
    "--test-share 0": "between 0 and 1",
    "--test-share 1": "between 0 and 1",
    "--test-share nan": "between 0 and 1",
    "--test-share 0.001": "leaves one part",
    "--penalty l2 --alpha nan": "must be finite and >= 0, got nan",
    "--penalty l2 --alpha -1": "must be finite and >= 0, got -1",
    "--penalty l3": "invalid choice: 'l3'",
    "--loss nl": "invalid choice: 'nl'",
    "--lang de": "invalid choice: 'de'",
    "--colour": "unrecognized arguments: --colour",
    "--standard": "unrecognized arguments: --standard",
}


@pytest.mark.parametrize("option", OPTIONS)
def test_options_that_make_no_sense_are_refused(option, refused, clinic):
    assert OPTIONS[option] in refused("train", clinic, "--label", "sick", *option.split())


# Parquet


def parquet_bytes(columns):
    sink = io.BytesIO()
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def doubled_parquet():
    sink = io.BytesIO()
    columns = [pa.array([1.0, 2.0]), pa.array([1.0, 2.0]), pa.array([0, 1])]
    parquet.write_table(pa.Table.from_arrays(columns, names=["x", "x", "y"]), sink)
    return sink.getvalue()


PARQUET = {
    "empty": (b"", "is empty"),
    "cut short": (parquet_bytes({"x": [1.0] * 99, "y": [0, 1, 1] * 33})[:-9], "not a whole Parquet file"),
    "only begun": (parquet_bytes({"x": [1.0], "y": [0]})[:6], "not a whole Parquet file"),
    "no Parquet": (b"x,y\n1,0\n2,1\n" * 9, "not a whole Parquet file"),
    "without rows": (
        parquet_bytes({"x": pa.array([], pa.float64()), "y": pa.array([], pa.int64())}),
        "no rows",
    ),
    "a missing cell": (parquet_bytes({"x": [1.0, None], "y": [0, 1]}), "missing cell in row 1, column 'x'"),
    "nan": (parquet_bytes({"x": [1.0, float("nan")], "y": [0, 1]}), "in row 1, column 'x'"),
    "a missing label": (parquet_bytes({"x": [1.0, 2.0], "y": [0, None]}), "no label in row 1"),
    "a text column": (parquet_bytes({"x": ["red", "2"], "y": [0, 1]}), "'x' of bad.parquet must be numbers"),
    "a text cell": (parquet_bytes({"x": ["1", "red"], "y": [0, 1]}), "got 'red' in row 1"),
    "one name twice": (doubled_parquet(), "'x' more than once"),
    "no such column": (parquet_bytes({"x": [1.0, 2.0], "yy": [0, 1]}), "did you mean 'yy'?"),
    "three classes": (parquet_bytes({"x": [1.0] * 3, "y": ["a", "b", "c"]}), "two values, got 3"),
}


@pytest.mark.parametrize("fault", PARQUET)
def test_a_faulty_parquet_file_is_refused(fault, refused, folder):
    content, sentence = PARQUET[fault]
    (folder / "bad.parquet").write_bytes(content)
    assert sentence in refused("train", "bad.parquet", "--label", "y", "-o", "m.json")


def test_without_pyarrow_parquet_is_refused_with_the_command_that_helps(shell, folder):
    (folder / "rows.parquet").write_bytes(parquet_bytes({"x": [1.0, 2.0], "y": [0, 1]}))
    program = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from soloneuron.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    answer = shell("train", "rows.parquet", "--label", "y", start=("-c", program))
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert "pip install 'soloneuron[parquet]'" in answer.err


# NumPy


def numpy_bytes(table, *, save=np.save):
    sink = io.BytesIO()
    save(sink, table)
    return sink.getvalue()


def zip_bytes(**members):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def two_tables():
    sink = io.BytesIO()
    np.savez(sink, a=TABLE, b=TABLE)
    return sink.getvalue()


def broken_deflate():
    content = bytearray(numpy_bytes(np.arange(4000.0).reshape(-1, 2), save=np.savez_compressed))
    content[200:260] = b"\xff" * 60
    return bytes(content)


TABLE = np.array([[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]])

NUMPY = {
    "empty.npy": (b"", "is empty"),
    "cut.npy": (numpy_bytes(np.ones((99, 3)))[:-500], "not a whole NumPy file"),
    "begun.npy": (numpy_bytes(TABLE)[:20], "not a whole NumPy file"),
    "text.npy": (b"x,y\n1,0\n", "not a whole NumPy file"),
    "giant.npy": (
        numpy_bytes(np.ones((300, 4))).replace(b"(300, 4)", b"(9999999999999, 4)"),
        "whole NumPy file",
    ),
    "flat.npy": (numpy_bytes(np.ones(3)), "must hold a table of real numbers, got shape (3,)"),
    "complex.npy": (numpy_bytes(TABLE + 1j), "table of real numbers"),
    "words.npy": (numpy_bytes(np.array([["a", "b"]])), "table of real numbers"),
    "objects.npy": (numpy_bytes(np.array([[{}]], dtype=object)), "not a whole NumPy file"),
    "rowless.npy": (numpy_bytes(np.ones((0, 3))), "no rows"),
    "columnless.npy": (numpy_bytes(np.ones((3, 0))), "column"),
    "nan.npy": (numpy_bytes(np.array([[1.0, 0], [np.nan, 1]])), "in row 1, column '0'"),
    "nan label.npy": (numpy_bytes(np.array([[1.0, 0], [2, np.nan]])), "no label in row 1"),
    "cut.npz": (numpy_bytes(np.ones((99, 3)), save=np.savez)[:-500], "not a whole NumPy file"),
    "broken.npz": (broken_deflate(), "not a whole NumPy file"),
    "two.npz": (two_tables(), "must hold one table, got a, b"),
    "none.npz": (zip_bytes(), "must hold one table, got none"),
    "stranger.npz": (zip_bytes(**{"letter.txt": "hello"}), "table"),
}


@pytest.mark.parametrize("name", NUMPY)
def test_a_faulty_numpy_file_is_refused(name, refused, folder):
    content, sentence = NUMPY[name]
    (folder / name).write_bytes(content)
    assert sentence in refused("train", name, "--label", "-1")


@pytest.mark.parametrize("label", ["3", "-4", "y", "1.0"])
def test_a_numpy_label_is_an_index_inside_the_table(label, refused, folder):
    (folder / "table.npy").write_bytes(numpy_bytes(TABLE))
    assert f"unknown column '{label}'" in refused("train", "table.npy", "--label", label)


# Output


@pytest.mark.parametrize("option", ["-o", "--save-run"])
def test_an_output_that_cannot_be_written_is_refused_before_any_work(option, refused, folder, clinic):
    (folder / "folder").mkdir()
    start = ["train", clinic, "--label", "sick", option]
    assert "the folder no/such does not exist" in refused(*start, "no/such/file.json")
    assert "it is a folder" in refused(*start, "folder")
    assert "clinic.csv" in refused(*start, clinic / "file.json")
    assert "cannot write no/file" in refused("train", "nothing.csv", "--label", "y", option, "no/file")


def test_a_folder_without_permission_is_refused(refused, clinic, monkeypatch):
    """Permission is refused by hand, since the tests may run as root, whom nothing is refused."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "no permission" in refused("train", clinic, "--label", "sick", "-o", "m.json")


def test_predict_refuses_a_missing_output_folder(refused, solo, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    assert "the folder no does not exist" in refused("predict", "m.json", clinic, "-o", "no/out.csv")


def test_model_and_run_do_not_share_a_file(refused, clinic):
    refused("train", clinic, "--label", "sick", "-o", "same.json", "--save-run", "same.json")


def test_what_was_learned_from_is_not_written_over(refused, clinic):
    refused("train", clinic, "--label", "sick", "-o", clinic)


def test_a_disk_that_fills_up_leaves_the_older_file_and_no_half_one(solo, folder, clinic, monkeypatch):
    (folder / "m.json").write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = solo("train", clinic, "--label", "sick", "-o", "m.json", "--quiet")
    assert (answer.code, answer.err) == (2, "soloneuron: cannot write m.json: No space left on device\n")
    assert (folder / "m.json").read_text() == "old"
    assert {path.name for path in folder.iterdir()} == {"m.json", "clinic.csv"}


# A model file edited into nonsense


@pytest.fixture
def model(solo, folder, clinic):
    """A standardized model, as the text of its fields; the file is ``m.json``."""
    solo("train", clinic, "--label", "sick", "--standardize", "-o", "m.json")
    return json.loads((folder / "m.json").read_text(encoding="utf-8"))


EDITS = {
    "no format": ({"format": None}, "must be a soloneuron model file"),
    "a run": ({"format": "soloneuron run"}, "must be a soloneuron model file, got 'soloneuron run'"),
    "a newer version": ({"version": 2}, "has version 2"),
    "version in words": ({"version": "1"}, "has version '1'"),
    "version true": ({"version": True}, "has version True"),
    "weights in words": ({"weights": ["a", 1]}, "weights[0] in m.json must be a finite number, got a"),
    "a weight null": ({"weights": [1, None]}, "weights[1]"),
    "a weight true": ({"weights": [1, True]}, "weights[1]"),
    "a weight nan": ({"weights": [1, float("nan")]}, "weights[1] in m.json must be a finite number, got nan"),
    "a weight too long": ({"weights": [1, 10**400]}, "weights[1]"),
    "weights missing one": ({"weights": [1]}, "m.json"),
    "no weights": ({"weights": []}, "m.json"),
    "weights no list": ({"weights": 7}, "weights in m.json must be a list, got 7"),
    "bias infinite": ({"bias": float("inf")}, "bias in m.json must be a finite number, got inf"),
    "bias a list": ({"bias": [1]}, "bias in m.json"),
    "one class": ({"classes": ["0"]}, "classes in m.json must be a list of 2"),
    "one class twice": ({"classes": ["0", "0"]}, "classes in m.json"),
    "classes no words": ({"classes": [0, 1]}, "classes in m.json"),
    "a name twice": ({"feature_names": ["x", "x"]}, "feature_names in m.json"),
    "a name too few": ({"feature_names": ["x"]}, "feature_names in m.json must be a list of 2"),
    "names no words": ({"feature_names": [1, 2]}, "feature_names in m.json"),
    "a name that is not in the file": ({"feature_names": ["height", "wait"]}, "did you mean 'weight'?"),
    "label no word": ({"label_name": 3}, "label_name in m.json must be a text, got 3"),
    "label among the features": ({"label_name": "height"}, "label_name"),
    "scaling a list": ({"scaling": [1, 2]}, "scaling in m.json must be an object"),
    "scaling empty": ({"scaling": {}}, "'scale'"),
    "a scale of 0": ({"scaling": {"mean": [0, 0], "scale": [1, 0]}}, "scale in m.json must be > 0, got 0"),
    "a negative scale": ({"scaling": {"mean": [0, 0], "scale": [-1, 1]}}, "must be > 0, got -1"),
    "a mean too few": ({"scaling": {"mean": [0], "scale": [1, 1]}}, "mean in scaling"),
    "training a list": ({"training": []}, "training in m.json must be an object"),
}


@pytest.mark.parametrize("command", ["predict", "evaluate"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_model_edited_into_nonsense_is_refused(edit, command, refused, model, folder, clinic):
    change, sentence = EDITS[edit]
    (folder / "m.json").write_text(json.dumps(model | change))
    assert sentence in refused(command, "m.json", clinic)


@pytest.mark.parametrize(
    "name",
    ["version", "weights", "bias", "feature_names", "label_name", "classes", "scaling"],
)
def test_a_model_without_one_of_its_fields_is_refused(name, refused, model, folder, clinic):
    del model[name]
    (folder / "m.json").write_text(json.dumps(model))
    assert name in refused("predict", "m.json", clinic)


NO_MODELS = {
    "empty": b"",
    "blank": b" \n",
    "cut short": b'{"format": "soloneuron model", "version": 1, "wei',
    "a list": b"[1, 2]",
    "a number": b"7",
    "no text": b"\xff\xfe\0\0",
    "no JSON": b"height,weight\n1,2\n",
    "nested without end": b"[" * 100_000,
    "a number without end": b'{"format": "soloneuron model", "version": ' + b"1" * 5000 + b"}",
}


@pytest.mark.parametrize("fault", NO_MODELS)
def test_what_is_no_model_file_is_refused(fault, refused, folder, clinic):
    (folder / "m.json").write_bytes(NO_MODELS[fault])
    assert "m.json" in refused("predict", "m.json", clinic)


def test_a_missing_model_is_refused_in_a_process_of_its_own(shell, folder, clinic):
    answer = shell("predict", "nothing.json", clinic, "-o", "out.csv")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "soloneuron: cannot read nothing.json: No such file or directory\n"
    assert {path.name for path in folder.iterdir()} == {"clinic.csv"}


def test_rows_that_lack_a_column_of_the_model_are_refused(refused, solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    (folder / "out.csv").write_text("old")
    (folder / "other.csv").write_text("height,weights\n1,2\n")
    assert "unknown column 'weight': did you mean 'weights'?" in refused(
        "predict", "m.json", "other.csv", "-o", "out.csv"
    )


def test_evaluate_refuses_a_label_value_the_model_does_not_know(refused, solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    (folder / "other.csv").write_text("height,weight,sick\n1,2,0\n1,2,7\n")
    assert "'sick' must be '0' or '1', got '7' in row 1" in refused("evaluate", "m.json", "other.csv")


def test_evaluate_refuses_a_label_that_the_model_learns_from(refused, solo, folder):
    (folder / "binary.csv").write_text("x,z,y\n1,2,0\n0,1,1\n1,5,1\n0,2,0\n")
    solo("train", "binary.csv", "--label", "y", "-o", "m.json", "--standardize")
    assert "x" in refused("evaluate", "m.json", "binary.csv", "--label", "x")
