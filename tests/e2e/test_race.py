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
"""

QUICK = ("--budget", 60, "--seeds", 2)


@pytest.fixture
def rules(folder):
    (folder / "mine.py").write_text(RULES)
    (folder / "bad.py").write_text("import nothing_of_that_name\n")
    (folder / "leaves.py").write_text("raise SystemExit(3)\n")
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
    (("ravine", "adam", "--share", "2"), "share must lie between 0 and 1"),
]


@pytest.mark.usefixtures("rules", "clinic")
@pytest.mark.parametrize(("words", "said"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_raced_is_said_in_one_line(refused, words, said):
    assert said in refused("race", *words)
