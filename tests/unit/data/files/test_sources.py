"""Where rows come from: several files, patterns, standard input, pipes; nothing endless, and no address."""

import gzip
import hashlib
import io
import os
import threading
import tracemalloc
from types import SimpleNamespace
from zipfile import ZipFile

import numpy as np
import pytest

from soloneuron.data.files.reading import read_table
from soloneuron.data.files.sources import fingerprint, table_name
from soloneuron.errors import InputError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("x,y\n1,no\n2,yes\n")
    (tmp_path / "b.csv").write_text("y,x\nno,3.5\n\nyes,\n")
    (tmp_path / "words.csv").write_text("x,y\nred,no\n")
    (tmp_path / "other.csv").write_text("x,z\n1,no\n")
    return tmp_path


@pytest.fixture
def typed(monkeypatch):
    """Put bytes into standard input."""
    return lambda content: monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))


def refusal(source):
    with pytest.raises(InputError) as caught:
        read_table(source)
    return caught.value.code, str(caught.value)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("source", [["a.csv", "b.csv"], "[ab].csv", ("a.csv", "b.csv")])
def test_files_with_the_same_columns_are_one_table_whatever_their_order(source):
    table = read_table(source)
    x, y = table.columns
    np.testing.assert_array_equal(x.numbers, [1, 2, 3.5, np.nan])
    assert y.words == ["no", "yes", "no", "yes"]
    assert [table.place(row) for row in (0, 3)] == ["line 2 of a.csv", "line 4 of b.csv"]
    assert [(note.code, note.fields["count"]) for note in table.notes] == [("files", 2)]


@pytest.mark.usefixtures("folder")
def test_numbers_become_words_where_another_file_has_words():
    assert read_table(["a.csv", "words.csv"]).columns[0].words == ["1", "2", "red"]


@pytest.mark.usefixtures("folder")
def test_only_chosen_columns_of_several_files_are_read():
    assert [column.name for column in read_table(["a.csv", "b.csv"], wanted=lambda _: [1]).columns] == ["y"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("source", "code", "sentence"),
    [
        (
            ["a.csv", "other.csv"],
            "file.header_differs",
            "other.csv must have the columns of a.csv, got no 'y'",
        ),
        (["a.csv", "a.csv"], "file.twice", "a.csv more than once"),
        ([], "file.none", "got none"),
        ("nothing-*.csv", "file.pattern", "nothing-*.csv"),
        ("https://example.org/rows.csv", "file.address", "download https://example.org/rows.csv first"),
        ("s3://bucket/rows.csv", "file.address", "download"),
        ("no\0name.csv", "file.read", "embedded null"),
        ("nothing.csv", "file.read", "No such file"),
        (".", "file.folder", "it is a folder without Parquet files"),
        ("/dev/zero", "file.device", "got a device"),
    ],
)
def test_what_is_no_file_of_rows_is_refused(source, code, sentence):
    said = refusal(source)
    assert said[0] == code
    assert sentence in said[1]


def test_a_link_to_itself_is_refused(folder):
    (folder / "loop.csv").symlink_to("loop.csv")
    assert refusal("loop.csv")[0] == "file.read"


def test_a_name_with_the_marks_of_a_pattern_is_a_name_if_there_is_such_a_file(folder):
    (folder / "rows[1].csv").write_text("x,y\n7,no\n")
    assert read_table("rows[1].csv").columns[0].numbers.tolist() == [7]


def test_standard_input_is_read_and_remembered_by_its_fingerprint(typed):
    content = "рост;y\n1,5;да\n".encode("cp1251")
    typed(content)
    table = read_table("-")
    assert (table.source, table.columns[0].numbers.tolist()) == ("standard input", [1.5])
    assert fingerprint("-") == hashlib.sha256(content).hexdigest()


def test_standard_input_may_be_any_format(typed, folder):
    np.save(folder / "t.npy", np.array([[1.5, 0]]))
    typed((folder / "t.npy").read_bytes())
    assert read_table("-").columns[0].numbers.tolist() == [1.5]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file.empty"), (b"\0" * 100, "file.binary"), (b"x,y\n" + b"1,2\n" * 500, "file.endless")],
)
def test_standard_input_without_rows_or_end_is_refused(content, code, typed, monkeypatch):
    monkeypatch.setattr("soloneuron.data.files.sources.MOST_UNPACKED", 1000)
    typed(content)
    assert refusal("-")[0] == code


