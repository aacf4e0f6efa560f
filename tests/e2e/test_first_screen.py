"""What a person meets first: the language, one question, a large button; the rest when it is asked for."""

import json
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chromium import at_step, becomes_painted, needs_chromium, until
from soloneuron.playing.page_data import page_words
from soloneuron.texts import LANGUAGES

pytestmark = needs_chromium


@pytest.mark.parametrize(
    ("locale", "link", "language"), [("ru-RU", "", "ru"), ("de-DE", "", "en"), ("ru-RU", "#lang=en", "en")]
)
def test_the_page_speaks_the_browsers_language_unless_the_address_names_one(visit, locale, link, language):
    expect(visit(link, locale=locale).locator("html")).to_have_attribute("lang", language)


def test_the_first_screen_asks_one_question_and_shows_the_rest_on_one_click(visit):
    page = visit()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("ravine")
    for part in (".panel", ".curves", ".numbers", ".deep", ".more", ".scrub"):
        expect(page.locator(part)).to_be_hidden()
    assert page.locator("canvas:visible").count() == 2
    page.locator("button.play").click()
    until(page, "Number(document.body.dataset.step) > 3")
    expect(page.locator(".story .line")).to_contain_text("loss")
    expect(page.locator(".chips").last).to_be_hidden()
    page.get_by_role("button", name="All controls").click()
    for part in (".panel", ".curves", ".numbers", ".deep", ".more", ".scrub"):
        expect(page.locator(part)).to_be_visible()
    assert page.locator(".race tbody tr").count() == 6


def test_another_language_gives_the_old_page_free(visit):
    page = visit("?loss=nll&step=3")
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")

    def listeners():
        tools.send("HeapProfiler.collectGarbage")
        found = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
        return found["JSEventListeners"]

    alone = listeners()
    for _ in range(5):
        # By a script: a locator would hold what it has found.
        page.evaluate("document.querySelector('button.language').click()")
        until(page, "Number(document.body.dataset.step) === 3")
    # The last one before may still be on its way out: frames that were asked for hold it.
    for _ in range(100):
        if (held := listeners()) < 2.5 * alone:
            break
        page.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert held < 2.5 * alone


PLACES = """[...document.querySelectorAll("h1, .tools, h2.first, .line, .play, figcaption, .picture")]
    .filter((part) => part.checkVisibility())
    .map((part) => {
        const { x, y, width, height } = part.getBoundingClientRect();
        return [part.className.split(" ")[0], part.textContent, [x, y, width, height].map(Math.round)];
    })"""

EARLY = f"document.addEventListener('DOMContentLoaded', () => {{ globalThis.early = {PLACES}; }})"
"""When the first script has run, and nothing but style and first screen is unpacked."""


@pytest.mark.parametrize(
    ("width", "language"), [(1440, "en"), pytest.param(390, "ru", marks=pytest.mark.slow)]
)
def test_what_is_painted_before_the_script_is_there_stays_where_it_is(visit, width, language):
    page = visit(f"#lang={language}", watch=EARLY, viewport={"width": width, "height": 900})
    becomes_painted(page)
    early, now = page.evaluate("globalThis.early"), page.evaluate(PLACES)
    assert len(early) == 9
    assert early == now


def test_before_the_script_is_there_an_address_with_words_shows_the_header_alone(visit):
    page = visit("?lesson=xor", watch=EARLY)
    assert [name for name, *_ in page.evaluate("globalThis.early")] == ["", "tools"]


def test_a_page_that_is_never_painted_opens_too(visit):
    page = visit(watch="globalThis.requestAnimationFrame = () => 0")
    expect(page.locator("button.play")).to_be_enabled()


def test_every_part_is_there_as_soon_as_it_is_asked_for_in_any_order(visit):
    page = visit()
    for part, language in product(("cards", "lessons"), ("ru", "en")):
        words = page_words(language)
        wanted = words["cards"] if part == "cards" else words["table"]["lessons"]
        assert json.loads(page.evaluate(f"carriedText('{part}-{language}')")) == json.loads(
            json.dumps(wanted)
        )


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("link", ["?data=clouds&step=30", "?data=stretched&loss=nll&step=30"])
def test_curves_and_table_stand_above_the_fold(visit, size, language, link):
    width, height = size
    page = visit(f"{link}#lang={language}", viewport={"width": width, "height": height})
    at_step(page, 30)
    for part in (".curves figcaption", ".race tbody tr"):
        box = page.locator(part).last.bounding_box()
        assert box["y"] + box["height"] <= height, (part, box)


@pytest.mark.parametrize(
    ("typed", "rate"), [("0,5", 0.5), (" 1 000 ", 1000), ("1e-3", 0.001), ("1/4", 0.25), ("1,5/3", 0.5)]
)
def test_a_number_is_read_as_people_type_it(visit, typed, rate):
    page = visit("?loss=nll&step=1")
    page.locator("input.rate").fill(typed)
    page.keyboard.press("Enter")
    until(page, f"location.search.includes(':{rate:g}')")


@pytest.mark.parametrize("typed", ["0,5x", "1/0", "", "1,000.5", "-1", "1//2"])
def test_what_is_no_rate_is_quoted_as_it_was_typed(visit, typed):
    page = visit("?loss=nll&step=1")
    page.locator("input.rate").fill(typed)
    page.keyboard.press("Enter")
    shown = typed or '""'
    expect(page.get_by_role("alert")).to_contain_text(f"got {shown}.")
    expect(page.locator("input.rate")).to_have_value("0.3")
    assert ":" not in page.evaluate("location.search")


