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


SURFACE, ROWS, MENU = (
    '[data-focus="surface-one"]',
    '[data-focus="surface-rows"]',
    "select[data-focus=surface]",
)


@pytest.mark.parametrize(
    ("link", "control"),
    [
        *(
            (f"data=xor&lock={word}&step=5", SURFACE)
            for word in ("optimizers,rate,start,loss", "rate", "loss")
        ),
        ("data=xor&hide=loss", SURFACE),
        ("data=xor&batch=8&lock=batch", SURFACE),
        *((f"surface=rosenbrock&lock={word}", ROWS) for word in ("optimizers", "rate", "start", "loss")),
        *((f"surface=rosenbrock&lock={word}", MENU) for word in ("rate", "start", "loss")),
        ("data=own&points=1,2,0;2,1,1&lock=points", "select[data-focus=data]"),
        ("loss=nll,mse&lock=loss", "[data-focus=all]"),
    ],
)
def test_a_switch_that_would_change_what_is_locked_is_locked_from_the_start(visit, link, control):
    page = visit("?" + re.sub("&(lock|hide)=.*?(&|$)", r"\2", link))
    expect(page.locator(control)).to_be_enabled()
    page = visit(f"?{link}")
    expect(page.locator(control)).to_be_disabled()
    expect(page.locator(f"{ROWS}[aria-pressed=true],{SURFACE}[aria-pressed=true]")).to_be_enabled()
    before = page.url
    if control in (SURFACE, MENU):
        page.evaluate("soloneuron.playground.configure({ surface: 'beale' })")
        expect(page.locator(".fault")).to_contain_text("stays as it is")
        assert page.url == before


def test_a_switch_that_changes_nothing_locked_is_free_and_leads_back(visit):
    page = visit("?data=xor&optimizers=newton:0.5&lock=rate,noise,batch&step=5")
    at_step(page, 5)
    page.locator(SURFACE).click()
    page.wait_for_url(re.compile("surface=rosenbrock"))
    page.locator("[data-focus=chip-newton]").click()
    page.wait_for_url(re.compile("newton:0.5"))
    page.locator(ROWS).click()
    page.wait_for_url(re.compile("data=xor&optimizers=newton:0.5"))


def test_on_a_surface_the_picture_of_it_may_be_hidden_and_another_one_chosen(visit):
    page = visit("?surface=rosenbrock&hide=surface&lock=optimizers")
    page.locator(MENU).select_option("beale")
    page.wait_for_url(re.compile("surface=beale"))


def test_who_comes_back_has_the_locked_rate(visit):
    page = visit("?lock=rate&loss=nll&optimizers=adam:0.5:beta1=0.5,gradient_descent:0.3&step=5")
    at_step(page, 5)
    chip = page.locator("[data-focus=chip-adam]")
    chip.click()
    page.wait_for_url(re.compile("5.optimizers=gradient_descent:0.3&"))
    chip.click()
    page.wait_for_url(re.compile("5.optimizers=gradient_descent:0.3,adam:0.5:beta1=0.5&"))
    page.locator("[data-focus=all]").click()
    page.wait_for_url(re.compile("&optimizers=gradient_descent:0.3,momentum.*adam:0.5:beta1=0.5&"))


def test_a_file_does_not_take_the_place_of_locked_points(visit):
    page = visit("?data=own&points=1,2,0;2,1,1&lock=data")
    page.evaluate("soloneuron.playground.configure({ data: 'own', points: [[0, 0, 0], [1, 1, 1]] })")
    expect(page.locator(".fault")).to_contain_text("data stays as it is")
