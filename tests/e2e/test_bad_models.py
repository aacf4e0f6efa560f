"""A model file edited into nonsense, or rows it cannot be used on: one clear line and exit code 2."""

import json
import shutil

import pytest

from soloneuron.cli import main


@pytest.fixture(scope="module")
def trained(first_clinic):
    """The file of a standardized model."""
    path = first_clinic.parent / "m.json"
    train = ["train", str(first_clinic), "--label", "sick", "--standardize", "--quiet", "-o", str(path)]
    assert main(train) == 0
    return path


@pytest.fixture
def model(trained, folder):
    """A standardized model, as the text of its fields; the file is ``m.json``."""
    shutil.copy(trained, folder / "m.json")
    return json.loads((folder / "m.json").read_text(encoding="utf-8"))


EDITS = {
    "no format": ({"format": None}, "m.json must be a soloneuron model file, got None"),
    "a run": ({"format": "soloneuron run"}, "must be a soloneuron model file, got 'soloneuron run'"),
    "a newer version": (
        {"version": 3},
        "m.json has version 3 of soloneuron model; this soloneuron reads up to 2",
    ),
    "a weight nan": ({"weights": [1, float("nan")]}, "weights[1] in m.json must be a finite number, got nan"),
    "weights missing one": (
        {"weights": [1]},
        "m.json must be a list of 1, as long as weights, got a list of 2",
    ),
    "a name that is not in the file": ({"feature_names": ["height", "wait"]}, "did you mean 'weight'?"),
    "label among the features": (
        {"label_name": "height"},
        "label_name in m.json must not be one of the features",
    ),
    "a scale of 0": (
        {"scaling": {"mean": [0, 0], "scale": [1, 0]}},
        "scaling.scale[1] in m.json must be > 0",
    ),
    "half a letter in the label": (
        {"label_name": "\ud800"},
        r"label_name in m.json must be a text, got \ud800",
    ),
    "a letter that breaks a line": (
        {"bias": "\n\x1b[31m"},
        r"bias in m.json must be a finite number, got \n\x1b[31m",
    ),
    "a recipe's field that there is not": (
        {"recipe": {"learning_rat": 1}},
        "recipe.learning_rat in m.json must be a field that it has: did you mean",
    ),
}
"""One of each kind; all are in tests/unit/storage."""


@pytest.mark.parametrize("command", ["predict", "evaluate"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_model_edited_into_nonsense_is_refused(edit, command, refused, model, folder, clinic):
    change, sentence = EDITS[edit]
    (folder / "m.json").write_text(json.dumps(model | change))
    assert sentence in refused(command, "m.json", clinic)


@pytest.mark.usefixtures("model")
def test_a_byte_order_mark_does_no_harm(solo, folder, clinic):
    plain = solo("predict", "m.json", clinic)
    (folder / "m.json").write_bytes(b"\xef\xbb\xbf" + (folder / "m.json").read_bytes())
    assert solo("predict", "m.json", clinic) == plain


HUGE = {"weights": [1e308, 1e308], "scaling": None}


@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_weights_that_leave_the_range_of_numbers_are_one_sentence(command, refused, model, folder):
    (folder / "m.json").write_text(json.dumps(model | HUGE))
    (folder / "rows.csv").write_text("height,weight,sick\n0,0,1\n9,-9,0\n")
    assert "the weighted sum of row 1 of rows.csv left the range" in refused(command, "m.json", "rows.csv")


def test_a_missing_model_is_refused_in_a_process_of_its_own(shell, folder, clinic):
    answer = shell("predict", "nothing.json", clinic, "-o", "out.csv")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "soloneuron: cannot read nothing.json: No such file or directory\n"
    assert {path.name for path in folder.iterdir()} == {"clinic.csv"}


def test_rows_that_lack_a_column_of_the_model_are_refused(refused, solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    (folder / "out.csv").write_text("sick,probability\nold,1\n")
    (folder / "other.csv").write_text("height,weights\n1,2\n")
    assert "unknown column 'weight': did you mean 'weights'?" in refused(
        "predict", "m.json", "other.csv", "-o", "out.csv"
    )


def test_evaluate_refuses_a_label_value_the_model_does_not_know(refused, solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    (folder / "other.csv").write_text("height,weight,sick\n1,2,0\n1,2,7\n")
    assert "'sick' must be '0' or '1', got '7' in line 3" in refused("evaluate", "m.json", "other.csv")


def test_evaluate_refuses_a_label_that_the_model_learns_from(refused, solo, folder):
    (folder / "binary.csv").write_text("x,z,y\n1,2,0\n0,1,1\n1,5,1\n0,2,0\n")
    solo("train", "binary.csv", "--label", "y", "-o", "m.json", "--standardize")
    assert "x" in refused("evaluate", "m.json", "binary.csv", "--label", "x")
