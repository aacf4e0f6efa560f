"""What the templates of the report ask for: a table's cells, the same as CSV, and figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from soloneuron.figures.catalogue import draw_chart
from soloneuron.records.findings import Cell, Chart, Sheet
from soloneuron.records.run import RunRecord
from soloneuron.texts.phrases import said
from soloneuron.view.packing import packed


def cell_text(cell: Cell, language: str) -> str:
    """A number with four digits, a dash for none, words as they are."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < 1e5 else f"{cell:.3e}"
    return str(said(language, cell))


def as_csv(sheet: Sheet, language: str) -> str:
    """The whole table with all digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([str(said(language, column)) for column in sheet.columns])
    writer.writerows(["" if cell is None else said(language, cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


def drawn(chart: Chart, runs: Mapping[str, RunRecord], language: str) -> str:
    """What plotly.js draws of a chart, packed."""
    return packed(str(draw_chart(chart, runs, language).to_json()).encode())
