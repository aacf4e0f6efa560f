"""A run comes back from its file as it was, or is refused by the location of what is wrong."""

import json
import os
import re
import threading
from dataclasses import replace

import pytest
import torch

from run_records import DATA, RECIPE, history, run
from soloneuron.errors import RecordError
from soloneuron.records.history import Outcome
from soloneuron.records.recipe import Part
from soloneuron.storage import paths
from soloneuron.storage.codec import RACE, as_json, file_bytes
from soloneuron.storage.runs import read_run, read_runs_of, write_run

INF, NAN = float("inf"), float("nan")
BARE = replace(DATA, features=DATA.features[:, :0], feature_names=())
OBJECTIVE = replace(RECIPE, objective=Part("own", own=True))
RUNS = {
    "single": run(),
    "float32": run(history(dtype=torch.float32)),
    "shuffled": run(history(seeds=(4,))),
    "evaluations": run(history(evaluations=(1, 3, 3, 9))),
    "many runs": run(history(runs=(3,))),
    "a grid of runs": run(history(runs=(3, 2), seeds=(1, 2))),
    "many runs in float32": run(history(runs=(2, 1), dtype=torch.float32)),
    "no epochs": run(history(epochs=(0,))),
    "sparse records": run(history(epochs=(0, 3, 6, 7))),
    "resumed": run(history(epochs=(5, 6, 8), losses=3)),
    "ended in an overflow": run(history(epochs=(0, 1, 2), losses=3)),
    "updates": run(history(epochs=(0, 5, 10, 15), losses=17, unit="update"), link="loss=nll&step=3"),
    "without a bias": run(history(size=2), recipe=replace(RECIPE, bias=False)),
    "without features": run(history(size=1), data=BARE),
    "an objective of its own": run(history(size=7), recipe=OBJECTIVE),
    "beyond all numbers": run(
        history(
            loss=torch.tensor([0.5, INF, -INF], dtype=torch.float64),
            value=torch.tensor([0.5, INF, NAN, -INF], dtype=torch.float64),
            accuracy=torch.full((4,), NAN, dtype=torch.float64),
            gradient_norm=torch.tensor([0.5, INF, NAN, 1e308], dtype=torch.float64),
            outcomes=(
                Outcome("overflow", 3, "too far", {"limit": INF, "ratio": NAN, "which": "local"}, True),
            ),
        )
    ),
}
TENSORS = ("theta", "loss", "value", "gradient_norm", "accuracy")


def same(one, other):
    """Whether two runs are alike to the last bit; nan is alike nan."""
    past, present = one.history, other.history
    for name in (*((past, present, name) for name in TENSORS), (one.data, other.data, "features")):
        a, b = getattr(name[0], name[2]), getattr(name[1], name[2])
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        assert torch.equal(a.nan_to_num(-1.5), b.nan_to_num(-1.5))
        assert torch.equal(a.isnan(), b.isnan())
    assert torch.equal(one.data.labels, other.data.labels)
    assert (one.recipe, one.versions, one.source, one.link) == (
        other.recipe,
        other.versions,
        other.source,
        other.link,
    )
    for name in ("epochs", "seeds", "evaluations", "unit"):
        assert getattr(past, name) == getattr(present, name)
    assert repr(past.outcomes) == repr(present.outcomes)
    for name in ("feature_names", "label_name", "classes", "name"):
        assert getattr(one.data, name) == getattr(other.data, name)


@pytest.mark.parametrize("kind", RUNS)
def test_a_run_comes_back_bit_for_bit(kind, tmp_path):
    write_run(RUNS[kind], tmp_path / "r.json")
    same(read_run(tmp_path / "r.json"), RUNS[kind])


def test_fields_of_a_later_hand_do_not_matter(tmp_path):
    path = spoiled(tmp_path, "history.later", [1])
    same(read_run(path), run())


def spoiled(tmp_path, path, value, one=None):
    """A saved run in which one location holds something else; without its digest."""
    write_run(run() if one is None else one, tmp_path / "r.json")
    record = json.loads((tmp_path / "r.json").read_text())
    del record["digest"]
    *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]
    location = record
    for step in way:
        location = location[step]
    if value is KeyError:
        del location[last]
    else:
        location[last] = value
    (tmp_path / "r.json").write_text(json.dumps(record))
    return tmp_path / "r.json"


