"""The height map of a landscape: heights as they are drawn, and what a point says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from soloneuron.records.findings import Chart, Grid, Series
from soloneuron.texts.phrases import said

PIT = 0.005
"""This share of the map may lie below the bottom of a logarithmic scale: a pit without end has none."""


def height_map(chart: Chart) -> Grid:
    """The grid of a landscape, from above or in space."""
    assert chart.grid is not None, "a landscape has a grid"
    return chart.grid


@dataclass(frozen=True)
class Scale:
    """How heights are drawn: as they are, or as logarithms of what they are above the lowest.

    Args:
        lowest: the height at which logarithms would end.
        bottom: the least height above it that is shown; None for a linear scale.
    """

    lowest: float = 0.0
    bottom: float | None = None

    def shown(self, heights: Sequence[float | None]) -> list[float | None]:
        """Heights with the digits that a picture needs; None for what is not finite."""
        found = [None if z is None or not math.isfinite(z) else z for z in heights]
        if self.bottom is None:
            return [None if z is None else float(f"{z:.4g}") for z in found]
        lowest, bottom = self.lowest, self.bottom
        return [None if z is None else round(math.log10(max(z - lowest, bottom)), 3) for z in found]


def scale_of(chart: Chart) -> Scale:
    """The scale that a chart asks for."""
    grid = height_map(chart)
    if "z" not in chart.log:
        return Scale()
    above = sorted(z - grid.lowest for row in grid.z for z in row if z > grid.lowest)
    return Scale(grid.lowest, above[int(PIT * len(above))] if above else 1.0)


def point_labels(chart: Chart, path: Series, language: str) -> list[str]:
    """For every point of a path: whose it is, when, where, and how high."""
    name, time, x, y, z = (
        said(language, word) for word in (path.name, chart.time, chart.x, chart.y, chart.z)
    )
    rows = zip(path.steps, path.x, path.y, path.z, strict=True)
    return [
        f"{name}, {time} {step}<br>{x} {a:.4g}<br>{y} {b:.4g}"
        + ("" if height is None else f"<br>{z} {height:.4g}")
        for step, a, b, height in rows
    ]
