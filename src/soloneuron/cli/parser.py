"""The arguments of every command. Nothing here waits for torch."""

from __future__ import annotations

import argparse
import math
import re
import sys
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, NoReturn

from soloneuron import __version__
from soloneuron.cli import play, replay
from soloneuron.cli.columns import add_columns
from soloneuron.cli.expressions import add_compile, add_graph
from soloneuron.cli.numbers import whole
from soloneuron.cli.study_options import add_study
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.optimizers.catalogue import ALIASES, OPTIMIZERS
from soloneuron.texts import LANGUAGES


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, and whose options are spelled out.

    A word that begins like a negative number is a value, also ``-2,0`` and ``-1e3``; for a choice or
    an option that is not there the nearest is suggested.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings["allow_abbrev"] = False
        super().__init__(*args, **settings)
        self._negative_number_matcher = re.compile(r"-\.?[0-9]")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print, and do not keep silent about a full disk."""
        (file or sys.stderr).write(message)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = list(map(str, action.choices))
        hint = _nearest(str(value).lower(), known)
        raise argparse.ArgumentError(
            action, f"invalid choice: {value!r}: {hint}choose from {', '.join(known)}"
        )

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and suggest the nearest option for one that is not there."""
        found, extras = super().parse_known_args(args, namespace)
        for word in extras:
            if word.startswith("--"):
                hint = _nearest(word.partition("=")[0], list(self._option_string_actions)).strip()
                self.error(f"unrecognized arguments: {' '.join(extras)}{hint and ': ' + hint}")
        return found, extras

    def error(self, message: str) -> NoReturn:
        """Print what is wrong in one line and leave with exit code 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def _nearest(word: str, known: list[str]) -> str:
    nearest = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {nearest[0]!r}? " if nearest else ""


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
    _optimizers(commands.add_parser("optimizers", help="list the optimizers, or explain one"))
    add_graph(commands.add_parser("graph", help="draw the graph of an expression with its gradients"))
    add_compile(commands.add_parser("compile", help="turn an expression into torch code"))
    replay.arguments(commands.add_parser("replay", help="play saved runs as a race, from one HTML file"))
    play.arguments(commands.add_parser("play", help="open the playground in the browser"))
    return parser


def _train(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Train one sigmoid neuron. Without FILE: the assignment's five points, its start and its order of "
        "rows, which reproduces its run."
    )
    data = parser.add_argument_group("data")
    data.add_argument("file", nargs="?", metavar="FILE", help=".csv, .tsv, .parquet, .npy or .npz")
    data.add_argument("--label", metavar="NAME", help="column to predict (in NPY and NPZ its index)")
    add_columns(data)
    data.add_argument("--standardize", action="store_true", help="bring columns to mean 0 and deviation 1")
    data.add_argument(
        "--test-share", type=float, metavar="S", help="hold out this share of the rows to measure on"
    )
    data.add_argument("--url", metavar="LINK", help="repeat a run of the playground, up to its step")
    how = parser.add_argument_group("training")
    how.add_argument("--loss", choices=list(LOSSES), default="nll", help="default: nll")
    how.add_argument(
        "--optimizer",
        choices=[*OPTIMIZERS, *ALIASES],
        default="gradient_descent",
        metavar="NAME",
        help="soloneuron optimizers lists them; default: gradient_descent",
    )
    how.add_argument(
        "--set",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a hyperparameter of the optimizer, as --set beta1=0.8; may be repeated",
    )
    how.add_argument(
        "--learning-rate",
        type=_rate,
        metavar="R",
        help="a number > 0, or auto: half of a rate safe for the data; default: 0.1, "
        "or the own default of another optimizer",
    )
    how.add_argument("--epochs", type=whole(0), default=100, metavar="N", help="default: 100")
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
    how.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of all chance; default: 0")
    how.add_argument("--penalty", choices=list(PENALTIES), help="hold the weights back")
    how.add_argument(
        "--alpha", type=_strength, default=1e-4, metavar="A", help="strength of it; default: 0.0001"
    )
    how.add_argument("--class-weight", choices=["balanced"], help="let both classes weigh the same")
    how.add_argument("--no-bias", action="store_true", help="train without a bias")
    how.add_argument("--dtype", choices=["float64", "float32"], default="float64", help="default: float64")
    out = parser.add_argument_group("output")
    out.add_argument("-o", "--output", metavar="MODEL.json", help="save the model")
    out.add_argument("--save-run", metavar="RUN.json", help="save settings, course, outcome and data")
    out.add_argument("--all-losses", action="store_true", help="in --json every loss, not about a hundred")
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


def _optimizers(parser: argparse.ArgumentParser) -> None:
    parser.description = "The catalogue of optimizers, or the formula, idea, source and settings of one."
    known = [*OPTIMIZERS, *ALIASES]
    parser.add_argument("name", nargs="?", choices=known, metavar="NAME", help=", ".join(known))
    _output(parser, json=False)


def _output(group: argparse._ActionsContainer, *, quiet: bool = False, json: bool = True) -> None:
    if json:
        group.add_argument("--json", action="store_true", help="one JSON object for machines")
    if quiet:
        group.add_argument("--quiet", action="store_true", help="print nothing")
    group.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the words; default: en")


def _setting(text: str) -> tuple[str, Any]:
    """A hyperparameter by name: a number, true, false, none, or a word."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE, as beta1=0.8, got {text!r}")
    words = {"true": True, "false": False, "none": None}
    if value.lower() in words:
        return name, words[value.lower()]
    for kind in (int, float):
        with suppress(ValueError):
            return name, kind(value)
    return name, value


def _strength(text: str) -> float:
    try:
        strength = float(text)
    except ValueError:
        strength = math.nan
    if not 0 <= strength < math.inf:
        raise argparse.ArgumentTypeError(f"must be finite and >= 0, got {text}")
    return strength


def _rate(text: str) -> float | str:
    if text == "auto":
        return text
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number > 0 or auto, got {text!r}") from None


def _batch(text: str) -> int | str:
    return text if text == "all" else whole(1)(text)
