"""The parts of the page: sentences, tables, places for figures."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping
from html import escape

from soloneuron.figures.catalogue import draw
from soloneuron.records.findings import Cell, Chart, Findings, Name, Sheet, Verdict
from soloneuron.records.run import Run
from soloneuron.texts import text
from soloneuron.texts.phrases import said
from soloneuron.view import replay


def words(language: str, name: Name) -> str:
    """A name in a language, safe for HTML."""
    return escape(str(said(language, name)))


def verdict_list(verdicts: Iterable[Verdict], language: str, *, link: str = "") -> str:
    """Sentences with a mark: supported, or not."""
    items = []
    for verdict in verdicts:
        sentence = escape(verdict.phrase.say(language))
        shown = f'<a href="#{link}">{sentence}</a>' if link else sentence
        items.append(f'<li class="{"yes" if verdict.holds else "no"}">{shown}</li>')
    return "\n".join(items)


def table(sheet: Sheet, language: str, name: str) -> str:
    """A table, and the same as CSV to take away."""
    heads = "".join(
        f'<th scope="col">{words(language, column)}</th>' if column else "<td></td>"
        for column in sheet.columns
    )
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell_text(cell, language))}</td>" for cell in row) + "</tr>"
        for row in sheet.rows
    )
    return (
        f'<div class="table" tabindex="0"><table><caption>{words(language, sheet.title)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>\n"
        f'<a class="get" href="#" download="{name}.csv">{escape(text(language, "report.csv"))}</a>'
        f'<script type="application/json">{in_script(as_csv(sheet, language))}</script>'
    )


def cell_text(cell: Cell, language: str) -> str:
    """A number with four digits, a dash for none, words as they are."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < 1e5 else f"{cell:.3e}"
    return str(said(language, cell))


def as_csv(sheet: Sheet, language: str) -> str:
    """The whole table with all digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([str(said(language, column)) for column in sheet.columns])
    writer.writerows(["" if cell is None else said(language, cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


def in_script(content: str) -> str:
    """Text as a JSON string that cannot end the script element around it."""
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")


def figure(chart: Chart, runs: Mapping[str, Run], language: str, told: str) -> str:
    """A place for a figure, its data before it, its result in words for those who do not see it."""
    label = escape(f"{chart.title.say(language)}. {told}", quote=True)
    return (
        f"<figure><figcaption>{words(language, chart.title)}</figcaption>\n"
        f'<script type="text/plain">{packed(str(draw(chart, runs, language).to_json()))}</script>'
        f'<div class="plot" role="img" tabindex="0" aria-label="{label}"></div></figure>'
    )


def race(runs: Mapping[str, Run], language: str, title: str) -> str:
    """A race that plays inside the page, in a frame of its own, so that neither style disturbs the other."""
    page = escape(replay(runs, language), quote=True)
    return (
        f'<figure class="raced"><figcaption>{escape(title)}</figcaption>\n'
        f'<iframe class="replay" title="{escape(title, quote=True)}" srcdoc="{page}"></iframe></figure>'
    )


def packed(content: str) -> str:
    """Text gzipped in base64, a fifth of its size; browsers unpack it by themselves."""
    return base64.b64encode(gzip.compress(content.encode(), mtime=0)).decode()


def experiment(found: Findings, language: str) -> str:
    """The section of one experiment: question, conclusions, figures, tables."""
    name = found.experiment
    told = " ".join(verdict.phrase.say(language) for verdict in found.verdicts)
    title, question = (escape(text(language, f"study.{name}.{part}")) for part in ("title", "question"))
    parts = [
        f'<section id="{name}"><h3>{title}</h3>\n<p class="question">{question}</p>',
        *([] if found.how is None else [f'<p class="how">{escape(found.how.say(language))}</p>']),
        f'<ul class="verdicts">{verdict_list(found.verdicts, language)}</ul>',
        *(figure(chart, found.runs, language, told) for chart in found.charts),
        *(table(sheet, language, f"{name}-{k}") for k, sheet in enumerate(found.sheets, 1)),
        "</section>",
    ]
    return "\n".join(parts)
