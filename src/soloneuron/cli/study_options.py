"""The arguments of the study's commands. Nothing here waits for torch."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from soloneuron.cli.arguments import Parser
from soloneuron.cli.columns import add_columns, read_names
from soloneuron.cli.option_types import add_choice, add_force, add_json, add_language, add_quiet, at_least
from soloneuron.data.catalogue import DATASETS
from soloneuron.experiments.catalogue import EXPERIMENTS

REPORT_FILE = "report.html"

FIGURES_HELP = (
    "surfaces, loss landscapes with their paths, losses, gradients, steps. "
    "A page holds all figures, a picture one."
)


def add_study(add: Callable[..., Any]) -> None:
    """Add the commands of the study; ``add`` is the ``add_parser`` of subparsers."""
    _report(add("report", help="run the whole study and write it as one HTML page"))
    _experiment(add("experiment", help="run one experiment of the study"))
    _data(add("data", help="write a made or bundled data set as CSV"))
    plot = add("plot", help="draw a saved run")
    plot.description = f"Draw runs that were saved with --save-run: {FIGURES_HELP}"
    _plot(plot, "plot")
    compare = add("compare", help="draw saved runs together, and tell in what they differ")
    compare.description = (
        "Tell in what runs that were saved with --save-run differ and what of them cannot be compared, "
        f"and draw them together: {FIGURES_HELP} Runs that learned from other rows are refused."
    )
    _plot(compare, "compare")


def _report(parser: Any) -> None:
    parser.description = (
        "Run the whole study and write it as one HTML page that opens from disk; "
        "with RUN.json the page is that of saved runs."
    )
    parser.several = parser.add_argument(
        "runs", nargs="*", metavar="RUN.json", help="runs that train --save-run or the playground saved"
    )
    parser.add_argument("-o", "--output", default=REPORT_FILE, metavar="FILE", help=f"default: {REPORT_FILE}")
    parser.add_argument(
        "--only", type=_names, default=[], metavar="A,B", help="only these experiments; default: all"
    )
    parser.add_argument(
        "--quick", action="store_true", help="a page in seconds: the main questions only, at small sizes"
    )
    parser.add_argument("--data", metavar="FILE", help="ask these rows what can be asked of any rows")
    parser.add_argument("--label", metavar="NAME", help="with --data: the column to predict")
    add_columns(parser)
    parser.add_argument("--seed", type=at_least(0), default=0, metavar="N", help="of all chance; default: 0")
    parser.add_argument("--save", metavar="FINDINGS.json", help="keep what was measured, for --from")
    _checkpoint(parser)
    _save_runs(parser)
    add_force(parser)
    parser.add_argument(
        "--from", dest="findings", metavar="FINDINGS.json", help="measure nothing: make the page of these"
    )
    add_json(parser)
    add_quiet(parser)
    add_language(parser)


def _experiment(parser: argparse.ArgumentParser) -> None:
    parser.description = "Run one experiment of the study and say what it found."
    add_choice(parser, "name", EXPERIMENTS, nargs="?", metavar="NAME", help="one of --list")
    parser.add_argument("--list", action="store_true", help="list the experiments with their questions")
    parser.add_argument("--seed", type=at_least(0), default=0, metavar="N", help="of all chance; default: 0")
    parser.add_argument("-o", "--output", metavar="FINDINGS.json", help="keep what was found")
    _checkpoint(parser)
    _save_runs(parser)
    add_force(parser)
    add_json(parser)
    add_quiet(parser)
    add_language(parser)


def _data(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write a made or bundled data set as CSV; without NAME, list them."
    add_choice(parser, "name", DATASETS, nargs="?", metavar="NAME", help=", ".join(DATASETS))
    parser.add_argument("-o", "--output", metavar="FILE.csv", help="default: to the terminal")
    add_force(parser)
    parser.add_argument("--seed", type=at_least(0), default=0, metavar="N", help="of made data; default: 0")
    add_language(parser)


def _plot(parser: Parser, name: str) -> None:
    parser.several = parser.add_argument("runs", nargs="+", metavar="RUN.json")
    parser.add_argument(
        "-o", "--output", metavar="FIGURE.html", help=f".html, .svg or .png; default: {name}.html"
    )
    parser.add_argument(
        "--figure", metavar="NAME", help="only this figure; default: all on a page, the first in a picture"
    )
    add_force(parser)
    add_language(parser)


def _checkpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--checkpoint",
        metavar="FILE",
        help="keep what is finished in FILE, and go on from it where it is there",
    )


def _save_runs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--save-runs", metavar="FOLDER", help="keep the trainings too, as files for plot, compare and replay"
    )


def _names(words: str) -> list[str]:
    return list(dict.fromkeys(read_names(words, "experiment")))
