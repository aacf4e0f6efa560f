"""The page calls the two features what they are where letters would stand, and keeps own names in links."""

import re

import pytest
from playwright.sync_api import expect

from chromium import at_step, needs_chromium, until

pytestmark = needs_chromium

HEAR = """window.written = new Set();
const fill = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    window.written.add(text);
    fill.call(this, text, ...place);
};"""
"""Note whatever is written into a canvas."""


def features(page):
    return page.locator(".neuron").first.locator(".feature").all_text_contents()


def is_written(page, *texts):
    for text in texts:
        until(page, f"window.written.has({text!r})")


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ("petal length", "petal width", "cm", "irises")),
        ("ru", ("длина лепестка", "ширина лепестка", "см", "ирисы")),
    ],
)
def test_a_real_data_set_is_chosen_by_its_name_and_has_its_own_names_on_the_axes(visit, language, names):
    one, two, unit, title = names
    page = visit(f"?data=xor&loss=nll#lang={language}", watch=HEAR)
    page.locator("[data-focus=data]").select_option(label=title)
    expect(page).to_have_url(re.compile("data=iris"))
    first, second = f"{one} - 4.9, {unit}", f"{two} - 1.7, {unit}"
    is_written(page, f"x₁: {first}", f"x₂: {second}", f"w₁: {one}", f"w₂: {two}")
    expect(page.locator(".neuron .feature")).to_have_text([first, second])
    assert (
        page.locator(".numbers th[title*='w₁: ']").get_attribute("title").endswith(f"; w₁: {one}; w₂: {two}")
    )
    page.keyboard.press("i")
    expect(page.locator(".drawer th").filter(has_text=f"w₂: {two}")).to_have_count(1)


def test_the_names_of_a_file_s_columns_stand_in_the_link_and_come_back_with_it(visit):
    page = visit("?data=iris&loss=nll&step=1")
    at_step(page, 1)
    table = b'"<b>a, b</b>";"width";y\n1,5;2;0\n3;4,5;1\n5;1;1\n'
    page.locator("input[type=file]").set_input_files(
        {"name": "t.csv", "mimeType": "text/csv", "buffer": table}
    )
    expect(page.locator(".neuron .feature")).to_have_text(["<b>a b</b>", "width"])
    expect(page).to_have_url(re.compile("names=%3Cb%3Ea%20b%3C%2Fb%3E,width"))
    again = visit("?" + page.url.partition("?")[2])
    expect(again.locator(".neuron .feature")).to_have_text(["<b>a b</b>", "width"])
    again.locator("[data-focus=data]").select_option("clouds")
    expect(again).not_to_have_url(re.compile("names="))
    expect(again.locator(".neuron .feature")).to_have_text(["", ""])


def test_points_taken_from_a_named_set_keep_its_names(visit):
    page = visit("?data=wine&loss=nll&step=1")
    at_step(page, 1)
    page.keyboard.press("r")
    at_step(page, 0)
    page.locator(".picture").first.click(position={"x": 60, "y": 60})
    expect(page).to_have_url(re.compile("data=own.*names=flavanoids%20-%201.6,color%20intensity"))
    assert features(page) == ["flavanoids - 1.6", "color intensity - 4.8"]


@pytest.mark.parametrize("anew", ["reset", "bias"])
def test_points_changed_while_it_ran_keep_their_names_from_the_start_on(visit, anew):
    page = visit("?data=iris&loss=nll&step=10")
    at_step(page, 10)
    page.evaluate("soloneuron.playground.editPoints([[1, 2, 1]], [])")
    page.wait_for_url(re.compile("10.add=1,2,1"))
    page.keyboard.press("r") if anew == "reset" else page.locator("[data-focus=bias]").check()
    page.wait_for_url(re.compile("data=own.*names=petal"))
    # A link parts names by commas.
    assert features(page)[:2] == ["petal length - 4.9 cm", "petal width - 1.7 cm"]


def test_names_that_are_none_are_refused_in_a_sentence(visit):
    page = visit("?data=own&points=1,2,0;2,1,1&names=a#lang=ru")
    expect(page.get_by_role("alert").first).to_contain_text("Имён признаков должно быть два")
