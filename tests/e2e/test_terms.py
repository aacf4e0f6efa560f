"""Further terms of the neuron, as a person gives them to it: by chips and links, copied and kept."""

import re

import pytest
import torch
from playwright.sync_api import expect

from chromium import PATIENCE, at_step, becomes_painted, needs_chromium
from race_runs import runs_of
from soloneuron.element import Element
from soloneuron.formulas.losses import as_loss
from soloneuron.playing.changes import play
from soloneuron.playing.link import read_link
from soloneuron.playing.session import Session
from soloneuron.view import replay

pytestmark = needs_chromium

RING = "data=circles&loss=nll&optimizers=adam:0.2&start=0.5,-0.5&bias=1"
STEP = 150
RIGHT = ".race tbody td:nth-child(3)"
SENTENCE = {"en": "Further terms of z", "ru": "Дополнительные слагаемые z"}


def chip(page, name):
    return page.locator(f"[data-focus=term-{name}]")


def weights(page):
    return page.evaluate("soloneuron.playground.race.now.weights(0)")


@pytest.mark.parametrize("language", ["en", pytest.param("ru", marks=pytest.mark.slow)])
def test_chips_begin_a_new_run_that_parts_the_ring_and_are_taken_back(visit, language):
    page = visit(f"?{RING}&step={STEP}", locale=language)
    at_step(page, STEP)
    expect(page.locator(".terms .hint")).to_contain_text(SENTENCE[language])
    assert float(page.locator(RIGHT).inner_text().rstrip("%")) < 90
    chip(page, "x2x2").click()
    chip(page, "x1x1").click()
    page.wait_for_url(re.compile("terms=x1x1,x2x2$"))
    at_step(page, 0)
    assert len(weights(page)) == 5
    page.evaluate(f"soloneuron.playground.go({STEP})")
    at_step(page, STEP)
    assert float(page.locator(RIGHT).inner_text().rstrip("%")) >= 95
    becomes_painted(page)
    assert page.locator(".race tbody td:nth-child(6)").inner_text().count("·x") == 4
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    page.wait_for_url(lambda address: "x2x2" not in address or "x1x1" not in address)
    page.reload()
    page.wait_for_selector("body[data-ready=true]")
    expect(page.locator(".terms [aria-pressed=true]")).to_have_count(1 if "terms" in page.url else 0)


@pytest.mark.slow
def test_command_and_address_repeat_a_run_on_all_terms(visit):
    page = visit(f"?{RING}&terms=x1x1,x2x2,x1x2,sinx1,sinx2&l2=0.01&step=20")
    at_step(page, 20)
    page.get_by_role("button", name="Copy command").click()
    said = page.locator("dialog pre").inner_text()
    link = re.search("'(.*)'", said)[1]
    theta = play(read_link(link)).runners[0].state.theta
    assert weights(page) == pytest.approx(theta.float().tolist(), rel=1e-5)


def test_the_drawing_and_the_drawer_have_every_term(visit):
    link = f"{RING}&terms=x1x1,sinx2&step=7"
    page = visit(f"?{link}")
    at_step(page, 7)
    session = Session(read_link(link))
    session.go(7)
    texts = page.locator(".neuron text").all_text_contents()
    names = ["x₁", "x₂", "x₁²", "sin x₂", "1"]
    assert [text for text in texts if text in names] == names
    found = dict(text.split(" = ") for text in texts if " = " in text)
    theta = [Element(weight) for weight in session.weights(0).tolist()]
    x, y = session.race.data.features[0].tolist(), session.race.data.labels[0].item()
    z = sum((weight * one for weight, one in zip(theta, [*x, 1.0], strict=True)), Element(0.0))
    as_loss("nll").graph(z, y).backward()
    assert float(found["z"]) == pytest.approx(z.data, rel=6e-3)
    for name, weight in zip(("w₁", "w₂", "w₃", "w₄", "b"), theta, strict=True):
        assert float(found[name]) == pytest.approx(weight.data, rel=6e-3)
        assert float(found[f"∂{name}"]) == pytest.approx(weight.grad, rel=6e-3)
    page.keyboard.press("i")
    expect(page.locator(".drawer svg").last).to_contain_text("sin x₂ =")
    assert "np.column_stack([X, x1 * x1, np.sin(x2)])" in page.locator(".drawer .sides").inner_text()


@pytest.mark.slow
def test_the_plane_tells_the_probability_of_the_curve(visit):
    link = f"{RING}&terms=x1x1,x2x2&step={STEP}"
    page = visit(f"?{link}")
    at_step(page, STEP)
    plane = page.locator(".pictures canvas").first
    plane.hover(position={"x": plane.bounding_box()["width"] / 2, "y": plane.bounding_box()["height"] / 2})
    told = page.locator(".pictures figcaption").first
    expect(told).to_contain_text("p = ")
    x1, x2, p = map(
        float, re.findall(r"-?[\d.]+(?:e-?\d+)?", told.inner_text().replace("₁", "").replace("₂", ""))
    )
    theta = play(read_link(link)).runners[0].state.theta
    row = torch.tensor([x1, x2, x1 * x1, x2 * x2, 1], dtype=torch.float64)
    assert p == pytest.approx(float(torch.sigmoid(row @ theta)), abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_widest_table_fits_beside_the_pictures(visit, language):
    runners = "data=circles&loss=nll&optimizers=adam,gradient_descent,momentum"
    link = f"?{runners}&terms=x1x1,x2x2,x1x2,sinx1,sinx2&test=0.3&step=30"
    page = visit(link, locale=language, viewport={"width": 1440, "height": 900})
    at_step(page, 30)
    assert page.locator(".race").evaluate("box => box.scrollWidth - box.clientWidth") == 0


@pytest.mark.slow
def test_terms_can_be_hidden_and_locked(visit):
    page = visit(f"?{RING}&hide=terms")
    expect(page.locator(".terms .hint")).to_be_hidden()
    page = visit(f"?{RING}&lock=terms")
    expect(chip(page, "x1x1")).to_be_disabled()
    page.evaluate("soloneuron.playground.configure({ terms: ['x1x1'] })")
    expect(page.locator(".fault")).to_contain_text("terms stays as it is")


def test_a_replay_draws_the_curve_too(browser, tmp_path):
    session = Session(read_link(f"{RING}&terms=x1x1,x2x2,sinx1"))
    session.go(60)
    path = tmp_path / "race.html"
    path.write_text(replay(runs_of(session, "en")), encoding="utf-8")
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready=true]")
    becomes_painted(page)
    assert page.locator(".pictures canvas").count() == 3
    shown = page.evaluate("soloneuron.replay.race.now.weights(0)")
    assert shown == pytest.approx(session.weights(0).float().tolist(), rel=1e-5)
    page.close()
