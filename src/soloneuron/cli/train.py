"""``soloneuron train``."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from soloneuron.cli import link
from soloneuron.cli.account import announce, show, tell_classes
from soloneuron.cli.columns import chosen, given
from soloneuron.cli.outputs import Output, check_outputs, write_all
from soloneuron.cli.results import measure, record, source, summary
from soloneuron.cli.screen import Screen, print_json
from soloneuron.data.assignment import START, assignment_data
from soloneuron.data.files import read_dataset
from soloneuron.data.preparation import hold_out, measure_scaling, standardize
from soloneuron.errors import InputError
from soloneuron.formulas.penalties import as_penalty
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.records.model import Scaling
from soloneuron.storage.models import write_model
from soloneuron.storage.runs import write_run
from soloneuron.texts import text
from soloneuron.training.api import prepare
from soloneuron.training.results import make_model, make_run
from soloneuron.training.session import Training

RECORDS = 200
"""About so many records of theta are kept of a run."""

EXIT_CODES = {"overflow": 3, "stopped": 130}


def run(options: Namespace) -> int:
    """Read, train, save, show."""
    if options.url is not None:
        return link.run(options)
    check_outputs(
        read=[("the file to learn from", options.file)],
        written=[("the model", options.output), ("the run", options.save_run)],
    )
    screen = Screen(options.lang, quiet=options.quiet or options.json)
    data, held = _data(options, screen), None
    if options.test_share is not None:
        data, held = _parted(options, screen, data)
    scaling = measure_scaling(data) if options.standardize else None
    learned = replace(data, features=standardize(data.features, scaling))
    training = prepare(learned, **_settings(options, data))
    announce(screen, training, data, held)
    history = _train(training, screen)
    settings = record(options, training, history)
    _save(options, training, learned, history, settings, scaling)
    parts = {"training": data} if held is None else {"training": data, "test": held}
    measured = {name: measure(training, part, scaling) for name, part in parts.items()}
    if options.json:
        answer = summary(training, history, data, measured, settings, all_losses=options.all_losses)
        print_json(answer)
    show(screen, training, history, data, measured)
    for path in (options.output, options.save_run):
        if path is not None:
            screen.say(screen.word("saved", path=path), whole=True)
    return EXIT_CODES.get(history.outcome.kind, 0)


def _save(
    options: Namespace,
    training: Training,
    learned: Dataset,
    history: History,
    settings: dict[str, Any],
    scaling: Scaling | None,
) -> None:
    """Write model and run where they were asked for; neither is lost if that fails."""

    def model(place: Path) -> None:
        write_model(make_model(training, learned, scaling=scaling, settings=settings), place)

    def run(place: Path) -> None:
        write_run(make_run(history, learned, source(options, learned), settings=settings), place)

    write_all(Output(options.output, "model.json", model), Output(options.save_run, "run.json", run))


def _data(options: Namespace, screen: Screen) -> Dataset:
    if options.file is None:
        if given(options):
            raise InputError(
                "--label, --features, --drop and --positive need a FILE: soloneuron train FILE --label NAME",
                code="train.file",
            )
        return assignment_data()
    if options.label is None:
        raise InputError(
            "--label must name the column to predict: soloneuron train FILE --label NAME", code="train.label"
        )
    data = read_dataset(options.file, **chosen(options))
    tell_classes(screen, data)
    return data


def _parted(options: Namespace, screen: Screen, data: Dataset) -> tuple[Dataset, Dataset]:
    """The rows to learn from and those held out; a class that is gone by this is noted."""
    left, held = hold_out(data, options.test_share, seed=options.seed)
    kinds = left.labels.unique().tolist()
    if len(kinds) < len(data.labels.unique()):
        word = data.classes[int(kinds[0])]
        screen.warn(screen.word("one_class_left", label=data.label_name, word=word))
    return left, held


def _settings(options: Namespace, data: Dataset) -> dict[str, Any]:
    """The options as settings of ``prepare``; without a file, those of the assignment's run."""
    own, rows = options.file is not None, len(data.labels)
    batch = options.batch_size or (min(32, rows) if own else 1)
    full = batch == "all" or batch >= rows
    (weights, bias) = START
    start = [*weights] if options.no_bias else [*weights, bias]
    return {
        "initial": None if own else start,
        "loss": options.loss,
        "penalty": as_penalty(options.penalty, options.alpha),
        "optimizer": _optimizer(options),
        "learning_rate": options.learning_rate,
        "epochs": options.epochs,
        "batch_size": None if batch == "all" else batch,
        "shuffle": not full and (own if options.shuffle is None else options.shuffle),
        "seed": options.seed,
        "class_weight": options.class_weight,
        "fit_intercept": not options.no_bias,
        "record_every": max(1, -(-options.epochs // RECORDS)),
        "dtype": torch.float32 if options.dtype == "float32" else torch.float64,
    }


def _optimizer(options: Namespace) -> Optimizer:
    """The rule with what was set; its rate comes from --learning-rate alone."""
    given = dict(options.set)
    for name, times in Counter(name for name, _ in options.set).items():
        if times > 1:
            raise InputError(f"--set {name} must be given once, got {times} values", code="set.twice")
    if "learning_rate" in given:
        raise InputError("the learning rate is given by --learning-rate, not by --set", code="set.rate")
    return as_optimizer(options.optimizer, **given)


def _train(training: Training, screen: Screen) -> History:
    """Pull the steps; Ctrl-C keeps the last finished epoch."""
    try:
        with screen.progress(training.epochs) as ticker:
            for step in training.steps():
                ticker.tick(step.state.epoch, float(step.losses[-1]) if len(step.losses) else None)
    except KeyboardInterrupt:
        return training.history(stopped=text("en", "cli.interrupted"))
    return training.history()
