"""What ``soloneuron train`` prints and saves."""

import hashlib
import json
from dataclasses import asdict

import pytest
import torch

from soloneuron import load_model, load_run, read_dataset
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.texts import table

ESCAPE = "\x1b"


def found(answer):
    """Weights and bias of an answer in JSON."""
    return [*answer.json["weights"].values(), answer.json["bias"]]


# What is printed


def test_json_is_one_object_on_stdout_and_nothing_else(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--test-share", 0.2, "--json", "-o", "m.json")
    assert (answer.code, answer.err) == (0, "")
    assert len(answer.out.splitlines()) == 1
    record = json.loads(answer.out, parse_constant=pytest.fail)
    assert set(record) == {
        *("weights", "bias", "own_units", "classes", "rest", "losses", "loss_epochs", "metrics", "limits"),
        *("outcome", "settings", "recipe"),
    }
    assert set(record["metrics"]) == {"training", "test"}
    names = {"accuracy", "log_loss", "brier", "roc_auc", "calibration_error"}
    assert all(set(part) == names for part in record["metrics"].values())
    assert record["outcome"]["kind"] == "converged"


def test_json_carries_at_most_a_hundred_losses_with_first_and_last_unless_all_are_asked_for(solo):
    every = solo("train", "--epochs", 2500, "--json", "--all-losses").json
    some = solo("train", "--epochs", 2500, "--json").json
    assert every["loss_epochs"] == list(range(1, 2501))
    assert len(every["losses"]) == 2500
    assert len(some["losses"]) == len(some["loss_epochs"]) == 100
    assert (some["loss_epochs"][0], some["loss_epochs"][-1]) == (1, 2500)
    assert some["losses"] == [every["losses"][epoch - 1] for epoch in some["loss_epochs"]]


@pytest.mark.parametrize("loss", LOSSES)
def test_json_stays_valid_when_the_training_leaves_the_range_of_numbers(loss, solo, folder):
    (folder / "huge.csv").write_text("x,z,y\n1e300,1,0\n-1e300,2,1\n1,1,1\n2e300,1,0\n")
    answer = solo("train", "huge.csv", "--label", "y", "--loss", loss, "--json", "--learning-rate", "1e200")
    assert answer.code in {0, 3}
    json.loads(answer.out, parse_constant=pytest.fail)


def test_quiet_prints_nothing_and_still_saves(solo, folder, clinic):
    answer = solo("train", clinic, "--label", "sick", "--quiet", "-o", "m.json", "--save-run", "r.json")
    assert answer == type(answer)(0, "", "")
    assert load_model(folder / "m.json").record.label_name == "sick"
    assert load_run(folder / "r.json").data.label_name == "sick"


def test_weights_and_metrics_of_training_and_held_out_rows_stand_in_tables(solo, clinic):
    arguments = ["train", clinic, "--label", "sick", "--test-share", 0.25]
    printed, record = solo(*arguments).words, solo(*arguments, "--json").json
    for name, weight in record["weights"].items():
        assert f"{name} {weight:.4f}" in printed
    training, test = record["metrics"]["training"], record["metrics"]["test"]
    titles = table("en", "cli")
    for name in training:
        assert f"{titles[name]} {training[name]:.4f} {test[name]:.4f}" in printed


def test_of_many_weights_the_twenty_largest_are_shown_and_the_rest_counted(solo, folder):
    names = ",".join(f"column{i}" for i in range(30))
    cells = ",".join(str(i / 10) for i in range(30))
    (folder / "wide.csv").write_text(f"{names},y\n{cells},1\n{','.join('0' * 30)},0\n")
    # Plain descent follows the size of the columns, Newton's method and L-BFGS do not.
    words = solo("train", "wide.csv", "--label", "y", "--optimizer", "gradient_descent").words
    assert "10 more" in words
    assert [f"column{i} " in words for i in range(30)] == [i >= 10 for i in range(30)]


def test_a_path_is_printed_whole_however_long_it_is(solo, clinic):
    name = "a-long-name-" * 9 + ".json"
    answer = solo("train", clinic, "--label", "sick", "-o", name)
    assert f"saved {name}" in answer.out.splitlines()


def test_every_line_fits_a_terminal_of_eighty_columns_also_at_huge_numbers(solo, folder):
    (folder / "huge.csv").write_text("x,z,y\n1e300,1,0\n-1e300,2,1\n1,1,1\n2e300,1,0\n")
    answer = solo("train", "huge.csv", "--label", "y")
    assert max(map(len, answer.out.splitlines())) <= 80
    assert "00000000000000" not in answer.out
    assert "…" not in answer.out


def test_a_line_of_a_narrow_terminal_breaks_between_phrases(solo, clinic, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    lines = solo(
        "train", clinic, "--label", "sick", "--test-share", 0.25, "--batch-size", 32
    ).out.splitlines()
    assert lines[:2] == ["clinic.csv: 45 rows, 2 features;", "15 rows held out"]
    assert lines[2:4] == ["nll, mini-batches of 32 shuffled,", "learning rate 0.1, 100 epochs"]
    assert max(map(len, lines)) <= 40


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["one.csv: 2 rows, 1 feature", "1 row held out", "1 epoch", "the only epoch is done"]),
        ("ru", ["one.csv: 2 строки, 1 признак", "отложена 1 строка", "1 эпоха", "пройдена 1 эпоха из 1"]),
    ],
)
def test_words_go_with_their_numbers(language, words, solo, folder):
    (folder / "one.csv").write_text("x,y\n1,0\n2,1\n3,1\n")
    options = ["--test-share", 0.4, "--epochs", 1, "--lang", language]
    printed = solo("train", "one.csv", "--label", "y", *options).words
    assert [word for word in words if word not in printed] == []


