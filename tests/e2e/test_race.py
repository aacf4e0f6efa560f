"""``soloneuron race``: the protocol from the command line, and rules from files."""

import json

import pytest

RULES = """
from soloneuron import Optimizer

class Signs(Optimizer):
    def direction(self, g, workspace, context):
        return g.sign()

class Needs(Optimizer):
    def __init__(self, wanted):
        super().__init__()

class NoRate(Optimizer):
    def __init__(self):
        super().__init__()

class Bare(Optimizer):
    def __init__(self):
        pass

class Leaves(Optimizer):
    def direction(self, g, workspace, context):
        raise SystemExit(3)

class Forgot(Optimizer):
    slots = ("m", "v")
    def begin(self, theta):
        return {"m": theta.clone()}
    def direction(self, g, workspace, context):
        return g

class Nothing(Optimizer):
    def direction(self, g, workspace, context):
        return None
"""

QUICK = ("--budget", 60, "--seeds", 2)


@pytest.fixture
def rules(folder):
    (folder / "mine.py").write_text(RULES)
    (folder / "bad.py").write_text("import nothing_of_that_name\n")
    (folder / "leaves.py").write_text("raise SystemExit(3)\n")
    (folder / "neighbor.py").write_text("scale = 2\n")
    (folder / "theirs.py").write_text("import neighbor\n" + RULES)
    (folder / "red.py").write_text("raise ValueError('\\x1b[31mred')\n")
    (folder / "broken.py").write_text("def (:\n")
    (folder / "zero.py").write_bytes(b"\0")
    return folder


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_rule_of_a_file_that_fails_is_told_and_the_others_are_judged(solo, language):
    methods = (
        "adam",
        "mine.py:Signs",
        "bad.py:X",
        "leaves.py:X",
        "mine.py:Sings",
        "mine.py:Needs",
        "no.py:X",
    )
    answer = solo("race", "ravine", *methods, *QUICK, "--lang", language)
    assert answer.code == 0
    for said in (
        "adam : Signs()",
        "nothing_of_that_name",
        "SystemExit: 3",
        "Signs, Needs",
        "TypeError",
        "no.py",
    ):
        assert said in answer.words


FAILING = {
    "mine.py:NoRate": "TypeError: NoRate.__init__() got an unexpected keyword",
    "mine.py:Bare": "must call super().__init__()",
    "mine.py:Leaves": "SystemExit: 3",
    "mine.py:Forgot": "begin(theta) of Forgot must make all slots, but 'v' is missing",
    "mine.py:Nothing": "TypeError",
    "mine.py:": "must have an Optimizer by name, FILE.py:CLASS; it has Signs",
    "red.py:X": "red.py does not import: ValueError",
    "broken.py:X": "does not import: SyntaxError",
    "zero.py:X": "does not import: SyntaxError",
    "theirs.py:NoRate": "TypeError",
}


@pytest.mark.usefixtures("rules")
def test_whatever_a_rule_raises_is_told_beside_the_others(solo):
    answer = solo("race", "ravine", "momentum", *FAILING, *QUICK)
    assert answer.code == 0
    for said in FAILING.values():
        assert said in answer.words
    assert "\x1b" not in answer.out


@pytest.mark.usefixtures("rules")
def test_two_classes_of_one_name_are_two_methods(solo):
    answer = solo("race", "bowl", "mine.py:Signs", "theirs.py:Signs", *QUICK)
    assert "Signs() : Signs() #2" in answer.words


@pytest.mark.usefixtures("rules")
def test_machines_get_all_that_was_measured(solo):
    found = json.loads(solo("race", "bowl", "adam", "bad.py:X", *QUICK, "--json").out)
    assert (found["budget"], found["seeds"], found["winner"]) == (60, [0, 1], None)
    assert [bool(method["fault"]) for method in found["methods"]] == [False, True]
    assert len(found["methods"][0]["costs"]) == 1


@pytest.mark.usefixtures("rules")
def test_rows_are_a_task_by_name_or_from_a_file(solo, clinic):
    assert solo("race", "assignment", "adam", "momentum", *QUICK, "--batch-size", 2).code == 0
    assert solo("race", clinic, "adam", "momentum", *QUICK, "--label", "sick", "--loss", "mse").code == 0


REFUSED = [
    (("ravne", "adam"), "did you mean 'ravine'"),
    (("ravine", "adm"), "did you mean 'adam'"),
    (("ravine", "bad.py:X"), "does not import: ModuleNotFoundError"),
    (("clinic.csv", "adam"), "--label must name the column"),
    (("ravine", "adam", "--tune", "beta1"), "must be NAME=LOW:HIGH"),
    (("ravine", "adam", "--tune", "beta1=0.9:0.5"), "two numbers"),
    (("ravine", "adam", "--budget", "0"), "whole number >= 1"),
    (("ravine", "adam", "adam"), "must be given once, got adam twice"),
    (("ravine", "sgd", "gradient_descent"), "must be given once, got gradient_descent twice"),
    (("ravine", "mine.py"), "must be named: mine.py:CLASS"),
    (("ravine", "adam", "--tune", "beta1=0:0.5", "--tune", "beta1=0:0.9"), "--tune beta1 must be given once"),
    (("ravine", "adam", "--tune", "learning_rate=0.1:1"), "learning_rate is tuned in any case"),
    (("ravine", "adam", "--label", "sick"), "--label belongs to a file of rows"),
    (("ravine", "adam", "--share", "2"), "share must lie between 0 and 1"),
]


@pytest.mark.usefixtures("rules", "clinic")
@pytest.mark.parametrize(("words", "said"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_raced_is_said_in_one_line(refused, words, said):
    assert said in refused("race", *words)
