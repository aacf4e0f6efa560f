"""Parquet: the chosen columns, by their types."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from soloneuron.data.csv_files import read_csv
from soloneuron.data.parquet_files import read_parquet
from soloneuron.errors import InputError


def everything(names):
    """All columns but the last are features, the last is the label."""
    return list(range(len(names) - 1)), len(names) - 1


def table(folder, columns):
    path = folder / "file.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


def text(folder, content, **options):
    path = folder / "file.csv"
    path.write_text(content, newline="", **options)
    return path


def test_columns_of_any_number_type_become_float64(tmp_path):
    columns = {
        "bytes": pa.array([1, 2], pa.int8()),
        "long": pa.array([3, 2**53], pa.int64()),
        "unsigned": pa.array([5, 6], pa.uint32()),
        "short": pa.array([0.5, 0.25], pa.float32()),
        "flag": pa.array([True, False]),
        "y": pa.array(["a", "b"]),
    }
    raw = read_parquet(table(tmp_path, columns), everything)
    assert raw.numbers.dtype == np.float64
    assert raw.numbers.tolist() == [[1, 3, 5, 0.5, 1], [2, 2**53, 6, 0.25, 0]]
    assert raw.words == ["a", "b"]


def test_integers_beyond_2_to_53_become_the_nearest_number_as_in_csv(tmp_path):
    columns = {"x": [2**60 + 1, 1], "y": [0, 1]}
    assert read_parquet(table(tmp_path, columns), everything).numbers.tolist() == [[2.0**60], [1.0]]
    assert read_csv(text(tmp_path, f"x,y\n{2**60 + 1},0\n"), everything).numbers.tolist() == [[2.0**60]]


def test_only_the_chosen_columns_of_a_parquet_file_are_read_in_the_order_chosen(tmp_path):
    path = table(tmp_path, {"a": [1.0], "b": ["red"], "c.d": [3.0], "e": [None]})
    raw = read_parquet(path, lambda _: ([2, 0], 1))
    assert (raw.names, raw.numbers.tolist(), raw.words) == (("c.d", "a"), [[3.0, 1.0]], ["red"])


def test_rows_of_a_parquet_file_without_any_chosen_column_are_counted(tmp_path):
    path = table(tmp_path, {"a": [1.0, 2.0], "y": [0, 1]})
    assert read_parquet(path, lambda _: ([], 1)).numbers.shape == (2, 0)
    assert read_parquet(path, lambda _: ([], None)).numbers.shape == (2, 0)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([True, False], ["True", "False"]),
        ([1, 0], ["1", "0"]),
        ([1.0, 0.5], ["1", "0.5"]),
        ([1234567, 1234568], ["1234567", "1234568"]),
        ([2**60, 2**60 + 1], [str(2**60), str(2**60 + 1)]),
        ([" да", "нет "], ["да", "нет"]),
    ],
)
def test_label_values_become_different_words(values, words, tmp_path):
    assert read_parquet(table(tmp_path, {"x": [1.0, 2.0], "y": values}), everything).words == words


@pytest.mark.parametrize("missing", [None, "", float("nan")])
def test_a_missing_label_is_named_by_its_row(missing, tmp_path):
    other = 1.0 if isinstance(missing, float) else "a"
    with pytest.raises(InputError, match="no label in row 1"):
        read_parquet(table(tmp_path, {"x": [1.0, 2.0], "y": [other, missing]}), everything)


@pytest.mark.parametrize("values", [["1", "2", "red"], ["1", "2", "3"], [b"1", b"2", b"3"]])
@pytest.mark.parametrize("kind", [None, pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_a_column_of_text_is_refused_also_if_it_is_digits(values, kind, tmp_path):
    column = pa.array(values) if kind is None or isinstance(values[0], bytes) else pa.array(values).cast(kind)
    with pytest.raises(
        InputError, match=r"'x' .* must be numbers, got b?'1' in row 0, of the type "
    ) as caught:
        read_parquet(table(tmp_path, {"x": column, "y": [0, 1, 1]}), everything)
    assert caught.value.code == "file.text"


def test_a_column_of_dates_is_refused(tmp_path):
    days = pa.array([0, 1], pa.date32())
    with pytest.raises(InputError, match=r"'x' .* must be numbers, got .*1970.* of the type date32"):
        read_parquet(table(tmp_path, {"x": days, "y": [0, 1]}), everything)


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_a_number_that_is_not_finite_is_named_in_parquet(bad, tmp_path):
    with pytest.raises(InputError, match="in row 1, column 'z'"):
        read_parquet(table(tmp_path, {"x": [1.0, 2.0], "z": [1.0, bad], "y": [0, 1]}), everything)


@given(st.integers(0, 400))
def test_a_parquet_file_cut_anywhere_is_refused_in_one_line(tmp_path, keep):
    path = table(tmp_path, {"x": [1.0, 2.0], "y": [0, 1]})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError) as caught:
        read_parquet(path, everything)
    assert len(str(caught.value).splitlines()) == 1
