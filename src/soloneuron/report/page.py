"""The page: verdicts first, then how it was measured, then every question in full."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib import resources

from soloneuron.element import Element
from soloneuron.element.drawing import draw
from soloneuron.experiments.catalogue import CHAPTERS
from soloneuron.experiments.tuning import RACERS
from soloneuron.optimizers.card import card
from soloneuron.optimizers.catalogue import NINE, OPTIMIZERS
from soloneuron.records.findings import Findings
from soloneuron.records.study import OwnRows, Study
from soloneuron.report.parts import experiment, race, verdict_list
from soloneuron.report.setup import setup
from soloneuron.texts import text

TOLD = ("gradient_descent", *NINE)
"""The methods whose idea is told: plain descent and the assignment's nine."""

RACED = ("features", "race")
"""The experiments whose racers are the first picture: the first that is there."""


def make_page(one: Study, language: str = "en") -> str:
    """One self-contained HTML page.

    Args:
        one: what was measured; a chapter without any experiment is left out.
        language: "en" or "ru".

    Returns:
        The text of the page; plotly is inside, nothing is fetched.

    Raises:
        MissingExtraError: plotly is not installed.
    """
    by_name = {found.experiment: found for found in one.findings}
    chapters = {
        chapter: [by_name[name] for name in names if name in by_name] for chapter, names in CHAPTERS.items()
    }
    chapters = {chapter: found for chapter, found in chapters.items() if found}
    body = "\n".join(
        [
            header(language),
            contents(chapters, language),
            '<main id="main">',
            summary(chapters, language),
            first_picture(one.findings, language),
            setup(one, language),
            not_asked(one.own, language),
            *(part(chapter, found, language) for chapter, found in chapters.items()),
            algorithms(language),
            element_graph(language),
            limits(language),
            "</main>",
            f"<footer>{escape(text(language, 'report.footer'))}</footer>",
        ]
    )
    return document(body, language)


def document(body: str, language: str) -> str:
    """The frame: style, body, the packed library, the script."""
    title = escape(text(language, "report.title"))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{title}</title>\n<style>\n{own_file('page.css')}</style>\n</head>\n<body>\n{body}\n"
        f'<script type="text/plain" id="plotly">{packed_plotly()}</script>\n'
        f"<script>\n{own_file('page.js')}</script>\n</body>\n</html>\n"
    )


def own_file(name: str) -> str:
    """A text that lies beside this file."""
    return (resources.files("soloneuron.report") / name).read_text(encoding="utf-8")


def packed_plotly() -> str:
    """plotly.js, gzipped, in base64: 2 MB instead of 5; browsers unpack it by themselves."""
    from plotly.offline import get_plotlyjs

    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), mtime=0)).decode()


def header(language: str) -> str:
    """Title and one sentence."""
    title, lead, skip = (escape(text(language, f"report.{key}")) for key in ("title", "lead", "skip"))
    link = f'<a class="skip" href="#main">{skip}</a>'
    return f'{link}\n<header><h1>{title}</h1><p class="lead">{lead}</p></header>'


def contents(chapters: Iterable[str], language: str) -> str:
    """Links to the parts of the page, in their order."""
    places = [("setup", "report.setup")]
    places += [(f"chapter-{chapter}", f"study.chapters.{chapter}") for chapter in chapters]
    places += [(name, f"report.{name}") for name in ("algorithms", "element", "method")]
    items = "".join(f'<li><a href="#{place}">{escape(text(language, key))}</a></li>' for place, key in places)
    label = escape(text(language, "report.contents"), quote=True)
    return f'<nav class="contents" aria-label="{label}"><ul>{items}</ul></nav>'


def summary(chapters: Mapping[str, Sequence[Findings]], language: str) -> str:
    """All conclusions on one screen, each a link to its measurement."""
    cards = []
    for chapter, found in chapters.items():
        items = "\n".join(verdict_list(one.verdicts, language, link=one.experiment) for one in found)
        title = escape(text(language, f"study.chapters.{chapter}"))
        cards.append(f'<div class="card"><h2>{title}</h2><ul class="verdicts">{items}</ul></div>')
    key = escape(text(language, "report.key"))
    return f'<p class="key">{key}</p><div class="chapters">{"".join(cards)}</div>'


def first_picture(findings: Sequence[Findings], language: str) -> str:
    """A race that plays, if an experiment that made one is among the findings."""
    kept = {found.experiment: found.runs for found in findings}
    for name in RACED:
        runs = {rule: run for rule, run in kept.get(name, {}).items() if rule in RACERS}
        if runs:
            title, more = text(language, "replay.embedded", runs=len(runs)), text(language, "replay.section")
            return race(runs, language, title) + f'<p class="raced"><a href="#{name}">{escape(more)}</a></p>'
    return ""


def not_asked(own: OwnRows | None, language: str) -> str:
    """What was done to somebody's own rows, and the questions that do not apply to them, with the reasons."""
    if own is None:
        return ""
    done = "".join(f"<li>{escape(note.say(language))}</li>" for note in own.notes)
    items = "".join(
        f"<li><b>{escape(text(language, f'study.{name}.question'))}</b> {escape(reason.say(language))}</li>"
        for name, reason in own.skipped.items()
    )
    lists = (("report.prepared", done), ("report.skipped", items))
    return "".join(f"<p>{escape(text(language, key))}</p><ul>{told}</ul>" for key, told in lists if told)


def part(chapter: str, found: Sequence[Findings], language: str) -> str:
    """One chapter."""
    title = escape(text(language, f"study.chapters.{chapter}"))
    return f'<h2 id="chapter-{chapter}">{title}</h2>\n' + "\n".join(
        experiment(one, language) for one in found
    )


def algorithms(language: str) -> str:
    """The card of every method."""
    entries = []
    for name in (*TOLD, *(other for other in OPTIMIZERS if other not in TOLD)):
        found = card(name, language)
        rows = "".join(f"<p><b>{escape(label)}.</b> {escape(said)}</p>" for label, said in found.rows)
        opened = " open" if name in TOLD[:1] else ""
        entries.append(f"<details{opened}><summary>{escape(found.title)}</summary>{rows}</details>")
    title = escape(text(language, "report.algorithms"))
    return f'<h2 id="algorithms">{title}</h2>' + "".join(entries)


def element_graph(language: str) -> str:
    """Task 2's example with gradients that are not zero, as a graph."""
    a, b, c = Element(2, "a"), Element(3, "b"), Element(10, "c")
    result = (a + b * c).relu()
    result.backward()
    title, told = (escape(text(language, f"report.{key}")) for key in ("element", "element_told"))
    drawing = f'<div class="graph" tabindex="0">{draw(result).svg}</div>'
    return f'<h2 id="element">{title}</h2><p>{told}</p>{drawing}'


def limits(language: str) -> str:
    """How it was measured, and what that does not show."""
    title = escape(text(language, "report.method"))
    lines = text(language, "report.limits").splitlines()
    items = "".join(f"<li>{escape(line)}</li>" for line in lines if line.strip())
    return f'<h2 id="method">{title}</h2><ul>{items}</ul>'
