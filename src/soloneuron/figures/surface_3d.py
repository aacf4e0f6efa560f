"""A landscape in space: a surface of height, and the paths of optimizers on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soloneuron.figures.frame import framed, plotly
from soloneuron.figures.height_map import Scale, height_map, point_labels, scale_of
from soloneuron.figures.palette import SURFACE, line_style, numbered_lines, outline_color, symbol_in_space
from soloneuron.records.findings import Chart, Series
from soloneuron.records.run import RunRecord
from soloneuron.texts import text
from soloneuron.texts.phrases import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly.graph_objects import Figure

CAMERA = {"eye": {"x": 1.02, "y": -1.34, "z": 1.12}, "center": {"x": 0, "y": 0, "z": -0.16}}

_MARKS = 8
"""About so many markers on a path."""


def draw_surface_3d(chart: Chart, runs: Mapping[str, RunRecord], language: str) -> Figure:  # noqa: ARG001
    """The surface, and every path at its own height."""
    go = plotly()
    grid, scale = height_map(chart), scale_of(chart)
    x, y, z = (str(said(language, name)) for name in (chart.x, chart.y, chart.z))
    figure = go.Figure(
        go.Surface(
            x=grid.x,
            y=grid.y,
            z=[scale.shown(row) for row in grid.z],
            customdata=grid.z,
            colorscale=SURFACE,
            showscale=False,
            opacity=0.8,
            hovertemplate=f"{x} %{{x:.4g}}<br>{y} %{{y:.4g}}<br>{z} %{{customdata:.4g}}<extra></extra>",
        )
    )
    figure.add_traces([_edge(go, scale, series, k) for k, series in numbered_lines(chart.series)])
    figure.add_traces(
        [_path(go, chart, scale, series, k, language) for k, series in numbered_lines(chart.series)]
    )
    above = text(language, "figures.above", height=z) if "z" in chart.log else z
    names = {"xaxis": x, "yaxis": y, "zaxis": above}
    scene: dict[str, Any] = {key: {"title": {"text": name}} for key, name in names.items()}
    scene["xaxis"]["range"], scene["yaxis"]["range"] = (grid.x[0], grid.x[-1]), (grid.y[0], grid.y[-1])
    if "z" in chart.log:
        scene["zaxis"] |= {"dtick": 1, "tickprefix": "10<sup>", "ticksuffix": "</sup>"}
    scene |= {
        "domain": {"x": [0, 1], "y": [0.06 + 0.04 * (len(chart.series) // 6), 1]},
        "aspectmode": "manual",
        "aspectratio": {"x": 1.2, "y": 1.2, "z": 0.6},
    }
    framed(figure, height=560, scene={**scene, "camera": CAMERA})
    return figure.update_layout(
        margin={"l": 16, "r": 0, "t": 0, "b": 0}, legend={"y": 0, "yanchor": "bottom"}
    )


def _edge(go: Any, scale: Scale, series: Series, k: int) -> Any:
    """What lies round a path, so that it is seen on dark ground and on bright."""
    return go.Scatter3d(
        x=series.x,
        y=series.y,
        z=scale.shown(series.z),
        mode="lines",
        line={"color": outline_color(k), "width": 9},
        opacity=0.5,
        hoverinfo="skip",
        legendgroup=str(k),
        showlegend=False,
    )


def _path(go: Any, chart: Chart, scale: Scale, series: Series, k: int, language: str) -> Any:
    """A line with a marker here and there: in space Plotly thins none out by itself."""
    every = max(1, len(series.x) // _MARKS)
    return go.Scatter3d(
        x=series.x,
        y=series.y,
        z=scale.shown(series.z),
        name=str(said(language, series.name)),
        legendgroup=str(k),
        mode="lines+markers",
        line={**line_style(k), "width": 6},
        marker={
            "symbol": symbol_in_space(k),
            "size": [5 if i % every == 0 else 0 for i in range(len(series.x))],
            "color": line_style(k)["color"],
            "line": {"color": outline_color(k), "width": 1},
        },
        text=point_labels(chart, series, language),
        hoverinfo="text",
    )
