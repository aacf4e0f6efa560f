"""A teacher's lesson: every fault with its place, and whether its runs show what it claims."""

import base64
import copy
import json
import math
import zlib

import pytest

from faulty_lessons import FAULTY, RAW, changed
from soloneuron.playing.lesson import Measure
from soloneuron.playing.lesson_check import condition_margins, lesson_trials
from soloneuron.playing.lesson_file import OwnLesson, lesson_hash, read_lesson
from soloneuron.playing.lessons import LESSONS
from soloneuron.playing.link import read_link
from soloneuron.playing.measures import MEASURES, detail_range, take
from soloneuron.playing.page_data import _lesson
from soloneuron.playing.session import Session
from soloneuron.texts import LANGUAGES, table


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_of_the_page_can_be_written_as_a_file(name):
    raw = _lesson(LESSONS[name])
    held = [one for conditions in raw["answers"].values() for one in conditions]
    for one in held:
        for bound in ("low", "high"):
            if math.isinf(one.get(bound, 0)):
                del one[bound]
    said = {language: dict(table(language, "lessons")[name]) for language in LANGUAGES}
    for words in said.values():
        del words["asks"]
    raw |= {"texts": said, "formulas": list(raw["formulas"])}
    found = read_lesson(raw)
    assert isinstance(found, OwnLesson), found
    assert found.lesson == LESSONS[name]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    FAULTY,
)
def test_every_fault_is_told_with_its_place(path, value, place):
    assert place in [fault.place for fault in read_lesson(changed(*path, value=value))]


def detailed(kind, detail, link="loss=nll&bias=1&optimizers=adam", **fields):
    """Where the lesson is wrong whose first measure is of this kind."""
    raw = copy.deepcopy(RAW)
    raw["measures"]["plain"] = {"kind": kind, "step": 1, "detail": detail, **fields}
    raw["steps"][0] |= {"link": link, "until": 3}
    found = read_lesson(raw)
    return [] if isinstance(found, OwnLesson) else [fault.place for fault in found]


@pytest.mark.parametrize(
    ("kind", "fits", "fails"),
    [
        ("weight", (0, 1, 2), (-1, 3, 1.5, "1", None, True)),
        ("best_weight", (0, 2), (3, 0.5)),
        ("slope", (0, 2), (3, 0.5)),
        ("stride", (1, 3), (0, 4, 1.5, None)),
        ("distance", (1, 3), (0, 4, 1.5, None)),
        ("arrived", (0, 1e-3, 10_000), (-1, math.inf, None)),
    ],
)
def test_a_detail_suits_its_kind(kind, fits, fails):
    assert [detail for detail in fits if detailed(kind, detail)] == []
    assert [detail for detail in fails if "measures.plain.detail" not in detailed(kind, detail)] == []


def test_weights_of_further_terms_can_be_measured():
    link = "data=circles&loss=nll&terms=x1x1,x2x2&bias=1&optimizers=adam"
    for kind in ("weight", "best_weight", "slope"):
        assert detailed(kind, 4, link) == []
        assert detailed(kind, 5, link) == ["measures.plain.detail"]


@pytest.mark.parametrize("kind", MEASURES)
def test_every_measure_can_be_taken_at_both_ends_of_its_details(kind):
    session = Session(read_link("loss=nll&bias=1&optimizers=adam"))
    session.go(3)
    for detail in detail_range(kind, parameters=3, until=3) or (0, 10_000):
        assert detailed(kind, detail) == []
        assert isinstance(take(session, Measure(kind, 1, 0, detail), 3), float | int | None)


@pytest.mark.parametrize("raw", [None, 3, "lesson", [], {}, [[{}]]])
def test_what_is_no_lesson_at_all_is_told_so(raw):
    assert read_lesson(raw)


def test_a_lesson_is_played_in_other_ways_and_says_by_how_much_it_holds():
    lesson = read_lesson(RAW).lesson
    trials = list(lesson_trials(lesson))
    assert [(trial.seeds, trial.permuted) for trial in trials] == [
        (0, False),
        (0, True),
        *((k, False) for k in (1, 2, 3, 4)),
    ]
    assert {trial.answer for trial in trials} == {"momentum"}
    plain, heavy = trials[0].numbers["plain"], trials[0].numbers["heavy"]
    assert trials[1].numbers["plain"] == pytest.approx(plain, rel=1e-2)
    assert list(condition_margins(lesson, trials[0].numbers)) == [
        ("1.1 heavy <= plain", plain / (1.1 * heavy))
    ]


def test_the_part_of_an_address_holds_the_whole_lesson():
    packed = lesson_hash(RAW).removeprefix("lesson=")
    raw = zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), -15)
    assert json.loads(raw) == RAW


def test_the_sharpness_is_below_the_edge_exactly_where_the_rate_is_below_its_local_limit():
    for rate, settles in ((2.5, True), (3.0, False)):
        session = Session(read_link(f"loss=nll&data=outliers&start=0,0&optimizers=gradient_descent:{rate}"))
        session.go(200)
        sharpness, edge, limit = (
            take(session, Measure(kind, 1), 200) for kind in ("sharpness", "edge", "limit")
        )
        assert edge == 2 / rate
        assert (rate < limit) is settles
        assert (abs(sharpness - 2 / limit) < 1e-2) is settles
