"""Text of rows: columns as they are written, or a sentence that names the line to blame."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.data.files import delimited
from soloneuron.data.files.delimited import read_delimited
from soloneuron.errors import InputError

NUMBER = st.floats(-1e300, 1e300)
NAME = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


def read(content, choose=lambda names: range(len(names)), *, encoding="utf-8"):
    raw = content if isinstance(content, bytes) else content.encode(encoding)
    return read_delimited(io.BytesIO(raw), "rows.csv", choose)


def cells(content, **options):
    """What was read: numbers as lists with None for a missing one, words as they are."""
    table = read(content, **options)
    return {
        column.name: column.words
        if column.numbers is None
        else [None if np.isnan(value) else value for value in column.numbers.tolist()]
        for column in table.columns
    }


@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=20), st.sampled_from(",;\t|"))
def test_numbers_come_back_bit_for_bit_whatever_the_delimiter(rows, delimiter):
    lines = [delimiter.join(["a", "b"]), *(delimiter.join(map(repr, row)) for row in rows)]
    table = read("\n".join(lines))
    assert [column.numbers.tolist() for column in table.columns] == [list(c) for c in zip(*rows, strict=True)]


@given(st.lists(NAME, min_size=2, max_size=5, unique_by=str.strip), st.sampled_from(",;\t"))
def test_quoted_names_come_back_whatever_they_contain(names, delimiter):
    names = [f"n{name.strip()}" for name in names]
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(names)
    writer.writerow([1.5] * len(names))
    assert [column.name for column in read(sink.getvalue()).columns] == names


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", [True, False])
def test_any_line_end_will_do_also_none_at_the_end(newline, end):
    assert cells(newline.join(["x,y", "1,a", "2,b"]) + newline * end) == {"x": [1, 2], "y": ["a", "b"]}


def test_a_name_that_is_missing_is_called_by_its_place():
    table = read(",b,\n1,2,3\n")
    assert [(column.name, column.unnamed) for column in table.columns] == [
        ("column_1", True),
        ("b", False),
        ("column_3", True),
    ]


@pytest.mark.parametrize("quote", ["", '"'], ids=["plain", "quoted"])
def test_blank_lines_count_for_nothing_but_the_line_number(quote):
    table = read(f"x,y\n\n1,a\n\n\n{quote}2{quote},b\n\n")
    assert [table.place(row) for row in range(table.rows)] == ["line 3", "line 6"]


def test_rows_of_nothing_but_separators_are_left_out():
    assert cells("x,y\n1,a\n,\n2,b\n,\n") == {"x": [1, 2], "y": ["a", "b"]}


def test_cells_beyond_the_names_may_be_empty():
    assert cells("x,y\n1,a,\n2,b,,\n") == {"x": [1, 2], "y": ["a", "b"]}


def test_only_chosen_columns_are_read_and_in_the_order_chosen():
    table = read("a,b,c,d\n1,red,3,4\n5,,7,8\n", lambda _: [3, 0, 1])
    assert [column.name for column in table.columns] == ["d", "a", "b"]
    assert table.columns[0].numbers.tolist() == [4.0, 8.0]
    assert table.columns[2].words == ["red", None]
    assert read("a,y\n1,0\n2,1\n", lambda _: []).rows == 2


@pytest.mark.parametrize("cell", ["", " ", "NA", "n/a", "NaN", "null", "?", "None", "-", "—"])
def test_a_missing_number_is_not_a_number(cell):
    assert cells(f"x,y\n1,2\n{cell},3\n") == {"x": [1, None], "y": [2, 3]}


@pytest.mark.parametrize(
    ("cell", "word"), [("none", "none"), ("-", "-"), ("NA", None), ("?", None), ("", None)]
)
def test_among_words_none_and_a_dash_are_words(cell, word):
    assert cells(f"x,y\n1,some\n2,{cell}\n")["y"] == ["some", word]


def test_a_column_of_nothing_is_all_missing_and_one_of_dashes_is_words():
    assert cells("x,y,z\n1,,-\n2,,-\n") == {"x": [1, 2], "y": [None, None], "z": ["-", "-"]}


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e400"])
def test_a_number_that_is_not_finite_is_a_fault_of_its_column_alone(cell):
    good, bad = read(f"x,y\n1,{cell}\n").columns
    assert good.fault is None
    assert bad.fault.code == "file.finite"
    assert f"got {cell} in line 2, column 'y'" in str(bad.fault)


@pytest.mark.parametrize("cell", ["red", "0x10", "1_000", "1 2", "½", "--1", "12:30", "1,2,3", "1.2.3"])
def test_a_cell_that_nobody_writes_as_a_number_is_a_word(cell):
    assert cells(f'x;y\n"{cell}";1\n')["x"] == [cell]


MARKS = {
    "a decimal comma": ("x;y\n1,5;0\n2,25;1\n", [1.5, 2.25], ["decimal_comma"]),
    "with a point for thousands": ("x;y\n1.234,5;0\n2,25;1\n", [1234.5, 2.25], ["decimal_comma"]),
    "three decimals, between semicolons": ("x;y\n1,234;0\n2;1\n", [1.234, 2.0], ["decimal_comma"]),
    "three digits, between commas": ('x,y\n"1,234",0\n12,1\n', [1234.0, 12.0], ["thousands_comma"]),
    "thousands and a point": ('x,y\n"1,234.5",0\n12,1\n', [1234.5, 12.0], ["thousands_comma"]),
    "in quotation marks between commas": ('x,y\n"1,5",0\n"2,25",1\n', [1.5, 2.25], ["decimal_comma"]),
    "blanks for thousands": ("x;y\n1 234;0\n1 234 567,5;1\n", [1234.0, 1234567.5], ["decimal_comma"]),
    "blanks that do not break": ("x,y\n1\u00a0234,0\n12\u202f345.5,1\n", [1234.0, 12345.5], []),
    "apostrophes": ("x,y\n1'234,0\n1\u2019234\u2019567,1\n", [1234.0, 1234567.0], []),
    "percent signs": ("x,y\n45%,0\n1.5 %,1\n", [0.45, 0.015], ["percent"]),
    "percent and comma": ("x;y\n45,3%;0\n7%;1\n", [0.453, 0.07], ["decimal_comma", "percent"]),
    "a minus of Unicode": ("x,y\n\u22125,0\n–2.5,1\n", [-5.0, -2.5], []),
    "a plus": ("x,y\n+5,0\n2,1\n", [5.0, 2.0], []),
    "an exponent": ("x;y\n1,5E+03;0\n2;1\n", [1500.0, 2.0], ["decimal_comma"]),
    "points without digits": ("x,y\n.5,0\n5.,1\n", [0.5, 5.0], []),
}


@pytest.mark.parametrize("case", MARKS)
def test_numbers_are_read_as_people_write_them(case):
    content, numbers, notes = MARKS[case]
    table = read(content)
    assert table.columns[0].numbers.tolist() == numbers
    assert [note.code for note in table.notes] == notes


UNCLEAR = {
    "one of each": ("x;y\n1,5;0\n1.5;1\n", "file.marks", "got 1.5 in line 3 and 1,5 in line 2"),
    "a point beside decimal commas": ("x;y\n1.234;1,5\n2.345;2,5\n", "file.ambiguous", "got 1.234 in line 2"),
    "both ways in one file": ("x;y;z\n1,234;1,5;2.5\n2,345;2,5;3.5\n", "file.ambiguous", "1,234 in line 2"),
}


@pytest.mark.parametrize("case", UNCLEAR)
def test_numbers_that_can_be_read_in_two_ways_are_a_fault_of_their_column(case):
    content, code, sentence = UNCLEAR[case]
    fault = read(content).columns[0].fault
    assert fault.code == code
    assert sentence in str(fault)


def test_a_column_that_is_numbers_for_long_and_then_a_word_is_words_as_written():
    rows = "".join(f"{i}.50,{i % 2}\n" for i in range(5000))
    words = cells(f"x,y\n{rows}red,1\n")["x"]
    assert (words[0], words[4999], words[5000]) == ("0.50", "4999.50", "red")


def test_whole_numbers_too_long_for_float64_keep_their_words():
    column = read(f"x,y\n{2**60},0\n{2**60 + 1},1\n").columns[0]
    assert column.numbers.tolist() == [2.0**60, 2.0**60]
    assert column.words == [str(2**60), str(2**60 + 1)]


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        ("\n", "file.empty", ""),
        ("1,2\n3,4\n", "file.header", "got numbers: 1, 2"),
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n", "file.header", "got data: 5.1, 3.5, setosa"),
        ("39,Private,no\n50,Private,yes\n", "file.header", "got data"),
        ("x,x\n3,4\n", "file.duplicate", "columns 1 and 2"),
        (
            "x,y,x,y,x\n1,2,3,4,5\n",
            "file.duplicate",
            "(columns 1 and 3 and 5), 'y' more than once (columns 2 and 4)",
        ),
        ("x,y\n1\n", "file.ragged", "got 1 in line 2"),
        ("x,y\n1,2\n1,red,3\n", "file.ragged", "got 3 in line 3"),
        ("x,y\n1,5,0\n2,5,1\n", "file.commas", "save it with semicolons"),
        ('x,y\n1,2\n"1,2\n', "file.csv", "in the row that begins in line 3"),
        ('x,y\n1,"a"b\n', "file.csv", "line 2"),
        ("x,y\n1,a\n2,b\0\n", "file.binary", "line 3"),
        ("x,y\n1," + "9" * 1_000_001 + "x\n", "file.long_cell", "line 2"),
    ],
)
def test_every_fault_of_the_form_has_its_code_and_its_line(content, code, sentence):
    with pytest.raises(InputError) as caught:
        read(content)
    assert caught.value.code == code
    assert sentence in str(caught.value)
    assert "rows.csv" in str(caught.value)


def test_a_line_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("soloneuron.data.files.dialects.LONGEST_LINE", 1000)
    with pytest.raises(InputError) as caught:
        read("x,y\n1," + "a" * 2000)
    assert caught.value.code == "file.long_line"


def test_years_may_be_names():
    assert cells("place,2019,2020\nA,1,2\nB,3,4\n") == {"place": ["A", "B"], "2019": [1, 3], "2020": [2, 4]}


def test_a_header_may_be_longer_than_a_cell_of_csv():
    width = 20_000
    names = ",".join(f"column{i}" for i in range(width))
    assert len(names) > csv.field_size_limit()
    table = read(f"{names}\n{','.join(['1.5'] * width)}\n")
    assert (len(table.columns), table.rows) == (width, 1)


def test_what_kind_of_separator_excel_says_is_believed():
    assert cells("sep=;\nx;y\n1,5;a\n2,5;b\n") == {"x": [1.5, 2.5], "y": ["a", "b"]}
    assert read("sep=;\nx;y\n1;a\n").place(0) == "line 3"


SEPARATORS = {
    "a comma in a name": ("Доход, тыс. руб.;y\n1,5;1\n2,5;0\n", ["Доход, тыс. руб.", "y"]),
    "times of day": ("start time,x\n2024-01-01 10:00,5\n2024-01-02 10:00,6\n", ["start time", "x"]),
    "runs of blanks": ("  x    y\n  1    2\n 10   20\n", ["x", "y"]),
    "blanks between words": ("first name\nAnn Lee\nBob Ray\n", ["first name"]),
    "one column": ("height\n1\n2\n", ["height"]),
    "pipes": ("x|y\n1|2\n3|4\n", ["x", "y"]),
    "tabs, and commas in the cells": ("x\ty\n1,5\t2,5\n3,5\t4,5\n", ["x", "y"]),
    "words with semicolons between commas": ('x,y\n1,"a;b"\n2,"c;d;e"\n', ["x", "y"]),
}


@pytest.mark.parametrize("case", SEPARATORS)
def test_the_separator_is_the_one_that_parts_all_rows_alike(case):
    content, names = SEPARATORS[case]
    assert [column.name for column in read(content).columns] == names


BLOCKS = {
    "numbers": "a,b\n1.5,-2\n3e5,0.25\n",
    "words and gaps": "a,b,c\n1,yes,\nNA,no,2\n,,7\n 4 , да ,8\n",
    "line ends of Windows, and blank lines": "a,b\r\n1,x\r\n\r\n2,y\r\n\r\n",
    "decimal commas": "a;b;c\n1,5;x,y;3\n2;z;4,25\n",
    "quotation marks": 'a,b,c\n"1.5","x ""y""",2\n"","a,b",""\n3,"no\nno",4\n\n"NA",z,5\n',
    "quotation marks of Windows": '"a";"b"\r\n"1,5";"x"\r\n\r\n"2";"y;z"\r\n',
    "a quotation mark inside a cell": 'a,b\n1,5" screen\n2,x\n',
    "rows of nothing": 'a,b\n1,x\n"",""\n,\n2,y\n',
    "no end of the last line": "a\tb\n1\tx\n2\ty",
    "unusual numbers": "a,b\n+1,.5\n01,5.\n1e5,NaN\n",
    "long numbers": f"a,b\n{2**70},x\n1,y\n",
}


