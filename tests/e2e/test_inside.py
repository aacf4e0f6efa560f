"""The drawer as a person meets it: opened by a key, walked to both ends, with the run's own numbers."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chromium import at_step, needs_chromium, until
from covering import crossed
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.optimizers.card import card
from soloneuron.texts import LANGUAGES, text

pytestmark = needs_chromium

LINK = "?loss=nll&optimizers=adam:0.2&batch=8&bias=1&step=38"


def press(page, key):
    """A key, also one that Playwright's keyboard, an English one, does not have."""
    page.evaluate(
        "([key, code]) => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key, code, bubbles: true }))",
        [key, "KeyI" if key in {"i", "ш"} else ""],
    )


def opened(page, key="i"):
    press(page, key)
    page.wait_for_selector(".drawer[data-left]")
    return page.locator(".drawer")


def numbers(drawer):
    """The last line of the rule, as numbers."""
    return [float(cell) for cell in drawer.locator(".lines tr:last-child b").all_inner_texts()]


@pytest.mark.parametrize(("language", "key"), [("en", "i"), pytest.param("ru", "ш", marks=pytest.mark.slow)])
def test_the_graph_is_walked_forward_and_backward_by_keyboard(visit, language, key):
    page = visit(f"{LINK}#lang={language}")
    at_step(page, 38)
    drawer = opened(page, key)
    told = page.evaluate("soloneuron.playground.layout.drawer.drawer.detail")
    count = len(told["stages"])
    seen = set()
    for left in range(count, -1, -1):
        expect(drawer).to_have_attribute("data-left", str(left))
        sentence = drawer.locator(".told").inner_text()
        assert not re.search(r"inside\.|undefined|\{", sentence)
        seen.add(sentence)
        stage = told["stages"][count - left - 1] if left < count else {"lines": (), "node": None}
        marked = drawer.locator("pre .mark").all_inner_texts()
        source = told["source"].splitlines()
        assert [line.rstrip("\n") for line in marked] == [source[i] for i in stage["lines"]]
        lit = drawer.locator("g").evaluate_all(
            "all => all.flatMap((g, i) => g.classList.contains('lit') ? [i] : [])"
        )
        assert lit == ([] if stage["node"] is None else [stage["node"]])
        page.keyboard.press("ArrowRight")
    assert len(seen) == count + 1
    shown = drawer.locator("g").evaluate_all("all => all.map(g => g.getAttribute('aria-label'))")
    assert len(shown) == len(told["nodes"])
    assert not any("?" in label for label in shown)
    page.keyboard.press("Home")
    assert drawer.locator("g .grad").all_text_contents() == [""] * len(shown)
    page.keyboard.press("End")
    expect(drawer).to_have_attribute("data-left", "0")
    page.keyboard.press("ArrowLeft")
    expect(drawer).to_have_attribute("data-left", "1")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


@pytest.mark.parametrize(
    ("loss", "optimizer"),
    [
        ("nll", "nag"),
        ("huber", "lbfgs"),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (("nll", "gradient_descent"), ("huber", "adagrad_norm"), ("nll", "radam"))
        ),
    ],
)
def test_the_last_letters_on_the_page_are_the_weights_of_the_frame(visit, loss, optimizer):
    page = visit(f"?loss={loss}&optimizers={optimizer}:0.1&bias=1&start=1,-2&step=9")
    at_step(page, 9)
    drawer = opened(page)
    theta = page.evaluate("[0, 1, 2].map(i => soloneuron.playground.race.now.theta(0, i))")
    assert numbers(drawer) == pytest.approx(theta, rel=2e-5, abs=1e-6)


def test_stepping_the_run_moves_the_drawer_along(visit):
    page = visit("?loss=nll,mse&optimizers=adam:0.2,nag:0.1&batch=8&step=37")
    at_step(page, 37)
    drawer = opened(page)
    heading = drawer.locator("h2")
    expect(heading).to_have_text("Inside step 37 of Adam on NLL")
    drawer.locator("input").fill("8")
    drawer.locator("input").press("Enter")
    expect(drawer.locator(".head").first).to_contain_text("of 8 (point")
    expect(drawer.locator("input")).to_have_value("8")
    expect(drawer.locator("input")).to_be_focused()
    page.locator("button.step").first.click()
    expect(heading).to_have_text("Inside step 38 of Adam on NLL")
    expect(drawer.locator("input")).to_have_value("4")
    drawer.locator("select").focus()
    drawer.locator("select").select_option("3")
    expect(heading).to_have_text("Inside step 38 of Nesterov's accelerated gradient (NAG) on MSE")
    expect(drawer.locator("select")).to_be_focused()
    page.locator("button.reset").first.click()
    expect(heading).to_contain_text("The step that comes next")
    at_step(page, 0)


