"""The commands and their arguments. Nothing here waits for torch."""

from __future__ import annotations

import argparse

from soloneuron import __version__
from soloneuron.cli import check, docs, lesson, notebook, play, race, replay
from soloneuron.cli.arguments import Parser, Version
from soloneuron.cli.cache_options import add_cache
from soloneuron.cli.expressions import add_compile, add_graph
from soloneuron.cli.language import spoken_language, translate_parser
from soloneuron.cli.option_types import OneOrSeveral, add_choice, add_force, add_json, add_language
from soloneuron.cli.streaming import add_stream
from soloneuron.cli.study_options import add_study
from soloneuron.cli.train_options import add_train
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.optimizers.catalogue import ALIASES, OPTIMIZERS


def make_parser() -> argparse.ArgumentParser:
    """The parser of ``soloneuron``."""
    parser = Parser(
        prog="soloneuron",
        description="Gradient learning from one neuron up, with gradients written by hand.",
        epilog="Try:  soloneuron train    (the assignment's five points, no file needed)",
    )
    parser.add_argument(
        "--version",
        action=Version,
        version=f"soloneuron {__version__}",
        help="show program's version number and exit",
    )
    add_language(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    add_train(
        commands.add_parser("train", help="train one neuron on a file, or on the assignment's data"),
        language=spoken_language(),
    )
    _add_predict(commands.add_parser("predict", help="predict the rows of a file with a saved model"))
    _add_evaluate(commands.add_parser("evaluate", help="measure a saved model on a file with labels"))
    _add_losses(commands.add_parser("losses", help="list the losses, or explain one"))
    add_study(commands.add_parser)
    race.add_race(commands.add_parser("race", help="judge which optimizer is faster"))
    _add_optimizers(commands.add_parser("optimizers", help="list the optimizers, or explain one"))
    add_graph(commands.add_parser("graph", help="draw the graph of an expression with its gradients"))
    add_compile(commands.add_parser("compile", help="turn an expression into torch code"))
    add_cache(commands.add_parser("cache", help="list or delete the rows that --stream has converted"))
    notebook.add_notebook(commands.add_parser("notebook", help="write a notebook to begin a task with"))
    check.add_check(
        commands.add_parser("check", help="check homework: a neuron, an autograd class, an optimizer")
    )
    replay.add_replay(commands.add_parser("replay", help="play saved runs as a race, from one HTML file"))
    play.add_play(commands.add_parser("play", help="open the playground in the browser"))
    lesson.add_lesson(commands.add_parser("lesson", help="check a lesson of your own for the playground"))
    docs.add_docs(commands.add_parser("docs", help="open the manual in the browser, without a network"))
    parser.commands = commands.choices
    translate_parser(parser)
    return parser


def _add_predict(parser: Parser) -> None:
    parser.description = "Write the probability and the predicted class of every row."
    parser.add_argument("model", metavar="MODEL.json")
    parser.several = parser.add_argument(
        "file",
        nargs="+",
        action=OneOrSeveral,
        metavar="FILE",
        help="rows with the model's columns; others do not matter",
    )
    parser.add_argument("-o", "--output", metavar="OUT.csv", help="default: to the terminal")
    add_force(parser)
    add_language(parser)
    add_stream(parser)


def _add_evaluate(parser: Parser) -> None:
    parser.description = "Measure a saved model on rows whose label is known."
    parser.add_argument("model", metavar="MODEL.json")
    parser.several = parser.add_argument("file", nargs="+", action=OneOrSeveral, metavar="FILE")
    parser.add_argument("--label", metavar="NAME", help="default: the label of the model")
    add_stream(parser)
    add_json(parser)
    add_language(parser)


def _add_losses(parser: argparse.ArgumentParser) -> None:
    parser.description = "The catalogue of losses, or the idea and formula of one."
    add_choice(parser, "name", LOSSES, nargs="?", metavar="NAME", help=", ".join(LOSSES))
    add_language(parser)


def _add_optimizers(parser: argparse.ArgumentParser) -> None:
    parser.description = "The catalogue of optimizers, or the formula, idea, source and settings of one."
    known = [*OPTIMIZERS, *ALIASES]
    add_choice(parser, "name", known, nargs="?", metavar="NAME", help=", ".join(known))
    add_language(parser)
