"""``soloneuron plot`` and ``soloneuron compare``."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from soloneuron.cli.outputs import check_outputs
from soloneuron.cli.screen import Screen
from soloneuron.errors import InputError, MissingExtraError
from soloneuron.figures.catalogue import draw
from soloneuron.figures.comparing import cautions, check_same_rows, settings_sheet
from soloneuron.figures.runs import first_run, run_charts
from soloneuron.records.run import Run
from soloneuron.report.plots import ending, plots_page
from soloneuron.storage.files import write_bytes, write_text
from soloneuron.storage.runs import load_run


def run(options: Namespace) -> int:
    """Draw saved runs together, and tell in what they differ."""
    output = options.output or f"{options.command}.html"
    check_outputs(read=[("a run to draw", path) for path in options.runs], written=[("the figure", output)])
    form = Path(output).suffix.lower()
    if form not in (".html", ".htm", ".svg", ".png"):
        raise InputError(f"-o must end in .html, .svg or .png, got {output}", code="plot.ending")
    runs = {name: load_run(path) for name, path in zip(_names(options.runs), options.runs, strict=True)}
    check_same_rows(runs)
    screen = Screen(options.lang)
    _tell(screen, runs)
    if form in (".svg", ".png"):
        write_bytes(output, _image(runs, form[1:], options.lang))
    else:
        write_text(output, plots_page(runs, options.lang))
    screen.say(screen.word("saved", path=output), whole=True)
    return 0


def _tell(screen: Screen, runs: dict[str, Run]) -> None:
    """The course of each loss, how it ended, the settings that differ, and what cannot be compared."""
    language = screen.language
    for name, one in runs.items():
        screen.say(f"{name}: {ending(one, language)}", style="bold")
        screen.losses(
            [loss for loss in first_run(one.history.loss) if loss is not None],
        )
    sheet = settings_sheet(runs)
    if sheet.rows:
        screen.say("")
        screen.sheet(sheet)
        screen.say("")
    for phrase in cautions(runs):
        screen.say(phrase.say(language), style="yellow")


def _names(paths: list[str]) -> list[str]:
    """File names; whole paths where two files are called alike."""
    names = [Path(path).stem for path in paths]
    return names if len(set(names)) == len(names) else list(paths)


def _image(runs: dict[str, Run], form: str, language: str) -> bytes:
    """The first figure as a still picture."""
    figure = draw(run_charts(runs)[0], runs, language)
    figure.update_layout(paper_bgcolor="white")
    try:
        return bytes(figure.to_image(format=form, width=1000, height=560, scale=2))
    except (ValueError, ImportError, RuntimeError):
        raise MissingExtraError("drawing SVG and PNG", "png") from None
