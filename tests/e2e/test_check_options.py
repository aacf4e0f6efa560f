"""``soloneuron check``: what the task asks, how long a file may take, and what is worth how many points."""

import json
import re
import tomllib
from pathlib import Path
from typing import ClassVar

import pytest

from homework_workers import HOMEWORK, WorkersHere
from soloneuron.checking import workers
from soloneuron.checking.homework.scores import weights_path

DOCS = Path(__file__).parents[2] / "docs"
PRODUCT = "wrong/element_mul_own_data.py"
RIGHT = "right/element_value_like.py"


@pytest.fixture(autouse=True)
def in_this_process(request, monkeypatch):
    """No process is begun, but for the tests that are about them."""
    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr(workers, "best_workers", WorkersHere)


DEMANDED = [
    ("neuron_mse_exact.py", "nll-mean", "convention"),
    ("neuron_mse_half.py", "mse-mean", "convention"),
    ("neuron_summed.py", "nll-mean", "convention"),
    ("neuron_per_sample.md", "nll-mean", "convention"),
    ("neuron_lists.py", "strict", "forbidden"),
]


@pytest.mark.parametrize(("name", "spec", "point"), DEMANDED)
def test_what_the_task_asks_is_demanded_where_it_is_said_and_else_a_note(solo, folder, name, spec, point):
    source = (HOMEWORK / "right" / name).read_text(encoding="utf-8")
    if spec == "strict":
        head = "    n = len(features)\n"
        source = "import torch\n" + source.replace(head, f"{head}    torch.nn.Linear(1, 1)\n")
    (folder / name).write_text(source, encoding="utf-8")
    for asked, code, state in ((["--spec", spec], 1, "counterexample"), ([], 0, "note")):
        assert solo("check", name, *asked, "--json", "c.json", "--force").code == code
        (told,) = json.loads((folder / "c.json").read_text(encoding="utf-8"))["files"][0]["objects"]
        assert told["spec"] == (spec if asked else "auto")
        states = {one["id"]: one["state"] for one in told["points"]}
        assert states.pop(point) == state
        assert "counterexample" not in states.values()


def test_what_the_task_asks_is_no_fault_where_it_is_there(solo):
    for name, spec in (("neuron_lists.py", "nll-mean"), ("neuron_mse_exact.py", "mse-mean")):
        assert solo("check", str(HOMEWORK / "right" / name), "--spec", spec).code == 0


class Timed(WorkersHere):
    """Keeps how many seconds each worker was given."""

    given: ClassVar = []

    def start(self, folder, seconds):
        self.given.append(seconds)
        return super().start(folder, seconds)


def test_a_file_is_given_the_seconds_that_were_asked_for(solo, monkeypatch):
    monkeypatch.setattr(workers, "best_workers", Timed)
    for asked in ([], ["--timeout", "7"]):
        solo("check", str(HOMEWORK / RIGHT), *asked)
    usual, fewer = dict.fromkeys(Timed.given)
    assert usual - fewer == 20 - 7


@pytest.mark.slow
def test_a_file_that_hangs_is_ended_when_its_seconds_are_over(solo, folder):
    hanging = (HOMEWORK / RIGHT).read_text(encoding="utf-8")
    head = "def backward(self):"
    (folder / "hw.py").write_text(hanging.replace(head, f"{head}\n        while True:\n            pass\n"))
    answer = solo("check", "hw.py", "--timeout", "1")
    assert answer.code == 1
    assert "it does not come to an end" in answer.words
    assert "two programs before it did not come to an end" in answer.words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--timeout", "0"), "must be a whole number >= 1, got '0'"),
        (("--timeout", "soon"), "soon"),
        (("--spec", "mse"), "mse-mean"),
    ],
)
def test_a_limit_or_a_task_of_no_use_is_one_line(solo, arguments, said):
    answer = solo("check", str(HOMEWORK / RIGHT), *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1


def test_the_points_that_the_docs_print_are_those_of_the_assignment_and_one_for_a_finite_loss(solo, folder):
    page = (DOCS / "en" / "check.md").read_text(encoding="utf-8")
    (printed,) = re.findall(r"```toml\n(.*?)```", page, re.S)
    (folder / "points.toml").write_text(printed, encoding="utf-8")
    own = tomllib.loads(weights_path("assignment").read_text(encoding="utf-8"))
    own["neuron"] = {"start": 6, "plus": {"saturation": 1}}
    assert tomllib.loads(printed) == own
    worth = {
        RIGHT: 10,
        PRODUCT: 7,
        "right/neuron_lists.py": 7,
        "wrong/neuron_saturation_infinite.py": 6,
    }
    for name, points in worth.items():
        solo("check", str(HOMEWORK / name), "--points", "points.toml", "--json", "c.json", "--force")
        (told,) = json.loads((folder / "c.json").read_text(encoding="utf-8"))["files"]
        assert [one["score"] for one in told["objects"]] == [points], name
