"""The kinds of charts, and who draws them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from soloneuron.catalogues import Catalogue
from soloneuron.records.findings import Chart
from soloneuron.records.run import RunRecord

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FIGURES = Catalogue(
    "figure",
    {
        "lines": "soloneuron.figures.lines:draw_lines",
        "surfaces": "soloneuron.figures.probability_surface:draw_probability_surfaces",
        "landscape": "soloneuron.figures.landscape:draw_landscape",
        "relief": "soloneuron.figures.surface_3d:draw_surface_3d",
    },
)


def draw_chart(chart: Chart, runs: Mapping[str, RunRecord], language: str = "en") -> Figure:
    """Draw a chart.

    Args:
        chart: what to draw.
        runs: the runs that the chart names.
        language: of the words in it.

    Returns:
        A Plotly figure.
    """
    figure: Figure = FIGURES.load(chart.kind)(chart, runs, language)
    return figure
