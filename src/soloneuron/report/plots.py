"""Figures of saved runs as one page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from html import escape

from soloneuron.errors import InputError
from soloneuron.figures.comparing import cautions, settings_sheet
from soloneuron.records.findings import Chart
from soloneuron.records.history import Outcome
from soloneuron.records.run import Run
from soloneuron.report.page import document
from soloneuron.report.parts import figure, race, table
from soloneuron.texts import text
from soloneuron.training.outcomes import reason


def plots_page(charts: Mapping[str, Chart], runs: Mapping[str, Run], language: str = "en") -> str:
    """One self-contained page with charts of runs; how the runs went, in words.

    Args:
        charts: from ``run_charts``, or some of them.
        runs: what the charts are of.
        language: "en" or "ru".

    Raises:
        MissingExtraError: plotly is not installed.
    """
    title = escape(text(language, "figures.title"))
    told = [run_told(name, run, language) for name, run in runs.items()]
    told += [phrase.say(language) for phrase in cautions(runs)]
    alternative = ". ".join(sentence.rstrip(".") for sentence in told)
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in told)
    body = [f'<header><h1>{title}</h1></header><main id="main"><ul>{items}</ul>']
    sheet = settings_sheet(runs)
    body += [table(sheet, language, "settings")] if sheet.rows else []
    with suppress(InputError):  # runs that cannot race are drawn side by side only
        body.append(race(runs, language, text(language, "replay.title")))
    body += [figure(chart, runs, language, alternative) for chart in charts.values()]
    return document("\n".join([*body, "</main>"]), language)


def run_told(name: str, run: Run, language: str) -> str:
    """One sentence: the loss at both ends, and how the run ended."""
    loss, unit = run.history.loss, run.settings.get("unit", "epoch")
    outcome = _outcome(run.history.outcome, unit, language)
    if not len(loss):
        return text(language, "figures.run_still", name=name, outcome=outcome)
    first, last = (float(row.flatten()[0]) for row in (loss[0], loss[-1]))
    fields = {"first": first, "last": last, "epochs": len(loss), "outcome": outcome}
    return text(language, f"figures.run_told_{unit}", name=name, **fields)


def _outcome(outcome: Outcome, unit: object, language: str) -> str:
    """The outcome in a language; the sentence of the file where its numbers are not what ours need."""
    if outcome.kind == "finished" and unit == "update":
        return text(language, "figures.updates_done", count=outcome.epoch)
    try:
        return reason(outcome, language) if outcome.fields else outcome.reason
    except (LookupError, TypeError, ValueError):
        return outcome.reason
