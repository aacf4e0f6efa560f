"""What all figures share: no template, see-through ground, room for a legend below."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from soloneuron.errors import MissingExtraError

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
GRID = "rgba(128,128,128,0.25)"


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


def axis(title: str, *, log: bool = False) -> dict[str, Any]:
    """A thin axis with its name."""
    shape = {"type": "log", "exponentformat": "power", "dtick": None} if log else {}
    return {"title": {"text": title}, "gridcolor": GRID, "zerolinecolor": GRID, "automargin": True, **shape}


def still(figure: Figure, title: str) -> Figure:
    """The figure as a picture on paper: its title on top, white ground, nothing to press."""
    lines = wrap(title, 110)
    room = 24 + 20 * len(lines)
    figure.update_layout(
        title={
            "text": "<br>".join(lines),
            "font": {"size": 15},
            **{"x": 0.02, "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"t": 28}},
        },
        paper_bgcolor="white",
        height=figure.layout.height + room,
        margin={"t": figure.layout.margin.t + room},
    )
    if figure.frames:
        figure.update_layout(margin={"b": 96}, legend={"y": -0.16}, height=figure.layout.height - 60)
        figure.layout.sliders = figure.layout.updatemenus = figure.frames = ()
    return figure
