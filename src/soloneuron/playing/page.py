"""The playground as one page: everything stands in it, and it asks nothing of anybody."""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from html import escape

from soloneuron.playing.page_data import page_words
from soloneuron.texts import LANGUAGES, text
from soloneuron.view.assets import POLICY, asset, template


@lru_cache
def playground_page(language: str = "") -> str:
    """The playground's page with its style, script, icon and the words of both languages.

    Args:
        language: "en" or "ru", which it speaks first; or nothing, then that of the browser.

    Returns:
        The text of one HTML file, the same every time; it opens from disk, from any server and in a frame.

    Example:
        >>> page = playground_page()
        >>> page.startswith("<!doctype html>"), "https://" in page
        (True, False)
    """
    icon = base64.b64encode(asset("icon.svg")).decode()
    parts = {
        "policy": POLICY,
        "icon": f"data:image/svg+xml;base64,{icon}",
        "language": language,
        "script": " ".join(escape(text(one, "playground.page.script")) for one in LANGUAGES),
        "packed": base64.b64encode(asset("page.bin")).decode(),
        "unpack": asset("unpack.js").decode(),
    }
    page = template("playground.html")
    for name, content in parts.items():
        before, _, after = page.partition(f"[[{name}]]")
        page = before + content + after
    return page


def page_content() -> bytes:
    """What ``scripts/bundle`` packs into ``page.bin``: a line of names and sizes, words, style and script.

    Example:
        >>> page_content().splitlines()[0].count(b"words")
        2
    """
    # The script comes last: it runs as soon as it stands in the page.
    carried = {f"words-{one}": _letters(_json(page_words(one))) for one in LANGUAGES}
    carried["style"] = asset("playground.css") + asset("live.css") + asset("replay.css")
    carried["script"] = _letters(asset("playground.js").decode())
    sizes = _json([[name, len(content)] for name, content in carried.items()])
    return b"".join((f"{sizes}\n".encode(), *carried.values()))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _letters(content: str) -> bytes:
    """A byte a letter, Russian ones too: what packs sees letters then, not halves of them."""
    return re.sub(r"[^\x00-\x7f\u0410-\u044fёЁ]+", _escaped, content).encode("cp1251")


def _escaped(found: re.Match[str]) -> str:
    """As JSON and strings of JavaScript write letters that have no place among 256."""
    return json.dumps(found[0])[1:-1]
