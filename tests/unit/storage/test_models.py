"""A model comes back from its file as it was, or is refused by the name of the field."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from run_records import RECIPE
from soloneuron.errors import InputError, RecordError
from soloneuron.records.columns import ColumnEncoding
from soloneuron.records.model import ModelRecord, Scaling
from soloneuron.records.recipe import Recipe
from soloneuron.storage.models import read_model, write_model

NUMBER = st.floats(allow_nan=False, allow_infinity=False)
WORD = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@st.composite
def models(draw):
    d = draw(st.integers(0, 4))
    columns = st.tuples(*[NUMBER] * d)
    scale = st.tuples(*[st.floats(1e-300, 1e300)] * d)
    return ModelRecord(
        weights=draw(columns),
        bias=draw(NUMBER),
        feature_names=tuple(draw(st.lists(WORD.map("x".__add__), min_size=d, max_size=d, unique=True))),
        label_name=draw(WORD),
        classes=tuple(draw(st.lists(WORD, min_size=2, max_size=2, unique=True))),
        scaling=draw(st.none() | st.builds(Scaling, columns, scale)),
        recipe=draw(st.sampled_from([Recipe(), RECIPE])),
        rows=draw(st.integers(0, 2**40)),
        outcome=draw(WORD),
        epochs_done=draw(st.integers(0, 2**40)),
    )


MODEL = ModelRecord(
    weights=(1.0, -2.0),
    bias=0.5,
    feature_names=("a", "b"),
    label_name="y",
    classes=("no", "yes"),
    scaling=Scaling((0.0, 1.0), (2.0, 3.0)),
    recipe=RECIPE,
    rows=30,
    outcome="finished",
)


@given(models())
def test_a_model_comes_back_bit_for_bit(tmp_path, model):
    write_model(model, tmp_path / "m.json")
    assert read_model(tmp_path / "m.json") == model


def test_the_file_is_small_and_readable(tmp_path):
    write_model(MODEL, tmp_path / "m.json")
    lines = (tmp_path / "m.json").read_text().splitlines()
    assert '  "weights": [1.0, -2.0],' in lines
    assert '  "format": "soloneuron model",' in lines
    assert '    "scale": [2.0, 3.0]' in lines
    assert len(lines) < 75


def edited(tmp_path, change):
    write_model(MODEL, tmp_path / "m.json")
    record = json.loads((tmp_path / "m.json").read_text()) | change
    (tmp_path / "m.json").write_text(json.dumps(record))
    return tmp_path / "m.json"


EDITS = [
    ("weights", [1.0], "feature_names", "be a list of 1, as long as weights, got a list of 2"),
    ("weights", None, "weights", "be a list, got null"),
    ("weights", [1.0, "2"], "weights[1]", "be a finite number, got 2"),
    ("weights", [1.0, True], "weights[1]", "be a finite number, got true"),
    ("weights", [[1.0], [2.0]], "weights[0]", "be a finite number, got a list"),
    ("weights", [1.0, float("nan")], "weights[1]", "be a finite number, got nan"),
    ("weights", [1.0, 10**400], "weights[1]", "be a finite number, got 1000"),
    ("weights", [1.0, {"number": "inf"}], "weights[1]", "be a finite number, got an object"),
    ("bias", None, "bias", "be a finite number, got null"),
    ("bias", "0.5", "bias", "be a finite number, got 0.5"),
    ("bias", float("-inf"), "bias", "be a finite number, got -inf"),
    ("feature_names", "ab", "feature_names", "be a list, got ab"),
    ("feature_names", ["a", "a"], "feature_names[1]", "be a name of its own, got a"),
    ("feature_names", ["a"], "feature_names", "be a list of 2, as long as weights, got a list of 1"),
    ("feature_names", ["a", 2], "feature_names[1]", "be a text, got 2"),
    ("label_name", None, "label_name", "be a text, got null"),
    ("label_name", "a", "label_name", "not be one of the features, got a"),
    ("classes", ["yes", "yes"], "classes[1]", "be a name of its own, got yes"),
    ("classes", ["yes"], "classes", "be a list of 2, got a list of 1"),
    ("classes", ["a", "b", "c"], "classes", "be a list of 2, got a list of 3"),
    ("classes", [0, 1], "classes[0]", "be a text, got 0"),
    ("scaling", 5, "scaling", "be an object or null, got 5"),
    ("scaling", {"mean": [0, 0]}, "scaling", "have the field 'scale'"),
    ("scaling", {"mean": [0, 0], "scale": [1, 0]}, "scaling.scale[1]", "be > 0, got 0"),
    ("scaling", {"mean": [0, 0], "scale": [1, -1]}, "scaling.scale[1]", "be > 0, got -1"),
    (
        "scaling",
        {"mean": [0, 0], "scale": [1]},
        "scaling.scale",
        "be a list of 2, as long as weights, got a list of 1",
    ),
    ("scaling", {"mean": [0], "scale": [1, 1]}, "scaling.mean", "be a list of 2, as long as weights"),
    ("scaling", {"mean": [0, None], "scale": [1, 1]}, "scaling.mean[1]", "be a finite number, got null"),
    ("recipe", "nll", "recipe", "be an object, got nll"),
    (
        "recipe",
        {"learning_rat": 1},
        "recipe.learning_rat",
        "did you mean 'optimizer.settings.learning_rate'?",
    ),
    ("recipe", {"epochs": -1}, "recipe.epochs", "be >= 0, got -1"),
    ("rows", -1, "rows", "be >= 0, got -1"),
    ("rows", 1.5, "rows", "be a whole number, got 1.5"),
    ("outcome", None, "outcome", "be a text, got null"),
    ("epochs_done", -1, "epochs_done", "be >= 0, got -1"),
    ("rest", "no", "rest", "be a list, got no"),
    ("rest", ["no", "yes"], "rest[1]", "not be the class 1, got yes"),
    ("columns", [{"name": "a"}], "feature_names", "be the names that columns make: a"),
    ("columns", [{"name": "a"}, {"name": "a"}], "columns[1].name", "be a name of its own, got a"),
    ("columns", [{"name": "a", "kind": "text"}], "columns[0].kind", "be a word that this soloneuron knows"),
    ("columns", [{"kind": "number"}], "columns[0]", "have the field 'name'"),
    ("columns", [{"name": "a", "kind": "ordinal", "categories": ["no"]}], "columns[0].categories", "be two"),
    ("columns", [{"name": "a", "kind": "one_hot"}], "columns[0].categories", "be words"),
    ("columns", [{"name": "a", "categories": ["x"]}], "columns[0].categories", "be no words"),
    (
        "columns",
        [{"name": "a", "kind": "one_hot", "categories": ["x", "x"]}],
        "columns[0].categories",
        "be words of which no two are the same",
    ),
    ("columns", [{"name": "a", "gaps": "fill"}], "columns[0].fill", "be a number, got null"),
    ("columns", [{"name": "a", "gaps": "fill", "fill": "x"}], "columns[0].fill", "be a number, got x"),
    (
        "columns",
        [{"name": "a", "kind": "one_hot", "categories": ["x"], "gaps": "fill", "fill": "z"}],
        "columns[0].fill",
        "be one of the categories, got z",
    ),
]


@pytest.mark.parametrize(
    ("name", "value", "location", "sentence"), EDITS, ids=[f"{n}={str(v)[:30]}" for n, v, *_ in EDITS]
)
def test_nonsense_in_a_field_is_refused_with_its_place(name, value, location, sentence, tmp_path):
    with pytest.raises(RecordError) as caught:
        read_model(edited(tmp_path, {name: value}))
    assert str(caught.value).startswith(f"{location} in {tmp_path / 'm.json'} must ")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("name", ["weights", "bias", "feature_names", "label_name", "classes", "scaling"])
def test_a_missing_field_is_named(name, tmp_path):
    path = edited(tmp_path, {})
    record = json.loads(path.read_text())
    del record[name]
    path.write_text(json.dumps(record))
    with pytest.raises(RecordError, match=name):
        read_model(path)


def test_no_scaling_is_null(tmp_path):
    assert read_model(edited(tmp_path, {"scaling": None})).scaling is None


def test_fields_of_a_later_hand_do_not_matter(tmp_path):
    assert read_model(edited(tmp_path, {"note": "mine"})) == MODEL


def test_what_was_learned_of_columns_comes_back_and_is_not_written_where_there_is_nothing(tmp_path):
    write_model(MODEL, tmp_path / "plain.json")
    assert not {"rest", "columns"} & json.loads((tmp_path / "plain.json").read_text()).keys()
    columns = (
        ColumnEncoding("a", gaps="fill", fill=1.5, indicator=True),
        ColumnEncoding("c", "one_hot", ("red",), gaps="fill", fill="red"),
        ColumnEncoding("d", "date", first="day", gaps="drop"),
        ColumnEncoding("e", "ordinal", ("нет", "да")),
    )
    names = ("a", "d", "e", "c=red", "a=?")
    model = replace(
        MODEL, weights=(1.0,) * 5, feature_names=names, scaling=None, rest=("no", "maybe"), columns=columns
    )
    write_model(model, tmp_path / "m.json")
    assert read_model(tmp_path / "m.json") == model


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        write_model(MODEL, tmp_path / "no" / "m.json")


def test_a_model_that_is_not_finite_is_not_written(tmp_path):
    with pytest.raises(InputError, match="a model file holds finite numbers, got nan"):
        write_model(replace(MODEL, bias=float("nan")), tmp_path / "m.json")
    assert not (tmp_path / "m.json").exists()
