"""The page from a server: asked for once by each, at any address, in a frame, and never again."""

import logging
import threading
from contextlib import contextmanager
from html import escape

import pytest

from chromium import at_step, needs_chromium, until
from soloneuron.playing.page import playground_page
from soloneuron.playing.serving import PageServer

pytestmark = needs_chromium

FIGURES = logging.getLogger(__name__)
"""``--log-cli-level=INFO`` tells what was measured."""


@contextmanager
def serving(page):
    """A server's address, and all that it was asked for."""
    asked = []

    class Counting(PageServer):
        def finish_request(self, request, client_address):
            asked.append(client_address)
            super().finish_request(request, client_address)

    with Counting(page, host="127.0.0.1", port=25_000) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.port}/", asked
        finally:
            server.shutdown()
            thread.join()


RACE = """async () => {
    const { playground } = soloneuron;
    playground.stopAtTarget(false);
    playground.setSpeed(240);
    playground.play();
    const [painted, step, began] = [playground.painted, playground.race.step, performance.now()];
    for (let frame = 0; frame < 180; frame++) await new Promise((next) => requestAnimationFrame(next));
    const seconds = (performance.now() - began) / 1000;
    return { painted: playground.painted - painted, steps: (playground.race.step - step) / seconds };
}"""
"""How many of 180 frames of the screen show something new, and steps a second by the page's own clock."""


@pytest.mark.parametrize("count", [2, pytest.param(30, marks=pytest.mark.stress)])
def test_many_pages_of_one_server_ask_for_nothing_once_they_are_there(browser, count):
    with serving(playground_page()) as (address, asked):
        pages = []
        for seed in range(count):
            page = browser.new_page()
            requests = []
            page.on("request", lambda request, seen=requests: seen.append(request.url))
            page.goto(f"{address}user/{seed}/?loss=nll&optimizers=adam:0.2&seed={seed}&step=3")
            at_step(page, 3)
            pages.append((page, requests))
        before = len(asked)
        for page, _ in pages:
            page.evaluate("soloneuron.playground.command('play')")
        for page, requests in pages[-2:]:
            page.bring_to_front()
            until(page, "Number(document.body.dataset.step) >= 20")
            assert len(requests) == 1
        for page, _ in pages:
            page.evaluate("soloneuron.playground.playing && soloneuron.playground.command('play')")
        front = [page for page, _ in pages[-2:]]
        for page in front:
            page.evaluate(f"globalThis.raced = ({RACE})(); undefined")
        for page in front:
            raced = page.evaluate("globalThis.raced")
            FIGURES.info("of 180 frames %s were new, %.0f steps a second", raced["painted"], raced["steps"])
            assert raced["painted"] >= 0.9 * 180
        assert len(asked) == before
        assert all(len(requests) == 1 for _, requests in pages)
        for page, _ in pages:
            page.close()


def test_the_page_trains_inside_another_page(browser):
    with serving(playground_page()) as (address, _):
        page = browser.new_page()
        page.set_content(f"<iframe src='{address}?loss=nll&step=4' width=1200 height=800></iframe>")
        frame = page.frame_locator("iframe")
        frame.locator('body[data-step="4"]').wait_for()
        frame.locator("button.step").click()
        frame.locator('body[data-step="5"]').wait_for()
        page.close()


def test_the_page_trains_in_a_frame_that_has_no_address_at_all(browser):
    page = browser.new_page()
    faults = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    inner = escape(playground_page("ru"), quote=True)
    page.set_content(f'<iframe sandbox="allow-scripts" srcdoc="{inner}" width=1200 height=800></iframe>')
    frame = page.frame_locator("iframe")
    frame.locator("button.play").click()
    frame.locator(".all").click()
    frame.locator("body[data-step]:not([data-step='0'])").wait_for()
    frame.locator("[data-focus=batch]").select_option("8")
    frame.locator(".marks span").wait_for()
    assert faults == []
    page.close()
