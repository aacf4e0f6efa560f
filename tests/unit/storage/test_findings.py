"""Findings come back from their file as they were and make the same page; nonsense is refused by location."""

import json
import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from run_records import FORMAT_1, run
from soloneuron.errors import RecordError
from soloneuron.records.findings import Cell, Chart, Findings, Sheet
from soloneuron.records.run import Source
from soloneuron.records.study import OwnRows, Study
from soloneuron.report.page import make_page
from soloneuron.storage.codec import as_json
from soloneuron.storage.findings import load_study, save_study
from soloneuron.storage.location import Location
from soloneuron.texts import LANGUAGES
from soloneuron.texts.phrases import Phrase

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
    """Surfaces of runs, a landscape with numbers beyond all limits, lines."""
    return replace(load_study(FORMAT_1 / "findings.json"), own=OWN)


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
        assert repr(replace(one, runs={})) == repr(replace(other, runs={}))
        assert list(one.runs) == list(other.runs)


def test_a_run_inside_comes_back_bit_for_bit(study, saved):
    for name, one in study.findings[0].runs.items():
        other = load_study(saved).findings[0].runs[name]
        for tensor in ("theta", "loss", "gradient_norm", "accuracy"):
            assert getattr(one.history, tensor).equal(getattr(other.history, tensor))
        assert one.data.features.equal(other.data.features)
        assert one.history.outcomes == other.history.outcomes
        assert (one.recipe, one.source, one.versions) == (other.recipe, other.source, other.versions)


def test_a_file_that_was_read_is_written_again_byte_for_byte(saved, tmp_path):
    save_study(load_study(saved), tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == saved.read_bytes()


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**300), 10**300),
    st.floats(),
    st.text(st.characters(exclude_categories=("Cs",))),
)


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_any_table_comes_back_with_the_same_values_of_the_same_types(tmp_path, rows):
    sheet = Sheet(Phrase("study.race.title"), ("a", "b"), tuple(rows))
    save_study(Study((Findings("race", {}, (), (sheet,)),), "", {}), tmp_path / "f.json")
    (back,) = load_study(tmp_path / "f.json").findings[0].sheets
    assert repr(back) == repr(sheet)
    assert [type(cell) for row in back.rows for cell in row] == [type(cell) for row in rows for cell in row]


@given(st.lists(st.integers(-9, 9) | st.floats()))
def test_a_line_stays_of_whole_numbers_where_it_was(numbers):
    line = {"name": "a", "x": as_json(numbers), "y": []}
    chart = json.loads(json.dumps({"kind": "lines", "title": {"key": "a"}, "series": [line]}))
    if any(isinstance(number, dict) for number in chart["series"][0]["x"]):
        return
    assert repr(Location("f").read(Chart, chart).series[0].x) == repr(tuple(numbers))


def test_a_number_that_is_none_comes_back_as_none_and_not_as_an_empty_cell(tmp_path):
    cells: tuple[Cell, ...] = (math.nan, None, math.inf)
    sheet = Sheet(Phrase("study.race.title"), ("a", "b", "c"), (cells,))
    save_study(Study((Findings("race", {"a": -math.inf}, (), (sheet,)),), "", {}), tmp_path / "f.json")
    (found,) = load_study(tmp_path / "f.json").findings
    assert repr(found.sheets[0].rows) == "((nan, None, inf),)"
    assert found.numbers == {"a": -math.inf}


FIRST, LANDSCAPE = "findings[0]", "findings[1].charts[0]"
SERIES = f"{FIRST}.charts[1].series[0]"
ONE_OF_OURS = "be a sentence that this soloneuron can say, got"

