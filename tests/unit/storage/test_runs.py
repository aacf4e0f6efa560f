"""A run comes back from its file as it was, or is refused by the name of what is wrong."""

import json
from dataclasses import replace

import pytest
import torch

from soloneuron import assignment_data, fit
from soloneuron.errors import RecordError
from soloneuron.records.history import Outcome
from soloneuron.records.run import RunRecord, Source
from soloneuron.storage.runs import read_run, write_run

SETTINGS = {
    "single": {"batch_size": 1},
    "float32": {"batch_size": 2, "dtype": torch.float32},
    "shuffled": {"shuffle": True, "seed": 4, "batch_size": 1},
    "many rates": {"learning_rate": torch.tensor([[0.1], [0.2], [0.3]], dtype=torch.float64)},
    "many seeds": {"shuffle": True, "seed": [1, 2], "batch_size": 1},
    "no epochs": {"epochs": 0},
    "sparse records": {"epochs": 7, "record_every": 3},
}


def make(**settings):
    data = assignment_data()
    return RunRecord(
        settings={"loss": "nll", "epochs": 3, "penalty": None},
        versions={"python": "3.11"},
        history=fit(data, **({"epochs": 3} | settings)),
        data=data,
        source=Source("points", "", 5),
    )


TENSORS = ("theta", "loss", "gradient_norm", "accuracy")


def same(run, other):
    past, present = run.history, other.history
    assert (run.settings, run.versions, run.source) == (other.settings, other.versions, other.source)
    assert (past.epochs, past.outcomes, past.seeds) == (present.epochs, present.outcomes, present.seeds)
    for name in TENSORS:
        a, b = getattr(past, name), getattr(present, name)
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        assert torch.equal(a.nan_to_num(-1.0), b.nan_to_num(-1.0))
    assert torch.equal(run.data.features, other.data.features)
    assert torch.equal(run.data.labels, other.data.labels)
    assert replace(run.data, features=None, labels=None).__dict__ == (
        replace(other.data, features=None, labels=None).__dict__
    )


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_run_comes_back_bit_for_bit(kind, tmp_path):
    run = make(**SETTINGS[kind])
    write_run(run, tmp_path / "r.json")
    same(read_run(tmp_path / "r.json"), run)


def test_a_run_without_features_comes_back(tmp_path):
    run = make()
    bare = replace(run.data, features=run.data.features[:, :0], feature_names=())
    run = replace(run, data=bare, history=fit(bare, epochs=2))
    write_run(run, tmp_path / "r.json")
    same(read_run(tmp_path / "r.json"), run)


def test_a_number_that_is_not_finite_is_null_in_the_file_and_nan_when_it_comes_back(tmp_path):
    run = make()
    loss = torch.tensor([0.5, float("inf"), float("nan")], dtype=torch.float64)
    write_run(replace(run, history=replace(run.history, loss=loss)), tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text())["history"]["loss"] == [0.5, None, None]
    back = read_run(tmp_path / "r.json").history.loss
    assert back[0] == 0.5
    assert back[1:].isnan().all()


@pytest.mark.parametrize("limit", [float("inf"), float("nan")])
def test_an_outcome_with_a_number_beyond_all_limits_can_be_saved(limit, tmp_path):
    run = make()
    outcome = Outcome("overflow", 1, "too far", {"limit": limit, "which": "local"})
    write_run(replace(run, history=replace(run.history, outcomes=(outcome,))), tmp_path / "r.json")
    assert read_run(tmp_path / "r.json").history.outcome.kind == "overflow"


def spoiled(tmp_path, path, value):
    """A saved run in which one place, given as a path of keys, holds something else."""
    write_run(make(), tmp_path / "r.json")
    record = json.loads((tmp_path / "r.json").read_text())
    *way, last = path
    place = record
    for key in way:
        place = place[key]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    (tmp_path / "r.json").write_text(json.dumps(record))
    return tmp_path / "r.json"


SPOILS = {
    "format": (["format"], "soloneuron model"),
    "version": (["version"], 2),
    "settings": (["settings"], [1]),
    "versions": (["versions"], "3.11"),
    "no outcomes": (["outcomes"], []),
    "outcomes in words": (["outcomes"], "finished"),
    "unknown outcome": (["outcomes", 0, "kind"], "tired"),
    "outcome no object": (["outcomes", 0], "finished"),
    "outcome's epoch": (["outcomes", 0, "epoch"], None),
    "outcome's reason": (["outcomes", 0, "reason"], 1),
    "no history": (["history"], KeyError),
    "history null": (["history"], None),
    "dtype": (["history", "dtype"], "int8"),
    "ragged theta": (["history", "theta", 1], [1.0]),
    "theta too short": (["history", "theta"], [[0.0, 0.0, 0.0]]),
    "theta in words": (["history", "theta", 0, 0], "zero"),
    "no theta": (["history", "theta"], KeyError),
    "loss in words": (["history", "loss"], "falling"),
    "loss nested": (["history", "loss"], [[0.1], [0.2], [0.3]]),
    "gradient norms too many": (["history", "gradient_norm"], [1.0] * 9),
    "accuracy too few": (["history", "accuracy"], [1.0]),
    "epochs in words": (["history", "epochs", 0], "first"),
    "seeds": (["history", "seeds"], None),
    "no source": (["source"], KeyError),
    "source's hash": (["source", "sha256"], 0),
    "source's rows": (["source", "rows"], "five"),
    "no data": (["data"], KeyError),
    "label too many": (["data", "labels"], [0.0] * 6),
    "labels in words": (["data", "labels", 0], "one"),
    "ragged features": (["data", "features", 0], [1.0]),
    "a feature's name too few": (["data", "feature_names"], ["x1"]),
    "classes": (["data", "classes"], ["0"]),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_run_edited_into_nonsense_is_refused(spoil, tmp_path):
    with pytest.raises(RecordError) as caught:
        read_run(spoiled(tmp_path, *SPOILS[spoil]))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("part", "name"),
    [*(("history", name) for name in TENSORS), ("data", "features"), ("data", "labels")],
)
@pytest.mark.parametrize("value", [None, 0.5])
def test_numbers_that_stand_in_no_list_are_refused_by_name(part, name, value, tmp_path):
    with pytest.raises(RecordError, match=f"^{name} in .* must be numbers in rows"):
        read_run(spoiled(tmp_path, [part, name], value))


def test_a_run_that_is_cut_short_is_refused(tmp_path):
    write_run(make(), tmp_path / "r.json")
    content = (tmp_path / "r.json").read_text()
    (tmp_path / "r.json").write_text(content[: len(content) // 2])
    with pytest.raises(RecordError, match="cut short"):
        read_run(tmp_path / "r.json")
