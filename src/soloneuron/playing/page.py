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

FIRST_WORDS = {
    **{name: f"first.{name}" for name in ("question", "all")},
    **{"subtitle": "page.subtitle", "other": "page.other_language", "lessons": "lesson.list"},
    **{"line": "story.begin_race", "why": "story.why", "play": "bar.play"},
    **{name: f"picture.{name}" for name in ("plane", "map")},
}
FIRST_SCREEN = (
    '<header inert><h1>soloneuron<small>{subtitle}</small></h1><div class="tools">'
    '<button class="text">{all}</button><button class="text">{lessons}</button>'
    '<button class="text">{other}</button><button class="sign help">?</button></div></header>'
    '<main data-tab="stage" inert><h2 class="first">{question}</h2>'
    '<section class="story"><p class="line">{line}</p>'
    '<details class="why"><summary>{why}</summary></details></section>'
    '<div class="bar"><div class="keys"><button class="sign play" title="{play}">'
    '<svg viewBox="0 0 20 20"><path d="M5 2.5v15L17 10z"/></svg></button></div></div>'
    '<div class="views"><section class="stage"><article class="card"><div class="pictures">'
    '<figure><canvas class="picture"></canvas><figcaption>{plane}</figcaption></figure>'
    '<figure><canvas class="picture"></canvas><figcaption>{map}</figcaption></figure>'
    "</div></article></section></div></main>"
)


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
    """What ``scripts/bundle`` packs into ``page.bin``: a line of names and sizes, style, script and words.

    Example:
        >>> page_content().splitlines()[0].count(b"words")
        2
    """
    # As they are needed: what comes late is unpacked when the page has been painted.
    words = {one: page_words(one) for one in LANGUAGES}
    carried = {
        "style": asset("playground.css") + asset("live.css") + asset("replay.css"),
        "first": _letters(_json({one: _first_screen(one) for one in LANGUAGES})),
        "script": _letters(asset("playground.js").decode()),
    }
    late = {one: words[one]["table"].pop("lessons") for one in LANGUAGES}
    for part, said in (
        ("words", {one: words[one]["table"] for one in LANGUAGES}),
        ("lessons", late),
        ("cards", {one: words[one]["cards"] for one in LANGUAGES}),
    ):
        carried |= {f"{part}-{one}": _letters(_json(said[one])) for one in LANGUAGES}
    sizes = _json([[name, len(content)] for name, content in carried.items()])
    return b"".join((f"{sizes}\n".encode(), *carried.values()))


def _first_screen(language: str) -> str:
    """What is painted before the script is there: the first screen as it builds it, with empty pictures."""
    said = {name: text(language, f"playground.{key}", count=6) for name, key in FIRST_WORDS.items()}
    return FIRST_SCREEN.format(**{name: escape(words) for name, words in said.items()})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _letters(content: str) -> bytes:
    """A byte a letter, Russian ones too: what packs sees letters then, not halves of them."""
    return re.sub(r"[^\x00-\x7f\u0410-\u044fёЁ]+", _escaped, content).encode("cp1251")


def _escaped(found: re.Match[str]) -> str:
    """As JSON and strings of JavaScript write letters that have no place among 256."""
    return json.dumps(found[0])[1:-1]