SPOILS = {
    "no findings": ("findings", KeyError, " | have the field 'findings'"),
    "empty findings": ("findings", [], "hold every experiment once"),
    "findings in words": ("findings", "many", "be a list, got many"),
    "findings that are no objects": ("findings[1]", 5, "be an object, got 5"),
    "an experiment that is not known": (f"{FIRST}.experiment", "alchemy", ONE_OF_OURS),
    "an experiment twice": (
        f"{FIRST}.experiment",
        "saddle",
        "findings | hold every experiment once, got saddle",
    ),
    "a number in words": (f"{FIRST}.numbers.all", "all", "be a finite number, got all"),
    "a number that is a truth": (f"{FIRST}.numbers.all", True, "be a finite number, got true"),
    "a number without end": (f"{FIRST}.numbers.all", 10**400, "be a finite number, got 1000"),
    "a number beyond no limit": (f"{FIRST}.numbers.all", {"number": []}, "be a finite number, got an object"),
    "a truth that is a number": (f"{FIRST}.verdicts[0].holds", 1, "be true or false or null, got 1"),
    "a sentence nobody knows": (
        f"{FIRST}.verdicts[0].phrase.key",
        "study.assignment.run_1_perhaps",
        f"{FIRST}.verdicts[0].phrase | {ONE_OF_OURS} study.assignment.run_1_perhaps",
    ),
    "a sentence that is a table": (
        f"{FIRST}.verdicts[0].phrase.key",
        "study.assignment",
        f"{FIRST}.verdicts[0].phrase | {ONE_OF_OURS} study.assignment",
    ),
    "a sentence from another folder": (
        f"{FIRST}.verdicts[0].phrase.key",
        "../en/cli.saved",
        f"{FIRST}.verdicts[0].phrase | {ONE_OF_OURS} ../en/cli.saved",
    ),
    "a sentence without its number": (
        f"{FIRST}.verdicts[1].phrase.fields",
        {"count": 1},
        f"{FIRST}.verdicts[1].phrase | {ONE_OF_OURS}",
    ),
    "a sentence without values": (f"{FIRST}.verdicts[0].phrase.fields", None, "be an object, got null"),
    "a sentence with a word for a number": (
        f"{FIRST}.verdicts[1].phrase.fields.worst",
        "much",
        f"{FIRST}.verdicts[1].phrase | {ONE_OF_OURS}",
    ),
    "a sentence inside that nobody knows": (
        f"{FIRST}.verdicts[1].phrase.fields.more",
        {"key": "study.race"},
        f"{FIRST}.verdicts[1].phrase | {ONE_OF_OURS}",
    ),
    "a sentence's key that is a list": (f"{FIRST}.verdicts[0].phrase.key", [[]], "be a text, got a list"),
    "a kind of chart nobody draws": (f"{FIRST}.charts[1].kind", "pie", "knows, got pie"),
    "a kind of chart that is a list": (f"{FIRST}.charts[1].kind", [[]], "be a text, got a list"),
    "an experiment that is a list": (f"{FIRST}.experiment", [[]], "be a text, got a list"),
    "a line without heights": (f"{SERIES}.y", [], "be as long as x, "),
    "a band that is too short": (f"{SERIES}.low", [1.0], "be as long as x, "),
    "a band with one edge": (f"{SERIES}.low", "x", f"{SERIES}.high | be as long as x, "),
    "an upper edge alone": (f"{SERIES}.high", [1.0], "be as long as x, "),
    "a line with a height of words": (f"{SERIES}.y[2]", "high", "be a finite number or null, got high"),
    "heights of a path too few": (f"{LANDSCAPE}.series[0].z", [1.0], "be as long as x, "),
    "no heights of a path": (f"{LANDSCAPE}.series[0].z", [], "be as long as x, "),
    "no steps of a path": (f"{LANDSCAPE}.series[0].steps", [], "be as long as x, "),
    "half a step of a path": (f"{LANDSCAPE}.series[0].steps[1]", 0.5, "be a whole number, got 0.5"),
    "positions in words": (f"{SERIES}.x[0]", "first", "be a finite number, got first"),
    "a chart of a run that is not there": (
        f"{FIRST}.charts[0].runs[0]",
        "run_9",
        "be one of the runs, got run_9",
    ),
    "a surface of no run": (f"{FIRST}.charts[0].runs", [], "name the runs whose surfaces are drawn"),
    "a surface of a loss nobody knows": (
        f"{FIRST}.runs.run_1.recipe.loss.name",
        "luck",
        f"{FIRST}.runs.run_1.recipe.loss | {ONE_OF_OURS} losses.luck.title",
    ),
    "a surface of a rule nobody knows": (
        f"{FIRST}.runs.run_1.recipe.optimizer.name",
        "luck",
        f"{FIRST}.runs.run_1.recipe.optimizer | {ONE_OF_OURS} optimizers.luck.title",
    ),
    "a loss that is a list": (f"{FIRST}.runs.run_1.recipe.loss", [[]], "be an object, got a list"),
    "a field that no recipe has": (f"{FIRST}.runs.run_1.recipe.epoch", 1, "did you mean 'epochs'?"),
    "a landscape without heights": (f"{LANDSCAPE}.grid", None, "be the heights of a landscape, got null"),
    "a landscape with a ragged grid": (
        f"{LANDSCAPE}.grid.z[0]",
        [1.0],
        f"{LANDSCAPE}.grid.z | have a row for",
    ),
    "a landscape without columns": (f"{LANDSCAPE}.grid.x", [], f"{LANDSCAPE}.grid.z | have a row for each y"),
    "a row too long": (f"{FIRST}.sheets[0].rows[0]", [1, 2, 3, 4, 5], "hold 3 cells, one a column, got 5"),
    "a cell that is a list": (f"{FIRST}.sheets[0].rows[0][1]", [1], "or an object or null, got a list"),
    "a cell that is a truth": (f"{FIRST}.sheets[0].rows[0][1]", True, "or an object or null, got true"),
    "a table without columns": (f"{FIRST}.sheets[0].columns", [], "hold one column at least"),
    "a run that is none": (
        f"{FIRST}.runs.run_1",
        {"recipe": {}},
        f"{FIRST}.runs.run_1.data | be a location in",
    ),
    "runs in a list": (f"{FIRST}.runs", [], "be an object, got a list"),
    "a run's theta": (f"{FIRST}.runs.run_2.history.theta[3][1]", "x", "be a finite number, got x"),
    "a run's epochs": (f"{FIRST}.runs.run_2.history.epochs[3]", 0, "for epochs increase, got 0"),
    "a run's labels": ("data[0].labels[0]", 7, f"{FIRST}.runs.run_1.data.labels[0] | lie in [0, 1], got 7"),
    "seconds": (f"{FIRST}.seconds", "a while", "be a finite number, got a while"),
    "the seed": ("seed", 0.5, "be a whole number, got 0.5"),
    "own rows": ("own.classes", ["no"], "be a list of 2, got a list of 1"),
    "a question skipped that nobody asks": (
        "own.skipped.alchemy",
        {"key": "study.imbalance.not_asked", "fields": {"share": 41.0, "most": 20.0}},
        ONE_OF_OURS,
    ),
    "the command": ("command", None, "be a text, got null"),
    "versions": ("versions", ["1"], "be an object, got a list"),
    "no rows": ("data", KeyError, " | have the field 'data'"),
    "rows in words": ("data", "rows", "be a list, got rows"),
    "rows nowhere": (f"{FIRST}.runs.run_2.data", -1, "be a location in the file's data, 0 to 0, got -1"),
    "rows far away": (f"{FIRST}.runs.run_2.data", 10_000, "be a location in the file's data"),
    "rows that are a truth": (f"{FIRST}.runs.run_2.data", True, "be a location in the file's data"),
    "rows of null": (f"{FIRST}.runs.run_2.data", None, "be a location in the file's data"),
    "rows by a word": (f"{FIRST}.runs.run_2.data", "0", "be a location in the file's data"),
    "rows on the spot": (f"{FIRST}.runs.run_2.data", {"features": []}, "be a location in the file's data"),
}
"""A location, what stands there then, and the sentence; before a bar the location that it names instead."""


