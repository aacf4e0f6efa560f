"""Readers: the chosen columns of a file, or a sentence that names the cell to blame."""

import csv
import io
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from soloneuron.data.readers import read_csv, read_numpy, read_parquet
from soloneuron.errors import InputError

NUMBER = st.floats(-1e300, 1e300)
NAME = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


def everything(names):
    """All columns but the last are features, the last is the label."""
    return list(range(len(names) - 1)), len(names) - 1


def features_only(names):
    return list(range(len(names))), None


def text(folder, content, **options):
    path = folder / "file.csv"
    path.write_text(content, newline="", **options)
    return path


def table(folder, columns):
    path = folder / "file.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


# CSV


@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=20), st.sampled_from(",;\t"))
def test_numbers_come_back_bit_for_bit_whatever_the_delimiter(tmp_path, rows, delimiter):
    lines = [delimiter.join(["a", "b"]), *(delimiter.join(map(repr, row)) for row in rows)]
    raw = read_csv(text(tmp_path, "\n".join(lines)), features_only)
    assert raw.numbers.tolist() == [list(row) for row in rows]
    assert (raw.names, raw.words) == (("a", "b"), [])


@given(st.lists(NAME, min_size=2, max_size=5, unique_by=str.strip), st.sampled_from(",;\t"))
def test_quoted_names_come_back_whatever_they_contain(tmp_path, names, delimiter):
    names = [f"n{name.strip()}" for name in names]
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(names)
    writer.writerow(range(len(names)))
    assert read_csv(text(tmp_path, sink.getvalue(), encoding="utf-8"), features_only).names == tuple(names)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", [True, False])
def test_any_line_end_will_do_also_none_at_the_end(newline, end, tmp_path):
    content = newline.join(["x,y", "1,a", "2,b"]) + newline * end
    raw = read_csv(text(tmp_path, content), everything)
    assert (raw.numbers.tolist(), raw.words) == ([[1.0], [2.0]], ["a", "b"])


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path):
    assert read_csv(text(tmp_path, "x,y\n1,2\n", encoding="utf-8-sig"), everything).names == ("x",)


def test_a_name_that_is_missing_is_called_by_its_place(tmp_path):
    assert read_csv(text(tmp_path, ",b,\n1,2,3\n"), features_only).names == ("column_1", "b", "column_3")


def test_blank_lines_count_for_nothing_but_the_line_number(tmp_path):
    assert len(read_csv(text(tmp_path, "x,y\n\n1,a\n\n"), everything).numbers) == 1
    with pytest.raises(InputError, match="line 5"):
        read_csv(text(tmp_path, "x,y\n\n1,a\n\nred,b\n"), everything)


def test_only_chosen_columns_are_read_and_in_the_order_chosen(tmp_path):
    path = text(tmp_path, "a,b,c,d\n1,red,3,4\n5,,7,8\n")
    raw = read_csv(path, lambda _: ([3, 0], 2))
    assert raw.names == ("d", "a")
    assert raw.numbers.tolist() == [[4.0, 1.0], [8.0, 5.0]]
    assert raw.words == ["3", "7"]


def test_rows_without_any_chosen_column_are_counted(tmp_path):
    path = text(tmp_path, "a,y\n1,0\n2,1\n")
    assert read_csv(path, lambda _: ([], 1)).numbers.shape == (2, 0)
    assert read_csv(path, lambda _: ([], None)).numbers.shape == (2, 0)


@pytest.mark.parametrize("cell", ["", " ", "NA", "n/a", "NaN", "null", "None", "?"])
@pytest.mark.parametrize("column", [0, 1])
def test_a_missing_cell_is_named_by_line_and_column(cell, column, tmp_path):
    cells = ["1", "2"]
    cells[column] = cell
    with pytest.raises(InputError, match=f"missing cell in line 3, column '{'xy'[column]}'") as caught:
        read_csv(text(tmp_path, f"x,y\n1,2\n{','.join(cells)}\n"), everything)
    assert caught.value.code == "file.missing"


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e999"])
def test_an_infinite_cell_is_named(cell, tmp_path):
    with pytest.raises(InputError, match=r"finite numbers, got .* in line 2, column 'x'"):
        read_csv(text(tmp_path, f"x,y\n{cell},1\n"), everything)


