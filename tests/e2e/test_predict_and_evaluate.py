"""``soloneuron predict`` and ``soloneuron evaluate``: a model file gives back what the training found."""

import csv
import math

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from soloneuron import load_model

NEAR = 1e-12
"""The same formula in plain Python: a few roundings of 1e-16, and room."""

SIX_DIGITS = 5e-6
"""A predicted probability is written with six digits."""

SETTINGS = {
    "plain": [],
    "standardized": ["--standardize"],
    "without a bias": ["--no-bias"],
    "standardized without a bias": ["--standardize", "--no-bias"],
    "hinge": ["--loss", "hinge", "--penalty", "l1"],
}


def predictions(text):
    """The rows under the header, as (class, probability)."""
    (label, probability), *rows = csv.reader(text.splitlines())
    assert probability == "probability"
    return label, [(word, float(p)) for word, p in rows]


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


@pytest.mark.parametrize("settings", SETTINGS)
def test_evaluate_finds_the_numbers_that_the_training_said(settings, solo, clinic):
    trained = solo("train", clinic, "--label", "sick", *SETTINGS[settings], "-o", "m.json", "--json").json
    evaluated = solo("evaluate", "m.json", clinic, "--json").json
    assert evaluated["rows"] == 60
    assert evaluated["metrics"] == pytest.approx(trained["metrics"]["training"], abs=NEAR)


def test_a_model_of_float32_is_evaluated_as_it_was_trained_to_six_digits(solo, clinic):
    arguments = ["train", clinic, "--label", "sick", "--dtype", "float32", "-o", "m.json", "--json"]
    trained = solo(*arguments).json["metrics"]["training"]
    assert solo("evaluate", "m.json", clinic, "--json").json["metrics"] == pytest.approx(trained, abs=1e-6)


def test_training_rows_and_held_out_rows_add_up_to_all_rows(solo, clinic):
    arguments = ["train", clinic, "--label", "sick", "--test-share", 0.25, "-o", "m.json", "--json"]
    parts = solo(*arguments).json["metrics"]
    whole = solo("evaluate", "m.json", clinic, "--json").json["metrics"]
    for name in ("accuracy", "log_loss", "brier"):
        mixed = (45 * parts["training"][name] + 15 * parts["test"][name]) / 60
        assert whole[name] == pytest.approx(mixed, abs=NEAR)


@pytest.mark.parametrize("settings", SETTINGS)
def test_a_prediction_is_the_sigmoid_of_the_weighted_and_scaled_columns(settings, solo, clinic, rows):
    solo("train", clinic, "--label", "sick", *SETTINGS[settings], "-o", "m.json")
    model = load_model("m.json").record
    mean, scale = ((0, 0), (1, 1)) if model.scaling is None else (model.scaling.mean, model.scaling.scale)
    label, found = predictions(solo("predict", "m.json", clinic).out)
    assert label == "sick"
    for (word, p), (a, b, _) in zip(found, rows, strict=True):
        x = [(value - m) / s for value, m, s in zip((a, b), mean, scale, strict=True)]
        expected = sigmoid(model.bias + sum(w * value for w, value in zip(model.weights, x, strict=True)))
        assert p == pytest.approx(expected, rel=SIX_DIGITS)
        assert word == str(int(expected > 0.5))


def test_predictions_agree_with_the_accuracy_of_the_training(solo, clinic, rows):
    trained = solo("train", clinic, "--label", "sick", "-o", "m.json", "--json").json
    _, found = predictions(solo("predict", "m.json", clinic).out)
    right = sum(word == str(sick) for (word, _), (_, _, sick) in zip(found, rows, strict=True))
    assert right / 60 == pytest.approx(trained["metrics"]["training"]["accuracy"], abs=NEAR)


@pytest.mark.slow
def test_in_processes_of_their_own_train_predict_and_evaluate_hand_over_by_files(shell, folder, clinic):
    assert shell("train", clinic, "--label", "sick", "-o", "m.json", "--quiet").code == 0
    predicted = shell("predict", "m.json", clinic, "-o", "out.csv")
    assert (predicted.code, predicted.out, predicted.err) == (0, "", "")
    label, found = predictions((folder / "out.csv").read_text(encoding="utf-8"))
    assert (label, len(found)) == ("sick", 60)
    evaluated = shell("evaluate", "m.json", clinic)
    assert (evaluated.code, evaluated.err) == (0, "")
    assert "clinic.csv: 60 rows, 2 features" in evaluated.words
    assert "metric data" in evaluated.words


