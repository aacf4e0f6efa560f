"""A curve as a small SVG inside a page: no script, no library, readable on dark and on light ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from soloneuron.figures.palette import LINE_COLORS

WIDTH, HEIGHT = 420, 130
LEFT, RIGHT, TOP, BOTTOM = 62, 10, 10, 22
LEGEND, LETTER = 16, 6.4
"""Height of a line of the legend, and about the width of a letter."""

BUCKETS = 100
"""A longer line keeps the least and the largest of so many parts of it."""

DECADES = 1.5
"""Values that span more than this, and are all positive, are drawn on a logarithmic axis."""


@dataclass(frozen=True)
class Line:
    """What is drawn.

    Args:
        x: rising positions.
        y: heights; what is not finite leaves a gap.
        low: the lower edge of a band around it, or nothing.
        high: its upper edge.
        name: what the legend calls it, where there are several.
    """

    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    name: str = ""


def inline_curve(lines: Sequence[Line], *, x: str, title: str, log_x: bool = False) -> str:
    """Lines on common axes.

    Args:
        lines: in the order of their colors.
        x: name of the horizontal axis.
        title: what a screen reader says in the place of the picture.
        log_x: positions are > 0, and stand as far apart as their logarithms.

    Returns:
        An SVG element; an empty text where no number is finite.

    Example:
        >>> inline_curve([Line([0, 1, 2], [4.0, 2.0, 1.0])], x="epoch", title="loss").count("<polyline")
        1
    """
    heights = [v for line in lines for v in (*line.y, *line.low, *line.high) if math.isfinite(v)]
    if not heights:
        return ""
    ends = min(line.x[0] for line in lines), max(line.x[-1] for line in lines)
    scale = _Scale.of(heights, *ends, log_x=log_x)
    named, height = _legend([line.name for line in lines])
    parts = [*_axes(scale, x), *named]
    for number, line in enumerate(lines):
        color = _color(number)
        parts += _band(scale, line, color)
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.8" '
            'stroke-linejoin="round"/>'
            for points in _pieces(scale, line)
        ]
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'style="max-width:100%;height:auto" font-size="11" font-family="system-ui, sans-serif">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


@dataclass(frozen=True)
class _Scale:
    """Where numbers stand in the picture."""

    left: float
    right: float
    low: float
    high: float
    log: bool
    log_x: bool

    @classmethod
    def of(cls, heights: Sequence[float], left: float, right: float, *, log_x: bool) -> _Scale:
        low, high = min(heights), max(heights)
        log = low > 0 and math.log10(high) - math.log10(low) > DECADES
        return cls(left, right if right > left else left + 1, low, high, log, log_x)

    def x(self, value: float) -> float:
        left, right = self.left, self.right
        if self.log_x:
            left, right, value = (math.log(one) for one in (left, right, value))
        return LEFT + (value - left) / (right - left) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high, v = self.low, self.high, value
        if self.log:
            low, high, v = (math.log(one) for one in (low, high, v))
        # Halved, so that two ends of the range of numbers have a distance.
        share = (v / 2 - low / 2) / (high / 2 - low / 2) if high > low else 0.5
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def _color(number: int) -> str:
    return LINE_COLORS[(number + 1) % len(LINE_COLORS)]


def _legend(names: Sequence[str]) -> tuple[list[str], int]:
    """The names of several lines below the axis, and the height of the picture with them."""
    parts, x, y = [], float(LEFT), HEIGHT + LEGEND - 6
    if len(names) < 2 or not all(names):
        return [], HEIGHT
    for number, name in enumerate(names):
        width = 16 + LETTER * len(name) + 14
        if x > LEFT and x + width > WIDTH:
            x, y = float(LEFT), y + LEGEND
        parts.append(
            f'<path d="M{x:.0f} {y - 4}h12" stroke="{_color(number)}" stroke-width="3"/>'
            f'<text x="{x + 16:.0f}" y="{y}" fill="currentColor">{escape(name)}</text>'
        )
        x += width
    return parts, y + 6


def _axes(scale: _Scale, name: str) -> list[str]:
    bottom, edge = HEIGHT - BOTTOM, WIDTH - RIGHT
    rim = f'<path d="M{LEFT} {TOP}V{bottom}H{edge}" fill="none" stroke="currentColor" opacity="0.4"/>'
    words = [
        (LEFT - 6, TOP + 8, "end", _short(scale.high)),
        (LEFT, HEIGHT - 6, "start", f"{scale.left:g}"),
        (edge, HEIGHT - 6, "end", f"{scale.right:g}"),
        ((LEFT + edge) / 2, HEIGHT - 6, "middle", name),
    ]
    if scale.high > scale.low:
        words.append((LEFT - 6, bottom, "end", _short(scale.low)))
    return [rim] + [
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="currentColor" opacity="0.75">'
        f"{escape(word)}</text>"
        for x, y, anchor, word in words
    ]


def _short(value: float) -> str:
    shown = f"{value:.3g}"
    return shown if len(shown) <= 8 else f"{value:.1g}"


def _band(scale: _Scale, line: Line, color: str) -> list[str]:
    if not line.low:
        return []
    upper = _kept(line.x, line.high)
    lower = _kept(line.x, line.low)[::-1]
    points = " ".join(f"{scale.x(x):.1f},{scale.y(y):.1f}" for x, y in (*upper, *lower) if math.isfinite(y))
    return [f'<polygon points="{points}" fill="{color}" opacity="0.2"/>']


def _pieces(scale: _Scale, line: Line) -> list[str]:
    """The line between its gaps; a single number is a short stroke."""
    pieces: list[list[str]] = [[]]
    for x, y in _kept(line.x, line.y):
        if math.isfinite(y):
            pieces[-1].append(f"{scale.x(x):.1f},{scale.y(y):.1f}")
        elif pieces[-1]:
            pieces.append([])
    found = [piece for piece in pieces if piece]
    for piece in found:
        if len(piece) == 1:
            left, _, height = piece[0].partition(",")
            piece.append(f"{float(left) + 4:.1f},{height}")
    return [" ".join(piece) for piece in found]


def _kept(x: Sequence[float], y: Sequence[float]) -> list[tuple[float, float]]:
    """All points of a short line; of a long one the least and the largest of each part, in their order."""
    if len(y) <= 2 * BUCKETS:
        return [*zip(x, y, strict=True)]
    kept: list[tuple[float, float]] = [(x[0], y[0])]
    for k in range(BUCKETS):
        part = range(k * len(y) // BUCKETS, (k + 1) * len(y) // BUCKETS)
        finite = [i for i in part if math.isfinite(y[i])]
        if not finite:
            kept.append((x[part[0]], math.nan))
            continue
        ends = sorted({min(finite, key=y.__getitem__), max(finite, key=y.__getitem__)})
        kept += [(x[i], y[i]) for i in ends]
    kept.append((x[-1], y[-1]))
    return kept
