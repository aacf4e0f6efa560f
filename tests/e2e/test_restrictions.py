"""What a teacher's link hides and locks."""

import re

import pytest
from playwright.sync_api import expect

from chromium import at_step, needs_chromium
from soloneuron.playing.link import read_link
from soloneuron.playing.view_words import CONTROLS, VIEW_WORDS

pytestmark = needs_chromium

# The drawer is closed at first, and the phone's tabs stand in narrow windows only.
SHOWN = {name: place.replace(".drawer,", "").split(",.tabs")[0] for name, place in VIEW_WORDS["hide"].items()}


def test_every_part_is_there_until_it_is_hidden_and_then_it_is_not(visit):
    page = visit("?loss=nll&step=0")
    for name, place in SHOWN.items():
        assert page.locator(place).count() >= 1, name
    page = visit(f"?loss=nll&step=0&hide={','.join(SHOWN)}")
    for name, place in SHOWN.items():
        assert not page.locator(place).locator("visible=true").count(), name


def test_locked_controls_are_shown_and_cannot_be_changed_by_any_way(visit):
    page = visit(f"?loss=nll&step=3&lock={','.join(CONTROLS)}")
    at_step(page, 3)
    for name, place in CONTROLS.items():
        assert page.locator(place).count() >= 1, name
        assert page.locator(place).evaluate_all("all => all.every(one => one.disabled)"), name
    before = page.url
    page.keyboard.press("2")
    expect(page.locator(".fault")).to_contain_text("optimizers stays as it is")
    page.evaluate("soloneuron.playground.configure({ start: [1, 1] })")
    expect(page.locator(".fault")).to_contain_text("start stays as it is")
    page.evaluate("soloneuron.playground.editPoints([[1, 1, 0]], [])")
    expect(page.locator(".fault")).to_contain_text("data stays as it is")
    page.evaluate("soloneuron.playground.command('seed')")
    expect(page.locator(".fault")).to_contain_text("seed stays as it is")
    assert page.url == before


@pytest.mark.parametrize(("locked", "free"), [("rate", "chip-adam"), ("optimizers", "rate-gradient_descent")])
def test_of_optimizers_and_rates_one_can_be_locked_and_the_other_free(visit, locked, free):
    page = visit(f"?loss=nll&lock={locked}&step=0")
    control = page.locator(f'[data-focus="{free}"]')
    if locked == "rate":
        control.click()
        page.wait_for_url(re.compile("adam"))
    else:
        control.fill("0.7")
        control.press("Enter")
        page.wait_for_url(re.compile("gradient_descent:0.7"))
    assert f"lock={locked}" in page.url


def test_what_is_hidden_and_locked_goes_along_with_every_link_and_is_no_part_of_the_run(visit):
    page = visit("?loss=nll&hide=curves&lock=data&step=5")
    at_step(page, 5)
    page.get_by_label("rows an update").select_option("8")
    page.wait_for_url(re.compile(r"5\.batch=8.*hide=curves&lock=data"))
    page.get_by_role("button", name="Copy link").click()
    link = page.locator("dialog pre").inner_text()
    assert link.endswith("hide=curves&lock=data")
    assert read_link(link) == read_link(link.replace("&hide=curves&lock=data", ""))
    page.reload()
    at_step(page, 5)
    expect(page.locator(".curves")).to_be_hidden()


def test_a_link_that_hides_what_is_not_there_is_told_so(visit):
    page = visit("?hide=weather#lang=ru")
    expect(page.locator(".fault")).to_contain_text("hide")
    expect(page.locator(".fault")).to_contain_text("weather")
