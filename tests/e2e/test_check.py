"""``soloneuron check``: homework is told what is wrong with it, in files that other programs read."""

import csv
import json
import shutil
import tomllib
from xml.etree import ElementTree

import pytest

from homework_workers import HOMEWORK, WorkersHere
from soloneuron.checking import workers
from soloneuron.checking.homework.scores import weights_path

PRODUCT = "wrong/element_mul_own_data.py"
RIGHT = "right/element_value_like.py"


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(workers, "best_workers", WorkersHere)


@pytest.fixture
def notebook(folder):
    """Writes cells of code as ``hw.ipynb``."""

    def write(*sources):
        cells = [{"cell_type": "code", "source": source} for source in sources]
        (folder / "hw.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
        return "hw.ipynb"

    return write


def element(name="Element"):
    return (HOMEWORK / RIGHT).read_text(encoding="utf-8").replace("Value", name)


def test_a_right_homework_has_no_counterexample_and_nobody_calls_it_right(solo):
    answer = solo("check", str(HOMEWORK / RIGHT))
    assert answer.code == 0
    assert "no counterexample among" in answer.words
    assert "correct" not in answer.words


def test_a_wrong_homework_is_told_the_smallest_counterexample_and_its_cause(solo):
    answer = solo("check", str(HOMEWORK / PRODUCT))
    assert answer.code == 1
    assert "each operand gets its own value as the factor" in answer.words
    assert "Guards: no other files (Landlock)." in answer.words


def test_every_file_that_is_asked_for_says_the_same(solo, folder):
    (folder / "work").mkdir()
    for name in (RIGHT, PRODUCT):
        shutil.copy(HOMEWORK / name, folder / "work")
    (folder / "work" / "empty.py").write_text("")
    points = str(weights_path("assignment"))
    wanted = [
        "-o",
        "class.html",
        "--json",
        "c.json",
        "--csv",
        "c.csv",
        "--junit",
        "c.xml",
        "--points",
        points,
    ]
    assert solo("check", "work", *wanted).code == 1
    files = json.loads((folder / "c.json").read_text(encoding="utf-8"))["files"]
    assert [one["exit_code"] for one in files] == [1, 0, 2]
    scores = {one["file"]: [found["score"] for found in one["objects"]] for one in files}
    assert scores == {
        "work/element_mul_own_data.py": [7],
        "work/element_value_like.py": [10],
        "work/empty.py": [],
    }
    with (folder / "c.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["multiplication"] for row in rows] == ["counterexample", "holds", ""]
    suites = ElementTree.parse(folder / "c.xml").getroot()
    assert (suites.get("failures"), suites.get("errors")) == ("1", "1")
    assert suites.find(".//skipped") is not None
    assert suites.find(".//property[@name='guards']").get("value") == "files"
    page = (folder / "class.html").read_text(encoding="utf-8")
    assert page.count("<tr>") == 4
    assert "<script" not in page


def test_names_in_a_report_are_neither_run_nor_shown_as_html(solo, folder):
    (folder / "work").mkdir()
    shutil.copy(HOMEWORK / PRODUCT, folder / "work" / "=1+1<b>.py")
    solo("check", "work", "-o", "class.html", "--csv", "c.csv", "--junit", "c.xml")
    assert "<b>.py" not in (folder / "class.html").read_text(encoding="utf-8")
    assert ElementTree.parse(folder / "c.xml").getroot().find("testsuite").get("name").endswith("=1+1<b>.py")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["def f(:\n    pass"], "not Python that can be read: cell 1, line 1: SyntaxError"),
        (
            ["table = open('points.csv').read()", "def f():\n    return table"],
            "needs files, and none can be read",
        ),
        (
            ["import nowhere_at_all as n", "def f():\n    return n.x"],
            "libraries that are not installed: nowhere_at_all",
        ),
        (["class A(Base):\n    pass"], "needs what it does not define: cell 1, line 1: NameError"),
        (
            ["import torch", "w = torch.zeros(2, device='cuda')", "def f():\n    return w"],
            "needs a GPU: cell 2",
        ),
        (
            ["def f():\n    return 1"],
            "holds nothing that looks like an autograd class, a function that trains",
        ),
        (["x = 1"], "holds nothing that looks like"),
        ([], "holds no code"),
    ],
)
def test_what_cannot_be_checked_is_a_sentence_and_no_failure(solo, notebook, cells, said):
    answer = solo("check", notebook(*cells))
    assert answer.code == 2
    assert said in " ".join(answer.err.split())


