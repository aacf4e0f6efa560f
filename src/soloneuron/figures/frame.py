"""What all figures share: no template, see-through ground, room for a legend below."""

from __future__ import annotations

import math
from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from soloneuron.errors import MissingExtraError

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
GRID = "rgba(128,128,128,0.25)"

FINE = 2.5
"""A logarithmic axis of fewer decades also tells 2 and 5."""


def plotly() -> Any:
    """The module plotly.graph_objects.

    Raises:
        MissingExtraError: plotly is not installed.
    """
    try:
        import plotly.graph_objects as go
    except ImportError:
        raise MissingExtraError("drawing figures", "report") from None
    return go


def framed(figure: Figure, *, height: int = 420, **layout: Any) -> Figure:
    """The figure in the house's frame."""
    figure.update_layout(
        template="none",
        height=height,
        font={"family": FONT, "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 64, "r": 16, "t": 16, "b": 96},
        legend={"orientation": "h", "yanchor": "top", "y": -0.24, "x": 0, "bgcolor": "rgba(0,0,0,0)"},
        hoverlabel={"font": {"family": FONT}},
        **layout,
    )
    return figure


def axis(title: str) -> dict[str, Any]:
    """A thin axis with its name."""
    return {"title": {"text": title}, "gridcolor": GRID, "zerolinecolor": GRID, "automargin": True}


def log_axis(title: str, values: Iterable[float | None]) -> dict[str, Any]:
    """A logarithmic axis: powers of ten where there are many, else also 2 and 5, all of one size."""
    found = [math.log10(value) for value in values if value is not None and 0 < value < math.inf]
    low, high = (math.floor(min(found)), math.ceil(max(found))) if found else (0, 1)
    steps: dict[str, Any] = {"dtick": max(1, round((high - low) / 6)), "exponentformat": "power"}
    if found and max(found) - min(found) < FINE:
        ticks = [digit * 10.0**power for power in range(low, high + 1) for digit in (1, 2, 5)]
        steps = {"tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}
    return {**axis(title), "type": "log", **steps}


def still(figure: Figure, title: str) -> Figure:
    """The figure as a picture on paper: its title on top, white ground, nothing to press."""
    lines = wrap(title, 110)
    added = 24 + 20 * len(lines)
    figure.update_layout(
        title={
            "text": "<br>".join(lines),
            "font": {"size": 15},
            **{"x": 0.02, "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"t": 28}},
        },
        paper_bgcolor="white",
        height=figure.layout.height + added,
        margin={"t": figure.layout.margin.t + added},
    )
    if figure.frames:
        figure.update_layout(margin={"b": 96}, legend={"y": -0.16}, height=figure.layout.height - 60)
        figure.layout.sliders = figure.layout.updatemenus = figure.frames = ()
    return figure
