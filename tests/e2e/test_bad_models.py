"""A model file edited into nonsense, or rows it cannot be used on: one clear line and exit code 2."""

import json

import pytest


@pytest.fixture
def model(solo, folder, clinic):
    """A standardized model, as the text of its fields; the file is ``m.json``."""
    solo("train", clinic, "--label", "sick", "--standardize", "-o", "m.json")
    return json.loads((folder / "m.json").read_text(encoding="utf-8"))


EDITS = {
    "no format": ({"format": None}, "must be a soloneuron model file"),
    "a run": ({"format": "soloneuron run"}, "must be a soloneuron model file, got 'soloneuron run'"),
    "a newer version": ({"version": 2}, "has version 2"),
    "version in words": ({"version": "1"}, "has version '1'"),
    "version true": ({"version": True}, "has version True"),
    "weights in words": ({"weights": ["a", 1]}, "weights[0] in m.json must be a finite number, got a"),
    "a weight null": ({"weights": [1, None]}, "weights[1]"),
    "a weight true": ({"weights": [1, True]}, "weights[1]"),
    "a weight nan": ({"weights": [1, float("nan")]}, "weights[1] in m.json must be a finite number, got nan"),
    "a weight too long": ({"weights": [1, 10**400]}, "weights[1]"),
    "weights missing one": ({"weights": [1]}, "m.json"),
    "no weights": ({"weights": []}, "m.json"),
    "weights no list": ({"weights": 7}, "weights in m.json must be a list, got 7"),
    "bias infinite": ({"bias": float("inf")}, "bias in m.json must be a finite number, got inf"),
    "bias a list": ({"bias": [1]}, "bias in m.json"),
    "one class": ({"classes": ["0"]}, "classes in m.json must be a list of 2"),
    "one class twice": ({"classes": ["0", "0"]}, "classes in m.json"),
    "classes no words": ({"classes": [0, 1]}, "classes in m.json"),
    "a name twice": ({"feature_names": ["x", "x"]}, "feature_names in m.json"),
    "a name too few": ({"feature_names": ["x"]}, "feature_names in m.json must be a list of 2"),
    "names no words": ({"feature_names": [1, 2]}, "feature_names in m.json"),
    "a name that is not in the file": ({"feature_names": ["height", "wait"]}, "did you mean 'weight'?"),
    "label no word": ({"label_name": 3}, "label_name in m.json must be a text, got 3"),
    "label among the features": ({"label_name": "height"}, "label_name"),
    "scaling a list": ({"scaling": [1, 2]}, "scaling in m.json must be an object"),
    "scaling empty": ({"scaling": {}}, "'scale'"),
    "a scale of 0": ({"scaling": {"mean": [0, 0], "scale": [1, 0]}}, "scale in m.json must be > 0, got 0"),
    "a negative scale": ({"scaling": {"mean": [0, 0], "scale": [-1, 1]}}, "must be > 0, got -1"),
    "a mean too few": ({"scaling": {"mean": [0], "scale": [1, 1]}}, "mean in scaling"),
    "training a list": ({"training": []}, "training in m.json must be an object"),
    "epochs nan": (
        {"training": {"epochs": float("nan")}},
        "training.epochs in m.json must be a finite number",
    ),
    "a rate deep inside": ({"training": {"a": [{"b": float("inf")}]}}, "training.a[0].b in m.json"),
    "half a letter in the label": (
        {"label_name": "\ud800"},
        r"label_name in m.json must be a text, got \ud800",
    ),
    "half a letter in a class": ({"classes": ["0", "\udfff"]}, "classes in m.json"),
    "half a letter in a feature": ({"feature_names": ["\ud83d", "x"]}, "feature_names in m.json"),
    "half a letter in training": ({"training": {"loss": "\ud800"}}, "training.loss in m.json must be a text"),
    "half a letter in a name": ({"training": {"\ud800": 1}}, "a name in training in m.json must be a text"),
}


@pytest.mark.parametrize("command", ["predict", "evaluate"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_model_edited_into_nonsense_is_refused(edit, command, refused, model, folder, clinic):
    change, sentence = EDITS[edit]
    (folder / "m.json").write_text(json.dumps(model | change))
    assert sentence in refused(command, "m.json", clinic)


def test_a_field_that_stands_twice_is_refused(refused, model, folder, clinic):
    twice = json.dumps(model).replace('"bias":', '"bias": 7, "bias":')
    (folder / "m.json").write_text(twice)
    assert "m.json must have every field once, got 'bias' twice" in refused("predict", "m.json", clinic)


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


@pytest.mark.parametrize(
    "name",
    ["version", "weights", "bias", "feature_names", "label_name", "classes", "scaling"],
)
def test_a_model_without_one_of_its_fields_is_refused(name, refused, model, folder, clinic):
    del model[name]
    (folder / "m.json").write_text(json.dumps(model))
    assert name in refused("predict", "m.json", clinic)


NO_MODELS = {
    "empty": b"",
    "blank": b" \n",
    "cut short": b'{"format": "soloneuron model", "version": 1, "wei',
    "a list": b"[1, 2]",
    "a number": b"7",
    "no text": b"\xff\xfe\0\0",
    "no JSON": b"height,weight\n1,2\n",
    "nested without end": b"[" * 100_000,
    "a number without end": b'{"format": "soloneuron model", "version": ' + b"1" * 5000 + b"}",
}


@pytest.mark.parametrize("fault", NO_MODELS)
def test_what_is_no_model_file_is_refused(fault, refused, folder, clinic):
    (folder / "m.json").write_bytes(NO_MODELS[fault])
    assert "m.json" in refused("predict", "m.json", clinic)


def test_a_missing_model_is_refused_in_a_process_of_its_own(shell, folder, clinic):
    answer = shell("predict", "nothing.json", clinic, "-o", "out.csv")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "soloneuron: cannot read nothing.json: No such file or directory\n"
    assert {path.name for path in folder.iterdir()} == {"clinic.csv"}


def test_rows_that_lack_a_column_of_the_model_are_refused(refused, solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    (folder / "out.csv").write_text("old")
    (folder / "other.csv").write_text("height,weights\n1,2\n")
    assert "unknown column 'weight': did you mean 'weights'?" in refused(
        "predict", "m.json", "other.csv", "-o", "out.csv"
    )


def test_evaluate_refuses_a_label_value_the_model_does_not_know(refused, solo, folder, clinic):
    solo("train", clinic, "--label", "sick", "-o", "m.json")
    (folder / "other.csv").write_text("height,weight,sick\n1,2,0\n1,2,7\n")
    assert "'sick' must be '0' or '1', got '7' in row 1" in refused("evaluate", "m.json", "other.csv")


def test_evaluate_refuses_a_label_that_the_model_learns_from(refused, solo, folder):
    (folder / "binary.csv").write_text("x,z,y\n1,2,0\n0,1,1\n1,5,1\n0,2,0\n")
    solo("train", "binary.csv", "--label", "y", "-o", "m.json", "--standardize")
    assert "x" in refused("evaluate", "m.json", "binary.csv", "--label", "x")
