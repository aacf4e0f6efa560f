"""Lines with bands: losses, distances, rates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from soloneuron.figures.frame import axis, framed, plotly
from soloneuron.figures.palette import faded, line_style, symbol
from soloneuron.records.findings import Chart, Series
from soloneuron.records.run import Run
from soloneuron.texts.phrases import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly.graph_objects import Figure

MARKS = 12
"""About so many markers on a line."""


def draw_lines(chart: Chart, runs: Mapping[str, Run], language: str) -> Figure:  # noqa: ARG001
    """Every series as a line of its own color, dash and marker, with its band if it has one."""
    go = plotly()
    figure = go.Figure()
    for k, series in enumerate(chart.series):
        if series.low:
            figure.add_trace(_band(go, series, k))
        name = str(said(language, series.name))
        figure.add_trace(
            go.Scatter(
                x=short(series.x),
                y=short(series.y),
                name=name,
                mode="markers" if series.points else "lines+markers",
                line=line_style(k),
                marker={
                    "symbol": symbol(k),
                    "size": 7,
                    "maxdisplayed": 0 if len(series.x) <= MARKS else MARKS,
                },
                hovertemplate=f"{name}<br>%{{x:.4g}}: %{{y:.4g}}<extra></extra>",
            )
        )
    return framed(
        figure,
        xaxis=axis(str(said(language, chart.x)), log="x" in chart.log),
        yaxis=axis(str(said(language, chart.y)), log="y" in chart.log),
    )


def short(values: Sequence[float | None]) -> list[float | None]:
    """Five digits, which no screen can tell from sixteen."""
    return [None if value is None else float(f"{value:.5g}") for value in values]


def _band(go: Any, series: Series, k: int) -> Any:
    return go.Scatter(
        x=short([*series.x, *reversed(series.x)]),
        y=short([*series.high, *reversed(series.low)]),
        fill="toself",
        fillcolor=faded(k, 0.18),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )
