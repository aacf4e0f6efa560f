"""``soloneuron plot`` and ``soloneuron compare``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from soloneuron.catalogues import same_name
from soloneuron.cli.kinds import FIGURE_KIND, signed
from soloneuron.cli.outputs import Output, Written, check_outputs, write_all
from soloneuron.cli.run_files import read_runs
from soloneuron.cli.screen import Screen
from soloneuron.errors import InputError, MissingExtraError, UnknownNameError
from soloneuron.figures.catalogue import draw_chart
from soloneuron.figures.comparing import cautions, check_same_rows, settings_sheet
from soloneuron.figures.frame import plotly, still
from soloneuron.figures.runs import first_run, run_charts
from soloneuron.records.findings import Chart
from soloneuron.records.run import RunRecord
from soloneuron.report.browser import browser_open, drawn_by_browser
from soloneuron.report.plots import describe_run, plots_page
from soloneuron.storage.files import write_bytes

PICTURE_WIDTH = 1000


def run_plot(options: Namespace) -> int:
    """Draw saved runs together, and tell in what they differ."""
    output = options.output or f"{options.command}.html"
    check_outputs(
        read=[("a run to draw", path) for path in options.runs],
        written=[Written("the figure", output, FIGURE_KIND)],
        force=options.force,
    )
    form = Path(output).suffix.lower()
    if options.command == "compare" and len(options.runs) < 2:
        raise InputError(
            f"compare must have two runs or more, got one: soloneuron plot {options.runs[0]} draws it alone",
            code="plot.alone",
        )
    plotly()
    runs = read_runs(options.runs)
    if options.command == "compare":
        check_same_rows(runs)
    charts = _chosen(run_charts(runs), options.figure)
    screen = Screen(options.lang)
    _tell(screen, runs)
    if form in (".svg", ".png"):
        name, chart = next(iter(charts.items()))
        content = signed(picture(chart, runs, form[1:], options.lang))
        if len(charts) > 1:
            screen.say(screen.word("one_figure", name=name, others=", ".join([*charts][1:])), whole=True)
    else:
        content = plots_page(charts, runs, options.lang).encode()
    write_all(Output(output, f"figure{form}", lambda place: write_bytes(place, content)))
    screen.say(screen.word("saved", path=output), whole=True)
    return 0


def _chosen(charts: Mapping[str, Chart], name: str | None) -> Mapping[str, Chart]:
    if name is None:
        return charts
    same = same_name(name, charts)
    if same is None:
        raise UnknownNameError("figure", name, charts)
    return {same: charts[same]}


def _tell(screen: Screen, runs: dict[str, RunRecord]) -> None:
    """The course of each loss, how it ended, the settings that differ, and what cannot be compared."""
    language = screen.language
    for name, one in runs.items():
        screen.say(describe_run(name, one, language), style="bold")
        screen.losses([loss for loss in first_run(one.history.loss) if loss is not None])
    sheet = settings_sheet(runs)
    if sheet.rows:
        screen.say("")
        screen.sheet(sheet)
        screen.say("")
    for phrase in cautions(runs):
        screen.say(phrase.say(language), style="yellow")


def picture(chart: Chart, runs: Mapping[str, RunRecord], form: str, language: str) -> bytes:
    """A chart as a still picture.

    Raises:
        MissingExtraError: kaleido is not installed.
        InputError: there is no browser for it to draw with.
    """
    try:
        import kaleido  # noqa: F401  # see whether it is there, before any work
    except ImportError:
        raise MissingExtraError("drawing SVG and PNG", "png") from None
    figure = still(draw_chart(chart, runs, language), chart.title.say(language))
    size = {"format": form, "width": PICTURE_WIDTH, "height": figure.layout.height, "scale": 2}
    refusal = InputError(
        "drawing SVG and PNG needs a Chrome or Chromium that works, and none did it: install one, "
        "or name it in BROWSER_PATH, or write .html",
        code="plot.browser",
    )
    return drawn_by_browser(_drawn(figure.to_dict(), size), refusal)


async def _drawn(figure: dict[str, Any], size: dict[str, Any]) -> bytes:
    from kaleido import Kaleido

    # Without mathjax: it would be fetched from a network.
    browser = Kaleido(mathjax=False)
    async with browser_open(browser):
        return bytes(await browser.calc_fig(figure, opts=size))
