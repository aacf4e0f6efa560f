"""Files of format 1, written before recipes were kept, are still read, and go on as files of format 2."""

import json
import re

import pytest
import torch

from run_records import FORMAT_1
from soloneuron.errors import RecordError
from soloneuron.records.recipe import Part, Recipe
from soloneuron.storage.findings import load_study, save_study
from soloneuron.storage.models import read_model, write_model
from soloneuron.storage.runs import read_run, write_run

RUNS = ("run", "adam", "overflow", "sweep", "page")
PLAIN = Part("gradient_descent", {"learning_rate": 0.1})

RECIPES = {
    "run": Recipe(
        penalty=Part("elastic_net", {"strength": 0.01}),
        optimizer=PLAIN,
        epochs=20,
        class_weight="balanced",
        standardize=True,
        test_share=0.34,
        split_seed=0,
    ),
    "adam": Recipe(
        loss=Part("focal"),
        optimizer=Part("adam", {"beta1": 0.8, "learning_rate": 0.001}),
        epochs=12,
        batch_size=1,
        dtype="float32",
    ),
    "overflow": Recipe(optimizer=Part("gradient_descent", {"learning_rate": 1e308}), epochs=5),
    "sweep": Recipe(optimizer=Part("gradient_descent"), epochs=3),
    "page": Recipe(
        penalty=Part("l2", {"strength": 0.01}),
        optimizer=Part("adam", {"learning_rate": 0.2}),
        epochs=2,
        batch_size=1,
        shuffle=True,
        seed=3,
        bias=False,
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_what_settings_told_is_in_the_recipe_and_the_rest_has_its_default(name):
    assert read_run(FORMAT_1 / f"{name}.json").recipe == RECIPES[name]


@pytest.mark.parametrize("name", RUNS)
def test_the_numbers_are_those_of_the_file_and_values_are_unknown(name):
    record = json.loads((FORMAT_1 / f"{name}.json").read_text())
    history, past = read_run(FORMAT_1 / f"{name}.json").history, record["history"]
    dtype = torch.float32 if past["dtype"] == "float32" else torch.float64
    assert history.epochs == tuple(past["epochs"])
    for tensor in ("theta", "loss", "gradient_norm", "accuracy"):
        assert getattr(history, tensor).equal(torch.tensor(past[tensor], dtype=dtype))
    assert history.value.shape == history.gradient_norm.shape
    assert history.value.isnan().all()
    assert history.value.dtype == dtype
    assert (history.evaluations, history.seeds) == ((), tuple(past["seeds"]))
    assert [outcome.kind for outcome in history.outcomes] == [one["kind"] for one in record["outcomes"]]


def test_a_run_of_the_page_keeps_its_unit_and_its_link():
    run = read_run(FORMAT_1 / "page.json")
    assert run.history.unit == "update"
    assert run.link.startswith("data=own&points=1,2,1;")


def test_a_number_that_was_not_finite_stood_as_null(tmp_path):
    path = edited(tmp_path, "run", "history.loss[19]", None)
    assert read_run(path).history.loss[19].isnan()
    assert read_run(FORMAT_1 / "overflow.json").history.outcome.fields["ratio"] is None


@pytest.mark.parametrize("name", RUNS)
def test_a_run_goes_on_as_a_file_of_format_2(name, tmp_path):
    run = read_run(FORMAT_1 / f"{name}.json")
    write_run(run, tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text())["version"] == 2
    back = read_run(tmp_path / "r.json")
    assert back.recipe == run.recipe
    assert back.history.theta.equal(run.history.theta)


def test_a_model_is_read_and_goes_on(tmp_path):
    model = read_model(FORMAT_1 / "model.json")
    record = json.loads((FORMAT_1 / "model.json").read_text())
    assert model.recipe == RECIPES["run"]
    assert (model.rows, model.outcome) == (4, "finished")
    assert (list(model.weights), model.bias) == (record["weights"], record["bias"])
    assert list(model.scaling.mean) == record["scaling"]["mean"]
    write_model(model, tmp_path / "m.json")
    assert read_model(tmp_path / "m.json") == model
    assert read_model(FORMAT_1 / "plain.json").recipe == RECIPES["adam"]


def test_a_model_that_does_not_tell_how_it_was_trained_is_read(tmp_path):
    path = edited(tmp_path, "model", "training", KeyError)
    assert read_model(path).recipe == Recipe(epochs=0, optimizer=Part("gradient_descent"))


def test_findings_with_their_runs_are_read_and_go_on(tmp_path):
    study = load_study(FORMAT_1 / "findings.json")
    assert [found.experiment for found in study.findings] == ["assignment", "saddle", "nesterov_nag"]
    runs = study.findings[0].runs
    assert [run.recipe.loss.name for run in runs.values()] == ["nll", "mse", "mse", "nll"]
    assert study.findings[1].numbers["steps.gradient_descent"] == float("inf")
    save_study(study, tmp_path / "f.json")
    assert repr(load_study(tmp_path / "f.json").findings[1:]) == repr(study.findings[1:])


def edited(tmp_path, name, path, value):
    """A file of format 1 in which one location holds something else."""
    record = json.loads((FORMAT_1 / f"{name}.json").read_text())
    *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]
    location = record
    for step in way:
        location = location[step]
    if value is KeyError:
        del location[last]
    else:
        location[last] = value
    (tmp_path / "old.json").write_text(json.dumps(record))
    return tmp_path / "old.json"


def test_a_schedule_was_kept_by_its_words_and_is_somebodys_own(tmp_path):
    path = edited(tmp_path, "adam", "settings.learning_rate", "Cosine(0.1, 7)")
    assert read_run(path).recipe.learning_rate == Part("Cosine(0.1, 7)", own=True)


def test_class_weights_of_two_numbers_are_read(tmp_path):
    path = edited(tmp_path, "run", "settings.class_weight", {"1": 2.5})
    assert read_run(path).recipe.class_weight == (1.0, 2.5)


@pytest.mark.parametrize(
    ("size", "bias", "objective"), [(2, False, "neuron"), (3, True, "neuron"), (5, False, "own")]
)
def test_thetas_tell_of_a_bias_that_settings_do_not_name(size, bias, objective, tmp_path):
    path = edited(tmp_path, "sweep", "history.theta", torch.zeros(4, 3, size).tolist())
    recipe = read_run(path).recipe
    assert (recipe.bias, recipe.objective.name) == (bias, objective)
    assert recipe.objective.own is (objective == "own")


SPOILS = {
    "settings": ("run", "settings", [1], "be an object, got a list"),
    "no settings": ("run", "settings", KeyError, "| have the field 'settings'"),
    "loss": ("run", "settings.loss", 5, "be a text, got 5"),
    "penalty": ("run", "settings.penalty", "l2", "be an object or null, got l2"),
    "epochs": ("run", "settings.epochs", "many", "be a whole number or null, got many"),
    "dtype": ("run", "history.dtype", "int8", "be float64 or float32, got int8"),
    "no outcomes": ("run", "outcomes", KeyError, "| have the field 'outcomes'"),
    "an outcome": ("run", "outcomes[0]", 5, "history.outcomes[0] | be an object, got 5"),
    "no history": ("run", "history", KeyError, "| have the field 'history'"),
    "theta": ("run", "history.theta[3][0]", "x", "be a finite number, got x"),
    "theta null": ("run", "history.theta[3][0]", None, "be a finite number, got nan"),
    "theta in float32": (
        "adam",
        "history.theta[3][0]",
        "x",
        "history.theta[3][0] | be a finite number, got x",
    ),
    "no gradient norms": (
        "run",
        "history.gradient_norm",
        KeyError,
        "history | have the field 'gradient_norm'",
    ),
    "epochs that fall": ("run", "history.epochs[3]", 0, "be > 2, for epochs increase, got 0"),
    "labels": ("run", "data.labels[0]", 7, "lie in [0, 1], got 7.0"),
    "training": ("model", "training", [], "be an object, got a list"),
    "a rate": ("model", "training.learning_rate", {}, "got an object"),
    "a weight": ("model", "weights[0]", None, "be a finite number, got null"),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_nonsense_is_refused_by_its_place_in_the_file_of_format_1(spoil, tmp_path):
    name, path, value, told = SPOILS[spoil]
    location, _, sentence = told.rpartition("| ")
    with pytest.raises(RecordError) as caught:
        (read_model if name == "model" else read_run)(edited(tmp_path, name, path, value))
    inside = location.strip() if "|" in told else path
    assert str(caught.value).startswith(" in ".join(filter(None, (inside, f"{tmp_path / 'old.json'} must "))))
    assert sentence in str(caught.value)
