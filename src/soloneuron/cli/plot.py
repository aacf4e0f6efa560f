"""``soloneuron plot`` and ``soloneuron compare``."""

from __future__ import annotations

from argparse import Namespace

from soloneuron.cli.run_files import read_runs, target_of
from soloneuron.cli.screen import Screen
from soloneuron.errors import InputError, MissingExtraError
from soloneuron.figures.catalogue import draw
from soloneuron.figures.runs import run_charts
from soloneuron.records.run import Run
from soloneuron.report.plots import plots_page
from soloneuron.storage.files import write_text


def run(options: Namespace) -> int:
    """Draw saved runs together."""
    target = target_of(options.output, options.runs)
    runs = read_runs(options.runs)
    ending = target.suffix.lower()
    if ending in (".html", ".htm"):
        write_text(target, plots_page(runs, options.lang))
    elif ending in (".svg", ".png"):
        target.write_bytes(_image(runs, ending[1:], options.lang))
    else:
        raise InputError(f"-o must end in .html, .svg or .png, got {target}", code="plot.ending")
    screen = Screen(options.lang)
    screen.say(screen.word("saved", path=options.output), whole=True)
    return 0


def _image(runs: dict[str, Run], form: str, language: str) -> bytes:
    """The first figure as a still picture."""
    figure = draw(run_charts(runs)[0], runs, language)
    figure.update_layout(paper_bgcolor="white")
    try:
        return bytes(figure.to_image(format=form, width=1000, height=560, scale=2))
    except (ValueError, ImportError, RuntimeError):
        raise MissingExtraError("drawing SVG and PNG", "png") from None
