"""A page of the report on paper: a browser without a window draws it and prints it."""

from __future__ import annotations

import asyncio
import base64
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soloneuron.errors import InputError, MissingExtraError
from soloneuron.report.browser import browser_open, drawn_by_browser

if TYPE_CHECKING:
    from choreographer import Tab

_READY = "document.documentElement?.dataset.ready === 'yes'"

_LAID_OUT = "document.documentElement.dataset.printed === 'yes'"

_SHEET = {"printBackground": True, "preferCSSPageSize": True, "paperWidth": 8.27, "paperHeight": 11.69}
"""A4; margins are the page's own."""


def check_printable() -> None:
    """See that there is something to print with, before any work.

    Raises:
        MissingExtraError: choreographer is not installed.
        InputError: there is no browser.
    """
    try:
        from choreographer.browsers.chromium import Chromium
    except ImportError:
        raise MissingExtraError("writing PDF", "pdf") from None
    place = Chromium.find_browser(skip_local=False)
    if place is None or not Path(place).is_file():
        raise _no_browser()


def as_pdf(page: str) -> bytes:
    """A page as PDF, A4, with all folds open and all figures drawn.

    Args:
        page: the text of ``make_page``.

    Raises:
        MissingExtraError: choreographer is not installed.
        InputError: no browser can be started, or the page does not draw itself in it.
    """
    check_printable()
    with tempfile.TemporaryDirectory(prefix="soloneuron-") as folder:
        place = Path(folder) / "page.html"
        place.write_text(page, encoding="utf-8")
        return signed_pdf(drawn_by_browser(_printed(place), _no_browser()))


def signed_pdf(content: bytes) -> bytes:
    """A PDF that says who wrote it, in as many bytes: its places are counted."""
    return re.sub(rb"(/Creator \()[^()\\]{10}", rb"\g<1>soloneuron", content, count=1)


async def _printed(place: Path) -> bytes:
    from choreographer import Browser

    browser = Browser(headless=True)
    async with browser_open(browser):
        tab = await browser.create_tab(place.as_uri())
        await _until(tab, _READY)
        await _sent(tab, "Emulation.setEmulatedMedia", {"media": "print"})
        await _sent(tab, "Runtime.evaluate", {"expression": "dispatchEvent(new Event('beforeprint'))"})
        await _until(tab, _LAID_OUT)
        printed = await _sent(tab, "Page.printToPDF", _SHEET)
    return base64.b64decode(printed["data"])


async def _until(tab: Tab, expression: str) -> None:
    """Wait until an expression holds in a page."""
    while True:
        found = await tab.send_command("Runtime.evaluate", {"expression": expression})
        if found.get("result", {}).get("result", {}).get("value") is True:
            return
        await asyncio.sleep(0.1)


async def _sent(tab: Tab, command: str, options: dict[str, Any]) -> dict[str, Any]:
    answer = await tab.send_command(command, options)
    if "error" in answer:
        raise RuntimeError(str(answer["error"]))
    return dict(answer["result"])


def _no_browser() -> InputError:
    return InputError(
        "writing PDF needs a Chrome or Chromium that works, and none did it: install one, "
        "or name it in BROWSER_PATH, or write .html and print it",
        code="report.browser",
    )
