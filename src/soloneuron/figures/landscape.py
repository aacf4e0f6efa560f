"""A landscape from above: contours of height, the paths of optimizers, and a race along them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from soloneuron.figures.frame import axis, framed, plotly
from soloneuron.figures.height_map import height_map, point_labels, scale_of
from soloneuron.figures.palette import SURFACE, line_style, numbered_lines, outline_color, symbol
from soloneuron.figures.race import controls, moments
from soloneuron.records.findings import Chart, Series
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly.graph_objects import Figure


def draw_landscape(chart: Chart, runs: Mapping[str, RunRecord], language: str) -> Figure:  # noqa: ARG001
    """Contours, every path whole, and a mark on each path that the slider or the button moves."""
    go = plotly()
    grid, scale = height_map(chart), scale_of(chart)
    x, y = (str(said(language, name)) for name in (chart.x, chart.y))
    words = f"{x} %{{x:.4g}}<br>{y} %{{y:.4g}}<br>{said(language, chart.z)} %{{customdata:.4g}}"
    figure = go.Figure(
        go.Contour(
            x=grid.x,
            y=grid.y,
            z=[scale.shown(row) for row in grid.z],
            customdata=grid.z,
            colorscale=SURFACE,
            ncontours=20,
            showscale=False,
            line={"width": 0.5, "color": "rgba(255,255,255,0.4)"},
            hovertemplate=f"{words}<extra></extra>",
        )
    )
    figure.add_traces([_edge(go, series, k) for k, series in numbered_lines(chart.series)])
    figure.add_traces([_path(go, chart, series, k, language) for k, series in numbered_lines(chart.series)])
    framed(
        figure,
        height=560,
        xaxis={**axis(x), "range": (grid.x[0], grid.x[-1]), "zeroline": False},
        yaxis={**axis(y), "range": (grid.y[0], grid.y[-1]), "zeroline": False},
    )
    return _with_race(go, figure, chart, language)


def _edge(go: Any, series: Series, k: int) -> Any:
    """What lies below a path, so that it is seen on dark ground and on bright."""
    return go.Scatter(
        x=series.x,
        y=series.y,
        mode="lines",
        line={"color": outline_color(k), "width": 5},
        opacity=0.7,
        hoverinfo="skip",
        legendgroup=str(k),
        showlegend=False,
    )


def _path(go: Any, chart: Chart, series: Series, k: int, language: str) -> Any:
    return go.Scatter(
        x=series.x,
        y=series.y,
        name=str(said(language, series.name)),
        legendgroup=str(k),
        mode="lines+markers",
        line={**line_style(k), "width": 2.5},
        marker={
            "symbol": symbol(k),
            "size": 7,
            "maxdisplayed": 10,
            "line": {"color": outline_color(k), "width": 1},
        },
        text=point_labels(chart, series, language),
        hoverinfo="text",
    )


def _with_race(go: Any, figure: Figure, chart: Chart, language: str) -> Figure:
    """The marks at the end of their paths, and the moments that take them there."""
    stops = moments(chart.series)
    if len(stops) < 3:
        return figure
    first = len(figure.data)
    marks = list(range(first, first + len(chart.series)))
    for k, series in numbered_lines(chart.series):
        figure.add_trace(_mark(go, series, k, language))
    figure.frames = [
        go.Frame(name=str(stop), traces=marks, data=[_standing(go, series, stop) for series in chart.series])
        for stop in stops
    ]
    return figure.update_layout(
        **controls(stops, chart.time, language), margin={"b": 170}, legend={"y": -0.4}
    )


def _mark(go: Any, series: Series, k: int, language: str) -> Any:
    style = {"color": line_style(k)["color"], "symbol": symbol(k), "size": 15}
    return go.Scatter(
        x=series.x[-1:],
        y=series.y[-1:],
        mode="markers",
        marker={**style, "line": {"color": outline_color(k), "width": 2}},
        name=str(said(language, series.name)),
        hoverinfo="name",
        legendgroup=str(k),
        showlegend=False,
    )


def _standing(go: Any, series: Series, step: int) -> Any:
    """Where a path is after so many steps; who has stopped stays."""
    at = max(0, bisect_right(series.steps, step) - 1)
    return go.Scatter(x=[series.x[at]], y=[series.y[at]])
