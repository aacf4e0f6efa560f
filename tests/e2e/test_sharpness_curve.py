"""The curve of the sharpness beside 2/rate: a lesson or a toggle shows what Python measures."""

import pytest
from playwright.sync_api import expect

from chromium import at_step, becomes_painted, needs_chromium
from soloneuron.playing.lesson import Measure
from soloneuron.playing.link import read_link
from soloneuron.playing.measures import take
from soloneuron.playing.session import Session
from soloneuron.texts import LANGUAGES, text

pytestmark = needs_chromium

CURVE = ".curves > :nth-child(4)"


def read_middle(page):
    """What the curve tells of the middle of its sheet, asked by the keyboard; Enter then shows that step."""
    canvas = page.locator(f"{CURVE} canvas")
    canvas.focus()
    page.keyboard.press("ArrowUp")
    told = page.locator(f"{CURVE} figcaption").inner_text()
    page.keyboard.press("Enter")
    return told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lesson_shows_the_sharpness_that_python_measures_at_the_step_that_is_read(visit, language):
    page = visit(f"?lesson=edge_of_stability#lang={language}", reduced_motion="reduce")
    expect(page.locator(CURVE)).to_be_visible()
    page.evaluate("soloneuron.playground.predict('skipped')")
    page.evaluate("soloneuron.playground.teach(1)")
    at_step(page, 60)
    becomes_painted(page)
    told = read_middle(page)
    page.wait_for_selector("body:not([data-step='60'])")
    step = int(page.locator("body").get_attribute("data-step"))
    session = Session(read_link(page.evaluate("soloneuron.playground.race.setup.link")))
    session.go(step)
    sharp = take(session, Measure("sharpness", 1), step)
    assert f" {step}" in told
    assert f"{sharp:.3g}" in told
    assert told.endswith(f"{text(language, 'playground.curve.edge')} 0.5")


def test_who_wants_it_has_it_with_the_rate_that_held_at_each_step(visit):
    page = visit("?loss=nll&optimizers=gradient_descent:0.5&30.optimizers=gradient_descent:0.25,adam&step=40")
    expect(page.locator(CURVE)).to_be_hidden()
    page.get_by_role("checkbox", name="sharpness and 2/rate").check()
    becomes_painted(page)
    assert [page.evaluate(f"soloneuron.playground.engine.sharpness(0, {k})[1]") for k in (29, 30)] == [4, 8]
    told = read_middle(page)
    assert told.count("2/rate") == 1
    assert "Adam" in told
    page.locator("button.language").click()
    expect(page.locator(CURVE)).to_be_visible()
    page.get_by_role("checkbox", name="кривизна и 2/скорость").uncheck()
    expect(page.locator(CURVE)).to_be_hidden()
