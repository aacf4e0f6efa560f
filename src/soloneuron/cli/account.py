"""The account of a training for a person: what begins, and what came of it."""

from __future__ import annotations

from dataclasses import replace

from soloneuron.cli.numbers import limit
from soloneuron.cli.screen import Screen
from soloneuron.formulas.metrics import Metrics
from soloneuron.optimizers.base import Optimizer
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.texts import text
from soloneuron.training.outcomes import reason
from soloneuron.training.session import Training


def announce(screen: Screen, training: Training, data: Dataset, held: Dataset | None) -> None:
    """Say what is going to be done with which rows."""
    plan = training.plan
    parts = [f"{data.name}: " + screen.word("rows", rows=plan.rows, features=len(data.feature_names))]
    if held is not None:
        parts.append(screen.word("held", rows=len(held.labels)))
    screen.phrases(parts, "bold", mark="; ")
    size = plan.batch_size
    kind = "full_batch" if size == plan.rows else "per_sample" if size == 1 else "mini_batch"
    batch = screen.word(kind, size=size)
    if size < plan.rows:
        batch += " " + screen.word("shuffled" if plan.seeds else "file_order")
    rate = screen.word("rate", rate=float(plan.learning_rate))
    method = [] if plan.plain else [_method(plan.optimizer)]
    epochs = screen.word("epochs", epochs=training.epochs)
    screen.phrases([plan.neuron.loss.name, *method, batch, rate, epochs])


def tell_classes(screen: Screen, data: Dataset) -> None:
    """Say which value of the label became 0 and which 1, if they are not 0 and 1 already."""
    zero, one = data.classes
    if not zero or not one:
        screen.warn(screen.word("one_class", label=data.label_name, word=zero or one))
    elif data.classes != ("0", "1"):
        screen.say(screen.word("classes", label=data.label_name, zero=zero, one=one))
        if {zero, one} != {"0", "1"} and _between_0_and_1(zero) and _between_0_and_1(one):
            screen.warn(screen.word("numbers_as_names", label=data.label_name, zero=zero, one=one))


def _between_0_and_1(word: str) -> bool:
    try:
        return 0 <= float(word) <= 1
    except ValueError:
        return False


def show(
    screen: Screen, training: Training, history: History, data: Dataset, measured: dict[str, Metrics]
) -> None:
    """Show the course of the loss, weights, metrics, limits of the rate, and how it ended."""
    neuron, theta = training.plan.neuron, training.state.theta
    screen.losses([loss for loss in history.loss.tolist() if abs(loss) < float("inf")])
    bias = float(neuron.intercept(theta)) if neuron.bias else None
    screen.weights(data.feature_names, neuron.weights(theta).tolist(), bias)
    screen.metrics({screen.word(part): values for part, values in measured.items()})
    _limits(screen, training)
    outcome = history.outcome
    style = "green" if outcome.kind in ("finished", "converged") else "yellow"
    if outcome.kind == "stopped":
        outcome = replace(outcome, fields={**outcome.fields, "by": screen.word("interrupted")})
    screen.say(reason(outcome, screen.language), style=style)
    if outcome.separable:
        screen.say(text(screen.language, "outcomes.separable"))


def _method(rule: Optimizer) -> str:
    given = [
        f"{name}={rule.settings[name]}" for name in rule.settings if name in rule.given - {"learning_rate"}
    ]
    return f"{rule.name} ({', '.join(given)})" if given else rule.name


def _limits(screen: Screen, training: Training) -> None:
    if not training.plan.plain:
        return
    limits = training.limits()
    known = [
        screen.word(which, value=limit(value))
        for which, value in (("guaranteed", limits.guaranteed), ("local", limits.local))
        if value is not None
    ]
    if not known:
        return
    known[0] = f"{screen.word('limits')} {known[0]}"
    screen.phrases(known, "dim")
    if not limits.full_batch:
        screen.say(f"({text(screen.language, 'outcomes.full_batch')})", style="dim")
