"""What a training shows of itself: how it ended, its curve, its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from soloneuron.neuron import Neuron
from soloneuron.records.history import History, Outcome
from soloneuron.records.run import RunRecord
from soloneuron.result.view import (
    View,
    kinds_of,
    loss_curve,
    no_curve,
    sentence,
    shown_change,
    shown_weights,
)
from soloneuron.texts import text
from soloneuron.texts.numbers import shown_number
from soloneuron.training.reasons import reason


def run_view(record: RunRecord, language: str) -> View:
    """One training."""
    history, outcome, recipe = record.history, record.history.outcome, record.recipe
    rows = [
        (text(language, "views.data"), _data(record, language)),
        (text(language, "views.optimizer"), _method(record)),
        (text(language, "views.loss"), shown_change(history.value)),
    ]
    if len(history.accuracy) and bool(history.accuracy[-1].isfinite()):
        rows.append((text(language, "views.accuracy"), f"{float(history.accuracy[-1]):.1%}"))
    if recipe.objective.name == "neuron":
        neuron, theta = Neuron(bias=recipe.bias), history.theta[-1]
        names, weights = record.data.feature_names, neuron.weights(theta).tolist()
        rows.append((text(language, "views.weights"), shown_weights(names, weights, language)))
        if recipe.bias:
            rows.append((text(language, "views.bias"), shown_number(float(neuron.intercept(theta)))))
    said = [sentence(reason(outcome, language)), sentence(no_curve(history, language))]
    if outcome.separable and "cause" not in outcome.fields:
        said.insert(1, sentence(text(language, "outcomes.separable")))
    return View(language, " ".join(filter(None, said)), tuple(rows), loss_curve(history, language))


def runs_view(history: History, outcomes: Sequence[Outcome], first: RunRecord, language: str) -> View:
    """Many trainings at once.

    Args:
        history: of all of them.
        outcomes: how each ended.
        first: the record of one, for what they share.
        language: of the words.
    """
    ended = text(language, "views.of_runs", runs=len(outcomes), kinds=kinds_of(outcomes, language))
    rows = [(text(language, "views.data"), _data(first, language))]
    value = history.value[-1].flatten()
    finite = value.isfinite()
    if finite.any():
        least = int(torch.where(finite, value, torch.inf).argmin())
        best = text(language, "views.best_at", run=least, value=shown_number(float(value[least])))
        rows.append((text(language, "views.best"), best))
    said = [sentence(ended), sentence(no_curve(history, language))]
    return View(language, " ".join(filter(None, said)), tuple(rows), loss_curve(history, language))


def _data(record: RunRecord, language: str) -> str:
    columns = record.data.features.shape[1]
    shown = text(language, "views.rows", rows=record.source.rows, columns=columns)
    return f"{record.data.name}: {shown}" if record.data.name else shown


def _method(record: RunRecord) -> str:
    recipe = record.recipe
    rate = recipe.learning_rate
    return recipe.optimizer.name + (f", {rate:g}" if isinstance(rate, int | float) else "")
