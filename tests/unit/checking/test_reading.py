"""Notebooks, Python and Markdown become cells of code, or a sentence."""

import json

import pytest

from soloneuron.checking.homework.reading import read_homework
from soloneuron.errors import InputError

CODE = "def f():\n    return 1\n"


def notebook(*cells):
    kinds = [{"cell_type": kind, "source": source} for kind, source in cells]
    return json.dumps({"cells": kinds, "nbformat": 4})


def read(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_homework(path)


def test_cells_of_code_are_counted_among_all_cells(tmp_path):
    cells = read(
        tmp_path, "hw.ipynb", notebook(("markdown", "# text"), ("code", ["x = 1\n", "y = 2"]), ("code", CODE))
    )
    assert [(cell.place, cell.source) for cell in cells] == [("cell 2", "x = 1\ny = 2"), ("cell 3", CODE)]


def test_a_notebook_of_the_third_format_is_read(tmp_path):
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": CODE}]}], "nbformat": 3}
    assert read(tmp_path, "hw.ipynb", json.dumps(old))[0].source == CODE


def test_blocks_of_markdown_are_read(tmp_path):
    page = f"# Task\n\n```text\nno code\n```\n\n```python\n{CODE}```\n\n~~~py\nx = 1\n~~~\n"
    assert [(cell.place, cell.source) for cell in read(tmp_path, "hw.md", page)] == [
        ("block 1", CODE), ("block 2", "x = 1\n"),
    ]  # fmt: skip


def test_an_interactive_session_in_markdown_is_read_without_its_marks(tmp_path):
    page = "```python\n>>> def f():\n...     return 1\n>>> f()\n1\n```\n"
    assert read(tmp_path, "hw.md", page)[0].source == "def f():\n    return 1\nf()"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_russian_letters_are_read_in_the_usual_encodings(tmp_path, encoding):
    words = "# обучение нейрона\nшаг = 1\n"
    assert read(tmp_path, "hw.py", words.encode(encoding))[0].source == words


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("hw.docx", CODE, "homework.ending"),
        ("hw.ipynb", CODE, "homework.notebook"),
        ("hw.ipynb", "[1, 2]", "homework.notebook"),
        ("hw.ipynb", "[" * 100_000, "homework.notebook"),
        ("hw.ipynb", notebook(), "homework.empty"),
        ("hw.ipynb", notebook(("markdown", "text"), ("code", " \n")), "homework.empty"),
        ("hw.py", "", "homework.empty"),
        ("hw.py", notebook(("code", CODE)), "homework.is_notebook"),
        ("hw.md", "# text alone", "homework.markdown"),
        ("hw.py", b"\x00\x01\x02", "homework.text"),
        ("hw.py", "x = 1\n" * 400_000, "homework.long"),
    ],
)
def test_what_holds_no_code_is_refused_in_a_sentence(tmp_path, name, content, code):
    with pytest.raises(InputError) as refused:
        read(tmp_path, name, content)
    assert refused.value.code == code
    assert name in str(refused.value)


def test_a_notebook_of_fifty_megabytes_is_not_read(tmp_path):
    path = tmp_path / "hw.ipynb"
    with path.open("wb") as file:
        file.truncate(50 << 20)
    with pytest.raises(InputError, match="at most 32 MiB: clear the outputs"):
        read_homework(path)


def test_no_such_file_is_said_so(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_homework(tmp_path / "none.py")


def test_an_adapter_stands_in_a_comment_or_beside_the_file(tmp_path):
    (tmp_path / "check_adapter.py").write_text("def train_neuron(): pass\n")
    cells = read(tmp_path, "hw.py", f"{CODE}\n# check: class Element(Mine):\n# check:     pass\n")
    assert [(cell.place, cell.source) for cell in cells[1:]] == [
        ("adapter", "def train_neuron(): pass\n"), ("adapter", "class Element(Mine):\n    pass"),
    ]  # fmt: skip


def test_the_adapter_of_a_class_serves_the_folders_in_it_and_the_nearest_goes_first(tmp_path):
    own, other = tmp_path / "work" / "anna", tmp_path / "work" / "boris"
    for folder, words in ((tmp_path, "x = 0"), (own.parent, "x = 1"), (own, "x = 2"), (other, None)):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "hw.py").write_text(CODE)
        if words is not None:
            (folder / "check_adapter.py").write_text(words)
    found = {name: read_homework(own.parent / name / "hw.py", own.parent)[-1] for name in ("anna", "boris")}
    assert {name: cell.source for name, cell in found.items()} == {"anna": "x = 2", "boris": "x = 1"}
    assert read_homework(other / "hw.py")[-1].place == ""
