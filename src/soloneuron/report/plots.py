"""Figures of saved runs as one page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from html import escape

from soloneuron.errors import InputError
from soloneuron.figures.runs import run_charts
from soloneuron.records.run import Run
from soloneuron.report.page import document
from soloneuron.report.parts import figure, race
from soloneuron.texts import text


def plots_page(runs: Mapping[str, Run], language: str = "en") -> str:
    """One self-contained page with all that can be drawn of these runs; their outcomes in words."""
    title = escape(text(language, "figures.title"))
    told = "; ".join(f"{name}: {run.history.outcome.reason}" for name, run in runs.items())
    body = [f'<header><h1>{title}</h1><p class="lead">{escape(", ".join(runs))}</p></header><main id="main">']
    with suppress(InputError):  # runs that cannot race are drawn side by side only
        body.append(race(runs, language, text(language, "replay.title")))
    body += [figure(chart, runs, language, told) for chart in run_charts(runs)]
    return document("\n".join([*body, f"<p>{escape(told)}</p></main>"]), language)
