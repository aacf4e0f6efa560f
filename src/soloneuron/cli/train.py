"""``soloneuron train``."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from soloneuron import __version__
from soloneuron.cli import link
from soloneuron.cli.screen import Screen
from soloneuron.data.assignment import START, assignment_data
from soloneuron.data.files import fingerprint, read_dataset
from soloneuron.data.preparation import hold_out, measure_scaling, standardize
from soloneuron.errors import InputError
from soloneuron.formulas.metrics import Metrics, metrics
from soloneuron.formulas.penalties import as_penalty
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.records.model import Scaling
from soloneuron.records.run import Source
from soloneuron.storage.files import check_writable, jsonable
from soloneuron.storage.models import save_model
from soloneuron.storage.runs import save_run
from soloneuron.texts import text
from soloneuron.training.api import prepare
from soloneuron.training.outcomes import reason
from soloneuron.training.results import make_model, make_run
from soloneuron.training.session import Training

RECORDS = 200
"""About so many records of theta are kept of a run."""

EXIT_CODES = {"overflow": 3, "stopped": 130}


def run(options: Namespace) -> int:
    """Read, train, save, show."""
    if options.url is not None:
        return link.run(options)
    _check_outputs(options)
    screen = Screen(options.lang, quiet=options.quiet or options.json)
    data = _data(options, screen)
    held: Dataset | None = None
    if options.test_share is not None:
        data, held = hold_out(data, options.test_share, seed=options.seed)
    scaling = measure_scaling(data) if options.standardize else None
    training = prepare(
        replace(data, features=standardize(data.features, scaling)), **_settings(options, data)
    )
    _announce(screen, training, data, held)
    history = _train(training, screen)
    settings = _record(options, training, history)
    if options.output is not None:
        save_model(make_model(training, data, scaling=scaling, settings=settings), options.output)
    if options.save_run is not None:
        save_run(make_run(history, data, _source(options, data), settings=settings), options.save_run)
    measured = {"training": _measure(training, data, scaling)}
    if held is not None:
        measured["test"] = _measure(training, held, scaling)
    if options.json:
        summary = jsonable(_summary(training, history, data, measured, settings))
        print(json.dumps(summary, ensure_ascii=False, allow_nan=False))
    _show(screen, training, history, data, measured)
    for path in (options.output, options.save_run):
        if path is not None:
            screen.say(screen.word("saved", path=path), whole=True)
    return EXIT_CODES.get(history.outcome.kind, 0)


def _check_outputs(options: Namespace) -> None:
    """Refuse what cannot be written, or would write over something of this very command."""
    seen = {} if options.file is None else {Path(options.file).resolve(): "the file to learn from"}
    for name, path in (("the model", options.output), ("the run", options.save_run)):
        if path is None:
            continue
        target = check_writable(path).resolve()
        if target in seen:
            raise InputError(
                f"{name} would be written over {seen[target]}, {path}: choose another name",
                code="output.same",
            )
        seen[target] = name


def _data(options: Namespace, screen: Screen) -> Dataset:
    if options.file is None:
        if options.label or options.features or options.drop or options.positive:
            raise InputError(
                "--label, --features, --drop and --positive need a FILE: soloneuron train FILE --label NAME",
                code="train.file",
            )
        return assignment_data()
    if options.label is None:
        raise InputError(
            "--label must name the column to predict: soloneuron train FILE --label NAME", code="train.label"
        )
    chosen = {"features": options.features or None, "drop": options.drop, "positive": options.positive}
    data = read_dataset(options.file, label=options.label, **chosen)
    zero, one = data.classes
    if not zero or not one:
        screen.warn(screen.word("one_class", label=data.label_name, word=zero or one))
    elif data.classes != ("0", "1"):
        screen.say(screen.word("classes", label=data.label_name, zero=zero, one=one))
    return data


def _settings(options: Namespace, data: Dataset) -> dict[str, Any]:
    """The options as settings of ``prepare``; without a file, those of the assignment's run."""
    own = options.file is not None
    batch = options.batch_size or (min(32, len(data.labels)) if own else 1)
    (weights, bias) = START
    start = [*weights] if options.no_bias else [*weights, bias]
    shuffle = own if options.shuffle is None else options.shuffle
    return {
        "initial": None if own else start,
        "loss": options.loss,
        "penalty": as_penalty(options.penalty, options.alpha),
        "learning_rate": options.learning_rate,
        "epochs": options.epochs,
        "batch_size": None if batch == "all" else batch,
        "shuffle": shuffle,
        "seed": options.seed,
        "class_weight": options.class_weight,
        "fit_intercept": not options.no_bias,
        "record_every": max(1, -(-options.epochs // RECORDS)),
        "dtype": torch.float32 if options.dtype == "float32" else torch.float64,
    }


def _train(training: Training, screen: Screen) -> History:
    """Pull the steps; Ctrl-C keeps the last finished epoch."""
    try:
        with screen.progress(training.epochs) as ticker:
            for step in training.steps():
                ticker.tick(step.state.epoch, float(step.losses[-1]) if len(step.losses) else 0.0)
    except KeyboardInterrupt:
        return training.history(stopped=text("en", "cli.interrupted"))
    return training.history()


def _announce(screen: Screen, training: Training, data: Dataset, held: Dataset | None) -> None:
    plan = training.plan
    line = f"{data.name}: " + screen.word("rows", rows=plan.rows, features=len(data.feature_names))
    if held is not None:
        line += "; " + screen.word("held", rows=len(held.labels))
    screen.say(line, style="bold")
    size = plan.batch_size
    kind = "full_batch" if size == plan.rows else "per_sample" if size == 1 else "mini_batch"
    batch = screen.word(kind, size=size)
    if size < plan.rows:
        batch += " " + screen.word("shuffled" if plan.seeds else "file_order")
    rate, name = float(plan.learning_rate), plan.neuron.loss.name
    screen.say(screen.word("plan", loss=name, batch=batch, rate=rate, epochs=training.epochs))


def _show(
    screen: Screen, training: Training, history: History, data: Dataset, measured: dict[str, Metrics]
) -> None:
    neuron, theta = training.plan.neuron, training.state.theta
    screen.losses([loss for loss in history.loss.tolist() if abs(loss) < float("inf")])
    bias = float(neuron.intercept(theta)) if neuron.bias else None
    screen.weights(data.feature_names, neuron.weights(theta).tolist(), bias)
    screen.metrics({screen.word(part): values for part, values in measured.items()})
    limits = training.limits()
    known = [
        screen.word(which, value=value)
        for which, value in (("guaranteed", limits.guaranteed), ("local", limits.local))
        if value is not None
    ]
    if known:
        note = "" if limits.full_batch else f" ({text(screen.language, 'outcomes.full_batch')})"
        screen.say(screen.word("limits", limits=", ".join(known)) + note, style="dim")
    style = "green" if history.outcome.kind in ("finished", "converged") else "yellow"
    outcome = history.outcome
    if outcome.kind == "stopped":
        outcome = replace(outcome, fields={**outcome.fields, "by": screen.word("interrupted")})
    screen.say(reason(outcome, screen.language), style=style)
    if history.outcome.separable:
        screen.say(text(screen.language, "outcomes.separable"))


def _measure(training: Training, data: Dataset, scaling: Scaling | None) -> Metrics:
    theta = training.state.theta
    X = standardize(data.features, scaling).to(theta.dtype)
    return metrics(training.plan.neuron.probabilities(theta, X), data.labels)


def _record(options: Namespace, training: Training, history: History) -> dict[str, Any]:
    """How it was trained, as plain JSON values."""
    plan = training.plan
    return {
        "soloneuron": __version__,
        "loss": plan.neuron.loss.name,
        "learning_rate": float(plan.learning_rate),
        "epochs": options.epochs,
        "epochs_done": training.state.epoch,
        "batch_size": plan.batch_size,
        "rows": plan.rows,
        "seed": options.seed if plan.seeds or options.test_share is not None else None,
        "shuffle": bool(plan.seeds),
        "penalty": None if options.penalty is None else {"name": options.penalty, "alpha": options.alpha},
        "class_weight": options.class_weight,
        "bias": plan.neuron.bias,
        "standardize": options.standardize,
        "test_share": options.test_share,
        "dtype": options.dtype,
        "outcome": history.outcome.kind,
    }


def _source(options: Namespace, data: Dataset) -> Source:
    rows = len(data.labels)
    if options.file is None:
        return Source(name=data.name, sha256="", rows=rows)
    return Source(name=Path(options.file).name, sha256=fingerprint(options.file), rows=rows)


def _summary(
    training: Training,
    history: History,
    data: Dataset,
    measured: dict[str, Metrics],
    settings: dict[str, Any],
) -> dict[str, Any]:
    neuron, theta = training.plan.neuron, training.state.theta
    losses = history.loss.tolist()
    return {
        "weights": dict(zip(data.feature_names, neuron.weights(theta).tolist(), strict=True)),
        "bias": float(neuron.intercept(theta)),
        "classes": list(data.classes),
        "losses": losses,
        "metrics": {part: asdict(values) for part, values in measured.items()},
        "limits": asdict(training.limits()),
        "outcome": {
            "kind": history.outcome.kind,
            "epoch": history.outcome.epoch,
            "reason": history.outcome.reason,
            "separable": history.outcome.separable,
        },
        "settings": settings,
    }
