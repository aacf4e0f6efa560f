"""The browser of the tests: Debian's Chromium, without a network of its own."""

import os
import shutil
import time

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
PATIENCE = 60_000
"""Milliseconds after which a page that does not do something is a failure; a limit, not a measurement."""

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and "CI" not in os.environ, reason="there is no Chromium: the page was NOT tested"
)

PAINTED = """() => [...document.querySelectorAll("canvas")].filter(c => c.clientWidth > 0).every(c => {
    const copy = new OffscreenCanvas(c.width, c.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(c, 0, 0);
    const { data } = copy.getImageData(0, 0, c.width, c.height);
    return new Set(new Uint32Array(data.buffer)).size > 5;
})"""
"""Whether every visible canvas holds more than a few colors."""


def at_step(page, step):
    page.wait_for_selector(f'body[data-step="{step}"]')


def until(page, expression):
    """Wait until an expression holds; Playwright's own wait needs eval, which the policy forbids."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(20)


def becomes_painted(page):
    """Wait until every visible canvas holds more than a few colors."""
    until(page, PAINTED)
