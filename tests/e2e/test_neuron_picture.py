"""The page shows the neuron at one point, both sweeps, and tells of every place of its pictures."""

import math
import re

import pytest
from playwright.sync_api import expect

from chromium import at_step, needs_chromium
from soloneuron.element import Element
from soloneuron.formulas.losses import as_loss
from soloneuron.playing.link import read_link
from soloneuron.playing.session import Session

pytestmark = needs_chromium

STEP = 7


def shown_numbers(page, loss=0):
    """The numbers in the drawing of one loss, by their letters."""
    texts = page.locator(".neuron").nth(loss).locator("text").all_text_contents()
    pairs = (text.split(" = ") for text in texts if " = " in text)
    return {name: float(value) for name, value in pairs}


@pytest.mark.parametrize("link", ["?bias=1&step=7", "?loss=focal,hinge&step=7&start=1,-2"])
def test_the_drawing_has_the_numbers_of_both_sweeps_of_an_element(visit, link):
    page = visit(link)
    at_step(page, STEP)
    session = Session(read_link(link))
    session.go(STEP)
    for runner, job in enumerate(session.race.runners):
        page.locator(".neuron").nth(runner).get_by_label("next point").click()
        x, y = session.race.data.features[1].tolist(), session.race.data.labels[1].item()
        theta = [Element(weight) for weight in session.weights(runner).tolist()]
        z = sum(
            (weight * one for weight, one in zip(theta, x, strict=False)), theta[2] if len(theta) > 2 else 0
        )
        loss = as_loss(job.loss).graph(z, y)
        loss.backward()
        names = ["w₁", "w₂", "b"][: len(theta)]
        found = shown_numbers(page, runner)
        wanted = {"z": z.data, "∂z": z.grad} | {
            letter + name: value
            for name, weight in zip(names, theta, strict=True)
            for letter, value in (("", weight.data), ("∂", weight.grad))
        }
        assert {name: found[name] for name in wanted} == pytest.approx(wanted, rel=6e-3, abs=1e-12)
        assert found["y"] == y


def test_the_drawing_moves_with_the_run_and_says_what_it_shows(visit):
    page = visit("?step=1")
    at_step(page, 1)
    before = shown_numbers(page)
    page.keyboard.press(".")
    at_step(page, 2)
    assert shown_numbers(page)["w₁"] != before["w₁"]
    picture = page.locator(".neuron svg").first
    assert re.search(r"point 1 of 300: z = \S+, p = \S+, the label is 0", picture.get_attribute("aria-label"))


def test_a_gradient_stays_a_number_where_p_is_shown_as_one(visit):
    page = visit(
        "?loss=nll&data=own&points=10,10,0;1,1,1&start=3,3&optimizers=gradient_descent:0.000001&step=1"
    )
    at_step(page, 1)
    found = shown_numbers(page)
    assert (found["z"], found["p"]) == (60, 1)
    assert found["∂p"] == pytest.approx(math.exp(60), rel=6e-3)


PLACES = {
    "canvas.picture >> nth=0": r"x₁ = \S+, x₂ = \S+: p = [01]",
    "canvas.picture >> nth=1": r"w₁ = \S+, w₂ = \S+: loss \d",
    "canvas.surface >> nth=0": r"w₁ = \S+, w₂ = \S+: loss \d",
    "canvas.curve >> nth=0": r"step \d+: NLL \S+ · MSE \S+",
}


@pytest.mark.parametrize("picture", PLACES)
def test_every_picture_tells_of_the_place_under_the_pointer(visit, picture):
    page = visit("?step=30")
    at_step(page, 30)
    figure = page.locator(".readable", has=page.locator(picture.split(" >> ")[0])).first
    canvas = page.locator(picture)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    canvas.hover(position={"x": box["width"] * 0.45, "y": box["height"] * 0.5})
    told = canvas.locator("xpath=ancestor::figure/figcaption")
    expect(told).to_have_text(re.compile(PLACES[picture]))
    title = figure.locator("figcaption").text_content()
    page.mouse.move(0, 0)
    expect(told).not_to_have_text(re.compile(PLACES[picture]))
    assert title


def test_the_arrow_keys_move_a_cross_over_map_and_curves_and_enter_goes_to_the_step(visit):
    page = visit("?step=30")
    at_step(page, 30)
    chart = page.locator("canvas.picture").nth(1)
    chart.focus()
    for key in ("ArrowLeft", "Shift+ArrowUp"):
        chart.press(key)
    expect(chart.locator("xpath=ancestor::figure/figcaption")).to_have_text(re.compile("loss"))
    curve = page.locator("canvas.curve").first
    curve.focus()
    curve.press("Shift+ArrowLeft")
    told = curve.locator("xpath=ancestor::figure/figcaption")
    expect(told).to_have_text(re.compile(r"step \d+"))
    step = int(re.search(r"step (\d+)", told.text_content()).group(1))
    assert 0 < step < 30
    curve.press("Enter")
    at_step(page, step)


def test_a_click_on_a_curve_goes_to_its_step(visit):
    page = visit("?step=30")
    at_step(page, 30)
    curve = page.locator("canvas.curve").first
    curve.scroll_into_view_if_needed()
    curve.click(position={"x": 120, "y": 60})
    expect(page.locator("body")).not_to_have_attribute("data-step", "30")
    assert 0 < int(page.locator("body").get_attribute("data-step")) < 30


def test_the_table_tells_the_weights(visit):
    link = "?bias=1&step=7"
    page = visit(link)
    at_step(page, STEP)
    session = Session(read_link(link))
    session.go(STEP)
    cell = page.locator(".race tbody tr").first.locator("td").nth(4).text_content()
    assert [float(one) for one in cell.split()] == pytest.approx(session.weights(0).tolist(), rel=6e-3)