@pytest.mark.parametrize("cell", ["red", "1,5", "0x10", "1_000", "1 2", "½", "--1"])
def test_a_cell_that_is_not_written_as_a_number_is_text(cell, tmp_path):
    with pytest.raises(InputError, match=r"column 'x' .* must be numbers") as caught:
        read_csv(text(tmp_path, f'x,y\n"{cell}",1\n'), everything)
    assert (caught.value.code, caught.value.fields["column"]) == ("file.text", "x")
    assert ("decimal comma" in str(caught.value)) == (cell == "1,5")


def test_the_first_cell_to_blame_is_named(tmp_path):
    with pytest.raises(InputError, match=r"'b' .* got 'red' in line 2"):
        read_csv(text(tmp_path, "a,b,c,y\n1,red,,0\ngreen,2,3,1\n"), everything)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("\n", "file.empty"),
        ("1,2\n3,4\n", "file.header"),
        ("x,x\n3,4\n", "file.duplicate"),
        ("x,y\n1\n", "file.ragged"),
        ("x,y\n1,2,3\n", "file.ragged"),
        ('x,y\n"1,2\n', "file.csv"),
        ("\0\0\0", "file.binary"),
        ("x,z,y\n1e308,1e308,1\n", "file.large"),
    ],
)
def test_every_fault_of_the_form_has_its_code(content, code, tmp_path):
    with pytest.raises(InputError) as caught:
        read_csv(text(tmp_path, content), everything)
    assert caught.value.code == code
    assert "file.csv" in str(caught.value)


# Parquet


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
        ([True, False], ["1", "0"]),
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


def test_the_text_cell_of_a_parquet_column_is_named_by_its_row(tmp_path):
    with pytest.raises(InputError, match=r"'x' .* got 'red' in row 2"):
        read_parquet(table(tmp_path, {"x": ["1", "2", "red"], "y": [0, 1, 1]}), everything)


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


# NumPy


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "f4", "f2", "i1", "u8", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_table_of_any_real_type_becomes_float64(dtype, order, tmp_path):
    values = np.array([[1, 0, 1], [0, 1, 1]]).astype(dtype, order=order)
    np.save(tmp_path / "t.npy", values)
    raw = read_numpy(tmp_path / "t.npy", everything)
    assert (raw.names, raw.numbers.tolist(), raw.words) == (("0", "1"), [[1, 0], [0, 1]], ["1", "1"])


def test_the_one_table_of_an_npz_may_have_any_name(tmp_path):
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "t.npz", rows=np.array([[1.5, 0], [2, 1]]))
        assert read_numpy(tmp_path / "t.npz", everything).numbers.tolist() == [[1.5], [2.0]]


@pytest.mark.parametrize(
    "values",
    [np.ones(3), np.ones((1, 1, 1)), np.ones((2, 2), complex), np.array([["a"]]), np.array(7.0)],
)
def test_what_is_no_table_of_real_numbers_is_refused(values, tmp_path):
    np.save(tmp_path / "t.npy", values)
    with pytest.raises(InputError) as caught:
        read_numpy(tmp_path / "t.npy", everything)
    assert caught.value.code == "file.shape"


def test_pickled_objects_are_never_loaded(tmp_path):
    np.save(tmp_path / "t.npy", np.array([[{"a": 1}]], dtype=object), allow_pickle=True)
    with pytest.raises(InputError) as caught:
        read_numpy(tmp_path / "t.npy", everything)
    assert caught.value.code == "file.numpy"


@given(st.integers(0, 170))
def test_an_npy_file_cut_anywhere_is_refused_in_one_line(tmp_path, keep):
    np.save(tmp_path / "t.npy", np.ones((3, 2)))
    content = (tmp_path / "t.npy").read_bytes()
    (tmp_path / "t.npy").write_bytes(content[:keep])
    with pytest.raises(InputError) as caught:
        read_numpy(tmp_path / "t.npy", everything)
    assert len(str(caught.value).splitlines()) == 1


def test_an_npz_file_that_is_cut_is_refused_and_closed(tmp_path):
    np.savez(tmp_path / "t.npz", np.ones((3, 2)))
    content = (tmp_path / "t.npz").read_bytes()
    (tmp_path / "t.npz").write_bytes(content[:-30])
    with pytest.raises(InputError) as caught:
        read_numpy(tmp_path / "t.npz", everything)
    assert caught.value.code == "file.numpy"
