"""The moments of a race, and what starts, stops and sets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from soloneuron.records.findings import Name, Series
from soloneuron.texts import text
from soloneuron.texts.phrases import said

MOMENTS = 40
"""At most so many moments; they lie close at the start, where most happens."""

PACE = 150
"""Milliseconds a moment."""


def moments(paths: Sequence[Series]) -> tuple[int, ...]:
    """The steps at which the race is shown: the first, the last, and some between; () without paths."""
    last = max((path.steps[-1] for path in paths if path.steps), default=0)
    found = {round(last * (k / (MOMENTS - 1)) ** 2) for k in range(MOMENTS)}
    return tuple(sorted(found)) if last else ()


def controls(stops: Sequence[int], time: Name, language: str) -> dict[str, Any]:
    """A slider over the moments and two buttons; nothing moves by itself.

    Marks jump, for a mark between two steps would be a lie. Plotly must draw the figure anew for each moment:
    without ``redraw`` it takes away the contours.
    """
    move = {"mode": "immediate", "transition": {"duration": 0}}
    still, going = ({**move, "frame": {"duration": duration, "redraw": True}} for duration in (0, PACE))
    slider = {
        "active": len(stops) - 1,
        "steps": [{"method": "animate", "label": str(stop), "args": [[str(stop)], still]} for stop in stops],
        "currentvalue": {"prefix": f"{said(language, time)} "},
        "pad": {"t": 52},
        "x": 0.2,
        "len": 0.8,
        "y": 0,
    }
    buttons = [
        {
            "method": "animate",
            "label": text(language, "figures.play"),
            "args": [None, {**going, "fromcurrent": True}],
        },
        {"method": "animate", "label": text(language, "figures.pause"), "args": [[None], still]},
    ]
    menu = {
        "type": "buttons",
        "direction": "left",
        "buttons": buttons,
        "showactive": False,
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "top",
        "pad": {"t": 62},
    }
    return {"sliders": [slider], "updatemenus": [menu]}
