"""A surface in the place of rows, as a person meets it."""

import re
import shlex

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chromium import at_step, becomes_painted, needs_chromium, until
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.playing.config import surface_config
from soloneuron.playing.link import read_link
from soloneuron.texts import LANGUAGES, text

pytestmark = needs_chromium

SECOND = '[data-focus="surface-one"]'
FIRST = '[data-focus="surface-rows"]'


def config_of(page):
    return read_link(page.url.partition("#")[0])


def dialog(page, name):
    """What a button gives to take along."""
    page.locator(f".more .{name}").click()
    said = page.locator("dialog pre").inner_text()
    page.keyboard.press("Escape")
    return said


def test_one_click_leads_from_rows_to_a_surface_and_one_back_to_the_same_rows(visit):
    link = "?data=xor&noise=0.1&loss=mse&optimizers=adam:0.3&batch=8&bias=1&l2=0.01&seed=4&start=1,2"
    page = visit(link)
    before = config_of(page)
    page.locator(SECOND).click()
    page.wait_for_url(re.compile("surface=rosenbrock"))
    assert config_of(page) == surface_config("rosenbrock")
    for control in ("data", "csv", "loss0", "batch", "l2", "bias"):
        assert page.locator(f'[data-focus="{control}"]').count() == 0
    expect(page.locator(".seed")).to_be_hidden()
    expect(page.locator(".neuron")).to_have_count(0)
    page.locator(FIRST).click()
    page.wait_for_url(re.compile("data=xor"))
    assert config_of(page) == before


def test_points_that_came_and_went_while_it_ran_are_there_after_a_surface(visit):
    page = visit("?data=iris&step=5")
    at_step(page, 5)
    page.evaluate("soloneuron.playground.go(10)")
    at_step(page, 10)
    page.evaluate("soloneuron.playground.editPoints([[1, 2, 1]], [0])")
    page.wait_for_url(re.compile("10.drop=0&10.add=1,2,1"))
    page.locator(SECOND).click()
    page.wait_for_url(re.compile("surface=rosenbrock"))
    page.locator(FIRST).click()
    page.wait_for_url(re.compile("data=own"))
    config = config_of(page)
    assert len(config.points) == 100
    assert config.points[-1] == (1, 2, 1)
    assert config.names == ("petal length - 4.9 cm", "petal width - 1.7 cm")


def test_another_surface_keeps_who_races_at_rates_that_suit_it(visit):
    page = visit("?surface=rosenbrock&optimizers=adam,newton")
    page.locator('select[data-focus="surface"]').select_option("himmelblau")
    page.wait_for_url(re.compile("surface=himmelblau"))
    config = config_of(page)
    assert [(entry.name, entry.rate) for entry in config.optimizers] == [("adam", 0.2), ("newton", 1.0)]
    page.keyboard.press("1")
    page.wait_for_url(re.compile("gradient_descent:0.009"))
    page.keyboard.press("Control+z")
    page.wait_for_url(re.compile("optimizers=adam:0.2,newton:1$"))
    page.go_back()
    page.wait_for_url(re.compile("surface=rosenbrock"))


def test_changes_while_it_runs_stand_in_the_link_and_lead_where_python_goes(visit, solo):
    page = visit("?surface=beale&optimizers=momentum:0.001,adam&step=20")
    at_step(page, 20)
    rate = page.locator('[data-focus="rate-adam"]')
    rate.fill("0,05")
    rate.press("Enter")
    page.wait_for_url(re.compile("20.optimizers="))
    page.evaluate("soloneuron.playground.go(50)")
    at_step(page, 50)
    command = dialog(page, "command")
    _, *words = shlex.split(command)
    runners = solo(*words, "--json").json["runners"]
    told = page.locator(".numbers tbody tr td:nth-child(3)").all_inner_texts()
    assert told == [f"{runner['loss_value']:.4g}" for runner in runners]
    assert "a surface, which has no rows" in solo(*words).words
    python = dialog(page, "python")
    assert "def surface(theta):" in python
    page.reload()
    at_step(page, 50)


