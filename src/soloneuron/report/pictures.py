"""Small pictures of what was found: bars and lines as SVG, readable at the width of a card."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 240, 132
"""Of a picture, in its own units: it is as wide as its card."""

LETTER = 7.0
"""About as wide is a letter."""

MOST_BARS = 7


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        name: stands before it.
        value: its length; infinite for one that leaves the picture.
        shown: stands behind it.
        marked: whether it is the one to be seen first.
    """

    name: str
    value: float
    shown: str
    marked: bool = False


@dataclass(frozen=True)
class PictureLine:
    """One line; where ``y`` is None it has a gap."""

    name: str
    x: Sequence[float]
    y: Sequence[float | None]


def bars(rows: Sequence[Bar], label: str) -> Markup:
    """Bars below each other, the longest as long as there is space; infinite ones end in an arrow.

    Args:
        rows: at most ``MOST_BARS``.
        label: the picture in words.

    Example:
        >>> "<rect" in bars([Bar("raw", 600.0, "600"), Bar("even", 7.0, "7")], "steps")
        True
    """
    finite = [row.value for row in rows if math.isfinite(row.value)]
    left = 8 + LETTER * max(len(row.name) for row in rows)
    space = WIDTH - left - 10 - LETTER * max(len(row.shown) for row in rows)
    # Whoever leaves the picture is longer than all that stay in it.
    unit = space * (0.9 if len(finite) < len(rows) else 1) / (max(finite, default=0.0) or 1.0)
    pitch = min(26.0, HEIGHT / len(rows))
    parts = []
    for k, row in enumerate(rows):
        y, beyond = (HEIGHT - pitch * len(rows)) / 2 + pitch * (k + 0.5), not math.isfinite(row.value)
        length = space if beyond else max(1.5, unit * row.value)
        kind = "bar marked" if row.marked else "bar"
        parts += [
            _words(row.name, left - 6, y + 4, anchor="end"),
            _bar(kind, left, y, length, min(13.0, pitch * 0.62), beyond=beyond),
            _words(row.shown, left + length + 6, y + 4),
        ]
    return _picture(parts, label)


def _bar(kind: str, x: float, y: float, length: float, height: float, *, beyond: bool) -> str:
    top, bottom, end = y - height / 2, y + height / 2, x + length
    if not beyond:
        size = f'width="{length:.1f}" height="{height:.1f}"'
        return f'<rect class="{kind}" x="{x:.1f}" y="{top:.1f}" {size} rx="2"/>'
    tip = f"L{end - 6:.1f} {top:.1f}L{end:.1f} {y:.1f}L{end - 6:.1f} {bottom:.1f}"
    return f'<path class="{kind}" d="M{x:.1f} {top:.1f}{tip}L{x:.1f} {bottom:.1f}Z"/>'


@dataclass(frozen=True)
class Axes:
    """What lines are drawn over.

    Attributes:
        x: the name of the horizontal axis.
        y: that of the vertical one.
        log: those that are logarithmic.
        limit: a place of the horizontal axis that is marked, and its name.
    """

    x: str
    y: str
    log: str = ""
    limit: tuple[float, str] | None = None


def lines(drawn: Sequence[PictureLine], axes: Axes, label: str) -> Markup:
    """Lines with their names at their ends.

    Args:
        drawn: one, two or three.
        axes: what they are drawn over.
        label: the picture in words.

    Example:
        >>> falling = PictureLine("a", (0, 1, 2), (1.0, 0.5, None))
        >>> "<polyline" in lines([falling], Axes("step", "loss"), "The loss")
        True
    """
    points = [_drawable(line, axes.log) for line in drawn]
    along = _Scale([x for line in points for x, _ in line], log="x" in axes.log)
    up = _Scale([y for line in points for _, y in line], log="y" in axes.log)
    named = len(drawn) > 1
    left, top, bottom = 10.0, 16.0, HEIGHT - 18.0
    right = WIDTH - 10.0 - named * (6 + LETTER * max((len(line.name) for line in drawn), default=0))
    parts = [
        f'<path class="axis" d="M{left} {top - 8}V{bottom}H{right:.1f}"/>',
        _words(axes.x, right, HEIGHT - 4, "axis", anchor="end"),
        _words(axes.y, left + 5, top - 4, "axis"),
    ]
    if axes.limit is not None:
        across = left + (right - left) * along(axes.limit[0])
        parts.append(f'<path class="limit" d="M{across:.1f} {top - 2}V{bottom}"/>')
        parts.append(_words(axes.limit[1], across - 4, top + 10, "axis", anchor="end"))
    ends: list[float] = []
    for k, (line, known) in enumerate(zip(drawn, points, strict=True)):
        if not known:
            continue
        places = [(left + (right - left) * along(x), bottom - (bottom - top) * up(y)) for x, y in known]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in _thinned(places))
        parts.append(f'<polyline class="line line{k}" points="{path}"/>')
        if named:
            ends.append(_apart(places[-1][1], ends))
            parts.append(_words(line.name, right + 5, ends[-1] + 4, f"name{k}"))
    return _picture(parts, label)


def _words(words: str, x: float, y: float, kind: str = "", *, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _apart(y: float, taken: Sequence[float]) -> float:
    """A height for a name that is not another's."""
    for shift in (0, 13, -13, 26, -26):
        if all(abs(y + shift - other) >= 13 for other in taken):
            return y + shift
    return y


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points that a picture of this width can tell apart."""
    every = max(1, len(points) // (2 * WIDTH // 3))
    kept = [*points[::every]]
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]


def _drawable(line: PictureLine, log: str) -> list[tuple[float, float]]:
    """The points of a line that its axes can show."""
    return [
        (x, y)
        for x, y in zip(line.x, line.y, strict=True)
        if y is not None and math.isfinite(y) and (x > 0 or "x" not in log) and (y > 0 or "y" not in log)
    ]


class _Scale:
    """Numbers onto 0 ... 1."""

    def __init__(self, values: Sequence[float], *, log: bool) -> None:
        self._log = log
        known = [self._place(value) for value in values] or [0.0]
        self._low, self._wide = min(known), max(known) - min(known)

    def __call__(self, value: float) -> float:
        return (self._place(value) - self._low) / self._wide if self._wide else 0.5

    def _place(self, value: float) -> float:
        return math.log(value) if self._log else value


def _picture(parts: Sequence[str], label: str) -> Markup:
    head = f'<svg class="small" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
    return Markup(head + "".join(parts) + "</svg>")
