"""Figures of saved runs as one page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from soloneuron.errors import InputError
from soloneuron.figures.comparing import cautions, settings_sheet
from soloneuron.records.findings import Chart
from soloneuron.records.history import Outcome
from soloneuron.records.run import RunRecord
from soloneuron.report.document import document
from soloneuron.texts import text
from soloneuron.training.reasons import reason
from soloneuron.view import replay


def plots_page(charts: Mapping[str, Chart], runs: Mapping[str, RunRecord], language: str = "en") -> str:
    """One self-contained page with charts of runs; how the runs went, in words.

    Args:
        charts: from ``run_charts``, or some of them.
        runs: what the charts are of.
        language: "en" or "ru".

    Raises:
        MissingExtraError: plotly or Jinja2 is not installed.
    """
    sentences = [describe_run(name, run, language) for name, run in runs.items()]
    sentences += [phrase.say(language) for phrase in cautions(runs)]
    race = ""
    with suppress(InputError):  # runs that cannot race are drawn side by side only
        race = replay(runs, language)
    return document(
        "plots.html.j2",
        language,
        sentences=sentences,
        alternative=". ".join(sentence.rstrip(".") for sentence in sentences),
        settings=settings_sheet(runs),
        race=race,
        charts=charts.values(),
        runs=runs,
    )


def describe_run(name: str, run: RunRecord, language: str) -> str:
    """One sentence: the loss at both ends, and how the run ended."""
    loss, unit = run.history.loss, run.history.unit
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
