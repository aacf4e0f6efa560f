"""The colors of every figure, and what goes with a color so that nobody has to tell colors apart.

Source: Paul Tol, Colour Schemes, SRON/EPS/TN/09-002, the scheme "muted".
"""

from __future__ import annotations

LINES = (
    "#332288",
    "#CC6677",
    "#117733",
    "#88CCEE",
    "#882255",
    "#DDCC77",
    "#44AA99",
    "#AA4499",
    "#999933",
    "#7A7A7A",
)
"""Tol's muted scheme; its light gray is darkened, so that a thin line is seen on white."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

SYMBOLS = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "cross",
    "x",
    "triangle-down",
    "star",
    "hexagon",
    "pentagon",
)

SURFACE = "Cividis"

CLASSES = ("#332288", "#CC6677")
"""The points of class 0 and of class 1, which also differ in symbol."""


def line_style(k: int) -> dict[str, object]:
    """Color and dash of line k."""
    return {"color": LINES[k % len(LINES)], "dash": DASHES[k % len(DASHES)], "width": 2}


def symbol(k: int) -> str:
    """The marker of line k."""
    return SYMBOLS[k % len(SYMBOLS)]


def faded(k: int, opacity: float) -> str:
    """The color of line k, see-through, for a band."""
    color = LINES[k % len(LINES)].removeprefix("#")
    red, green, blue = (int(color[i : i + 2], 16) for i in (0, 2, 4))
    return f"rgba({red},{green},{blue},{opacity})"
