"""CSV: the chosen columns of a file, or a sentence that names the cell to blame."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.data.csv_files import read_csv
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


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        *((cell, column) for cell in ("", " ", "NA", "n/a", "NaN", "null", "?") for column in (0, 1)),
        ("None", 0),
    ],
)
def test_a_missing_cell_is_named_by_line_and_column(cell, column, tmp_path):
    cells = ["1", "2"]
    cells[column] = cell
    with pytest.raises(InputError, match=f"missing cell in line 3, column '{'xy'[column]}'") as caught:
        read_csv(text(tmp_path, f"x,y\n1,2\n{','.join(cells)}\n"), everything)
    assert caught.value.code == "file.missing"


@pytest.mark.parametrize("word", ["none", "None", "NONE"])
def test_none_is_an_answer_where_it_is_the_label(word, tmp_path):
    assert read_csv(text(tmp_path, f"x,y\n1,some\n2,{word}\n"), everything).words == ["some", word]


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
