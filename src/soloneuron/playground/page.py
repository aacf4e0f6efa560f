"""The playground as one page: everything stands in it, and it asks nothing of anybody."""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache

from soloneuron.playground.page_data import page_words
from soloneuron.texts import LANGUAGES
from soloneuron.view.assets import asset, template
from soloneuron.view.packing import packed

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
"""What the page may do: run what stands in it."""


@lru_cache
def playground_page(language: str = "") -> str:
    """The playground's page with its style, script, icon and the words of both languages.

    Args:
        language: "en" or "ru", which it speaks first; or nothing, then that of the browser.

    Returns:
        The text of one HTML file, the same every time; it opens from disk, from any server and in a frame.

    Example:
        >>> page = playground_page()
        >>> page.startswith("<!doctype html>"), "http://" in page.replace("http://www.w3.org/2000/svg", "")
        (True, False)
    """
    icon = base64.b64encode(asset("icon.svg")).decode()
    parts = {
        "language": language,
        "policy": POLICY,
        "icon": f"data:image/svg+xml;base64,{icon}",
        "style": (asset("playground.css") + asset("replay.css")).decode(),
        "script": asset("playground.js").decode(),
    }
    parts |= {f"words {one}": packed(_json(page_words(one))) for one in LANGUAGES}
    page = template("playground.html")
    for name, content in parts.items():
        mark = f"[[{name}]]"
        before, _, after = page.partition(mark)
        page = before + content + after
    return page


def _json(value: object) -> bytes:
    """JSON with a byte a letter, Russian ones too: deflate sees letters then, not halves of them."""
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r"[^\x00-\x7f\u0410-\u044fёЁ]+", _escaped, said).encode("cp1251")


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
