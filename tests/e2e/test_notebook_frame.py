"""The page in a notebook's cell."""

import re

from playwright.sync_api import expect

from chromium import PATIENCE, needs_chromium
from soloneuron import playground
from soloneuron.playing.link import read_link

pytestmark = needs_chromium


def test_the_page_plays_in_a_frame_with_the_given_rows(browser, tmp_path):
    frame = playground(
        [[1, 2], [3, 1], [2, 5]], [0, 1, 0], loss="nll", optimizers={"adam": 0.2}, lock=["data"]
    )
    cell = tmp_path / "cell.html"
    cell.write_text(f"<!doctype html><meta charset=utf-8>{frame._repr_html_()}", encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto(cell.as_uri())
    inside = page.frame_locator("iframe")
    expect(inside.locator("body[data-ready=true]")).to_have_count(1, timeout=PATIENCE)
    expect(inside.locator("[data-focus=data]")).to_have_value("own")
    expect(inside.locator("[data-focus=data]")).to_be_disabled()
    inside.locator("button.step").click()
    expect(inside.locator("output.count")).not_to_have_text("0", timeout=PATIENCE)
    other = inside.locator("button.language").get_attribute("lang")
    inside.locator("button.language").click()
    expect(inside.locator("html")).to_have_attribute("lang", other)
    inside.locator("[data-focus=batch]").select_option("1")
    expect(inside.locator(".marks span")).to_have_count(1)
    inside.get_by_role("button", name=re.compile("Copy link|Ссылка")).click()
    copied = inside.locator("dialog pre").inner_text()
    assert copied.startswith("data=own&")
    assert copied.endswith("lock=data")
    assert read_link(copied).points == read_link(frame.link).points
    assert [change.word for change in read_link(copied).changes] == ["batch"]
    assert complaints == []
    context.close()
