"""What a training shows of itself: how it ended, its curve, its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

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

if TYPE_CHECKING:
    from soloneuron.records.run import RunRecord
    from soloneuron.result.run import Run


def run_view(run: Run, language: str) -> View:
    """One training, or many at once."""
    return _many(run, language) if run.history.theta.dim() > 2 else _one(run, language)


def _one(run: Run, language: str) -> View:
    record, history = run.record, run.history
    rows = [
        (text(language, "views.data"), _data(record, language)),
        (text(language, "views.optimizer"), _method(record)),
        (text(language, "views.loss"), shown_change(history.value)),
    ]
    if len(history.accuracy) and bool(history.accuracy[-1].isfinite()):
        rows.append((text(language, "views.accuracy"), f"{float(history.accuracy[-1]):.1%}"))
    if record.recipe.objective.name == "neuron":
        names, weights = record.data.feature_names, run.weights.tolist()
        rows.append((text(language, "views.weights"), shown_weights(names, weights, language)))
        if record.recipe.bias:
            rows.append((text(language, "views.bias"), shown_number(float(run.bias))))
    said = [sentence(reason(run.outcome, language)), sentence(no_curve(history, language))]
    if run.outcome.separable and "cause" not in run.outcome.fields:
        said.insert(1, sentence(text(language, "outcomes.separable")))
    return View(language, " ".join(filter(None, said)), tuple(rows), loss_curve(history, language))


def _many(run: Run, language: str) -> View:
    value = run.history.value[-1].flatten() if len(run.history.value) else torch.empty(0)
    told = text(language, "views.of_runs", runs=len(run), kinds=kinds_of(run.outcomes, language))
    rows = [(text(language, "views.data"), _data(run[0].record, language))]
    finite = value.isfinite()
    if finite.any():
        least = int(torch.where(finite, value, torch.inf).argmin())
        best = text(language, "views.best_at", run=least, value=shown_number(float(value[least])))
        rows.append((text(language, "views.best"), best))
    said = " ".join(filter(None, (sentence(told), sentence(no_curve(run.history, language)))))
    return View(language, said, tuple(rows), loss_curve(run.history, language))


def _data(record: RunRecord, language: str) -> str:
    columns = record.data.features.shape[1]
    shown = text(language, "views.rows", rows=record.source.rows, columns=columns)
    return f"{record.data.name}: {shown}" if record.data.name else shown


def _method(record: RunRecord) -> str:
    recipe = record.recipe
    rate = recipe.learning_rate
    return recipe.optimizer.name + (f", {rate:g}" if isinstance(rate, int | float) else "")
