"""Pages in headless Chromium: how they are opened, and how many frames a second they paint."""

import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-backgrounding-occluded-windows",
]
SIZE = {"width": 1440, "height": 900}


@contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


def frames_a_second(pages, view, wait):
    """Frames that each page paints while we wait, by its own clock; ``view`` counts them."""
    shown = f"[soloneuron.{view}.painted, performance.now()]"
    before = [page.evaluate(shown) for page in pages]
    wait()
    after = [page.evaluate(shown) for page in pages]
    return [1000 * (b[0] - a[0]) / (b[1] - a[1]) for a, b in zip(before, after, strict=True)]