def test_what_goes_to_the_terminal_is_what_goes_to_the_file(solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    printed = solo("predict", "m.json", clinic).out
    assert solo("predict", "m.json", clinic, "-o", "out.csv").out == ""
    assert (folder / "out.csv").read_bytes().decode() == printed


def test_columns_may_stand_in_another_order_among_strangers(solo, folder, clinic, rows):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    lines = "".join(f"{b!r},Ann,{a!r},\n" for a, b, _ in rows)
    (folder / "other.csv").write_text("weight,name,height,note\n" + lines)
    assert solo("predict", "m.json", "other.csv").out == solo("predict", "m.json", clinic).out


def test_a_model_learned_from_csv_predicts_parquet(solo, folder, clinic, rows):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    heights, weights, _ = zip(*rows, strict=True)
    parquet.write_table(pa.table({"weight": weights, "height": heights}), folder / "rows.parquet")
    assert solo("predict", "m.json", "rows.parquet").out == solo("predict", "m.json", clinic).out


@pytest.mark.parametrize("label", ["2", "-1"])
def test_a_model_learned_from_a_numpy_table_evaluates_it(label, solo, folder, rows):
    np.save(folder / "rows.npy", np.array(rows))
    trained = solo("train", "rows.npy", "--label", label, "-o", "m.json", "--json").json
    evaluated = solo("evaluate", "m.json", "rows.npy", "--json").json
    assert evaluated["metrics"] == pytest.approx(trained["metrics"]["training"], abs=NEAR)


def test_predictions_are_in_the_words_of_the_file_that_was_learned_from(solo, folder):
    (folder / "words.csv").write_text('x,y\n-3,"ham, cold"\n-2,"ham, cold"\n2,спам\n3,спам\n')
    solo("train", "words.csv", "--label", "y", "-o", "m.json")
    _, found = predictions(solo("predict", "m.json", "words.csv").out)
    assert [word for word, _ in found] == ["ham, cold", "ham, cold", "спам", "спам"]


def test_evaluate_measures_against_another_column_if_it_is_named(solo, folder, clinic, rows):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    lines = "".join(f"{a!r},{b!r},{1 - c}\n" for a, b, c in rows)
    (folder / "healthy.csv").write_text("height,weight,healthy\n" + lines)
    usual = solo("evaluate", "m.json", clinic, "--json").json["metrics"]["accuracy"]
    turned = solo("evaluate", "m.json", "healthy.csv", "--label", "healthy", "--json").json["metrics"][
        "accuracy"
    ]
    assert turned == pytest.approx(1 - usual, abs=NEAR)


@pytest.mark.parametrize("reading", [(), ("--stream",)], ids=["in memory", "stream"])
def test_where_the_label_is_none_of_the_columns_the_option_is_named(reading, solo, folder, clinic, refused):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    (folder / "healthy.csv").write_text("height,weight,healthy\n1,2,0\n2,1,1\n")
    said = refused("evaluate", "m.json", "healthy.csv", *reading)
    assert "healthy.csv has no column 'sick', the label that the model has learned" in said
    assert said.rstrip().endswith("--label, one of healthy")


def test_several_files_are_predicted_as_one_table_and_none_of_them_is_written_over(solo, folder, refused):
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("x,y\n1,0\n2,1\n3,1\n")
    solo("train", "a.csv", "--label", "y", "-o", "m.json")
    solo("predict", "m.json", "a.csv", "-o", "p.csv", "b.csv")
    assert len((folder / "p.csv").read_text().splitlines()) == 7
    assert "over the rows" in refused("predict", "m.json", "[ab].csv", "-o", "b.csv", "--force")


def test_with_one_class_only_the_area_under_roc_is_unknown_and_the_rest_known(solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    (folder / "healthy.csv").write_text("height,weight,sick\n1,2,0\n2,1,0\n")
    measured = solo("evaluate", "m.json", "healthy.csv", "--json").json["metrics"]
    assert [name for name, value in measured.items() if value is None] == ["roc_auc"]
    assert "ROC AUC -" in solo("evaluate", "m.json", "healthy.csv").words


def test_evaluate_speaks_russian(solo, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    words = solo("evaluate", "m.json", clinic, "--lang", "ru").words
    assert "clinic.csv: 60 строк, 2 признака метрика данные" in words
    assert "доля верных ответов 0." in words


def test_a_model_without_features_predicts_its_bias_for_every_row(solo, clinic, rows):
    solo("train", clinic, "--label", "sick", "--drop", "height,weight", "-o", "m.json")
    _, found = predictions(solo("predict", "m.json", clinic).out)
    assert len(found) == len(rows)
    expected = sigmoid(load_model("m.json").bias)
    assert [p for _, p in found] == pytest.approx([expected] * len(rows), rel=SIX_DIGITS)


def test_a_model_without_features_can_be_evaluated(solo, clinic):
    arguments = ["train", clinic, "--label", "sick", "--drop", "height,weight", "-o", "m.json", "--json"]
    trained = solo(*arguments).json["metrics"]["training"]
    assert solo("evaluate", "m.json", clinic, "--json").json["metrics"] == pytest.approx(trained, abs=NEAR)


def test_predictions_are_not_written_over_what_they_are_made_from(folder, capsys):
    from soloneuron.cli import main

    rows, model = folder / "p.csv", folder / "own.json"
    rows.write_text("x,y\n1,0\n2,1\n3,1\n")
    assert main(["train", str(rows), "--label", "y", "-o", str(model), "--quiet"]) == 0
    before = rows.read_bytes(), model.read_bytes()
    for path in (rows, model):
        assert main(["predict", str(model), str(rows), "-o", str(path)]) == 2
    assert (rows.read_bytes(), model.read_bytes()) == before
    assert capsys.readouterr().err.count("choose another name") == 2