@pytest.mark.parametrize("language", ["en", pytest.param("ru", marks=pytest.mark.slow)])
def test_pointer_and_cross_read_the_surface_itself(visit, language):
    page = visit(f"?surface=rosenbrock&step=30#lang={language}")
    at_step(page, 30)
    becomes_painted(page)
    chart = page.locator("canvas.picture")
    axes = "soloneuron.playground.layout.stage.cards[0].chart.axes"
    place = page.evaluate(f"[{axes}.x(1), {axes}.y(1)]")
    chart.hover(position={"x": place[0], "y": place[1]})
    caption = page.locator(".readable figcaption").first
    x, y, height = map(float, re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", caption.inner_text()))
    assert (x, y) == (1.0, 1.0)
    assert height < 0.01
    page.mouse.move(2, 2)
    expect(caption).to_have_text(text(language, "playground.surface.map"))
    chart.focus()
    page.keyboard.press("ArrowRight")
    expect(caption).to_contain_text("x = ")
    names = [text(language, f"playground.{key}") for key in ("curve.above", "curve.gradient", "curve.moved")]
    assert page.locator(".curves figcaption").all_inner_texts() == names


def test_the_sentence_tells_who_is_held_up_and_who_came_first(visit):
    page = visit("?surface=saddle&step=40")
    at_step(page, 40)
    line = page.locator(".story .line")
    expect(line).to_contain_text("Beside a saddle point, where the slope vanishes: SGD, Momentum, NAG.")
    expect(line).to_contain_text("Adagrad has been within 0.01 of the lowest value since step 15")
    places = [int(cell) for cell in page.locator(".numbers tbody tr td:nth-child(2)").all_inner_texts()]
    assert sorted(places) == [1, 2, 3, 4, 5, 6]
    page.evaluate("soloneuron.playground.go(88)")
    at_step(page, 88)
    expect(line).not_to_contain_text("Beside a saddle point")


@pytest.mark.parametrize("language", ["en", pytest.param("ru", marks=pytest.mark.slow)])
def test_a_rate_beyond_its_limit_is_told_with_the_limit_where_it_stands(visit, language):
    page = visit(f"?surface=ravine&optimizers=gradient_descent:0.03&step=50#lang={language}")
    at_step(page, 50)
    warning = page.locator(".warnings li")
    expect(warning).to_contain_text("0.02")
    expect(warning).to_contain_text("1.5")
    assert not re.search(r"judged\.|outcomes\.|undefined|\{", warning.inner_text())
    expect(page.locator(".runner .hint")).to_contain_text("0.02")


def test_a_run_rests_when_all_have_come_to_the_lowest_value(visit):
    page = visit("?surface=bowl&optimizers=gradient_descent:0.3,adam:0.3&step=1")
    at_step(page, 1)
    page.locator(".play").click()
    until(page, "!soloneuron.playground.playing && soloneuron.playground.race.step > 1")
    assert page.evaluate("soloneuron.playground.race.status.runners.every(({ code }) => code === 'arrived')")
    assert page.evaluate("soloneuron.playground.race.step") < 200


def test_the_drawer_shows_the_rule_and_no_example(visit):
    page = visit("?surface=rosenbrock&step=12")
    at_step(page, 12)
    page.keyboard.press("i")
    drawer = page.locator(".drawer[data-left]")
    expect(drawer.locator("h2")).to_have_text("Inside step 12 of Gradient descent on Rosenbrock valley")
    expect(drawer.locator(".graph")).to_be_hidden()
    assert drawer.locator("input").count() == 0
    assert drawer.locator("thead th").all_inner_texts()[2:] == ["x", "y"]
    assert "def surface(theta):" in drawer.locator("pre").inner_text()
    page.keyboard.press("Escape")
    expect(page.locator(".drawer")).to_be_hidden()
    page.locator(".more .replay").click()
    expect(page.locator(".fault")).to_contain_text("Replays and run files hold rows")


def test_a_word_of_rows_beside_a_surface_is_a_sentence_and_the_plain_page_opens(visit):
    page = visit("?surface=bowl&batch=8")
    expect(page.locator(".fault")).to_have_text(
        "A surface has no rows, so batch means nothing beside surface=bowl: leave it out."
    )
    page = visit("?surface=bowl&lock=data")
    page.evaluate("soloneuron.playground.configure({ surface: 'kink' })")
    expect(page.locator(".fault")).to_contain_text("data stays as it is")


def test_who_swings_no_higher_than_before_is_not_called_astray(visit):
    page = visit("?surface=kink&optimizers=gradient_descent:1&step=30")
    at_step(page, 30)
    expect(page.locator(".story .line")).to_have_text(
        "Step 30: SGD: the height goes up and down without getting lower."
    )


@pytest.mark.parametrize(
    "surface", [pytest.param(name, marks=() if name == "plateau" else pytest.mark.slow) for name in SURFACES]
)
def test_every_surface_is_painted_in_both_languages_without_a_gap_in_the_words(visit, surface):
    for language, size in zip(LANGUAGES, ((1280, 720), (320, 640)), strict=True):
        page = visit(
            f"?surface={surface}&step=25#lang={language}",
            viewport=dict(zip(("width", "height"), size, strict=True)),
        )
        at_step(page, 25)
        becomes_painted(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert not re.search(
            r"playground\.|surface\.|judged\.|losses\.|undefined|NaN|\{", page.locator("main").inner_text()
        )
        assert Axe().run(page).response["violations"] == []
