"""A teacher's own lesson in the page: by file, dropped, in a link, and with nonsense in it."""

import base64
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

DROP = """([files, type]) => {
    const dataTransfer = new DataTransfer();
    for (const [name, packed] of files) {
        const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
    }
    const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
    return !document.querySelector("main").dispatchEvent(event);
}"""
"""Drag files over the page, or let them go there; whether the page takes them."""


def drop(page, *files, kind="drop"):
    packed = [[name, base64.b64encode(raw).decode()] for name, raw in files]
    return page.evaluate(DROP, [packed, kind])


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


def test_a_dropped_lesson_opens_whatever_it_is_called_and_another_one_takes_its_place(visit):
    page = visit("?loss=nll&step=3#lang=ru")
    assert drop(page, ("lesson.json", b""), kind="dragover")
    drop(page, ("notes.txt", json.dumps(RAW).encode("utf-16")))
    title, question = page.locator(".lesson h2"), page.locator(".question")
    expect(title).to_contain_text("Who is lower after sixty steps")
    expect(title).to_be_focused()
    page.wait_for_url(re.compile("#.*lesson="))
    before = page.url
    texts = {"en": {**RAW["texts"]["en"], "question": "Which one now?"}}
    drop(page, ("other.json", json.dumps({**RAW, "texts": texts}).encode()))
    expect(question).to_have_text("Which one now?")
    expect(page).not_to_have_url(before)
    page.reload()
    expect(question).to_have_text("Which one now?")


def test_a_dropped_table_becomes_points_although_it_is_called_as_anything(visit):
    page = visit("?loss=nll&step=3")
    drop(page, ("notes.dat", b"[a],[b],y\n1.5,2,0\n3,4.5,1\n5,1,1\n"))
    expect(page).to_have_url(re.compile("data=own"))
    expect(page.locator("body")).to_contain_text("[a] and [b] are standardized")


@pytest.mark.slow
def test_what_a_link_locks_no_file_changes(visit):
    page = visit("?loss=nll&step=3&lock=data&hide=lessons")
    for raw, name in ((b"a,b,y\n1,2,0\n3,4,1\n", "data"), (json.dumps(RAW).encode(), "lessons")):
        drop(page, ("file", raw))
        expect(page.locator(".fault")).to_have_text(re.compile(f"^The setting {name} stays as it is"))
    expect(page.locator("body")).not_to_contain_text("is class 1")
    expect(page.locator(".lesson")).to_be_hidden()


OF_NO_USE = {
    "nothing": (("empty.json", b""),),
    "two at once": (("one.json", FILE.read_bytes()), ("two.json", FILE.read_bytes())),
    "a picture": (("lesson.json", bytes(range(256))),),
    "numbers": (("numbers.json", b"[1, 2, 3]"),),
    "UTF-16 that is no lesson": (("lesson.json", '{"шаги": []}'.encode("utf-16")),),
    "half a lesson": (("lesson.txt", json.dumps(RAW).encode()[:400]),),
    "five megabytes": (("large.json", json.dumps({**RAW, "more": "x" * 5_000_000}).encode()),),
    "one class": (
        (
            "class.json",
            json.dumps({**RAW, "steps": [{"link": "data=own&points=0,0,1", "until": 9}]}).encode(),
        ),
    ),
}
SAID = {
    "en": (
        *("This file is empty", "One file at a time: these are 2", "This file is no text"),
        *["This file is no lesson"] * 4,
        "There must be points of both classes",
    ),
    "ru": (
        *("Файл пуст", "Только один файл за раз, а здесь 2", "В этом файле не текст"),
        *["Это не урок"] * 4,
        "Нужны точки обоих классов",
    ),
}


@pytest.mark.parametrize("language", ["en", pytest.param("ru", marks=pytest.mark.slow)])
def test_what_is_dropped_and_of_no_use_is_told_and_the_lesson_under_way_stays(visit, language):
    page = visit(f"?lesson=own#{lesson_hash(RAW)}&lang={language}")
    page.locator(".lesson input[type=radio]").first.check()
    for files, said in zip(OF_NO_USE.values(), SAID[language], strict=True):
        drop(page, *files)
        expect(page.locator(".fault")).to_contain_text(said)
        page.evaluate("soloneuron.playground.voice.complain('')")
    expect(page.locator(".lesson h2")).to_contain_text("Who is lower after sixty steps")
    expect(page.locator(".lesson input[type=radio]").first).to_be_checked()
    page.reload()
    expect(page.locator(".lesson h2")).to_contain_text("Who is lower after sixty steps")


@pytest.mark.slow
def test_a_lesson_that_begins_with_itself_is_refused(visit):
    page = visit(f"?lesson=own#{lesson_hash(RAW)}")
    drop(page, ("own.json", json.dumps({**RAW, "steps": [{"link": "lesson=own", "until": 9}]}).encode()))
    expect(page.locator(".fault")).to_contain_text("steps[0].link")
    expect(page.locator(".lesson h2")).to_contain_text("Who is lower after sixty steps")


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
    expect(chips).to_have_text([re.compile(": 2$"), re.compile(": 3$"), re.compile(": 0$")])
    page.get_by_role("button", name="Обнулить").click()
    expect(chips).to_have_text([re.compile(": 0$")] * 3)
