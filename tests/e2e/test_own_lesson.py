"""A teacher's own lesson in the page: by file, in a link, and with nonsense in it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chromium import needs_chromium
from soloneuron.playing.lesson_file import lesson_hash

pytestmark = needs_chromium

FILE = Path(__file__).parents[1] / "lesson_files" / "momentum.json"
RAW = json.loads(FILE.read_text())


def take(page):
    """Predict, and play both parts to their ends."""
    page.get_by_label("Momentum", exact=True).check()
    page.get_by_role("button", name="Predict and play").click()
    page.locator(".lesson .go").click()
    page.get_by_role("button", name=re.compile("Play part 2")).last.click()
    page.locator(".lesson .go").click()
    expect(page.locator(".answer")).to_contain_text(
        "Momentum is lower. The loss is 15.343 with plain descent and 0.130"
    )


def test_a_lesson_opens_by_file_plays_and_stands_in_the_address(visit):
    page = visit()
    page.locator("button.lessons").click()
    page.locator("dialog input[type=file]").set_input_files(str(FILE))
    expect(page.locator(".lesson h2")).to_contain_text("Who is lower after sixty steps")
    expect(page.locator(".question")).to_have_text(
        "Plain descent against momentum: whose loss is lower after 60 steps?"
    )
    take(page)
    page.wait_for_url(re.compile("lesson=own#lesson="))
    page.get_by_role("button", name="Copy link").click()
    assert re.search(r"lesson=own.*#lesson=[\w-]{200,}$", page.locator("dialog pre").inner_text())
    page.reload()
    expect(page.locator(".lesson h2")).to_contain_text("Who is lower after sixty steps")


def test_a_link_carries_the_lesson_and_other_languages_keep_its_words(visit):
    page = visit(f"#{lesson_hash(RAW)}&lang=ru")
    expect(page.locator(".lesson h2")).to_contain_text("Who is lower after sixty steps")
    page.locator("button.language").click()
    expect(page.locator(".lesson h2")).to_contain_text("Who is lower after sixty steps")
    take(page)
    assert "#lesson=" in page.url
    page.get_by_role("button", name="Leave the lesson").click()
    page.get_by_role("button", name="Copy command").click()
    assert "own" not in page.locator("dialog pre").inner_text()


WRONG = {
    "no JSON": ("lesson?", "{}"),
    "no lesson": ("[1, 2]", "{}"),
    "a part": ({"measures": {}}, "measures"),
    "steps": ({"steps": [{"link": "", "until": 0}]}, "steps[0].until"),
    "a kind": ({"measures": {"plain": {"kind": "constructor", "step": 1}}}, "measures.plain"),
    "a runner": ({"measures": {"plain": {"kind": "loss", "step": 1, "runner": 5}}}, "measures.plain"),
    "a link": ({"steps": [{"link": "data=moon", "until": 9}]}, "moon"),
    "an answer": ({"expected": "nobody"}, "expected"),
}


@pytest.mark.slow
def test_a_file_of_nonsense_is_told_so_and_the_page_stays_as_it_is(visit, tmp_path):
    page = visit("?loss=nll&step=7")
    for change, place in WRONG.values():
        path = tmp_path / "wrong.json"
        path.write_text(change if isinstance(change, str) else json.dumps({**RAW, **change}))
        page.locator("button.lessons").click()
        page.locator("dialog input[type=file]").set_input_files(str(path))
        expect(page.locator(".fault")).to_contain_text(place)
        expect(page.locator(".lesson")).to_be_hidden()
    assert page.evaluate("soloneuron.playground.race.step") == 7
    page = visit("#lesson=AAAA")
    expect(page.locator(".fault")).to_contain_text("no lesson")


def test_predictions_of_a_class_are_counted_per_lesson_and_can_be_cleared(visit):
    page = visit("?lesson=rate_cliff")
    tally = page.locator(".tally")
    tally.locator("summary").click()
    chips = tally.locator(".chip")
    for place, clicks in ((0, 2), (1, 3)):
        for _ in range(clicks):
            chips.nth(place).click()
    expect(chips).to_have_text([re.compile(": 2$"), re.compile(": 3$"), re.compile(": 0$")])
    page.locator("button.language").click()
    page.locator(".tally summary").click()
    expect(chips).to_have_text([re.compile(": 2$"), re.compile(": 3$"), re.compile(": 0$")])
    page.get_by_role("button", name="Обнулить").click()
    expect(chips).to_have_text([re.compile(": 0$")] * 3)
