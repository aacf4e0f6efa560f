"""Rows that are held back from training: hollow, with their loss and accuracy beside those of the others."""

import re

import pytest
from playwright.sync_api import expect

from chromium import at_step, needs_chromium, until
from soloneuron.playing.changes import play
from soloneuron.playing.link import read_link

pytestmark = needs_chromium

WATCH = """window.hollow = 0;
const fill = CanvasRenderingContext2D.prototype.fill;
CanvasRenderingContext2D.prototype.fill = function (...path) {
    if (this.lineWidth === 1.5) window.hollow += 1;
    fill.call(this, ...path);
};"""
"""Count the points that are drawn with a thick edge."""


def cells(page, runner=0):
    """Loss and share of right answers of a runner, in training and on the rows that are held back."""
    loss, right = page.locator(".race tbody tr").nth(runner).locator("td").all_text_contents()[:2]
    return [*map(float, loss.split("/")), *(float(share.strip("\xa0 %")) / 100 for share in right.split("/"))]


@pytest.mark.parametrize(
    ("language", "label", "words"),
    [
        ("en", "held back to test", ["loss / test", "right / test", "thin: held-back points"]),
        (
            "ru",
            "отложить для теста",
            ["потери / тест", "доля верных ответов / тест", "тонко: отложенные точки"],
        ),
    ],
)
def test_a_share_is_chosen_a_new_run_begins_and_both_losses_are_those_of_python(
    visit, language, label, words
):
    page = visit(f"?data=iris&loss=nll&optimizers=adam&step=7#lang={language}", watch=WATCH)
    at_step(page, 7)
    assert page.evaluate("window.hollow") == 0
    page.get_by_label(label).select_option("0.3")
    expect(page).to_have_url(re.compile("test=0.3"))
    at_step(page, 0)
    until(page, "window.hollow >= 30")
    for word in words:
        expect(page.locator("main")).to_contain_text(word)
    for _ in range(5):
        page.keyboard.press(".")
    at_step(page, 5)
    race = play(read_link("data=iris&loss=nll&optimizers=adam&test=0.3&step=5"))
    (table,), (held,) = race.table().tolist(), race.test_table().tolist()
    assert cells(page) == pytest.approx([table[-6], held[0], table[-4], held[1]], rel=2e-3, abs=6e-4)
    page.keyboard.press("Control+z")
    expect(page).not_to_have_url(re.compile("test="))
    expect(page.locator("main")).not_to_contain_text(words[0])


def test_points_of_ones_own_are_held_back_and_taken_away_by_a_click_too(visit):
    page = visit("?data=own&points=1,2,0;2,1,0;-1,-2,1;-2,-1,1&loss=nll&test=0.5&step=2")
    at_step(page, 2)
    race = play(read_link("data=own&points=1,2,0;2,1,0;-1,-2,1;-2,-1,1&loss=nll&test=0.5&step=2"))
    assert cells(page)[1] == pytest.approx(race.test_table()[0, 0].item(), rel=1e-3)
    x, y = race.test.features[0].tolist()
    picture = page.locator(".picture").first.bounding_box()
    side = min(picture["width"] - 38, picture["height"] - 44)
    place = [34 + side * (0.5 + x / 2 / (2 * 1.08)), 16 + side * (0.5 - y / 2 / (2 * 1.08))]
    page.locator(".picture").first.click(position={"x": place[0], "y": place[1]})
    expect(page).to_have_url(re.compile("2.drop=0"))
    after = play(read_link(page.url))
    assert len(after.test.labels) == 1
    assert cells(page)[1] == pytest.approx(after.test_table()[0, 0].item(), rel=1e-3)


def test_a_share_that_holds_back_nothing_is_refused_in_a_sentence(visit):
    page = visit("?data=own&points=1,2,0;2,1,1&test=0.3#lang=ru")
    expect(page.get_by_role("alert").first).to_contain_text("не откладывает ни одной")
    page = visit("?test=0.7")
    expect(page.get_by_role("alert").first).to_contain_text("test must be a number from 0 to 0.5")


def test_a_link_can_lock_the_share(visit):
    page = visit("?test=0.2&lock=test&step=1")
    at_step(page, 1)
    expect(page.get_by_label("held back to test")).to_be_disabled()