@pytest.mark.parametrize("spoil", SPOILS)
def test_findings_edited_into_nonsense_are_refused_in_one_line(spoil, saved, tmp_path):
    path, value, told = SPOILS[spoil]
    record = json.loads(saved.read_text(encoding="utf-8"))
    del record["digest"]
    *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]
    location = record
    for step in way:
        location = location[step]
    if value is KeyError:
        del location[last]
    else:
        location[last] = [1.0] * len(location["x"]) if value == "x" and last == "low" else value
    (tmp_path / "f.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        load_study(tmp_path / "f.json")
    said, (instead, _, sentence) = str(caught.value), told.rpartition(" | ")
    assert len(said.splitlines()) == 1
    inside = instead if "|" in told else path
    assert said.startswith(" in ".join(filter(None, (inside, f"{tmp_path / 'f.json'} must "))))
    assert sentence in said


def test_sentences_nested_without_end_are_refused(saved, tmp_path):
    record = json.loads(saved.read_text(encoding="utf-8"))
    phrase = {"key": "study.race.title", "fields": {}}
    for _ in range(300):
        phrase = {"key": "study.race.title", "fields": {"inner": phrase}}
    record["findings"][0]["verdicts"][0]["phrase"] = phrase
    del record["digest"]
    (tmp_path / "f.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(RecordError, match="nested without end"):
        load_study(tmp_path / "f.json")


def test_rows_that_several_runs_learned_from_stand_in_the_file_once(saved, tmp_path):
    record = json.loads(saved.read_text())
    assert len(record["data"]) == 1
    assert {one["data"] for one in record["findings"][0]["runs"].values()} == {0}
    other = run(data=replace(run().data, name="others"))
    runs = {"a": run(), "b": other, "c": run()}
    save_study(Study((Findings("race", {}, (), runs=runs),), "", {}), tmp_path / "f.json")
    back = load_study(tmp_path / "f.json").findings[0].runs
    assert [one.data.name for one in back.values()] == ["rows", "others", "rows"]
    assert len(json.loads((tmp_path / "f.json").read_text())["data"]) == 2
