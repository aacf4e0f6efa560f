"""The colors of every figure, and what goes with a color so that nobody has to tell colors apart.

Source: Paul Tol, Colour Schemes, SRON/EPS/TN/09-002, the scheme "muted".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from soloneuron.records.findings import Series
from soloneuron.texts.phrases import Phrase

LINE_COLORS = (
    "#CC6677",
    "#332288",
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

COLORED_METHODS = (
    *("gradient_descent", "momentum", "adagrad", "rmsprop", "adam", "nag"),
    *("nesterov", "nadam", "adadelta", "adamw"),
)
"""Whose color is which of ``LINES``; those who race in the replay have the same color there."""

_OWN = {f"optimizers.{name}.title": place for place, name in enumerate(COLORED_METHODS)}

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

SOLID_SYMBOLS = ("circle", "square", "diamond", "cross", "x", "circle-open", "square-open", "diamond-open")
"""The markers that there are in space."""

SURFACE = "Cividis"

CLASS_COLORS = ("#0077BB", "#EE7733")
"""The points of class 0 and of class 1, as in the page: from Tol's scheme "vibrant", so no line has them."""


def line_numbers(series: Sequence[Series]) -> list[int]:
    """The number of every line: a method has its own in all figures, other lines take those that are left.

    So Adam looks the same wherever it runs; only where a method runs twice, all lines are counted.
    """
    own = [_OWN.get(one.name.key) if isinstance(one.name, Phrase) else None for one in series]
    known = [place for place in own if place is not None]
    if len(set(known)) < len(known):
        return list(range(len(own)))
    left = (place for place in count() if place not in known)
    return [next(left) if place is None else place for place in own]


def numbered_lines(series: Sequence[Series]) -> list[tuple[int, Series]]:
    """Every line with its number."""
    return list(zip(line_numbers(series), series, strict=True))


def line_style(k: int) -> dict[str, object]:
    """Color and dash of line k."""
    return {"color": LINE_COLORS[k % len(LINE_COLORS)], "dash": DASHES[k % len(DASHES)], "width": 2}


def symbol(k: int) -> str:
    """The marker of line k."""
    return SYMBOLS[k % len(SYMBOLS)]


def symbol_in_space(k: int) -> str:
    """The marker of line k on a surface."""
    return SOLID_SYMBOLS[k % len(SOLID_SYMBOLS)]


def outline_color(k: int) -> str:
    """What line k is edged with where the ground has all shades: white round a dark color, else black."""
    red, green, blue = _parts(k)
    return "#ffffff" if 0.3 * red + 0.59 * green + 0.11 * blue < 150 else "#1b1f24"


def translucent(k: int, opacity: float) -> str:
    """The color of line k, see-through, for a band."""
    red, green, blue = _parts(k)
    return f"rgba({red},{green},{blue},{opacity})"


def _parts(k: int) -> tuple[int, int, int]:
    color = LINE_COLORS[k % len(LINE_COLORS)].removeprefix("#")
    red, green, blue = (int(color[i : i + 2], 16) for i in (0, 2, 4))
    return red, green, blue
