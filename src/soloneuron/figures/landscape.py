"""A landscape from above: contours of height, the paths of optimizers, and a slider of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soloneuron.figures.frame import axis, framed, plotly
from soloneuron.figures.palette import SURFACE, line_style, symbol
from soloneuron.records.findings import Chart, Series
from soloneuron.records.run import Run
from soloneuron.texts import text
from soloneuron.texts.phrases import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly.graph_objects import Figure

STOPS = 12
"""Positions of the slider."""


def draw_landscape(chart: Chart, runs: Mapping[str, Run], language: str) -> Figure:  # noqa: ARG001
    """Contours in powers of ten above the lowest point; every path can be followed by the slider."""
    go = plotly()
    grid = chart.grid
    assert grid is not None, "a landscape has a grid"
    figure = go.Figure(
        go.Contour(
            x=grid.x,
            y=grid.y,
            z=grid.z,
            colorscale=SURFACE,
            ncontours=18,
            showscale=False,
            line={"width": 0.5, "color": "rgba(255,255,255,0.4)"},
            hovertemplate="x %{x:.3g}, y %{y:.3g}<br>10^%{z:.2f}<extra></extra>",
        )
    )
    for k, series in enumerate(chart.series):
        figure.add_trace(_path(go, series, k, language))
    xs, ys = (grid.x[0], grid.x[-1]), (grid.y[0], grid.y[-1])
    framed(figure, height=520, sliders=[_slider(chart.series, language)])
    return figure.update_layout(
        xaxis={**axis(str(said(language, chart.x))), "range": xs},
        yaxis={**axis(str(said(language, chart.y))), "range": ys},
        margin={"b": 170},
        legend={"y": -0.42},
    )


def _path(go: Any, series: Series, k: int, language: str) -> Any:
    name = str(said(language, series.name))
    return go.Scatter(
        x=series.x,
        y=series.y,
        name=name,
        mode="lines+markers",
        line={**line_style(k), "width": 2.5},
        marker={"symbol": symbol(k), "size": 7, "maxdisplayed": 10, "line": {"color": "#fff", "width": 1}},
        hovertemplate=f"{name}<br>x %{{x:.4g}}, y %{{y:.4g}}<extra></extra>",
    )


def _slider(paths: tuple[Series, ...], language: str) -> dict[str, Any]:
    """Each stop cuts every path after a share of its points."""
    stops = []
    traces = list(range(1, len(paths) + 1))
    for stop in range(STOPS + 1):
        cuts = [max(1, round(len(path.x) * (stop / STOPS) ** 2)) for path in paths]
        shown = {
            "x": [path.x[:cut] for path, cut in zip(paths, cuts, strict=True)],
            "y": [path.y[:cut] for path, cut in zip(paths, cuts, strict=True)],
        }
        label = f"{100 * (stop / STOPS) ** 2:.0f} %"
        stops.append({"method": "restyle", "label": label, "args": [shown, traces]})
    prefix = text(language, "figures.time") + " "
    return {
        "active": STOPS,
        "steps": stops,
        "currentvalue": {"prefix": prefix},
        "pad": {"t": 44},
        "y": 0,
        "len": 1.0,
    }
