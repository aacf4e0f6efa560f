"""The page refuses of a teacher's lesson what Python refuses, in the same words."""

import json

import pytest

from faulty_lessons import FAULTY, RAW, changed
from soloneuron.cli.lesson import _said
from soloneuron.cli.screen import Screen
from soloneuron.playing.lesson_file import read_lesson
from soloneuron.playing.page_data import _lesson
from soloneuron.texts import LANGUAGES, text

WRONG = [changed(*path, value=value) for path, value, _ in FAULTY if value != float("inf")]


@pytest.mark.parametrize("raw", [*WRONG, None, 3, "lesson", [], {}, [[{}]]])
def test_the_first_fault_that_python_tells_is_what_the_page_refuses(page, raw):
    fault = read_lesson(raw)[0]
    assert page.ask("judged", json.dumps(raw)) == [
        text(one, "playground.errors.lesson.file", fault=_said(Screen(one), fault)) for one in LANGUAGES
    ]


def test_a_lesson_that_python_takes_is_taken_as_it_is(page):
    found, taken = page.ask("judged", json.dumps(RAW)), read_lesson(RAW)
    assert found["texts"] == taken.texts
    wanted = json.loads(json.dumps(_lesson(taken.lesson)))
    assert {name: found["lesson"][name] for name in wanted} == wanted


def test_a_lesson_that_is_refused_takes_the_place_of_none(page):
    assert page.ask("taken", [json.dumps(one) for one in (RAW, *WRONG)])[0]["link"] == RAW["steps"][0]["link"]
