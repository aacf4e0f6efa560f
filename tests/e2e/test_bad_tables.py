"""Faulty Parquet and NumPy files: one clear line on stderr, exit code 2, and nothing half-written."""

import io
import sys
import zipfile

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

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
    "a missing label": (
        parquet_bytes({"x": [1.0, 2.0], "y": [0, None]}),
        "missing cell in row 1, column 'y'",
    ),
    "a text column": (parquet_bytes({"x": ["red", "2"], "y": [0, 1]}), "'x' must be numbers"),
    "a text cell": (
        parquet_bytes({"x": ["1", "red"], "y": [0, 1]}),
        "'x' must be numbers, got 'red' in row 1",
    ),
    "one name twice": (doubled_parquet(), "'x' more than once"),
    "no such column": (parquet_bytes({"x": [1.0, 2.0], "yy": [0, 1]}), "did you mean 'yy'?"),
    "three classes": (parquet_bytes({"x": [1.0] * 3, "y": ["a", "b", "c"]}), "two values, got 3"),
}


@pytest.mark.parametrize("fault", PARQUET)
def test_a_faulty_parquet_file_is_refused(fault, refused, folder):
    content, sentence = PARQUET[fault]
    (folder / "bad.parquet").write_bytes(content)
    assert sentence in refused("train", "bad.parquet", "--label", "y", "-o", "m.json")


def test_without_pyarrow_parquet_is_refused_with_the_command_that_helps(refused, folder, monkeypatch):
    (folder / "rows.parquet").write_bytes(parquet_bytes({"x": [1.0, 2.0], "y": [0, 1]}))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install 'soloneuron[parquet]'" in refused("train", "rows.parquet", "--label", "y")


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
    "nan label.npy": (numpy_bytes(np.array([[1.0, 0], [2, np.nan]])), "missing cell in row 1"),
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
