"""A recipe comes back whole; what no recipe has is refused by name, with the nearest that there is."""

import json
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from run_records import RECIPE
from soloneuron.errors import RecordError
from soloneuron.records.recipe import Part, Recipe
from soloneuron.storage.codec import as_json
from soloneuron.storage.location import Location
from soloneuron.storage.recipes import recipe_from_json

NUMBER = st.floats(allow_nan=False, allow_infinity=False)
WORD = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUE = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | NUMBER | WORD | st.lists(NUMBER).map(tuple)
PART = st.recursive(
    st.builds(Part, WORD, st.dictionaries(WORD, VALUE, max_size=3), st.booleans()),
    lambda inner: st.builds(Part, WORD, st.dictionaries(WORD, VALUE | inner, max_size=3), st.booleans()),
    max_leaves=4,
)
COUNT = st.integers(1, 2**40)
RECIPES = st.builds(
    Recipe,
    objective=PART,
    loss=PART,
    penalty=st.none() | PART,
    optimizer=PART,
    epochs=st.integers(0, 2**40),
    batch_size=st.none() | COUNT,
    shuffle=st.booleans(),
    seed=st.none() | st.integers(-(2**63), 2**64),
    reduction=st.sampled_from(["mean", "sum"]),
    class_weight=st.sampled_from([None, "balanced", (1.0, 2.5)]),
    sample_weight=st.booleans(),
    bias=st.booleans(),
    record_every=COUNT,
    dtype=st.sampled_from(["float64", "float32"]),
    standardize=st.booleans(),
    test_share=st.none() | st.floats(0.01, 0.99),
    split_seed=st.none() | st.integers(),
)


@given(RECIPES)
def test_any_recipe_comes_back_as_it_was(recipe):
    assert recipe_from_json(json.loads(json.dumps(as_json(recipe)))) == recipe


def test_what_a_recipe_leaves_out_has_its_default():
    assert recipe_from_json({}) == Recipe()
    assert recipe_from_json({"loss": {"name": "mse"}}) == Recipe(loss=Part("mse"))


def loss(**settings):
    return {"loss": {"name": "nll", "settings": settings}}


def rate(learning_rate):
    return {"optimizer": {"name": "adam", "settings": {"learning_rate": learning_rate}}}


RATE = "did you mean 'optimizer.settings.learning_rate'?"

FAULTS = {
    "a rate misspelled": ({"learning_rat": 0.1}, "learning_rat", RATE),
    "a rate where it does not belong": ({"learning_rate": 1}, "learning_rate", RATE),
    "epochs misspelled": ({"epoch": 3}, "epoch", "did you mean 'epochs'?"),
    "batch": ({"batchsize": 3}, "batchsize", "did you mean 'batch_size'?"),
    "nothing like it": (
        {"zzz": 3},
        "zzz",
        "a field that it has: objective, loss, penalty, optimizer, epochs",
    ),
    "in a part": ({"loss": {"name": "nll", "setting": {}}}, "loss.setting", "did you mean 'settings'?"),
    "in a schedule": (
        rate({"name": "cosine", "stettings": {}}),
        "optimizer.settings.learning_rate.stettings",
        "did you mean 'settings'?",
    ),
    "no object": (5, "", "must be an object, got 5"),
    "a part by its name alone": ({"loss": "nll"}, "loss", "must be an object, got nll"),
    "a part without a name": ({"loss": {}}, "loss", "must have the field 'name'"),
    "a setting that is an object": (loss(a={}), "loss.settings.a", "must have the field 'name'"),
    "a setting of words": (loss(a=["x"]), "loss.settings.a[0]", "must be a finite number, got x"),
    "a setting beyond all limits": (loss(a=inf), "loss.settings.a", "must be a finite number, got inf"),
    "a rate that is no number": (rate([0.1, nan]), "optimizer.settings.learning_rate[1]", "got nan"),
    "epochs below 0": ({"epochs": -1}, "epochs", "must be >= 0, got -1"),
    "an empty batch": ({"batch_size": 0}, "batch_size", "must be >= 1, got 0"),
    "records never": ({"record_every": 0}, "record_every", "must be >= 1, got 0"),
    "half an epoch": ({"epochs": 0.5}, "epochs", "must be a whole number, got 0.5"),
    "all held out": ({"test_share": 1.0}, "test_share", "must lie between 0 and 1, got 1.0"),
    "no share": ({"test_share": nan}, "test_share", "must lie between 0 and 1, got nan"),
    "a weight in words": ({"class_weight": "fair"}, "class_weight", "balanced, or two finite numbers"),
    "a weight below 0": ({"class_weight": [1, -1]}, "class_weight", "two finite numbers >= 0"),
    "three weights": ({"class_weight": [1, 1, 1]}, "class_weight", "must be a list of 2, got a list of 3"),
    "a reduction": ({"reduction": "max"}, "reduction", "got max"),
    "a dtype": ({"dtype": "int8"}, "dtype", "got int8"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nonsense_in_a_recipe_is_refused_by_its_path(fault):
    value, path, sentence = FAULTS[fault]
    with pytest.raises(RecordError) as caught:
        recipe_from_json(value)
    assert str(caught.value).startswith(f"recipe.{path} must ".replace(". ", " "))
    assert sentence in str(caught.value)


def test_the_file_is_named_where_there_is_one():
    with pytest.raises(RecordError, match=r"^recipe\.epochs in m\.json must be >= 0, got -1$"):
        recipe_from_json({"epochs": -1}, Location("m.json")["recipe"])


def test_the_recipe_of_the_tests_holds_what_is_hard_to_keep():
    assert recipe_from_json(json.loads(json.dumps(as_json(RECIPE)))) == RECIPE