def test_code_that_asks_is_answered_by_nobody(solo, notebook, monkeypatch):
    monkeypatch.setattr(
        "builtins.input", lambda *_: (_ for _ in ()).throw(EOFError("EOF when reading a line"))
    )
    answer = solo("check", notebook("n = int(input())\ndef f():\n    return n"))
    assert answer.code == 2
    assert "asks for input()" in answer.err


def test_where_nothing_is_found_an_adapter_is_printed_that_works_when_it_is_filled_in(solo, folder):
    odd = element().replace("def backward", "def run_it_all_the_way").replace("__mul__", "product_of_two")
    (folder / "hw.py").write_text(odd)
    answer = solo("check", "hw.py", "--task", "element")
    assert answer.code == 2
    assert "# check: class check_element(MyClass):" in answer.out
    lines = ["class check_element(Element):", "    __mul__ = Element.product_of_two"]
    lines += ["    def backward(self): self.run_it_all_the_way()"]
    (folder / "hw.py").write_text("\n".join([odd, *(f"# check: {line}" for line in lines)]))
    assert "check_element" in solo("check", "hw.py", "--task", "element").out


def test_of_two_that_fit_equally_well_the_name_is_asked_for(solo, folder):
    (folder / "hw.py").write_text(element("First") + element("Second"))
    answer = solo("check", "hw.py")
    assert answer.code == 2
    assert "--object Second" in answer.err
    assert solo("check", "hw.py", "--object", "First").code == 0


def test_the_last_definition_of_a_name_is_checked_and_the_others_are_told(solo, notebook):
    wrong = (HOMEWORK / PRODUCT).read_text(encoding="utf-8")
    answer = solo("check", notebook(wrong, "print(1)", element()))
    assert answer.code == 0
    assert "also defined in cell 1" in answer.words


def test_a_folder_without_a_guard_needs_trust(solo, folder, monkeypatch):
    (folder / "work").mkdir()
    shutil.copy(HOMEWORK / RIGHT, folder / "work")
    monkeypatch.setattr("soloneuron.checking.homework.files.guards_of", lambda _: ("limits",))
    answer = solo("check", "work")
    assert answer.code == 2
    assert "--trust" in answer.err
    assert solo("check", "work", "--trust").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gone.py",), "No such file"),
        (("empty",), "holds no .ipynb, .py or .md file"),
        (("empty", "--object", "A"), "--object names an object of one file"),
        (("hw.py", "--points", "bad.toml"), "bad.toml must be TOML with tables of points"),
        (("hw.py", "--json", "hw.py"), "written over the homework"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_run(solo, folder, arguments, said):
    (folder / "empty").mkdir()
    (folder / "hw.py").write_text(element())
    (folder / "bad.toml").write_text("[element]\nstart = 'many'")
    answer = solo("check", *arguments)
    assert answer.code == 2
    assert said in " ".join(answer.err.split())


def test_all_of_it_is_said_in_russian_too(solo, folder, notebook):
    answer = solo("check", str(HOMEWORK / PRODUCT), "--lang", "ru", "-o", "class.html")
    assert "Вероятная причина" in answer.words
    assert "Что найдено в домашних работах" in (folder / "class.html").read_text(encoding="utf-8")
    assert (
        "не читается как Python: ячейка 1, строка 1" in solo("check", notebook("def f(:"), "--lang", "ru").err
    )


def test_the_points_of_the_assignment_name_points_that_there_are(solo, folder):
    weights = tomllib.loads(weights_path("assignment").read_text(encoding="utf-8"))
    solo("check", str(HOMEWORK / RIGHT), "--json", "c.json")
    (found,) = json.loads((folder / "c.json").read_text(encoding="utf-8"))["files"][0]["objects"]
    assert set(weights["element"]["minus"]) <= {point["id"] for point in found["points"]}