SPOILS = {
    "no recipe": ("recipe", KeyError, " | have the field 'recipe'"),
    "a recipe that is a list": ("recipe", [1], "be an object, got a list"),
    "a field that no recipe has": (
        "recipe.learning_rat",
        0.1,
        "did you mean 'optimizer.settings.learning_rate'?",
    ),
    "versions": ("versions", "3.11", "be an object, got 3.11"),
    "a version that is a number": ("versions.python", 3, "be a text, got 3"),
    "link": ("link", None, "be a text, got null"),
    "no outcomes": ("history.outcomes", [], "hold one for each of 1 runs, got 0"),
    "outcomes in words": ("history.outcomes", "finished", "be a list, got finished"),
    "unknown outcome": ("history.outcomes[0].kind", "tired", "knows, got tired"),
    "outcome no object": ("history.outcomes[0]", "end", "be an object, got end"),
    "outcome's epoch": ("history.outcomes[0].epoch", None, "be a whole number"),
    "outcome before all": ("history.outcomes[0].epoch", -1, "be >= 0, got -1"),
    "outcome's reason": ("history.outcomes[0].reason", 1, "be a text, got 1"),
    "outcome's numbers": ("history.outcomes[0].fields.a", [1], "or null, got a list"),
    "no history": ("history", KeyError, " | have the field 'history'"),
    "history null": ("history", None, "be an object, got null"),
    "another dtype": ("history.theta", {"int8": [[1]]}, "be a list, got an object"),
    "ragged theta": ("history.theta[1]", [1.0], "be a list of 3, got a list of 1"),
    "theta too short": ("history.theta", [[0, 0, 0]], "hold 4 x 3 numbers, as epochs"),
    "theta in words": ("history.theta[3][0]", "zero", "be a finite number, got zero"),
    "theta of truths": ("history.theta[3][0]", True, "be a finite number, got true"),
    "theta null": ("history.theta[3][0]", None, "be a finite number, got null"),
    "theta not finite": ("history.theta[3][0]", {"number": "inf"}, "be a finite number, got inf"),
    "theta without axes": ("history.theta", [1, 2, 3, 4], "be lists of numbers"),
    "theta of another size": ("history.theta", [[0.0] * 5] * 4, "history.theta[0] | be 2 weights and a bias"),
    "theta without its bias": ("history.theta", [[0.0] * 2] * 4, "history.theta[0] | got 2 numbers"),
    "no theta": ("history.theta", KeyError, "history | have the field 'theta'"),
    "no value": ("history.value", KeyError, "history | have the field 'value'"),
    "a value too few": ("history.value", [1.0, 1.0, 1.0], "hold 4 numbers, as epochs and theta say, got 3"),
    "value of runs": ("history.value", [[1.0]] * 4, "hold 4 numbers, as epochs and theta say"),
    "loss in words": ("history.loss", "falling", "be a list, got falling"),
    "loss nested": ("history.loss", [[0.1], [0.2], [0.3]], "hold 3 numbers"),
    "a loss too few": ("history.loss", [0.1, 0.1], "hold the loss of each of 3 epochs, as epochs say"),
    "losses too many": ("history.loss", [0.1] * 5, "got 5"),
    "gradient norms too many": ("history.gradient_norm", [1.0] * 9, "hold 4 numbers"),
    "accuracy too few": ("history.accuracy", [1.0], "hold 4 numbers"),
    "accuracy above 1": ("history.accuracy[2]", 1.5, "lie in [0, 1], got 1.5"),
    "accuracy below 0": ("history.accuracy[2]", -0.1, "lie in [0, 1], got -0.1"),
    "accuracy without end": ("history.accuracy[2]", {"number": "inf"}, "got inf"),
    "no epoch": ("history.epochs", [], "hold one epoch at least"),
    "epochs in words": ("history.epochs[0]", "first", "be a whole number, got first"),
    "half an epoch": ("history.epochs[1]", 0.5, "be a whole number, got 0.5"),
    "epochs from below 0": ("history.epochs[0]", -1, "be >= 0, got -1"),
    "epochs that stand": ("history.epochs[2]", 1, "be > 1, for epochs increase, got 1"),
    "epochs that fall": ("history.epochs[3]", 0, "be > 2, for epochs increase, got 0"),
    "an epoch too many": (
        "history.epochs",
        [0, 1, 2, 3, 4],
        "history.loss | hold the loss of each of 4 epochs",
    ),
    "seeds": ("history.seeds", None, "be a list, got null"),
    "seeds too many": ("history.seeds", [1, 2], "hold one for each of 1 runs, got 2"),
    "a seed in words": ("history.seeds", ["x"], "history.seeds[0] | be a whole number, got x"),
    "evaluations too few": ("history.evaluations", [1, 2], "be 4 counts that do not"),
    "evaluations that fall": ("history.evaluations", [1, 2, 1, 3], "do not decrease"),
    "evaluations below 0": ("history.evaluations", [-1, 2, 2, 3], "be 4 counts"),
    "a unit of its own": ("history.unit", "second", "got second"),
    "no source": ("source", KeyError, " | have the field 'source'"),
    "source's hash": ("source.sha256", 0, "be a text, got 0"),
    "source's rows": ("source.rows", "five", "be a whole number, got five"),
    "source's rows too few": ("source.rows", 2, "be >= 3, the rows of data, got 2"),
    "no data": ("data", KeyError, " | have the field 'data'"),
    "a label too many": ("data.labels", [0.0] * 6, "data.features | be 6 rows of 2 numbers"),
    "labels in words": ("data.labels[0]", "one", "be a finite number, got one"),
    "a label above 1": ("data.labels[1]", 2, "lie in [0, 1], got 2.0"),
    "a label below 0": ("data.labels[1]", -1, "lie in [0, 1], got -1.0"),
    "a label that is none": ("data.labels[1]", {"number": "nan"}, "lie in [0, 1], got nan"),
    "labels in rows": ("data.labels", [[0], [1], [1]], "be a list of numbers"),
    "ragged features": ("data.features[2]", [1.0], "be a list of 2, got a list of 1"),
    "a feature not finite": ("data.features[2][1]", {"number": "-inf"}, "be a finite number, got -inf"),
    "a feature's name too few": ("data.feature_names", ["x1"], "data.features | be 3 rows of 1 numbers"),
    "a feature's name twice": ("data.feature_names", ["a", "a"], "data.feature_names[1] | a name of its own"),
    "one class": ("data.classes", ["0"], "be a list of 2, got a list of 1"),
    "one class twice": ("data.classes", ["0", "0"], "data.classes[1] | be a name of its own, got 0"),
}
"""A location, what stands there then, and the sentence; before a bar the location that it names instead."""


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_run_edited_into_nonsense_is_refused_with_its_place(spoil, tmp_path):
    path, value, told = SPOILS[spoil]
    location, _, sentence = told.rpartition(" | ")
    with pytest.raises(RecordError) as caught:
        read_run(spoiled(tmp_path, path, value))
    said = str(caught.value)
    assert len(said.splitlines()) == 1
    inside = location if "|" in told else path
    assert said.startswith(" in ".join(filter(None, (inside, f"{tmp_path / 'r.json'} must "))))
    assert sentence in said


