"""Figures of what was returned, drawn by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from soloneuron.errors import UnknownNameError
from soloneuron.figures.catalogue import draw_chart
from soloneuron.figures.runs import HasRecord, records_of, run_charts
from soloneuron.records.findings import Chart, Series
from soloneuron.records.history import History
from soloneuron.records.run import RunRecord
from soloneuron.result.view import ranked_losses
from soloneuron.texts.language import language
from soloneuron.texts.phrases import Phrase

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def plotted(charts: Mapping[str, Chart], runs: Mapping[str, RunRecord], name: str) -> Figure:
    """One of several charts as a figure in the reader's language.

    Raises:
        UnknownNameError: no chart of this name.
        MissingExtraError: Plotly is not installed.
    """
    if name not in charts:
        raise UnknownNameError("figure", name, charts)
    figure = draw_chart(charts[name], runs, language())
    figure.update_layout(title={"text": charts[name].title.say(language())}, margin={"t": 48})
    return figure


def plot(runs: Mapping[str, RunRecord | HasRecord], figure: str = "losses") -> Figure:
    """Several runs in one Plotly figure, in the reader's language.

    Args:
        runs: by the name that the legend gives them; what ``fit`` and ``load_run`` return.
        figure: ``"losses"``, ``"gradients"`` or ``"steps"``; of neurons with two features also
            ``"surfaces"``, the first two runs side by side, ``"landscape"`` and ``"relief"``.

    Raises:
        InputError: no runs.
        UnknownNameError: no such figure; those there are are told.
        MissingExtraError: Plotly is not installed.

    Example:
        >>> from soloneuron import fit
        >>> rows, y = [[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1]
        >>> runs = {f"rate {rate}": fit(rows, y, learning_rate=rate, epochs=9) for rate in (0.1, 0.5)}
        >>> [line.name for line in plot(runs).data]
        ['rate 0.1', 'rate 0.5']
    """
    return plotted(run_charts(runs), records_of(runs), figure)


def many_runs_charts(history: History) -> dict[str, Chart]:
    """The losses of many runs: the median with a band."""
    epochs, low, middle, high = ranked_losses(history)
    series = Series(Phrase("views.median"), epochs, tuple(middle), tuple(low), tuple(high))
    title = Phrase("views.curve_many", {"runs": history.loss[0].numel() if len(history.loss) else 0})
    x, y = Phrase(f"figures.{history.unit}"), Phrase("figures.loss")
    return {"losses": Chart("lines", title, (series,) if epochs else (), x, y)}