def test_opening_pauses_a_run_and_a_new_run_is_looked_into(visit):
    page = visit("?loss=nll&optimizers=adam:0.02")
    until(page, "soloneuron.playground.playing && Number(document.body.dataset.step) > 3")
    page.get_by_role("button", name="Inside this step").click()
    page.wait_for_selector(".drawer[data-left]")
    step = page.evaluate("soloneuron.playground.race.step")
    expect(page.locator(".drawer h2")).to_contain_text(f"step {step} of Adam")
    page.locator("[data-focus=loss0]").select_option("hinge")
    expect(page.locator(".drawer h2")).to_contain_text("on hinge")
    page.get_by_role("button", name="Русский").click()
    expect(page.locator(".drawer h2")).to_contain_text("Шаг, который будет следующим")
    press(page, "ш")
    expect(page.locator(".drawer")).to_be_hidden()


def test_the_walk_plays_to_its_end_and_where_motion_is_not_wanted_jumps_there(visit):
    page = visit("?loss=nll&step=3", reduced_motion="reduce")
    at_step(page, 3)
    drawer = opened(page)
    drawer.get_by_role("button", name="Fill the graph node by node").click()
    expect(drawer).to_have_attribute("data-left", "0")
    page = visit("?loss=nll&step=3")
    at_step(page, 3)
    drawer = opened(page)
    page.keyboard.press("End")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    drawer.get_by_role("button", name="Fill the graph node by node").click()
    expect(drawer.get_by_role("button", name="Pause")).to_be_visible()
    expect(drawer).to_have_attribute("data-left", "0")
    expect(drawer.get_by_role("button", name="Fill the graph node by node")).to_be_visible()


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "ru"])
def test_long_names_fit_into_the_drawer_and_the_tabs_of_a_small_phone(visit, language):
    page = visit(
        f"?data=xor&step=5&optimizers=adam,restarted_nag#lang={language}",
        viewport={"width": 320, "height": 640},
    )
    at_step(page, 5)
    opened(page, {"en": "i", "ru": "ш"}[language])
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator(".tabs").evaluate("tabs => tabs.scrollWidth - tabs.clientWidth") == 0


@pytest.mark.parametrize(
    ("scheme", "width", "language"), crossed(("light", "dark"), (1440, 420), LANGUAGES, strength=1)
)
def test_the_drawer_passes_axe(visit, scheme, width, language):
    page = visit(
        f"?loss=focal&optimizers=radam:0.1&bias=1&step=12#lang={language}",
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    at_step(page, 12)
    drawer = opened(page, {"en": "i", "ru": "ш"}[language])
    for _ in range(14):
        page.keyboard.press("ArrowRight")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not re.search(r"\b(inside|card)\.\w", drawer.inner_text())


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_question_mark_shows_the_card_of_the_catalogue(visit, language):
    page = visit(f"?loss=nll&optimizers=adagrad:0.5&step=3#lang={language}")
    at_step(page, 3)
    opened(page)
    for button in page.locator("button.about").all():
        button.click()
        dialog = page.get_by_role("dialog")
        found = card("adagrad", language)
        expect(dialog.locator("h2")).to_have_text(found.title)
        rows = list(
            zip(dialog.locator("dt").all_inner_texts(), dialog.locator("dd").all_inner_texts(), strict=True)
        )
        assert rows == [row for row in found.rows if row[0] != text(language, "cards.labels.measured")]
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    assert page.locator("button.about").count() == 2


def test_every_loss_can_be_looked_into(visit):
    page = visit("?loss=nll&step=3")
    at_step(page, 3)
    drawer = opened(page)
    for loss in LOSSES:
        page.locator("[data-focus=loss0]").select_option(loss)
        expect(drawer.locator("h2")).to_contain_text("on " + ("NLL" if loss == "nll" else ""))
        page.wait_for_selector(".drawer[data-left]")
    assert page.get_by_role("alert").inner_text() == ""
