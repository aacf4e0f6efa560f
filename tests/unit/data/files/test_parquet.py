"""Parquet and Feather: columns by their types, also of a folder of files."""

import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import feather, parquet

from soloneuron.data.files.reading import read_table
from soloneuron.errors import InputError


def table(folder, columns):
    path = folder / "file.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


def column(folder, values):
    """What a column is read as."""
    return read_table(table(folder, {"x": values})).columns[0]


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (pa.array([1, 2], pa.int8()), [1, 2]),
        (pa.array([3, 2**53], pa.int64()), [3, 2**53]),
        (pa.array([5, 6], pa.uint32()), [5, 6]),
        (pa.array([0.5, 0.25], pa.float32()), [0.5, 0.25]),
        (pa.array([1.5, None]), [1.5, np.nan]),
        (pa.array([1, None]), [1, np.nan]),
        (pa.array([None, None], pa.null()), [np.nan, np.nan]),
        (pa.array([1, 2, 1]).dictionary_encode(), [1, 2, 1]),
    ],
)
def test_columns_of_any_number_type_become_float64(values, numbers, tmp_path):
    read = column(tmp_path, values)
    assert (read.numbers.dtype, read.words, read.type) == (np.float64, None, "")
    np.testing.assert_array_equal(read.numbers, numbers)


def test_truths_dates_and_categories_are_known_by_their_types(tmp_path):
    truth = column(tmp_path, pa.array([True, None, False]))
    assert (truth.type, truth.missing.tolist(), truth.numbers.tolist()[::2]) == (
        "truth",
        [False, True, False],
        [1, 0],
    )
    days = column(tmp_path, pa.array([datetime.date(2024, 5, 1), None]))
    assert (days.type, days.words) == ("date", ["2024-05-01", None])
    times = column(tmp_path, pa.array([datetime.datetime(2024, 5, 1, 12, 30)]))
    assert (times.type, times.words) == ("date", ["2024-05-01T12:30:00"])
    words = column(tmp_path, pa.array(["a", None, "b"]).dictionary_encode())
    assert (words.type, words.words) == ("category", ["a", None, "b"])


def test_integers_beyond_2_to_53_become_the_nearest_number_and_keep_their_words(tmp_path):
    read = column(tmp_path, [2**60 + 1, None, 1])
    assert (read.numbers[0], read.words) == (2.0**60, [str(2**60 + 1), None, "1"])


@pytest.mark.parametrize("values", [["1", "2", " red "], [b"1", b"2", b"red"]])
@pytest.mark.parametrize("kind", [None, pa.large_string()])
def test_a_column_of_text_is_words_also_if_it_is_digits(values, kind, tmp_path):
    read = column(tmp_path, pa.array(values, kind if isinstance(values[0], str) else None))
    assert (read.numbers, read.words) == (None, ["1", "2", "red"])


@pytest.mark.parametrize("missing", [None, "", " "])
def test_a_missing_word_is_none(missing, tmp_path):
    assert column(tmp_path, ["a", missing]).words == ["a", None]


def test_only_the_chosen_columns_of_a_parquet_file_are_read_in_the_order_chosen(tmp_path):
    path = table(tmp_path, {"a": [1.0], "b": ["red"], "c.d": [3.0], "e": [None]})
    assert [column.name for column in read_table(path, wanted=lambda _: [2, 0]).columns] == ["c.d", "a"]
    assert read_table(path, wanted=lambda _: []).rows == 1


def test_a_number_that_is_not_finite_is_a_fault_of_its_column_in_parquet(tmp_path):
    assert "in row 1, column 'x'" in str(column(tmp_path, [1.0, float("-inf")]).fault)


@given(st.integers(0, 400))
def test_a_parquet_file_cut_anywhere_is_refused_in_one_line(tmp_path, keep):
    path = table(tmp_path, {"x": [1.0, 2.0], "y": [0, 1]})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError) as caught:
        read_table(path)
    assert len(str(caught.value).splitlines()) == 1


def test_a_feather_file_is_read_like_a_parquet_file(tmp_path):
    feather.write_feather(pa.table({"x": [1.5, 2.5], "y": ["a", "b"]}), str(tmp_path / "t.feather"))
    x, y = read_table(tmp_path / "t.feather").columns
    assert (x.numbers.tolist(), y.words) == ([1.5, 2.5], ["a", "b"])


def test_the_parquet_files_of_a_folder_are_one_table_and_folders_in_it_a_column(tmp_path):
    for year in (2023, 2024):
        inside = tmp_path / f"year={year}"
        inside.mkdir()
        table(inside, {"x": [year + 0.5]})
    read = {column.name: column.numbers.tolist() for column in read_table(tmp_path).columns}
    assert read == {"x": [2023.5, 2024.5], "year": [2023, 2024]}