def test_in_russian_every_sentence_of_ours_is_russian(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--lang", "ru", "--test-share", 0.2, "-o", "m.json")
    assert answer.code == 0
    titles = table("ru", "cli")
    for key in ("weight", "feature", "bias", "metric", "training", "test", "accuracy", "log_loss", "roc_auc"):
        assert titles[key] in answer.words
    said = {one for one in table("en", "cli").values() if isinstance(one, str)}
    ours = {*said, "rows", "features", "held", "learning", "epochs", "saved", "limits"}
    known = {"loss", "weight"}  # a column of the file is called weight
    assert {word for word in answer.words.split() if word in ours - known} == set()
    assert "сохранено: m.json" in answer.words


@pytest.mark.parametrize("no_color", [None, "1"])
def test_a_terminal_gets_colors_unless_no_color_is_set(no_color, terminal):
    environment = {} if no_color is None else {"NO_COLOR": no_color}
    code, seen = terminal("train", "--epochs", "3", **environment)
    assert code == 0
    colors = any(f"{ESCAPE}[{number}m" in seen for number in range(30, 38))
    assert colors == (no_color is None)


# What is saved


def test_the_model_file_says_what_was_learned_and_how(solo, folder, clinic):
    settings = ["--loss", "mse", "--penalty", "l2", "--seed", 3, "--epochs", 7, "--standardize", "--shuffle"]
    answer = solo("train", clinic, "--label", "sick", *settings, "--json", "-o", "m.json")
    record = json.loads((folder / "m.json").read_text(encoding="utf-8"))
    assert (record["format"], record["version"]) == ("soloneuron model", 2)
    assert [*record["weights"], record["bias"]] == found(answer)
    assert record["feature_names"] == ["height", "weight"]
    assert (record["label_name"], record["classes"]) == ("sick", ["0", "1"])
    expected = {"loss": "mse", "penalty": {"name": "l2", "alpha": 1e-4}, "seed": 3, "epochs": 7}
    expected |= {"batch_size": 32, "standardize": True, "rows": 60, "bias": True, "learning_rate": 0.1}
    assert expected.items() <= answer.json["settings"].items()
    assert record["recipe"] == answer.json["recipe"]
    assert (record["rows"], record["outcome"], record["epochs_done"]) == (60, "finished", 7)


def test_a_saved_run_holds_its_course_its_outcome_and_where_the_rows_came_from(solo, clinic):
    options = ["--json", "--save-run", "r.json", "--batch-size", 32]
    answer = solo("train", clinic, "--label", "sick", *options)
    run = load_run("r.json")
    assert run.history.theta[-1].tolist() == found(answer)
    assert run.history.loss.tolist() == answer.json["losses"]
    assert run.history.outcome.kind == "finished"
    assert run.history.seeds == (0,)
    assert json.loads(json.dumps(asdict(run.recipe))) == answer.json["recipe"]
    assert {"python", "soloneuron", "torch"} <= set(run.record.versions)
    assert run.record.source.name == "clinic.csv"
    assert run.record.source.sha256 == hashlib.sha256(clinic.read_bytes()).hexdigest()
    assert run.record.source.rows == 60
    data = read_dataset(clinic, label="sick")
    assert torch.equal(run.data.features, data.features)
    assert torch.equal(run.data.labels, data.labels)


def test_a_run_on_many_rows_keeps_a_sample_of_two_thousand(solo, many_rows):
    solo("train", many_rows, "--label", "sick", "--epochs", 1, "--save-run", "r.json")
    run = load_run("r.json")
    everything = read_dataset(many_rows, label="sick").features.tolist()
    kept = run.data.features.tolist()
    places = [everything.index(row) for row in kept]
    assert (len(kept), run.record.source.rows) == (2000, 2500)
    assert places == sorted(set(places))
    assert places != list(range(2000))


def test_a_long_run_keeps_about_two_hundred_thetas_and_every_loss(solo, clinic):
    options = ["--epochs", 1001, "--save-run", "r.json", "--quiet", "--optimizer", "gradient_descent"]
    solo("train", clinic, "--label", "sick", *options)
    history = load_run("r.json").history
    assert len(history.loss) == 1001
    assert len(history.theta) <= 202
    assert history.epochs[-1] == 1001


def test_nothing_but_what_was_asked_for_is_written(solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json", "--save-run", "r.json")
    assert {path.name for path in folder.iterdir()} == {"clinic.csv", "m.json", "r.json"}


def test_an_older_file_is_replaced(solo, clinic):
    solo("train", "-o", "m.json")
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    assert load_model("m.json").record.label_name == "sick"