def test_a_small_number_fits_into_its_field(visit):
    page = visit("?loss=nll&step=1&optimizers=adam:0.0000012")
    field = page.locator("input.rate")
    expect(field).to_have_value("1.2e-6")
    assert field.evaluate("field => field.scrollWidth <= field.clientWidth")


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_the_presentation_shows_pictures_and_a_sentence_in_large_type(visit, size):
    page = visit("?present=1&loss=nll&step=20", viewport={"width": size[0], "height": size[1]})
    at_step(page, 20)
    expect(page.locator(".panel")).to_be_hidden()
    line = page.locator(".story .line")
    assert line.evaluate("line => parseFloat(getComputedStyle(line).fontSize) * line.currentCSSZoom") >= 26
    for picture in page.locator("canvas:visible").all():
        box = picture.bounding_box()
        assert box["y"] + box["height"] <= size[1]
        assert box["height"] > size[1] / 3
    assert "present=1" in page.url
    page.keyboard.press(".")
    at_step(page, 21)
    assert "present=1" in page.url


def test_what_is_no_presentation_shows_all_and_says_nothing(visit):
    page = visit("?present=0&loss=nll&step=20")
    at_step(page, 20)
    expect(page.locator(".panel")).to_be_visible()
    expect(page.locator(".fault")).to_be_hidden()
    assert "loss=nll" in page.url


PHONE = {"viewport": {"width": 390, "height": 760}, "has_touch": True, "is_mobile": True}


def swipe(page, box, across, up):
    """A finger that moves over the middle of a box."""
    session = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    slide(session, (x, y), (x + across, y + up))


def slide(session, begin, end):
    (x, y), (u, v) = begin, end
    touch = "Input.dispatchTouchEvent"
    session.send(touch, {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for share in (0.2, 0.4, 0.6, 0.8, 1):
        place = {"x": x + share * (u - x), "y": y + share * (v - y)}
        session.send(touch, {"type": "touchMove", "touchPoints": [place]})
    session.send(touch, {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("picture", ["canvas.picture >> nth=0", "canvas.drag", "canvas.surface"])
def test_a_finger_on_a_picture_scrolls_the_page_and_leaves_the_run_as_it_is(visit, picture):
    page = visit("?loss=nll&step=12", **PHONE)
    at_step(page, 12)
    canvas = page.locator(picture)
    canvas.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    box = canvas.bounding_box()
    swipe(page, box, 0, -150 if before < 200 else 150)
    until(page, f"Math.abs(scrollY - {before}) > 60")
    assert "start=" not in page.url
    assert page.evaluate("document.body.dataset.step") == "12"


def test_a_finger_takes_the_start_by_its_mark(visit):
    page = visit("?loss=nll&start=0,0&step=1", **PHONE)
    at_step(page, 1)
    canvas = page.locator("canvas.drag")
    canvas.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    x, y = page.evaluate(
        """() => {
            const { left, top } = document.querySelector("canvas.drag").getBoundingClientRect();
            const { axes } = globalThis.soloneuron.playground.layout.stage.cards[0].chart;
            return [left + axes.x(0), top + axes.y(0)];
        }"""
    )
    slide(page.context.new_cdp_session(page), (x, y), (x + 40, y - 50))
    until(page, "!location.search.includes('start=0,0')")
    assert page.evaluate("scrollY") == before
    assert "start=" in page.url


def test_both_classes_are_added_and_taken_away_by_touch(visit):
    page = visit("?data=own&points=-1,-1,0;1,1,1&loss=nll&step=1", **PHONE)
    page.keyboard.press("r")
    at_step(page, 0)
    plane = page.locator("canvas.picture").first
    plane.scroll_into_view_if_needed()
    for count, last in ((3, "0"), (3, "1"), (2, "1")):
        plane.tap(position={"x": 90, "y": 60})
        until(
            page,
            f"(r => r.length === {count} && r.at(-1).endsWith('{last}'))"
            "(new URLSearchParams(location.search).get('points').split(';'))",
        )


@pytest.mark.parametrize("link", ["", "?data=clouds&step=30", "?present=1&step=30", "?lesson=ravine"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_window_of_320_pixels_needs_no_sideways_scrolling(visit, link, language):
    page = visit(f"{link}#lang={language}", viewport={"width": 320, "height": 640})
    for tab in page.locator(".tabs button").all():
        if tab.is_visible():
            tab.click()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, tab.inner_text()


def test_few_stops_of_the_tab_key_reach_everything(visit):
    page = visit("?step=5")
    at_step(page, 5)
    stops = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, summary, canvas, [tabindex]")]
            .filter(one => one.checkVisibility() && one.tabIndex >= 0 && !one.disabled).length"""
    )
    assert stops <= 40
    page.keyboard.press("Tab")
    skip = page.get_by_role("button", name="To the pictures")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("canvas").first).to_be_focused()


def test_arrows_walk_through_a_group_of_buttons_and_leave_the_run_where_it_is(visit):
    page = visit("?step=5")
    at_step(page, 5)
    chips = page.locator("[data-focus^=chip-]")
    chips.first.focus()
    page.keyboard.press("ArrowRight")
    expect(chips.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-focus=all]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(chips.last).to_be_focused()
    page.keyboard.press("Enter")
    expect(chips.last).to_have_attribute("aria-pressed", "true")
    expect(chips.last).to_be_focused()
    assert page.evaluate("document.body.dataset.step") == "5"


@pytest.mark.parametrize("link", ["", "?present=1&step=30", "?data=clouds&step=30"])
@pytest.mark.parametrize("size", [(1280, 720), (320, 640)])
def test_the_first_screen_and_the_presentation_pass_axe(visit, link, size):
    page = visit(link, viewport={"width": size[0], "height": size[1]}, forced_colors="active")
    becomes_painted(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
