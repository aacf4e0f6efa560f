"""``soloneuron race``: optimizers on a surface, a data set or a file, judged as ``compare`` does."""

from __future__ import annotations

import argparse
import math
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from soloneuron.cli.columns import add_columns
from soloneuron.cli.option_types import (
    add_choice,
    add_json,
    add_language,
    at_least,
    read_batch_size,
    read_strength,
)
from soloneuron.formulas.catalogue import LOSSES, PENALTIES, SURFACES

if TYPE_CHECKING:
    from soloneuron.records.judged import JudgedComparison, JudgedMethod
    from soloneuron.result.comparing import Comparison


def add_race(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = (
        "Judge which optimizer is faster: one budget of gradient evaluations for all, "
        "rates tuned on one half of the seeds and judged on the other."
    )
    parser.add_argument(
        "task", metavar="TASK", help="a surface, a data set of the catalogue, or a file of rows"
    )
    parser.add_argument(
        "methods", nargs="+", metavar="METHOD", help="a name of the catalogue, or FILE.py:CLASS of your own"
    )
    parser.add_argument("--budget", type=at_least(1), metavar="N", help="gradient evaluations; default: 1000")
    parser.add_argument(
        "--seeds", type=at_least(1), metavar="N", help="how many starts or orders; default: 20"
    )
    parser.add_argument(
        "--share", type=read_strength, metavar="S", help="of the way down left at the target; default: 0.0001"
    )
    parser.add_argument(
        "--tune", type=_read_range, action="append", metavar="NAME=LOW:HIGH", help="tune this at random, too"
    )
    rows = parser.add_argument_group("on rows")
    rows.add_argument("--label", metavar="NAME", help="of a file: the column to predict")
    add_columns(rows)
    add_choice(rows, "--loss", LOSSES, help="default: nll")
    add_choice(rows, "--penalty", PENALTIES, help="default: none")
    rows.add_argument("--batch-size", type=read_batch_size, metavar="N", help="rows an update, or all")
    add_json(parser)
    add_language(parser)


def _read_range(text: str) -> tuple[str, Any]:
    """A hyperparameter with the ends of an interval, or some values.

    Example:
        >>> _read_range("momentum=0.5:0.99"), _read_range("beta1=0.8,0.9")
        (('momentum', (0.5, 0.99)), ('beta1', [0.8, 0.9]))
    """
    name, _, values = text.partition("=")
    mark = ":" if ":" in values else ","
    try:
        numbers = [float(value) for value in values.split(mark)]
    except ValueError:
        numbers = []
    if not name or not numbers or (mark == ":" and len(numbers) != 2) or not all(map(math.isfinite, numbers)):
        raise argparse.ArgumentTypeError(f"must be NAME=LOW:HIGH or NAME=VALUE,VALUE, got {text!r}")
    return name, (numbers[0], numbers[1]) if mark == ":" else numbers


def run_race(options: Namespace) -> int:
    """Judge, and tell the verdict, the table and every pair."""
    from soloneuron.cli.screen import Screen, print_json

    screen = Screen(options.lang, quiet=options.json)
    found = _found(options)
    if options.json:
        print_json(_answer(found.record, options.lang))
        return 0
    from soloneuron.result.comparison_view import comparison_view

    for line in comparison_view(found.record, screen.language).text().split("\n"):
        screen.say(line, whole=True)
    return 0


def _found(options: Namespace) -> Comparison:
    """The comparison; a method of a file that does not import is told among the others."""
    from soloneuron.errors import InputError
    from soloneuron.result.comparing import Comparison, compare
    from soloneuron.training.protocol.judging import unrun_method
    from soloneuron.training.protocol.methods import refuse_twice

    loaded: dict[str, Any] = {}
    failed: dict[str, InputError] = {}
    # A file that fails has no rule to be compared with another's.
    refuse_twice(options.methods)
    for name in options.methods:
        try:
            loaded[name] = _method(name)
        except InputError as fault:
            # A name of the catalogue that is misspelled is refused at once; a file may be somebody else's.
            if ".py:" not in name:
                raise
            failed[name] = fault
    if not loaded:
        raise next(iter(failed.values()))
    wanted = {"budget": options.budget, "seeds": options.seeds}
    if options.share is not None:
        wanted["share"] = options.share
    if options.tune:
        wanted["tune"] = _tuned(options.tune)
    found = compare(_task(options), list(loaded.values()), **wanted, **_settings(options)).record
    judged = iter(found.methods)
    methods = [
        unrun_method(name, failed[name]) if name in failed else next(judged) for name in options.methods
    ]
    return Comparison(replace(found, methods=tuple(methods)))


def _tuned(given: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """What is tuned besides the rate, each once."""
    from soloneuron.errors import InputError

    tune = dict(given)
    if len(tune) < len(given):
        names = [name for name, _ in given]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"--tune {twice} must be given once", code="race.tune")
    return tune


def _method(name: str) -> Any:
    from soloneuron.errors import InputError
    from soloneuron.optimizers.naming import as_optimizer
    from soloneuron.optimizers.own_file import optimizer_of_file

    if ".py:" in name:
        return as_optimizer(optimizer_of_file(name))
    if name.endswith(".py"):
        raise InputError(f"a method of a file must be named: {name}:CLASS, got {name}", code="race.class")
    as_optimizer(name)
    return name


def _task(options: Namespace) -> Any:
    """A surface by name, the rows of a data set, or those of a file."""
    from soloneuron.catalogues import same_name
    from soloneuron.cli.reading import read_rows
    from soloneuron.data.catalogue import DATASETS, make_dataset
    from soloneuron.errors import InputError, UnknownNameError

    catalogued = same_name(options.task, SURFACES) or same_name(options.task, DATASETS)
    if catalogued is not None and options.label is not None:
        raise InputError(
            f"--label belongs to a file of rows, got the task {options.task}", code="race.label_of_task"
        )
    if same_name(options.task, SURFACES) is not None:
        return same_name(options.task, SURFACES)
    if same_name(options.task, DATASETS) is not None:
        return make_dataset(str(same_name(options.task, DATASETS)))
    if "." not in options.task and "/" not in options.task:
        raise UnknownNameError("task", options.task, [*SURFACES, *DATASETS])
    if options.label is None:
        raise InputError(
            f"--label must name the column to predict: soloneuron race {options.task} METHOD --label NAME",
            code="race.label",
        )
    return read_rows(options.task, options)


def _settings(options: Namespace) -> dict[str, Any]:
    """What was said of the training of a neuron."""
    batch = None if options.batch_size in (None, "all") else options.batch_size
    given = {"loss": options.loss, "penalty": options.penalty, "batch_size": batch}
    return {name: value for name, value in given.items() if value is not None}


def _answer(found: JudgedComparison, language: str) -> dict[str, Any]:
    """All that was found, for machines."""
    from soloneuron.training.protocol.verdicts import said_verdict

    return {
        "task": found.task,
        "budget": found.budget,
        "seeds": list(found.seeds),
        "start": found.start,
        "lowest": found.lowest,
        "target": found.target,
        "winner": found.winner,
        "verdict": said_verdict(found, language),
        "methods": [_described(method) for method in found.methods],
        "pairs": [asdict(pair) for pair in found.pairs],
    }


def _described(method: JudgedMethod) -> dict[str, Any]:
    costs: Sequence[Sequence[float]] = method.costs.tolist()
    return {
        "optimizer": method.optimizer,
        "settings": dict(method.settings),
        "median": method.median,
        "costs": [row[-1] for row in costs],
        "arrived": method.arrived,
        "works": method.works,
        "edge": method.edge,
        "by_trials": [list(pair) for pair in method.by_trials],
        "fault": method.fault,
    }
