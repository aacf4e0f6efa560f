"""Lines with bands: losses, distances, rates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from soloneuron.figures.frame import axis, framed, log_axis, plotly
from soloneuron.figures.palette import line_style, numbered_lines, symbol, translucent
from soloneuron.records.findings import Chart, Series
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly.graph_objects import Figure

_MARKS = 12
"""About so many markers on a line."""


def draw_lines(chart: Chart, runs: Mapping[str, RunRecord], language: str) -> Figure:  # noqa: ARG001
    """Every series as a line of its own color, dash and marker, with its band if it has one."""
    go = plotly()
    figure = go.Figure()
    for k, series in numbered_lines(chart.series):
        if series.low:
            figure.add_trace(_band(go, series, k))
        name = str(said(language, series.name))
        figure.add_trace(
            go.Scatter(
                x=five_digits(series.x),
                y=five_digits(series.y),
                name=name,
                mode="markers" if series.points else "lines+markers",
                line=line_style(k),
                marker={
                    "symbol": symbol(k),
                    "size": 9 if series.points else 7,
                    "color": line_style(k)["color"],
                    "maxdisplayed": 0 if series.points or len(series.x) <= _MARKS else _MARKS,
                },
                hovertemplate=f"{name}<br>%{{x:.4g}}: %{{y:.4g}}<extra></extra>",
            )
        )
    return framed(
        figure,
        xaxis=_axis(chart, "x", [value for series in chart.series for value in series.x], language),
        yaxis=_axis(
            chart,
            "y",
            [v for series in chart.series for v in (*series.y, *series.low, *series.high)],
            language,
        ),
    )


def _axis(chart: Chart, which: str, values: Sequence[float | None], language: str) -> dict[str, Any]:
    title = str(said(language, chart.x if which == "x" else chart.y))
    return log_axis(title, values) if which in chart.log else axis(title)


def five_digits(values: Sequence[float | None]) -> list[float | None]:
    """Five digits, which no screen can tell from sixteen; None, a gap, also for what is not finite."""
    return [None if value is None or not math.isfinite(value) else float(f"{value:.5g}") for value in values]


def _band(go: Any, series: Series, k: int) -> Any:
    return go.Scatter(
        x=five_digits([*series.x, *reversed(series.x)]),
        y=five_digits([*series.high, *reversed(series.low)]),
        fill="toself",
        fillcolor=translucent(k, 0.18),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )
