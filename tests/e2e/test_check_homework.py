"""Homework with one fault is told its cause, right homework is not blamed, and hostile homework harms nobody.

The table of causes is ``tests/homework/causes.toml``.
"""

import json
import os
import tomllib

import pytest

from homework_workers import HOMEWORK, WorkersHere
from hostile_homework import ALWAYS_EQUAL, HARMS, hostile
from soloneuron.checking.homework.files import CheckRequest, check_file, check_folder
from soloneuron.checking.homework.shown import report_data
from soloneuron.checking.workers import SpawnedWorkers, best_workers

TABLES = tomllib.loads((HOMEWORK / "causes.toml").read_text(encoding="utf-8"))
NOTES = TABLES.pop("notes")
CAUSES = {name: causes for table in TABLES.values() for name, causes in table.items()}
RIGHT = sorted(path.name for path in (HOMEWORK / "right").iterdir())

FAST = (
    "element_overwritten_everywhere.py", "element_closure_on_operand.py", "neuron_bias_averaged_twice.py",
    "optimizer_adam_no_correction.py",
)  # fmt: skip
"""A few of all kinds, which are checked in every run."""

FAST_RIGHT = ("element_labelled_element.py", "neuron_arrays.py", "optimizer_adam_functional.py")

REPEATED = ("wrong/element_set_order.py", "right/optimizer_nag_functional.py")
"""The order of a set, and random bowls."""

HEAVY = ("hangs", "hangs_for_good", "prints_a_gigabyte", "forks", "leaves_a_child", "reads_the_answers")


def causes_of(report):
    """All causes that are told: several that cannot be told apart are one name with bars."""
    told = [point.cause.id for one in report.examinations for point in one.points if point.cause is not None]
    return {name for ids in told for name in ids.split("|")}


def assert_told(name, report):
    assert report.refusal is None
    assert report.exit_code == 1
    assert causes_of(report) & set(CAUSES[name])


def test_the_table_names_every_wrong_homework():
    assert sorted([*CAUSES, *NOTES]) == sorted(path.name for path in (HOMEWORK / "wrong").iterdir())
    kinds = [name.partition("_")[0] for name in CAUSES]
    assert [
        kinds.count(kind) >= least for kind, least in (("element", 24), ("neuron", 14), ("optimizer", 22))
    ]
    assert len(RIGHT) >= 25


@pytest.mark.parametrize("name", FAST)
def test_a_fault_is_told_by_its_cause(name):
    assert_told(name, check_file(WorkersHere(), str(HOMEWORK / "wrong" / name), CheckRequest()))


@pytest.mark.parametrize("name", FAST_RIGHT)
def test_a_right_homework_is_not_blamed(name):
    assert check_file(WorkersHere(), str(HOMEWORK / "right" / name), CheckRequest()).exit_code == 0


@pytest.fixture(scope="module")
def processes():
    """Real workers behind all guards of this machine."""
    workers = best_workers()
    yield workers
    workers.close()


@pytest.fixture(scope="module")
def reports(processes):
    """All homework, checked as a class."""
    return {os.path.basename(one.path): one for one in check_folder(processes, str(HOMEWORK), CheckRequest())}


@pytest.mark.slow
@pytest.mark.parametrize("name", CAUSES)
def test_every_fault_is_told_by_its_cause(name, reports):
    assert_told(name, reports[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTES)
def test_what_is_no_fault_is_noted_and_not_blamed(name, reports):
    states = {point.id: point.state for one in reports[name].examinations for point in one.points}
    assert reports[name].exit_code == 0
    assert states[NOTES[name]] == "note"


@pytest.mark.slow
@pytest.mark.parametrize("name", RIGHT)
def test_no_right_homework_is_blamed(name, reports):
    assert reports[name].refusal is None
    assert reports[name].exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["wrong/element_set_order.py", "wrong/neuron_rounded_in_loop.md", "right/optimizer_nag_functional.py"],
)
def test_twenty_checks_say_the_same(name, processes):
    path = str(HOMEWORK / name)
    said = {json.dumps(report_data([check_file(processes, path, CheckRequest())], "en")) for _ in range(20)}
    assert len(said) == 1


def assert_stands(harm, report):
    """Something is found, and it is none that the harm has invented: the overwritten product, or a death."""
    assert report.exit_code == 1, harm
    (examination,) = report.examinations
    failing = {point.id for point in examination.points if point.fails}
    assert failing & {"multiplication", "shared", "diamond"}
    assert not failing & {"addition", "relu"}


@pytest.mark.slow
@pytest.mark.parametrize("harm", [harm for harm in HARMS if harm not in HEAVY])
def test_hostile_homework_changes_no_verdict_but_its_own(harm, tmp_path, processes):
    (tmp_path / "hw.py").write_text(hostile(harm))
    assert_stands(harm, check_file(processes, str(tmp_path / "hw.py"), CheckRequest()))
    assert check_file(processes, str(HOMEWORK / "right" / "element_tape.py"), CheckRequest()).exit_code == 0


@pytest.mark.stress
@pytest.mark.parametrize("harm", HEAVY)
def test_homework_that_hangs_or_floods_is_ended(harm, tmp_path, processes):
    (tmp_path / "hw.py").write_text(hostile(harm))
    assert_stands(harm, check_file(processes, str(tmp_path / "hw.py"), CheckRequest(seconds=30.0)))
    assert check_file(processes, str(HOMEWORK / "right" / "element_tape.py"), CheckRequest()).exit_code == 0


@pytest.mark.slow
def test_numbers_that_equal_everything_are_compared_as_numbers(tmp_path, processes):
    (tmp_path / "hw.py").write_text(ALWAYS_EQUAL)
    assert_stands("equal", check_file(processes, str(tmp_path / "hw.py"), CheckRequest()))


LOOKS_AROUND = """
import os, socket

def attempt(work):
    try:
        return work() is None
    except OSError:
        return 2

class Element:
    def __init__(self, data):
        self.data, self.grad = data, 0
    def __add__(self, other):
        return Element(self.data + other.data)
    def __mul__(self, other):
        return Element([
            attempt(lambda: open({secret!r}).read()), attempt(lambda: open({place!r}, "w")),
            attempt(lambda: socket.create_connection(("127.0.0.1", 9), 1)),
            len(os.environ.get("SECRET", "")), attempt(lambda: open("own", "w")),
        ])
    def relu(self):
        return self
    def backward(self):
        self.grad = 1
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", [best_workers, SpawnedWorkers])
def test_files_network_and_environment_are_out_of_reach(kind, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET", "x")
    (tmp_path / "secret").write_text("x")
    source = LOOKS_AROUND.format(secret=str(tmp_path / "secret"), place=str(tmp_path / "new"))
    (tmp_path / "hw.py").write_text(source)
    workers = kind()
    try:
        report = check_file(workers, str(tmp_path / "hw.py"), CheckRequest(seconds=30.0))
    finally:
        workers.close()
    if "files" not in report.guards:
        pytest.skip("this system has no Landlock")
    (point,) = [one for one in report.examinations[0].points if one.id == "multiplication"]
    assert point.counterexample.got == "[2, 2, 2, 0, 0]"
    assert not (tmp_path / "new").exists()
