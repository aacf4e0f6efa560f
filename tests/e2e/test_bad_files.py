"""Files of text that are no rows: one clear line on stderr, exit code 2, and nothing half-written."""

import io

import pytest

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
    "a text column": (HEAD + "1,2,0\nred,4,1\n", "'x' must be numbers, got 'red' in line 3"),
    "a text column's way out": (
        HEAD + "red,2,0\n3,4,1\n",
        "go on with  soloneuron train bad.csv --label y -o m.json --save-run r.json --encode\n",
    ),
    "a missing cell": (HEAD + "1,2,0\n3,,1\n", "missing cell in line 3, column 'z'"),
    "a cell NA": (HEAD + "1,2,0\n3,NA,1\n", "missing cell in line 3, column 'z'"),
    "a cell nan": (HEAD + "1,2,0\n3,nan,1\n", "missing cell in line 3, column 'z'"),
    "an infinite cell": (HEAD + "1,2,0\n-inf,4,1\n", "finite numbers, got -inf in line 3, column 'x'"),
    "a missing label": (HEAD + "1,2,0\n3,4,\n", "missing cell in line 3, column 'y'"),
    "a label nan": (HEAD + "1,2,0\n3,4,nan\n", "missing cell in line 3, column 'y'"),
    "three classes": (HEAD + "1,2,a\n3,4,b\n5,6,c\n", "'y' must have two values, got 3: a, b, c"),
    "decimal commas between commas": ("x,y\n1,5,0\n2,5,1\n", "if its numbers have decimal commas"),
    "an open quote": (HEAD + '1,2,0\n"3,4,1\n', "not readable as CSV"),
    "a zero byte": (HEAD + "1,2,0\n3\0,4,1\n", "line 3"),
    "a label with a zero byte": (HEAD + "1,2,0\n3,4,1\0\n", "line 3"),
    "numbers too large to add": (HEAD + "1e308,1e308,0\n3,4,1\n", "scale the data"),
    "a number without end": (HEAD + "9" * 200_000 + ",2,0\n", "must hold finite numbers, got 999"),
    "a cell without end": (HEAD + "9" * 1_200_000 + "x,2,0\n", "not readable as CSV"),
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
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "got a PNG picture"),
    "a page": (b"<!DOCTYPE html>\n<html><body>x,y</body></html>", "got a page in HTML"),
    "JSON": (b'[{"x": 1, "y": 0}]', "got JSON"),
    "two encodings": ("имя,y\nда,0\n".encode() + "нет,1\n".encode("cp1251"), "other bytes in line 3"),
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
    assert "cannot read folder.csv: it is a folder" in refused("train", "folder.csv", "--label", "y")
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
