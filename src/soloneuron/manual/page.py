"""The manual as one page: Markdown rendered, links led to their place in it."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape
from importlib import resources
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from soloneuron.manual.sources import sections
from soloneuron.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_ELSEWHERE = re.compile(r"[a-z]+:|//")
_NO_ANCHOR = re.compile(r"[^\w\- ]")


def manual_page(language: str) -> str:
    """The whole manual in one language, an HTML page without anything from elsewhere.

    A heading is called ``PAGE.HEADING``, a page by its own name. A link to what the manual does not hold is
    left as its words.

    Args:
        language: ``"en"`` or ``"ru"``.
    """
    menu, articles = [], []
    known = {path.name for section in sections(language) for path in section.pages}
    for section in sections(language):
        menu.append(f"<h2>{escape(section.title)}</h2>\n<ul>")
        for path in section.pages:
            title, body = _article(path, known)
            menu.append(f'<li><a href="#{path.stem}">{escape(title)}</a></li>')
            articles.append(f'<article id="{path.stem}">\n{body}</article>')
        menu.append("</ul>")
    template = resources.files(__package__).joinpath("manual.html").read_text(encoding="utf-8")
    words = {word: escape(text(language, f"manual.{word}")) for word in ("title", "search", "none", "menu")}
    return Template(template).substitute(
        words, language=language, contents="\n".join(menu), articles="\n".join(articles)
    )


def heading_anchor(title: str) -> str:
    """The name that a heading is given, as on GitHub.

    Example:
        >>> heading_anchor("How fast?")
        'how-fast'
    """
    return _NO_ANCHOR.sub("", title.lower()).replace(" ", "-")


def _article(path: Path, known: set[str]) -> tuple[str, str]:
    """Title and HTML of one page."""
    from markdown_it import MarkdownIt

    source = re.sub(r"^<!-- .* -->\n", "", path.read_text(encoding="utf-8"), flags=re.M)
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(source)
    title = ""
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(child.content for child in inside.children or ())
            title = title or words
            opening.attrSet("id", f"{path.stem}.{heading_anchor(words)}")
        inside.children = _led(inside.children or [], path, known)
    body: str = reader.renderer.render(tokens, reader.options, {})
    # A table or a block that is wider than the screen is scrolled, by the keyboard too.
    body = body.replace("<table>", '<div class="wide" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    return title, body.replace("<pre>", '<pre tabindex="0">')


def _led(children: Sequence[Token], page: Path, known: set[str]) -> list[Token]:
    """The tokens of a paragraph with links that lead somewhere within the one page."""
    kept, dropped = [], 0
    for child in children:
        if child.type == "image":
            _embed(child, page)
        elif child.type == "link_open":
            target = str(child.attrGet("href"))
            if not _ELSEWHERE.match(target):
                name, _, anchor = target.partition("#")
                stem = name.removesuffix(".md") if name else page.stem
                if name and name not in known:
                    dropped += 1
                    continue
                child.attrSet("href", f"#{stem}.{anchor}" if anchor else f"#{stem}")
        elif child.type == "link_close" and dropped:
            dropped -= 1
            continue
        kept.append(child)
    return kept


def _embed(picture: Token, page: Path) -> None:
    source = page.parent / str(picture.attrGet("src"))
    kind = {".jpg": "image/jpeg", ".png": "image/png", ".svg": "image/svg+xml"}[source.suffix]
    data = b64encode(source.read_bytes()).decode()
    picture.attrSet("src", f"data:{kind};base64,{data}")