def both(content, order, encoding, monkeypatch):
    """What blocks make of a text, and what the patient reader does: tables, or refusals."""
    found = []
    for quick in (None, lambda _: None):
        with monkeypatch.context() as patch:
            if quick is not None:
                patch.setattr(delimited, "_quickly", quick)
            try:
                found.append(read(content, lambda names: range(len(names))[order], encoding=encoding))
            except InputError as fault:
                found.append(str(fault))
    return found


def assert_same(quick, patient):
    if isinstance(patient, str):
        assert quick == patient
        return
    for one, other in zip(quick.columns, patient.columns, strict=True):
        np.testing.assert_array_equal(one.numbers, other.numbers)
        assert (one.name, one.words, one.unnamed) == (other.name, other.words, other.unnamed)
        assert str(one.fault) == str(other.fault)
    assert quick.notes == patient.notes
    assert [quick.place(row) for row in range(quick.rows)] == [
        patient.place(row) for row in range(patient.rows)
    ]


@pytest.mark.parametrize("case", BLOCKS)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1), slice(1, None)])
def test_blocks_and_the_patient_reader_make_the_same_table(case, encoding, order, monkeypatch):
    assert_same(*both(BLOCKS[case], order, encoding, monkeypatch))


CELL = st.one_of(
    st.sampled_from(
        ["1", "-2.5", "", "NA", "x", '"3"', '""', '"a,b"', '"a""b"', '"a\nb"', "1,5", " 4", "inf", "-", "1e9"]
    ),
    st.text('",;\n\r 1.-ax', max_size=4),
)


@given(st.lists(st.lists(CELL, min_size=2, max_size=3), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_blocks_never_differ_from_the_patient_reader(monkeypatch, rows, separator):
    content = separator.join("abc"[: len(rows[0])]) + "\n" + "\n".join(map(separator.join, rows)) + "\n"
    assert_same(*both(content, slice(None), "utf-8", monkeypatch))