@pytest.mark.parametrize("part", [*TENSORS, "features", "labels"])
@pytest.mark.parametrize("value", [None, 0.5])
def test_numbers_that_stand_in_no_list_are_refused_by_name(part, value, tmp_path):
    room = "data" if part in ("features", "labels") else "history"
    with pytest.raises(RecordError, match=rf"^{room}\.{part} in .* must be a list, got"):
        read_run(spoiled(tmp_path, f"{room}.{part}", value))


def test_one_of_many_runs_may_leave_the_range_of_numbers(tmp_path):
    past = history(runs=(2,))
    past.theta[3, 1, 0] = INF
    write_run(run(past), tmp_path / "r.json")
    same(read_run(tmp_path / "r.json"), run(past))


@pytest.mark.parametrize("name", TENSORS)
def test_every_number_of_every_run_must_be_there(name, tmp_path):
    one = run(history(runs=(2,)))
    values = getattr(one.history, name)[:, :1].tolist()
    with pytest.raises(RecordError, match=r"^history\."):
        read_run(spoiled(tmp_path, f"history.{name}", values, one))


RUN_FILES = {
    "a run": (lambda folder: write_run(run(), folder / "r.json"), ["r"]),
    "a race": (
        lambda folder: (folder / "r.json").write_bytes(
            file_bytes(RACE, {"runs": {"one": as_json(run()), "other": as_json(run())}})
        ),
        ["one", "other"],
    ),
}


@pytest.mark.parametrize("kind", RUN_FILES)
def test_the_runs_of_a_pipe_are_those_of_a_file_for_it_can_be_read_once(kind, tmp_path, monkeypatch):
    write, names = RUN_FILES[kind]
    write(tmp_path)
    monkeypatch.setattr(paths, "PIPE_PATIENCE", 2)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=((tmp_path / "r.json").read_bytes(),))
    writer.start()
    found = read_runs_of(pipe, "r")
    writer.join()
    assert list(found) == names
    for one in found.values():
        same(one, run())
