"""The arguments of every command. Nothing here waits for torch."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from soloneuron import __version__
from soloneuron.cli.study_options import add_study
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.texts import LANGUAGES


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, and whose options are spelled out."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings["allow_abbrev"] = False
        super().__init__(*args, **settings)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong in one line and leave with exit code 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def make_parser() -> argparse.ArgumentParser:
    """The parser of ``soloneuron``."""
    parser = Parser(
        prog="soloneuron",
        description="Gradient learning from one neuron up, with gradients written by hand.",
        epilog="Try:  soloneuron train    (the assignment's five points, no file needed)",
    )
    parser.add_argument("--version", action="version", version=f"soloneuron {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    _train(commands.add_parser("train", help="train one neuron on a file, or on the assignment's data"))
    _predict(commands.add_parser("predict", help="predict the rows of a file with a saved model"))
    _evaluate(commands.add_parser("evaluate", help="measure a saved model on a file with labels"))
    _losses(commands.add_parser("losses", help="list the losses, or explain one"))
    add_study(commands.add_parser)
    return parser


def _train(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Train one sigmoid neuron. Without FILE: the assignment's five points, its start and its order of "
        "rows, which reproduces its run."
    )
    data = parser.add_argument_group("data")
    data.add_argument("file", nargs="?", metavar="FILE", help=".csv, .tsv, .parquet, .npy or .npz")
    data.add_argument("--label", metavar="NAME", help="column to predict (in NPY and NPZ its index)")
    data.add_argument("--features", type=_names, default=[], metavar="A,B", help="learn from these only")
    data.add_argument("--drop", type=_names, default=[], metavar="C", help="leave these columns out")
    data.add_argument("--positive", metavar="VALUE", help="the label value that means 1")
    data.add_argument("--standardize", action="store_true", help="bring columns to mean 0 and deviation 1")
    data.add_argument(
        "--test-share", type=float, metavar="S", help="hold out this share of the rows to measure on"
    )
    how = parser.add_argument_group("training")
    how.add_argument("--loss", choices=list(LOSSES), default="nll", help="default: nll")
    how.add_argument(
        "--learning-rate",
        type=_rate,
        default=0.1,
        metavar="R",
        help="a number > 0, or auto: half of a rate safe for the data; default: 0.1",
    )
    how.add_argument("--epochs", type=_whole(0), default=100, metavar="N", help="default: 100")
    how.add_argument(
        "--batch-size",
        type=_batch,
        metavar="N",
        help="rows an update: 1 is per-sample, all is full batch; default: 32 with FILE, 1 without",
    )
    how.add_argument(
        "--shuffle",
        action=argparse.BooleanOptionalAction,
        help="a new order of rows every epoch; default: with FILE yes, without no",
    )
    how.add_argument("--seed", type=_whole(0), default=0, metavar="N", help="of all chance; default: 0")
    how.add_argument("--penalty", choices=list(PENALTIES), help="hold the weights back")
    how.add_argument("--alpha", type=float, default=1e-4, metavar="A", help="strength of it; default: 0.0001")
    how.add_argument("--class-weight", choices=["balanced"], help="let both classes weigh the same")
    how.add_argument("--no-bias", action="store_true", help="train without a bias")
    how.add_argument("--dtype", choices=["float64", "float32"], default="float64", help="default: float64")
    out = parser.add_argument_group("output")
    out.add_argument("-o", "--output", metavar="MODEL.json", help="save the model")
    out.add_argument("--save-run", metavar="RUN.json", help="save settings, course, outcome and data")
    _output(out, quiet=True)


def _predict(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write the probability and the predicted class of every row."
    parser.add_argument("model", metavar="MODEL.json")
    parser.add_argument("file", metavar="FILE", help="rows with the model's columns; others do not matter")
    parser.add_argument("-o", "--output", metavar="OUT.csv", help="default: to the terminal")


def _evaluate(parser: argparse.ArgumentParser) -> None:
    parser.description = "Measure a saved model on rows whose label is known."
    parser.add_argument("model", metavar="MODEL.json")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--label", metavar="NAME", help="default: the label of the model")
    _output(parser)


def _losses(parser: argparse.ArgumentParser) -> None:
    parser.description = "The catalogue of losses, or the idea and formula of one."
    parser.add_argument("name", nargs="?", choices=list(LOSSES), metavar="NAME", help=", ".join(LOSSES))
    _output(parser, json=False)


def _output(group: argparse._ActionsContainer, *, quiet: bool = False, json: bool = True) -> None:
    if json:
        group.add_argument("--json", action="store_true", help="one JSON object for machines")
    if quiet:
        group.add_argument("--quiet", action="store_true", help="print nothing")
    group.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the words; default: en")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _rate(text: str) -> float | str:
    if text == "auto":
        return text
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number > 0 or auto, got {text!r}") from None


def _batch(text: str) -> int | str:
    return text if text == "all" else _whole(1)(text)


def _whole(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not text.lstrip("-").isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"must be a whole number >= {least}, got {text!r}")
        return int(text)

    return whole
