"""The page: verdicts first, then how it was measured, then every question in full."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources

from soloneuron.element import Element
from soloneuron.element.drawing import draw
from soloneuron.experiments.catalogue import CHAPTERS
from soloneuron.optimizers.catalogue import NINE, OPTIMIZERS
from soloneuron.records.findings import Findings
from soloneuron.records.study import OwnRows
from soloneuron.report.parts import experiment, verdict_list
from soloneuron.report.setup import setup, setup_rows
from soloneuron.texts import text

TOLD = ("gradient_descent", *NINE)
"""The methods whose idea is told: plain descent and the assignment's nine."""


def make_page(
    findings: Sequence[Findings],
    versions: Mapping[str, str],
    command: str,
    language: str = "en",
    *,
    skipped: Sequence[str] = (),
    seed: int = 0,
    own: OwnRows | None = None,
) -> str:
    """One self-contained HTML page.

    Args:
        findings: of experiments, in any order; a chapter without any is left out.
        versions: of the libraries that measured.
        command: what repeats the study.
        language: "en" or "ru".
        skipped: experiments that cannot be asked of these data; the page says so.
        seed: of all chance.
        own: somebody's own rows, if those were asked.

    Returns:
        The text of the page; plotly is inside, nothing is fetched.

    Raises:
        MissingExtraError: plotly is not installed.
    """
    by_name = {found.experiment: found for found in findings}
    chapters = {
        chapter: [by_name[name] for name in names if name in by_name] for chapter, names in CHAPTERS.items()
    }
    chapters = {chapter: found for chapter, found in chapters.items() if found}
    body = "\n".join(
        [
            header(language),
            '<main id="main">',
            summary(chapters, language),
            setup(findings, setup_rows(versions, seed, own, language), command, language),
            not_asked(skipped, language),
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


def summary(chapters: Mapping[str, Sequence[Findings]], language: str) -> str:
    """All conclusions on one screen, each a link to its measurement."""
    cards = []
    for chapter, found in chapters.items():
        items = "\n".join(verdict_list(one.verdicts, language, link=one.experiment) for one in found)
        title = escape(text(language, f"study.chapters.{chapter}"))
        cards.append(f'<div class="card"><h3>{title}</h3><ul class="verdicts">{items}</ul></div>')
    key = escape(text(language, "report.key"))
    return f'<p class="key">{key}</p><div class="chapters">{"".join(cards)}</div>'


def not_asked(skipped: Sequence[str], language: str) -> str:
    """The questions that do not apply to somebody's own data."""
    if not skipped:
        return ""
    told = escape(text(language, "report.skipped"))
    items = "".join(f"<li>{escape(text(language, f'study.{name}.question'))}</li>" for name in skipped)
    return f"<p>{told}</p><ul>{items}</ul>"


def part(chapter: str, found: Sequence[Findings], language: str) -> str:
    """One chapter."""
    title = escape(text(language, f"study.chapters.{chapter}"))
    return f'<h2 id="chapter-{chapter}">{title}</h2>\n' + "\n".join(
        experiment(one, language) for one in found
    )


def algorithms(language: str) -> str:
    """The idea of every method in words, with its formula."""
    entries = []
    for name in (*TOLD, *(other for other in OPTIMIZERS if other not in TOLD)):
        title, formula, idea, helps, hurts, source = (
            escape(text(language, f"optimizers.{name}.{key}"))
            for key in ("title", "formula", "idea", "helps", "hurts", "source")
        )
        good, bad, where = (escape(text(language, f"report.{key}")) for key in ("helps", "hurts", "source"))
        entries.append(
            f"<details{' open' if name in TOLD[:1] else ''}><summary>{title}</summary>"
            f"<pre>{formula}</pre><p>{idea}</p><p><b>{good}</b> {helps}</p><p><b>{bad}</b> {hurts}</p>"
            f'<p class="key">{where} {source}</p></details>'
        )
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
