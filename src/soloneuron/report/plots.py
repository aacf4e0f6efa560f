"""Figures of saved runs as one page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from soloneuron.figures.comparing import cautions, settings_sheet
from soloneuron.figures.runs import run_charts
from soloneuron.records.run import Run
from soloneuron.report.page import document
from soloneuron.report.parts import figure, table
from soloneuron.texts import text
from soloneuron.training.outcomes import reason


def plots_page(runs: Mapping[str, Run], language: str = "en") -> str:
    """One self-contained page with all that can be drawn of these runs, in what they differ, how they ended.

    Raises:
        InputError: runs that learned from different rows.
    """
    title = escape(text(language, "figures.title"))
    ends = [f"{name}: {ending(run, language)}" for name, run in runs.items()]
    warned = [phrase.say(language) for phrase in cautions(runs)]
    sheet = settings_sheet(runs)
    body = [f'<header><h1>{title}</h1><p class="lead">{escape(", ".join(runs))}</p></header><main id="main">']
    body += [f"<p>{escape(line)}</p>" for line in [*warned, *ends]]
    body += [table(sheet, language, "settings")] if sheet.rows else []
    body += [figure(chart, runs, language, "; ".join([*warned, *ends])) for chart in run_charts(runs)]
    return document("\n".join([*body, "</main>"]), language)


def ending(run: Run, language: str) -> str:
    """How a run ended, in words; in English where the record lacks the numbers of the sentence."""
    outcome = run.history.outcome
    try:
        return reason(outcome, language)
    except (LookupError, TypeError, ValueError):
        return outcome.reason
