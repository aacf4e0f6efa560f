"""What a sweep shows of itself: how its runs ended, the best of them, values along its longest axis."""

from __future__ import annotations

import math
from itertools import product

from soloneuron.figures.inline import Line, inline_curve
from soloneuron.records.findings import Chart, Series
from soloneuron.records.sweep import SweepRecord, SweepRow
from soloneuron.result.view import View, kinds_of, sentence
from soloneuron.texts import text
from soloneuron.texts.numbers import shown_number
from soloneuron.texts.phrases import Phrase

INCOMPARABLE = ("loss", "l1", "l2")
"""Keywords that change what is minimized: values of runs that differ in them are no common scale."""

MOST_SHOWN = 5
"""So many runs are shown, the best first."""

MOST_CURVES = 10
"""So many curves are drawn."""


def changing_objective(record: SweepRecord) -> list[str]:
    """The keywords of a grid that change what is minimized."""
    return [name for name in INCOMPARABLE if len(record.axes.get(name, ())) > 1]


def sweep_view(record: SweepRecord, language: str) -> View:
    """The verdict, the best runs, and the values along the longest axis."""
    said = text(language, "views.of_runs", runs=record.runs, kinds=kinds_of(record.outcomes, language))
    order = _by_accuracy if changing_objective(record) else _by_value
    best = sorted(map(record.row, range(record.runs)), key=order)[:MOST_SHOWN]
    axes = [name for name, values in record.axes.items() if len(values) > 1]
    found = tuple(text(language, f"views.{key}") for key in ("value", "accuracy"))
    heads = (text(language, "views.run"), *axes, *found)
    table = tuple(
        (
            str(row.run),
            *(_shown(row.settings[name]) for name in axes),
            shown_number(row.value),
            f"{row.accuracy:.1%}",
        )
        for row in best
    )
    return View(language, sentence(said), curve=_curve(record, language), heads=heads, table=table)


def sweep_charts(record: SweepRecord) -> dict[str, Chart]:
    """Value and accuracy of every run over the longest axis, a line for each setting of the others."""
    axis, lines = _lines(record)
    charts = {}
    for column in ("value", "accuracy"):
        numbers = getattr(record, column).flatten().tolist()
        series = tuple(
            Series(name, x, tuple(v if math.isfinite(v) else None for v in (numbers[run] for run in runs)))
            for name, x, runs in lines[:MOST_CURVES]
        )
        title = Phrase("views.over", {"column": Phrase(f"views.{column}"), "axis": axis})
        log = "x" if _is_rate(axis) else ""
        charts[column] = Chart("lines", title, series, axis, Phrase(f"views.{column}"), log=log)
    return charts


def _curve(record: SweepRecord, language: str) -> str:
    axis, lines = _lines(record)
    values = record.value.flatten().tolist()
    drawn = [Line(x, [values[run] for run in runs], name=name) for name, x, runs in lines if len(x) > 1]
    title = text(language, "views.over", column=text(language, "views.value"), axis=axis)
    return inline_curve(drawn[:MOST_CURVES], x=axis, title=title, log_x=_is_rate(axis)) if drawn else ""


def _lines(record: SweepRecord) -> tuple[str, list[tuple[str, tuple[float, ...], list[int]]]]:
    """The longest axis, and for each setting of the others its name, positions and runs."""
    axes = {name: values for name, values in record.axes.items() if len(values) > 1}
    if not axes:
        return "", [("", (0.0,), [0])] if record.runs else []
    axis = max(axes, key=lambda name: len(axes[name]))
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in axes[axis])
    positions = [float(v) if numbers else float(i) for i, v in enumerate(axes[axis])]  # type: ignore[arg-type]
    order = sorted(range(len(positions)), key=positions.__getitem__)
    lines: dict[str, list[int]] = {}
    for run, settings in enumerate(product(*record.axes.values())):
        others = [
            f"{name} {_shown(value)}"
            for name, value in zip(record.axes, settings, strict=True)
            if name != axis and name in axes
        ]
        lines.setdefault(", ".join(others), []).append(run)
    x = tuple(positions[i] for i in order)
    return axis, [(name, x, [runs[i] for i in order]) for name, runs in lines.items()]


def _is_rate(axis: str) -> bool:
    return axis == "learning_rate"


def _by_value(row: SweepRow) -> float:
    return row.value if math.isfinite(row.value) else math.inf


def _by_accuracy(row: SweepRow) -> float:
    return -row.accuracy if math.isfinite(row.value) else math.inf


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
