"""``soloneuron train``: every option of it, as somebody at a keyboard meets it."""

import hashlib
import json
import math
import os
import random
import subprocess
import sys
import warnings

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from soloneuron import fit, load_model, load_run, read_dataset
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.formulas.penalties import as_penalty
from soloneuron.texts import table

ESCAPE = "\x1b"
HARDLY = 1e-12
"""The same sums in another order: a few hundred roundings of 1e-16, and room."""

RUN_1 = {"x1": -2.6127, "x2": 3.31}
SOME_LOSSES = {0: 0.7963, 1: 0.7179, 2: 0.66, 97: 0.1122, 98: 0.1114, 99: 0.1107}


def trained(path, **settings):
    """The weights and bias that ``fit`` finds for the file with the command line's own defaults."""
    data = read_dataset(path, label="sick")
    defaults = {"batch_size": 32, "shuffle": True, "seed": 0}
    history = fit(data, **(defaults | settings))
    return history.theta[-1].tolist()


def found(answer):
    """Weights and bias of an answer in JSON."""
    return [*answer.json["weights"].values(), answer.json["bias"]]


# Without a file


def test_without_a_file_the_run_of_the_assignment_is_printed_to_four_decimals(shell):
    answer = shell("train")
    assert answer.code == 0
    assert answer.err == ""
    words = answer.words
    assert "assignment: 5 rows, 2 features" in words
    assert "nll, per-sample file order, learning rate 0.1, 100 epochs" in words
    assert "x1 -2.6127 x2 3.3100 bias -1.4710" in words
    assert "loss 0.7963 █" in words
    assert "▁ 0.1107" in words
    assert ESCAPE not in answer.out


def test_without_a_file_the_losses_are_those_of_the_assignment(solo):
    answer = solo("train", "--json")
    assert {name: round(weight, 4) for name, weight in answer.json["weights"].items()} == RUN_1
    assert round(answer.json["bias"], 4) == -1.471
    assert {epoch: round(answer.json["losses"][epoch], 4) for epoch in SOME_LOSSES} == SOME_LOSSES
    assert len(answer.json["losses"]) == 100


def test_no_epochs_return_the_start_of_the_assignment(solo):
    answer = solo("train", "--epochs", 0, "--json")
    assert (answer.code, answer.json["weights"], answer.json["losses"]) == (0, {"x1": 0.1, "x2": -0.2}, [])


# Files


def write_csv(path, rows, *, delimiter=",", newline="\n", encoding="utf-8", quote=""):
    names = [f"{quote}{name}{quote}" for name in ("height", "weight", "sick")]
    lines = [names, *([repr(a), repr(b), str(c)] for a, b, c in rows)]
    path.write_bytes("".join(delimiter.join(line) + newline for line in lines).encode(encoding))


def write_parquet(path, rows):
    columns = zip(("height", "weight", "sick"), zip(*rows, strict=True), strict=True)
    parquet.write_table(pa.table(dict(columns)), path)


