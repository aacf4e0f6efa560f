"""The kinds of charts, and who draws them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from soloneuron.catalogues import Catalogue
from soloneuron.figures.runs import HasRecord, records_of
from soloneuron.records.findings import Chart, ChartKind
from soloneuron.records.run import RunRecord

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FIGURES = Catalogue(
    "figure",
    {kind: f"soloneuron.figures.{kind}:draw_{kind}" for kind in get_args(ChartKind)}
    | {
        "surfaces": "soloneuron.figures.probability_surface:draw_probability_surfaces",
        "relief": "soloneuron.figures.surface_3d:draw_surface_3d",
    },
)
"""A kind is drawn by the function of its name, in the file of its name; two have names of their own."""


def draw_chart(chart: Chart, runs: Mapping[str, RunRecord | HasRecord], language: str = "en") -> Figure:
    """Draw a chart.

    Args:
        chart: what to draw.
        runs: the runs that the chart names; records, or what ``fit`` and ``load_run`` return.
        language: of the words in it.

    Returns:
        A Plotly figure.
    """
    figure: Figure = FIGURES.load(chart.kind)(chart, records_of(runs), language)
    return figure
