"""A model comes back from its file as it was, or is refused by the name of the field."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.errors import InputError, RecordError
from soloneuron.records.model import ModelRecord, Scaling
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
        training=draw(st.dictionaries(WORD, NUMBER | WORD | st.none() | st.booleans(), max_size=3)),
    )


MODEL = ModelRecord(
    weights=(1.0, -2.0),
    bias=0.5,
    feature_names=("a", "b"),
    label_name="y",
    classes=("no", "yes"),
    scaling=Scaling((0.0, 1.0), (2.0, 3.0)),
    training={"loss": "nll"},
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
    assert len(lines) < 30


def edited(tmp_path, change):
    write_model(MODEL, tmp_path / "m.json")
    record = json.loads((tmp_path / "m.json").read_text()) | change
    (tmp_path / "m.json").write_text(json.dumps(record))
    return tmp_path / "m.json"


EDITS = [
    ("weights", [1.0]),
    ("weights", None),
    ("weights", [1.0, "2"]),
    ("weights", [1.0, True]),
    ("weights", [[1.0], [2.0]]),
    ("weights", [1.0, float("nan")]),
    ("weights", [1.0, 10**400]),
    ("bias", None),
    ("bias", "0.5"),
    ("bias", float("-inf")),
    ("feature_names", "ab"),
    ("feature_names", ["a", "a"]),
    ("feature_names", ["a"]),
    ("feature_names", ["a", 2]),
    ("label_name", None),
    ("label_name", "a"),
    ("classes", ["yes", "yes"]),
    ("classes", ["yes"]),
    ("classes", ["a", "b", "c"]),
    ("classes", [0, 1]),
    ("scaling", 5),
    ("scaling", {"mean": [0, 0]}),
    ("scaling", {"mean": [0, 0], "scale": [1, 0]}),
    ("scaling", {"mean": [0, 0], "scale": [1, -1]}),
    ("scaling", {"mean": [0, 0], "scale": [1]}),
    ("scaling", {"mean": [0, None], "scale": [1, 1]}),
    ("training", "nll"),
]


@pytest.mark.parametrize(("name", "value"), EDITS, ids=[f"{n}={str(v)[:30]}" for n, v in EDITS])
def test_nonsense_in_a_field_is_refused_with_the_name_of_the_file(name, value, tmp_path):
    with pytest.raises(RecordError, match=r"m\.json"):
        read_model(edited(tmp_path, {name: value}))


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


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        write_model(MODEL, tmp_path / "no" / "m.json")
