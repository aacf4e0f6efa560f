"""A homework is executed definition by definition; what fails, asks or draws hides nothing."""

import pytest

from soloneuron.checking.cells import CodeCell
from soloneuron.checking.student.loading import load


def loaded(*sources):
    return load([CodeCell(f"cell {number}", source) for number, source in enumerate(sources, 1)])


def test_a_failing_demonstration_hides_no_definition():
    found = loaded(
        "1 / 0", "x = open('data.csv').read()\nprint(x)", "def f():\n    return 3", "f() + undefined"
    )
    assert found.names["f"]() == 3
    assert found.troubles == []


def test_a_demonstration_is_not_executed():
    found = loaded("seen = []\ndef f(x):\n    return x\nresult = seen.append(f(1))\nprint(input())")
    assert "result" not in found.names


def test_what_a_definition_reads_is_executed_before_it_is_asked():
    found = loaded(
        "import numpy as np\nn = 2\nrates = [0.1] * n", "rate = rates[0]", "def f():\n    return np.sum(rate)"
    )
    assert found.names["f"]() == 0.1


def test_lines_of_ipython_are_dropped_and_operators_at_the_head_of_a_line_are_not():
    found = loaded(
        "%matplotlib inline\n!pip install x\n?print\ndef f(a):\n    return (a\n    % 4)",
        "%%time\ndef g():\n    if True:\n        %timeit 1\n        return 2",
        "%%bash\nrm -rf x",
        "files = !ls\ndef h():\n    return 1",
    )
    assert (found.names["f"](7), found.names["g"](), found.names["h"]()) == (3, 2, 1)
    assert found.troubles == []


def test_libraries_that_draw_or_are_not_there_are_stood_in_for():
    found = loaded(
        "import matplotlib.pyplot as plt\nfrom plotly.subplots import make_subplots\n"
        "import nowhere.at_all as na\n"
        "from tqdm import tqdm, trange\nimport tqdm as bars\nfrom nowhere import njit",
        "@njit\ndef f():\n    fig, ax = plt.subplots()\n    ax.plot([1]); na.x.y(1)[2]\n"
        "    make_subplots(rows=1).show()\n    return [*tqdm([1, 2])] + [*trange(2)] + [*bars.tqdm([5])]",
        "@njit(parallel=True)\ndef g():\n    return 4\nclass A(na.Base):\n    pass",
    )
    assert found.names["f"]() == [1, 2, 0, 1, 5]
    assert found.names["g"]() == 4
    assert "nowhere" in found.missing
    assert "matplotlib.pyplot" not in found.missing
    assert found.troubles == []


def test_the_check_in_a_notebook_is_not_run_again_by_the_check_of_its_file():
    found = loaded("def f():\n    return check(1)", "from soloneuron import check\ncheck(f)")
    assert type(found.names["f"]()).__name__ in ("StandIn", "Nothing")


def test_the_last_definition_of_a_name_counts_and_the_others_are_known():
    found = loaded("def f():\n    return 1", "def f():\n    return 2", "class A: pass", "A = 3")
    assert found.names["f"]() == 2
    assert found.places["f"] == ["cell 1", "cell 2"]


def test_a_method_that_is_put_into_a_class_later_is_there():
    found = loaded(
        "class A: pass",
        "def double(self):\n    return 2\nA.double = double",
        "setattr(A, 'three', lambda self: 3)",
    )
    assert (found.names["A"]().double(), found.names["A"]().three()) == (2, 3)


@pytest.mark.parametrize(
    ("source", "line", "kind"),
    [
        ("def f(:\n    pass", 1, "SyntaxError"),
        ("x = 1\n\nclass A(Base):\n    pass", 3, "NameError"),
        ("n = int(input())\ndef f():\n    return n", 1, "EOFError"),
        ("table = open('points.csv').read()\ndef f():\n    return table", 1, "FileNotFoundError"),
    ],
)
def test_what_could_not_be_executed_is_told_with_its_line(source, line, kind, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *_: (_ for _ in ()).throw(EOFError()))
    (trouble,) = loaded(source).troubles
    assert (trouble.place, trouble.line, trouble.kind) == ("cell 1", line, kind)


def test_a_cell_that_is_no_python_leaves_the_others():
    found = loaded("def f():\n    return 1", "it's a remark", "def g():\n    return f()")
    assert found.names["g"]() == 1
    assert [one.kind for one in found.troubles] == ["SyntaxError"]


def test_annotations_of_the_future_hold_for_all_cells():
    found = loaded(
        "from __future__ import annotations",
        "class A:\n    def add(self, other: A) -> A:\n        return self",
    )
    assert found.troubles == []


def test_a_definition_under_a_condition_is_one():
    found = loaded(
        "try:\n    import nowhere_at_all\nexcept ImportError:\n    nowhere_at_all = None",
        "if True:\n    def f():\n        return nowhere_at_all",
        "if __name__ == '__main__':\n    def g():\n        return 3\n    raise ValueError",
    )
    assert "f" in found.names
    assert found.names["g"]() == 3
    assert found.troubles == []