FORMATS = {
    "commas.csv": write_csv,
    "semicolons.csv": lambda path, rows: write_csv(path, rows, delimiter=";"),
    "tabs.csv": lambda path, rows: write_csv(path, rows, delimiter="\t"),
    "tabs.tsv": lambda path, rows: write_csv(path, rows, delimiter="\t"),
    "plain.txt": write_csv,
    "LOUD.CSV": write_csv,
    "mark.csv": lambda path, rows: write_csv(path, rows, encoding="utf-8-sig"),
    "quoted.csv": lambda path, rows: write_csv(path, rows, quote='"'),
    "quoted and marked.csv": lambda path, rows: write_csv(path, rows, quote='"', encoding="utf-8-sig"),
    "spaces.csv": lambda path, rows: write_csv(path, rows, delimiter=", "),
    "windows.csv": lambda path, rows: write_csv(path, rows, newline="\r\n"),
    "blank lines.csv": lambda path, rows: write_csv(path, rows, newline="\n\n"),
    "table.parquet": write_parquet,
    "table.pq": write_parquet,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_the_same_rows_trains_the_same_neuron(name, solo, folder, rows, clinic):
    FORMATS[name](folder / name, rows)
    answer = solo("train", name, "--label", "sick", "--json")
    assert answer.json["weights"] == solo("train", clinic, "--label", "sick", "--json").json["weights"]
    assert list(answer.json["weights"]) == ["height", "weight"]


@pytest.mark.parametrize("label", ["2", "-1"])
@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_a_numpy_table_trains_the_same_neuron_and_its_label_is_an_index(
    suffix, label, solo, folder, rows, clinic
):
    (np.save if suffix == "npy" else np.savez)(folder / f"table.{suffix}", np.array(rows))
    answer = solo("train", f"table.{suffix}", "--label", label, "--json")
    assert list(answer.json["weights"]) == ["0", "1"]
    assert found(answer) == found(solo("train", clinic, "--label", "sick", "--json"))


def test_cyrillic_names_and_values_are_learned_and_printed(shell, folder):
    (folder / "врачи.csv").write_text("рост;вес;болен\n1;2;да\n2;1;нет\n3;5;да\n", encoding="utf-8-sig")
    answer = shell("train", "врачи.csv", "--label", "болен", "--lang", "ru", "-o", "модель.json")
    assert (answer.code, answer.err) == (0, "")
    assert "болен: да — это 0, нет — это 1" in answer.words
    assert "врачи.csv: строк: 3, признаков: 2" in answer.words
    assert "рост" in answer.words
    model = load_model(folder / "модель.json")
    assert (model.label_name, model.classes, model.feature_names) == ("болен", ("да", "нет"), ("рост", "вес"))
    assert "болен" in (folder / "модель.json").read_text(encoding="utf-8")


def test_names_that_look_like_markup_are_printed_as_they_stand(solo, folder):
    (folder / "odd.csv").write_text("[/x],[red]z,:smile:,y\n1,2,3,0\n2,1,1,1\n")
    answer = solo("train", "odd.csv", "--label", "y")
    assert answer.code == 0
    for name in ("[/x]", "[red]z", ":smile:"):
        assert name in answer.out


def test_a_name_with_the_other_delimiter_in_quotes_does_not_mislead_the_reader(solo, folder):
    (folder / "units.csv").write_text('"height, cm";"weight, kg";y\n1;2;0\n2;1;1\n')
    answer = solo("train", "units.csv", "--label", "y", "--json")
    assert answer.code == 0
    assert list(answer.json["weights"]) == ["height, cm", "weight, kg"]


# Columns and labels


def test_features_chooses_columns_and_drop_leaves_them_out(solo, clinic):
    chosen = solo("train", clinic, "--label", "sick", "--features", "weight", "--json").json
    dropped = solo("train", clinic, "--label", "sick", "--drop", "height", "--json").json
    assert list(chosen["weights"]) == ["weight"]
    assert dropped["weights"] == chosen["weights"]


def test_features_keeps_the_order_in_which_they_were_named(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--features", " weight , height", "--json")
    assert list(answer.json["weights"]) == ["weight", "height"]


def test_a_text_column_may_be_dropped(solo, folder):
    (folder / "names.csv").write_text("name,x,y\nAnn,1,0\nBob,2,1\n")
    answer = solo("train", "names.csv", "--label", "y", "--drop", "name", "--json")
    assert (answer.code, list(answer.json["weights"])) == (0, ["x"])


def test_without_any_feature_the_bias_alone_learns_how_common_the_label_is(solo, clinic):
    everything = ["--drop", "height,weight", "--batch-size", "all", "--learning-rate", 4, "--epochs", 500]
    answer = solo("train", clinic, "--label", "sick", *everything, "--json")
    assert answer.json["weights"] == {}
    assert math.isclose(answer.json["bias"], math.log(24 / 36), abs_tol=1e-9)


def test_a_neuron_with_neither_feature_nor_bias_answers_one_half(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--drop", "height,weight", "--no-bias", "--json")
    assert answer.code == 0
    assert math.isclose(answer.json["metrics"]["training"]["log_loss"], math.log(2), abs_tol=HARDLY)


def write_labels(folder, zero, one):
    (folder / "words.csv").write_text(f"x,y\n1,{one}\n2,{zero}\n3,{one}\n5,{zero}\n")
    return folder / "words.csv"


@pytest.mark.parametrize(
    ("zero", "one"),
    [("0", "1"), ("0.0", "1.0"), ("-1", "1"), ("9", "10"), ("False", "True"), ("ham", "spam")],
)
def test_of_two_label_values_the_larger_is_one_and_this_is_said_if_it_is_not_plain(zero, one, solo, folder):
    path = write_labels(folder, zero, one)
    classes = solo("train", path, "--label", "y", "--json").json["classes"]
    assert classes == [zero.removesuffix(".0"), one.removesuffix(".0")]
    said = solo("train", path, "--label", "y").out.startswith(f"y: {zero} is 0, {one} is 1")
    assert said == (classes != ["0", "1"])


def test_two_long_numbers_as_labels_stay_two_classes(solo, folder):
    path = write_labels(folder, "1234567", "1234568")
    assert solo("train", path, "--label", "y", "--json").json["classes"] == ["1234567", "1234568"]


def test_positive_turns_the_neuron_around(solo, folder):
    path = write_labels(folder, "no", "yes")
    plain = solo("train", path, "--label", "y", "--json")
    turned = solo("train", path, "--label", "y", "--positive", "no", "--json")
    assert turned.json["classes"] == ["yes", "no"]
    assert found(turned) == pytest.approx([-value for value in found(plain)], abs=HARDLY)


def test_positive_may_be_spelled_as_in_the_file(solo, folder):
    path = write_labels(folder, "0.0", "1.0")
    answer = solo("train", path, "--label", "y", "--positive", "0.0", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.json["classes"] == ["1", "0"]


def test_one_class_trains_with_a_note_on_stderr(solo, folder):
    path = write_labels(folder, "1", "1")
    answer = solo("train", path, "--label", "y")
    assert answer.code == 0
    assert answer.err == (
        "soloneuron: note: the label 'y' holds one value only: the neuron can only learn to say '1'\n"
    )


# How to train: every option reaches the training


OPTIONS = {
    "--batch-size 1": {"batch_size": 1},
    "--batch-size 7": {"batch_size": 7},
    "--batch-size all": {"batch_size": None},
    "--learning-rate 0.7": {"learning_rate": 0.7},
    "--learning-rate auto": {"learning_rate": "auto"},
    "--epochs 3": {"epochs": 3},
    "--seed 5": {"seed": 5},
    "--no-shuffle": {"shuffle": False},
    "--class-weight balanced": {"class_weight": "balanced"},
    "--dtype float32": {"dtype": torch.float32},
    **{f"--loss {name}": {"loss": name} for name in LOSSES},
    **{f"--penalty {name} --alpha 0.3": {"penalty": as_penalty(name, 0.3)} for name in PENALTIES},
}


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_of_the_training_is_the_setting_of_fit(option, solo, clinic):
    answer = solo("train", clinic, "--label", "sick", *option.split(), "--json")
    assert (answer.code, answer.err) == (0, "")
    assert found(answer) == trained(clinic, **OPTIONS[option])


@pytest.mark.parametrize("option", [name for name in OPTIONS if name != "--loss nll"])
def test_no_option_of_the_training_goes_unheard(option, solo, clinic):
    plain = found(solo("train", clinic, "--label", "sick", "--json"))
    assert found(solo("train", clinic, "--label", "sick", *option.split(), "--json")) != plain


def test_no_bias_trains_without_one_and_prints_none(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--no-bias", "--json")
    assert list(answer.json["weights"].values()) == trained(clinic, fit_intercept=False)
    assert answer.json["bias"] == 0
    assert "bias" not in solo("train", clinic, "--label", "sick", "--no-bias").words
    assert "bias" in solo("train", clinic, "--label", "sick").words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "per-sample shuffled"),
        (7, "mini-batches of 7 shuffled"),
        (60, "full batch,"),
        ("all", "full batch,"),
    ],
)
def test_the_kind_of_descent_is_said(size, words, solo, clinic):
    assert f"nll, {words}" in solo("train", clinic, "--label", "sick", "--batch-size", size).words


def test_a_batch_larger_than_the_file_is_all_of_it_with_one_note(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--batch-size", 99, "--json")
    assert answer.code == 0
    assert answer.err == (
        "soloneuron: note: batch_size 99 is larger than the 60 rows: every update takes all of them\n"
    )
    assert answer.json["settings"]["batch_size"] == 60


def test_the_same_command_twice_writes_the_same_bytes(solo, folder, clinic):
    for number in (1, 2):
        solo(
            "train",
            clinic,
            "--label",
            "sick",
            "--test-share",
            0.3,
            "-o",
            f"m{number}",
            "--save-run",
            f"r{number}",
        )
    for kind in "mr":
        assert (folder / f"{kind}1").read_bytes() == (folder / f"{kind}2").read_bytes()


def test_standardize_trains_on_columns_of_mean_0_and_deviation_1(solo, clinic):
    data = read_dataset(clinic, label="sick")
    X = data.features.numpy()
    scaled = (X - X.mean(0)) / X.std(0)
    answer = solo("train", clinic, "--label", "sick", "--standardize", "--json", "-o", "m.json")
    expected = fit((scaled, data.labels), batch_size=32, shuffle=True, seed=0).theta[-1].tolist()
    assert found(answer) == pytest.approx(expected, abs=HARDLY)
    scaling = load_model("m.json").scaling
    assert scaling.mean == pytest.approx(X.mean(0), abs=HARDLY)
    assert scaling.scale == pytest.approx(X.std(0), abs=HARDLY)


def test_a_column_of_one_value_is_standardized_with_a_note(solo, folder):
    (folder / "flat.csv").write_text("x,z,y\n0.1,1,0\n0.1,2,1\n0.1,4,1\n")
    answer = solo("train", "flat.csv", "--label", "y", "--standardize", "-o", "m.json")
    assert answer.code == 0
    assert answer.err == "soloneuron: note: column 'x' holds one value only and tells nothing\n"
    assert load_model("m.json").scaling.scale[0] == 1


def test_a_test_share_holds_out_rows_of_both_classes_that_the_training_never_sees(solo, clinic, rows):
    answer = solo("train", clinic, "--label", "sick", "--test-share", 0.25, "--save-run", "r.json")
    assert "45 rows, 2 features; 15 rows held out" in answer.words
    assert "training held out" in answer.words
    kept = load_run("r.json").data
    assert (len(kept.labels), int(kept.labels.sum())) == (45, 18)
    everything = {(a, b, float(c)) for a, b, c in rows}
    seen = {(*x, y) for x, y in zip(kept.features.tolist(), kept.labels.tolist(), strict=True)}
    assert len(seen) == 45
    assert seen < everything


def test_the_held_out_rows_are_a_matter_of_the_seed(solo, clinic):
    def held(seed):
        settings = ["--test-share", 0.25, "--no-shuffle", "--json", "--seed", seed]
        return solo("train", clinic, "--label", "sick", *settings).json["metrics"]["test"]

    assert held(1) == held(1)
    assert held(1) != held(2)


def test_the_scaling_is_measured_on_the_training_rows_alone(solo, clinic):
    solo(
        "train", clinic, "--label", "sick", "--standardize", "--test-share", 0.5, "-o", "m", "--save-run", "r"
    )
    X = load_run("r").data.features
    assert load_model("m").scaling.mean == pytest.approx(X.mean(0).tolist(), abs=HARDLY)


@pytest.mark.parametrize("seed", [0, 2**64 - 1, 2**70])
def test_any_whole_number_is_a_seed(seed, solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--seed", seed, "--test-share", 0.3, "--json")
    assert (answer.code, answer.json["settings"]["seed"]) == (0, seed)


# What is printed


def test_json_is_one_object_on_stdout_and_nothing_else(shell, clinic):
    answer = shell("train", clinic, "--label", "sick", "--test-share", 0.2, "--json", "-o", "m.json")
    assert (answer.code, answer.err) == (0, "")
    assert len(answer.out.splitlines()) == 1
    record = json.loads(answer.out, parse_constant=pytest.fail)
    assert set(record) == {
        *("weights", "bias", "classes", "losses", "metrics", "limits", "outcome", "settings")
    }
    assert set(record["metrics"]) == {"training", "test"}
    names = {"accuracy", "log_loss", "brier", "roc_auc", "calibration_error"}
    assert all(set(part) == names for part in record["metrics"].values())
    assert record["outcome"]["kind"] == "finished"


@pytest.mark.parametrize("loss", LOSSES)
def test_json_stays_valid_when_the_training_leaves_the_range_of_numbers(loss, solo, folder):
    (folder / "huge.csv").write_text("x,z,y\n1e300,1,0\n-1e300,2,1\n1,1,1\n2e300,1,0\n")
    answer = solo("train", "huge.csv", "--label", "y", "--loss", loss, "--json", "--learning-rate", "1e200")
    assert answer.code in {0, 3}
    json.loads(answer.out, parse_constant=pytest.fail)


def test_quiet_prints_nothing_and_still_saves(shell, folder, clinic):
    answer = shell("train", clinic, "--label", "sick", "--quiet", "-o", "m.json", "--save-run", "r.json")
    assert answer == type(answer)(0, "", "")
    assert load_model(folder / "m.json").label_name == "sick"
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
    words = solo("train", "wide.csv", "--label", "y").words
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


def test_in_russian_every_sentence_of_ours_is_russian(shell, clinic):
    answer = shell("train", clinic, "--label", "sick", "--lang", "ru", "--test-share", 0.2, "-o", "m.json")
    assert answer.code == 0
    titles = table("ru", "cli")
    for key in ("weight", "feature", "bias", "metric", "training", "test", "accuracy", "log_loss", "roc_auc"):
        assert titles[key] in answer.words
    ours = {*table("en", "cli").values(), "rows", "features", "held", "learning", "epochs", "saved", "limits"}
    known = {"loss", "weight"}  # a column of the file is called weight
    assert {word for word in answer.words.split() if word in ours - known} == set()
    assert "сохранено: m.json" in answer.words


@pytest.mark.parametrize("arguments", [("train", "--lang", "ru"), ("losses", "nll", "--lang", "ru")])
def test_a_terminal_without_russian_letters_gets_substitutes_and_no_crash(arguments, shell):
    answer = shell(*arguments, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert answer.code == 0
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("no_color", [None, "1"])
def test_a_terminal_gets_colors_unless_no_color_is_set(no_color, terminal):
    environment = {} if no_color is None else {"NO_COLOR": no_color}
    code, seen = terminal("train", "--epochs", "3", **environment)
    assert code == 0
    colors = any(f"{ESCAPE}[{number}m" in seen for number in range(30, 38))
    assert colors == (no_color is None)


# What is saved


def test_the_model_file_says_what_was_learned_and_how(solo, folder, clinic):
    settings = ["--loss", "mse", "--penalty", "l2", "--seed", 3, "--epochs", 7, "--standardize"]
    answer = solo("train", clinic, "--label", "sick", *settings, "--json", "-o", "m.json")
    record = json.loads((folder / "m.json").read_text(encoding="utf-8"))
    assert (record["format"], record["version"]) == ("soloneuron model", 1)
    assert [*record["weights"], record["bias"]] == found(answer)
    assert record["feature_names"] == ["height", "weight"]
    assert (record["label_name"], record["classes"]) == ("sick", ["0", "1"])
    expected = {"loss": "mse", "penalty": {"name": "l2", "alpha": 1e-4}, "seed": 3, "epochs": 7}
    expected |= {"batch_size": 32, "standardize": True, "rows": 60, "bias": True, "learning_rate": 0.1}
    assert expected.items() <= record["training"].items()


def test_a_saved_run_holds_its_course_its_outcome_and_where_the_rows_came_from(solo, clinic):
    answer = solo("train", clinic, "--label", "sick", "--json", "--save-run", "r.json")
    run = load_run("r.json")
    assert run.history.theta[-1].tolist() == found(answer)
    assert run.history.loss.tolist() == answer.json["losses"]
    assert run.history.outcome.kind == "finished"
    assert run.history.seeds == (0,)
    assert run.settings == answer.json["settings"]
    assert {"python", "soloneuron", "torch"} <= set(run.versions)
    assert run.source.name == "clinic.csv"
    assert run.source.sha256 == hashlib.sha256(clinic.read_bytes()).hexdigest()
    assert run.source.rows == 60
    data = read_dataset(clinic, label="sick")
    assert torch.equal(run.data.features, data.features)
    assert torch.equal(run.data.labels, data.labels)


def test_a_run_on_many_rows_keeps_a_sample_of_two_thousand(solo, many_rows):
    solo("train", many_rows, "--label", "sick", "--epochs", 1, "--save-run", "r.json")
    run = load_run("r.json")
    everything = read_dataset(many_rows, label="sick").features.tolist()
    kept = run.data.features.tolist()
    places = [everything.index(row) for row in kept]
    assert (len(kept), run.source.rows) == (2000, 2500)
    assert places == sorted(set(places))
    assert places != list(range(2000))


def test_a_long_run_keeps_about_two_hundred_thetas_and_every_loss(solo, clinic):
    solo("train", clinic, "--label", "sick", "--epochs", 1001, "--save-run", "r.json", "--quiet")
    history = load_run("r.json").history
    assert len(history.loss) == 1001
    assert len(history.theta) <= 202
    assert history.epochs[-1] == 1001


def test_nothing_but_what_was_asked_for_is_written(solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json", "--save-run", "r.json")
    assert {path.name for path in folder.iterdir()} == {"clinic.csv", "m.json", "r.json"}


def test_an_older_file_is_replaced(solo, folder, clinic):
    (folder / "m.json").write_text("old")
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    assert load_model("m.json").label_name == "sick"


# Starting


TORCHLESS = [
    ["--help"],
    ["--version"],
    ["train", "--help"],
    ["losses", "--help"],
    [],
    ["trian"],
    ["train", "--epochs", "many"],
    ["train", "--loss", "nl"],
    ["train", "--learning-rate", "fast"],
    ["train", "--colour"],
    ["predict"],
]


def test_help_and_wrong_options_do_not_wait_for_torch(shell):
    program = (
        "import contextlib, io, json, sys\n"
        "from soloneuron.cli import main\n"
        "for arguments in json.loads(sys.argv[1]):\n"
        "    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n"
        "        try:\n"
        "            main(arguments)\n"
        "        except SystemExit as end:\n"
        "            code = end.code\n"
        "    print(code, sorted({'torch', 'numpy', 'sklearn', 'rich'} & set(sys.modules)))\n"
    )
    answer = shell(json.dumps(TORCHLESS), start=("-c", program))
    helpful = [bool({"--help", "--version"} & set(arguments)) for arguments in TORCHLESS]
    assert answer.out.splitlines() == [f"{0 if helps else 2} []" for helps in helpful]


def test_the_version_is_that_of_the_package(shell):
    from soloneuron import __version__

    assert shell("--version").out == f"soloneuron {__version__}\n"


def test_a_reader_who_has_had_enough_gets_no_traceback(clinic):
    with subprocess.Popen(
        [sys.executable, "-m", "soloneuron", "train", str(clinic), "--label", "sick"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        complaint = process.stderr.read().decode()
    assert "Traceback" not in complaint
    assert "Exception" not in complaint


def test_the_command_line_leaves_the_process_as_it_found_it(solo, clinic):
    def state():
        return {
            "showwarning": warnings.showwarning,
            "filters": list(warnings.filters),
            "dtype": torch.get_default_dtype(),
            "threads": torch.get_num_threads(),
            "dice": (torch.get_rng_state().tolist(), random.getstate(), np.random.get_state()[1].tolist()),
            "folder": os.getcwd(),
            "environment": dict(os.environ),
            "gradients": torch.is_grad_enabled(),
            "floats": np.geterr(),
        }

    before = state()
    solo("train", clinic, "--label", "sick", "--batch-size", 99, "--test-share", 0.5, "-o", "m.json")
    solo("predict", "m.json", clinic)
    solo("evaluate", "m.json", clinic)
    solo("train", "nothing.csv", "--label", "sick")
    assert state() == before