def test_without_standard_input_there_is_nothing_to_read(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert refusal("-")[0] == "file.stdin"


def test_a_pipe_is_read_like_a_file(folder):
    os.mkfifo("rows.csv")
    writer = threading.Thread(target=(folder / "rows.csv").write_bytes, args=(b"x,y\n1.5,no\n",))
    writer.start()
    table = read_table("rows.csv")
    writer.join()
    assert table.columns[0].numbers.tolist() == [1.5]
    assert fingerprint("rows.csv") == hashlib.sha256(b"x,y\n1.5,no\n").hexdigest()


def test_the_fingerprint_of_several_files_is_that_of_their_bytes_in_a_row(folder):
    content = (folder / "a.csv").read_bytes() + (folder / "b.csv").read_bytes()
    assert fingerprint(["a.csv", "b.csv"]) == hashlib.sha256(content).hexdigest()


def test_rows_are_called_by_their_first_file(folder):
    assert table_name(folder / "a.csv") == "a.csv"
    assert table_name(["a.csv", "b.csv"]) == "a.csv and 1 more"
    assert table_name("-") == "standard input"


@pytest.mark.slow
@pytest.mark.parametrize("label", ["1", "yes", '"yes, sir"'])
def test_reading_takes_less_than_three_times_the_memory_of_the_numbers(label, tmp_path):
    rows, columns = 20_000, 21
    line = ",".join(["-1.2345678901234567"] * (columns - 1) + [label]) + "\n"
    (tmp_path / "rows.csv").write_text(",".join(f"x{i}" for i in range(columns)) + "\n" + line * rows)
    tracemalloc.start()
    try:
        table = read_table(tmp_path / "rows.csv")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert table.rows == rows
    assert peak < 3 * rows * columns * 8


def test_a_packed_standard_input_is_unpacked(typed):
    typed(gzip.compress(b"x,y\n1,no\n2,yes\n"))
    assert read_table("-").rows == 2


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"a.csv": b"x,y\n1,no\n", "README.md": b"text", "a.png": b"x", "LICENSE.txt": b"text"}, None),
        ({"a.csv": b"x,y\n1,no\n", "b.csv": b"x,y\n1,no\n"}, "file.zip"),
        ({"a.csv.gz": gzip.compress(b"x,y\n1,no\n")}, "file.packed_twice"),
    ],
)
def test_a_zip_is_read_as_its_one_table(members, code, tmp_path):
    path = tmp_path / "rows.zip"
    with ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    if code is None:
        assert read_table(path).rows == 1
    else:
        with pytest.raises(InputError) as fault:
            read_table(path)
        assert fault.value.code == code


def test_the_address_of_an_own_file_is_told_as_its_path():
    with pytest.raises(InputError, match=r"give /no/my rows\.csv instead"):
        read_table("file:///no/my%20rows.csv")


LARGE = {
    "a cell of 100 MB": (lambda: b"x,y\n1," + b"a" * 100_000_000 + b"\n", "file.long_line"),
    "a cell of 100 MB in quotation marks": (
        lambda: b'x,y\n1,"' + b"a\n" * 50_000_000 + b'"\n',
        "file.long_cell",
    ),
    "a number of 100 MB": (lambda: b"x,y\n" + b"9" * 100_000_000 + b",0\n", "file.long_line"),
    "a mark that is not closed above 20 MB": (
        lambda: b'x,y\n1,"a\n' + b"2,b\n" * 5_000_000,
        "file.long_cell",
    ),
    "a line of separators": (lambda: b"," * 50_000_000, "file.long_line"),
    "blank lines": (lambda: b"\n" * 50_000_000, "file.empty"),
    "zero bytes": (lambda: b"\0" * 50_000_000, "file.binary"),
}


@pytest.mark.stress
@pytest.mark.parametrize("case", LARGE)
def test_large_nonsense_is_refused_like_small(case, tmp_path):
    content, code = LARGE[case]
    (tmp_path / "rows.csv").write_bytes(content())
    assert refusal(tmp_path / "rows.csv")[0] == code
