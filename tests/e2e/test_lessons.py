"""The lessons as a person takes them: by keyboard, in both languages."""

import re
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chromium import at_step, needs_chromium, until
from covering import crossed
from soloneuron.playing.lessons import LESSONS
from soloneuron.texts import LANGUAGES, table, text

pytestmark = needs_chromium


def to_choice(page, place):
    """Tab to the choices, and pick one by the arrow keys."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("Space")
    for _ in range(place):
        page.keyboard.press("ArrowDown")


def becomes_done(page, part):
    expect(page.locator(".parts li button").nth(part)).to_have_text("✓")


SOON = {("why_nll", "en"), ("xor", "ru")}
"""The two that are taken every time; what a lesson shows is asked of each without a browser."""


@pytest.mark.parametrize(
    ("name", "language"),
    [
        case if case in SOON else pytest.param(*case, marks=pytest.mark.slow)
        for case in product(LESSONS, LANGUAGES)
    ],
)
def test_every_lesson_is_taken_by_the_keyboard_alone(visit, name, language):
    lesson, words = LESSONS[name], table(language, "lessons")[name]
    size = {"width": {"en": 800, "ru": 420}[language], "height": 800}
    page = visit(f"?lesson={name}#lang={language}", reduced_motion="reduce", viewport=size)
    page.evaluate("document.querySelector('main').dataset.tab = 'numbers'")  # painting is tested elsewhere
    shown, go = page.locator("section.lesson"), page.locator(".lesson > button.go")
    expect(shown.locator("h2")).to_contain_text(words["title"])
    to_choice(page, list(lesson.answers).index(lesson.expected))
    page.keyboard.press("Enter")
    for part in range(len(lesson.steps)):
        becomes_done(page, part)
        expect(go).to_be_focused()
        if part + 1 < len(lesson.steps):
            page.keyboard.press("Enter")
    told = shown.get_by_role("status")
    expect(told).to_contain_text(text(language, "playground.lesson.right"))
    expect(told).to_contain_text(words["answers"][lesson.expected])
    expect(shown).to_contain_text(words["why"].strip())
    assert not re.search(r"[{}]|NaN|undefined|null|lesson\.", shown.inner_text())
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_lessons_are_chosen_from_a_list_and_lead_to_the_next_one(visit):
    page = visit("?step=1", reduced_motion="reduce")
    page.get_by_role("button", name="Lessons").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="What one neuron cannot do").click()
    title = page.locator(".lesson h2")
    expect(title).to_be_focused()
    expect(title).to_contain_text("Lesson 13 of 14")
    assert "lesson=xor" in page.url
    page.get_by_role("button", name="Play without a prediction").click()
    for part in range(3):
        becomes_done(page, part)
        page.locator(".lesson > button.go").click()
    expect(title).to_contain_text("Autograd by hand")
    expect(title).to_be_focused()
    page.get_by_role("button", name="Leave the lesson").click()
    expect(page.locator(".lesson")).to_be_hidden()
    page.wait_for_url(lambda address: "lesson" not in address)


def test_nothing_plays_before_the_prediction_and_the_page_says_so(visit):
    page = visit("?lesson=xor")
    page.keyboard.press(" ")
    expect(page.get_by_role("alert")).to_contain_text("First say what you expect")
    page.get_by_role("button", name="Predict and play").click()
    assert page.evaluate("document.activeElement.type") == "radio"
    page.get_by_role("button", name="Play without a prediction").click()
    until(page, "Number(document.body.dataset.step) > 3")
    expect(page.get_by_role("alert")).to_have_text("")


def test_a_part_that_plays_can_be_hurried_to_its_end(visit):
    page = visit("?lesson=why_nll")
    page.get_by_role("button", name="Play without a prediction").click()
    page.get_by_role("button", name="To the end of part 1").click()
    becomes_done(page, 0)
    at_step(page, LESSONS["why_nll"].steps[0].until)
    expect(page.locator(".lesson > button.go")).to_have_text("Play part 2")


def test_a_change_in_the_middle_of_a_lesson_is_told_with_the_way_back(visit):
    page = visit("?lesson=autograd", reduced_motion="reduce")
    page.get_by_role("button", name="Play without a prediction").click()
    becomes_done(page, 0)
    page.get_by_label("L2 penalty").select_option("0.1")
    expect(page.locator(".lesson")).to_contain_text("not the settings of the lesson")
    page.get_by_role("button", name="Back to part 2").click()
    becomes_done(page, 1)
    expect(page.get_by_label("L2 penalty")).to_have_value("0")


def test_an_unknown_lesson_becomes_a_sentence_and_the_page_lives(visit):
    page = visit("?lesson=chess", ready=False)
    expect(page.get_by_role("alert")).to_contain_text("lesson cannot be chess")
    page.wait_for_selector("body[data-ready=true]")
    expect(page.locator(".lesson")).to_be_hidden()


@pytest.mark.parametrize(
    ("scheme", "place"), crossed(("light", "dark"), ((1440, "en"), (420, "ru")), strength=1)
)
def test_a_lesson_passes_axe(visit, scheme, place):
    width, language = place
    size = {"width": width, "height": 900}
    page = visit(
        f"?lesson=autograd#lang={language}", color_scheme=scheme, viewport=size, reduced_motion="reduce"
    )
    assert Axe().run(page).violations_count == 0
    to_choice(page, 0)
    page.keyboard.press("Enter")
    for part in range(3):
        becomes_done(page, part)
        if part < 2:
            page.locator(".lesson > button.go").click()
    page.locator(".lesson summary").last.click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.locator("button.lessons").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
