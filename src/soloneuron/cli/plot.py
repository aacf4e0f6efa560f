"""``soloneuron plot`` and ``soloneuron compare``."""

from __future__ import annotations

import logging
from argparse import Namespace
from collections.abc import Mapping

from soloneuron.cli.run_files import read_runs, target_of
from soloneuron.cli.screen import Screen
from soloneuron.errors import InputError, MissingExtraError, UnknownNameError
from soloneuron.figures.catalogue import draw
from soloneuron.figures.frame import plotly, still
from soloneuron.figures.runs import run_charts
from soloneuron.records.findings import Chart
from soloneuron.records.run import Run
from soloneuron.report.plots import plots_page
from soloneuron.storage.files import write_bytes, write_text

WIDTH = 1000


def run(options: Namespace) -> int:
    """Draw saved runs together."""
    target = target_of(options.output, options.runs)
    ending = target.suffix.lower()
    if ending not in (".html", ".htm", ".svg", ".png"):
        raise InputError(f"-o must end in .html, .svg or .png, got {target}", code="plot.ending")
    plotly()
    runs = read_runs(options.runs)
    charts = _chosen(run_charts(runs), options.figure)
    screen = Screen(options.lang)
    if ending in (".html", ".htm"):
        write_text(target, plots_page(charts, runs, options.lang))
    else:
        name, chart = next(iter(charts.items()))
        write_bytes(target, picture(chart, runs, ending[1:], options.lang))
        if len(charts) > 1:
            screen.say(screen.word("one_figure", name=name, others=", ".join([*charts][1:])), whole=True)
    screen.say(screen.word("saved", path=options.output), whole=True)
    return 0


def _chosen(charts: Mapping[str, Chart], name: str | None) -> Mapping[str, Chart]:
    if name is None:
        return charts
    if name not in charts:
        raise UnknownNameError("figure", name, charts)
    return {name: charts[name]}


def picture(chart: Chart, runs: Mapping[str, Run], form: str, language: str) -> bytes:
    """A chart as a still picture.

    Raises:
        MissingExtraError: kaleido is not installed.
        InputError: there is no browser for it to draw with.
    """
    try:
        import kaleido
    except ImportError:
        raise MissingExtraError("drawing SVG and PNG", "png") from None
    figure = still(draw(chart, runs, language), chart.title.say(language))
    size = {"format": form, "width": WIDTH, "height": figure.layout.height, "scale": 2}
    logging.disable()  # what a browser complains of is not for the reader of one line
    try:
        # Without mathjax: it would be fetched from a network.
        return bytes(kaleido.calc_fig_sync(figure.to_dict(), opts=size, kopts={"mathjax": False}))
    except (RuntimeError, OSError):
        raise InputError(
            "drawing SVG and PNG needs Chrome or Chromium, and none could be started: install one, "
            "or name it in BROWSER_PATH, or write .html",
            code="plot.browser",
        ) from None
    finally:
        logging.disable(logging.NOTSET)
