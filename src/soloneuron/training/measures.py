"""What thetas cost on all rows: the numbers that a history keeps beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor

from soloneuron.brief import brief
from soloneuron.formulas.metrics import accuracy
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Theta, Values
from soloneuron.training.run_axes import objective_of_runs, of_runs

LOGITS_AT_ONCE = 4_000_000
"""Logits held at a time while many thetas are measured."""


class Measures(NamedTuple):
    """Of thetas (..., k) on all rows, (...) each.

    Attributes:
        value: the objective.
        gradient_norm: length of its gradient.
        accuracy: share of rows on the right side; nan for an objective that is no neuron.
        apart: whether all rows are on their right side; False for an objective that is no neuron.
    """

    value: Values
    gradient_norm: Tensor
    accuracy: Tensor
    apart: Tensor

    def __repr__(self) -> str:
        return brief(self)


def measure(objective: Objective, thetas: Theta, batch: Any = None) -> Measures:
    """Measure thetas (..., k) on all rows of a batch, some at a time where there are many."""
    parts = [_measured(*part) for part in _parts(objective, thetas, batch)]
    value, norm, share, apart = (
        torch.cat(column).view(thetas.shape[:-1]) for column in zip(*parts, strict=True)
    )
    return Measures(value, norm, share, apart)


def values_at(objective: Objective, thetas: Theta, batch: Any = None) -> Values:
    """The objective alone at thetas (..., k), (...)."""
    values = [target.value(part, rows) for target, part, rows in _parts(objective, thetas, batch)]
    found: Values = torch.cat(values)
    return found.detach().view(thetas.shape[:-1])


def _parts(
    objective: Objective, thetas: Theta, batch: Batch | None
) -> Iterator[tuple[Objective, Theta, Batch | None]]:
    """Some thetas at a time, with the objective and the row weights that are theirs."""
    rows, lead = 1 if batch is None else len(batch.labels), thetas.shape[:-1]
    # Not reshape(-1, k): a theta of no numbers, k = 0, would leave the -1 open.
    flat, at_once = thetas.flatten(0, -2), max(1, LOGITS_AT_ONCE // max(1, rows))
    for first in range(0, max(1, len(flat)), at_once):
        part, own = slice(first, first + at_once), batch
        if batch is not None and batch.weights is not None and batch.weights.dim() > 1:
            own = batch._replace(weights=of_runs(batch.weights, lead, part))
        yield objective_of_runs(objective, lead, part), flat[part], own


def _measured(objective: Objective, theta: Theta, batch: Any) -> Measures:
    if not isinstance(objective, Neuron):
        value, gradient = objective.value_and_gradient(theta, batch)
        norm = torch.linalg.vector_norm(gradient, dim=-1)
        return Measures(
            value, norm, torch.full_like(norm, math.nan), torch.zeros_like(norm, dtype=torch.bool)
        )
    X, y, s = batch
    # One matrix product serves all four numbers.
    z = objective.logits(theta, X)
    side = torch.where(y > 0.5, 1.0, -1.0).to(y.dtype)
    return Measures(
        objective.value_of_logits(theta, z, batch),
        torch.linalg.vector_norm(objective.gradient(theta, z, batch), dim=-1),
        accuracy(z, y, s),
        (z * side).amin(-1) > 0,
    )


def slopes_at(neuron: Neuron, thetas: Theta, batch: Batch | None) -> tuple[Theta, Tensor]:
    """Gradients at thetas (K, ..., k), and root mean squares (K, ...) of the loss's slopes by the logit."""
    gradients, sizes = [], []
    for target, part, rows in _parts(neuron, thetas, batch):
        assert isinstance(target, Neuron), "parts of a neuron are neurons"
        assert rows is not None, "a neuron has rows"
        z = target.logits(part, rows.features)
        square = target.loss.derivative(z, rows.labels).square()
        sizes.append((square if rows.weights is None else square * rows.weights).mean(-1).sqrt())
        gradients.append(target.gradient(part, z, rows))
    lead = thetas.shape[:-1]
    return torch.cat(gradients).view(thetas.shape), torch.cat(sizes).view(lead)
