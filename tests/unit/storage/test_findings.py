"""Findings come back from their file as they were and make the same page; nonsense is refused by place."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.errors import RecordError
from soloneuron.records.findings import Cell, Sheet
from soloneuron.records.run import Source
from soloneuron.records.study import OwnRows, Study
from soloneuron.report.page import make_page
from soloneuron.storage.findings import load_study, save_study
from soloneuron.storage.typed import plain, typed
from soloneuron.texts import LANGUAGES
from soloneuron.texts.phrases import Phrase
from study_sizes import small

NAMES = ("assignment", "saturated", "race", "saddle", "rosenbrock", "nesterov_nag")
"""Runs and surfaces, numbers beyond all limits, dashes in tables, landscapes, lines."""

OWN = OwnRows(
    Source("mine.csv", "ab" * 32, 9),
    ("a", "b"),
    "churn",
    ("no", "yes"),
    (4, 5),
    notes=(Phrase("study.own.held_apart", {"alpha": 0.001}),),
    skipped={"imbalance": Phrase("study.imbalance.not_asked", {"share": 41.0, "most": 20.0})},
)


@pytest.fixture(scope="module")
def study():
    findings = tuple(small(name).run() for name in NAMES)
    return Study(findings, "soloneuron report", {"soloneuron": "1"}, seed=3, own=OWN)


@pytest.fixture(scope="module")
def saved(study, tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "f.json"
    save_study(study, path)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_from_the_file_is_the_page_made_directly(study, saved, language):
    assert make_page(load_study(saved), language) == make_page(study, language)


def test_all_but_the_runs_comes_back_equal(study, saved):
    back = load_study(saved)
    assert (back.command, back.versions, back.seed, back.own) == (study.command, study.versions, 3, OWN)
    for one, other in zip(study.findings, back.findings, strict=True):
        assert replace(one, runs={}) == replace(other, runs={})
        assert list(one.runs) == list(other.runs)


def test_a_run_inside_comes_back_bit_for_bit(study, saved):
    one, other = (s.findings[0].runs["run_1"] for s in (study, load_study(saved)))
    assert one.history.theta.equal(other.history.theta)
    assert one.history.loss.equal(other.history.loss)
    assert one.data.features.equal(other.data.features)
    assert one.settings == other.settings


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**300), 10**300),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=("Cs",))),
)


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_any_table_comes_back_with_the_same_values_of_the_same_types(rows):
    sheet = Sheet(Phrase("study.race.title"), ("a", "b"), tuple(rows))
    read = {Phrase: lambda value, _: Phrase(**value)}
    back = typed(Sheet, json.loads(json.dumps(plain(sheet, {}), allow_nan=False)), "sheet", read)
    assert back == sheet
    assert [type(cell) for row in back.rows for cell in row] == [type(cell) for row in rows for cell in row]


def test_a_number_that_is_none_comes_back_as_none_and_not_as_an_empty_cell():
    back = typed(Cell, json.loads(json.dumps(plain(math.nan, {}), allow_nan=False)), "cell", {})
    assert math.isnan(back)


@pytest.mark.parametrize("most", [1.7976931348623157e308, -1.7976931348623157e308, 1e308])
def test_the_largest_number_there_is_comes_back(most):
    assert typed(float, most, "a number", {}) == most


def test_what_is_no_plain_value_cannot_be_written():
    with pytest.raises(TypeError, match="plain values"):
        plain({"a": object()}, {})


FIRST = ["findings", 0]
SERIES = [*FIRST, "charts", 1, "series", 0]
LANDSCAPE = ["findings", 3, "charts", 0]

SPOILS = {
    "format": (["format"], "soloneuron run"),
    "version": (["version"], 2),
    "no findings": (["findings"], KeyError),
    "empty findings": (["findings"], []),
    "findings in words": (["findings"], "many"),
    "an experiment that is not known": ([*FIRST, "experiment"], "alchemy"),
    "an experiment twice": ([*FIRST, "experiment"], "race"),
    "a number in words": ([*FIRST, "numbers", "run_1.equal"], "all"),
    "a number that is a truth": ([*FIRST, "numbers", "run_1.equal"], True),
    "a number without end": ([*FIRST, "numbers", "run_1.equal"], 10**400),
    "a number beyond no limit": ([*FIRST, "numbers", "run_1.equal"], {"number": []}),
    "a truth that is a number": ([*FIRST, "verdicts", 0, "holds"], 1),
    "a sentence nobody knows": ([*FIRST, "verdicts", 0, "phrase", "key"], "study.assignment.run_1_perhaps"),
    "a sentence that is a table": ([*FIRST, "verdicts", 0, "phrase", "key"], "study.assignment"),
    "a sentence from another folder": ([*FIRST, "verdicts", 0, "phrase", "key"], "../en/cli.saved"),
    "a sentence without its number": ([*FIRST, "verdicts", 1, "phrase", "fields"], {"count": 1}),
    "a sentence without braces' values": ([*FIRST, "verdicts", 0, "phrase", "fields"], None),
    "a sentence with a word for a number": ([*FIRST, "verdicts", 1, "phrase", "fields", "worst"], "much"),
    "a kind of chart nobody draws": ([*FIRST, "charts", 1, "kind"], "pie"),
    "a line without heights": ([*SERIES, "y"], []),
    "a band that is too short": ([*SERIES, "low"], [1.0]),
    "positions in words": ([*SERIES, "x", 0], "first"),
    "a chart of a run that is not there": ([*FIRST, "charts", 0, "runs", 0], "run_9"),
    "a surface of no run": ([*FIRST, "charts", 0, "runs"], []),
    "a surface of a loss nobody knows": ([*FIRST, "runs", "run_1", "settings", "loss"], "luck"),
    "a surface of a loss that is a list": ([*FIRST, "runs", "run_1", "settings", "loss"], [[]]),
    "a sentence's key that is a list": ([*FIRST, "verdicts", 0, "phrase", "key"], [[]]),
    "a kind of chart that is a list": ([*FIRST, "charts", 1, "kind"], [[]]),
    "an experiment that is a list": ([*FIRST, "experiment"], [[]]),
    "a landscape without heights": ([*LANDSCAPE, "grid"], None),
    "a landscape with a ragged grid": ([*LANDSCAPE, "grid", "z", 0], [1.0]),
    "a row too long": ([*FIRST, "sheets", 0, "rows", 0], [1, 2, 3, 4, 5]),
    "a table without columns": ([*FIRST, "sheets", 0, "columns"], []),
    "a run that is none": ([*FIRST, "runs", "run_1"], {"settings": {}}),
    "seconds": ([*FIRST, "seconds"], "a while"),
    "the seed": (["seed"], 0.5),
    "own rows": (["own", "classes"], ["no"]),
    "the command": (["command"], None),
    "versions": (["versions"], ["1"]),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_findings_edited_into_nonsense_are_refused_in_one_line(spoil, saved, tmp_path):
    record = json.loads(saved.read_text(encoding="utf-8"))
    (*way, last), value = SPOILS[spoil]
    place = record
    for key in way:
        place = place[key]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    (tmp_path / "f.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        load_study(tmp_path / "f.json")
    assert len(str(caught.value).splitlines()) == 1
    assert "f.json" in str(caught.value)


def test_a_file_that_is_cut_short_is_refused(saved, tmp_path):
    content = saved.read_text(encoding="utf-8")
    (tmp_path / "f.json").write_text(content[: len(content) // 2], encoding="utf-8")
    with pytest.raises(RecordError, match="cut short"):
        load_study(tmp_path / "f.json")


def test_sentences_nested_without_end_are_refused(saved, tmp_path):
    record = json.loads(saved.read_text(encoding="utf-8"))
    phrase = {"key": "study.race.title", "fields": {}}
    for _ in range(300):
        phrase = {"key": "study.race.title", "fields": {"inner": phrase}}
    record["findings"][0]["verdicts"][0]["phrase"] = phrase
    (tmp_path / "f.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(RecordError, match="nested without end"):
        load_study(tmp_path / "f.json")


def test_rows_that_several_runs_learned_from_stand_in_the_file_once(saved):
    record = json.loads(saved.read_text())
    race = next(found for found in record["findings"] if found["experiment"] == "race")
    assert len({run["data"] for run in race["runs"].values()}) == 1
    assert len(record["data"]) == len({json.dumps(rows) for rows in record["data"]})


@pytest.mark.parametrize("place", [-1, 10_000, True, None, "0", {"features": []}], ids=str)
def test_a_run_whose_rows_are_nowhere_is_refused(saved, tmp_path, place):
    record = json.loads(saved.read_text())
    record["findings"][0]["runs"]["run_2"]["data"] = place
    (tmp_path / "f.json").write_text(json.dumps(record))
    with pytest.raises(RecordError, match=r"runs\.run_2\.data must be a place in the file's data"):
        load_study(tmp_path / "f.json")


def test_a_file_without_rows_is_refused(saved, tmp_path):
    record = json.loads(saved.read_text())
    del record["data"]
    (tmp_path / "f.json").write_text(json.dumps(record))
    with pytest.raises(RecordError, match="data must be a list of the rows"):
        load_study(tmp_path / "f.json")
