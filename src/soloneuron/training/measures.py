"""What thetas cost on all rows: the numbers that a history keeps beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor

from soloneuron.brief import brief
from soloneuron.formulas.metrics import accuracy
from soloneuron.formulas.tiled import tiled
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Theta, Values
from soloneuron.training.row_parts import (
    parts_of,
    penalized_gradient,
    penalized_value,
    share_of,
    without_penalty,
)
from soloneuron.training.run_axes import objective_of_runs, of_runs

LOGITS_AT_ONCE = 4_000_000
"""Logits held at a time while many thetas are measured."""

CACHED_LOGITS, CACHED_THETAS = 2**15, 64
"""Logits that stay in a core's cache, and thetas that are measured together for all that: fewer would read
the rows too often, and products of a few thetas sum in another way."""


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
    values = [_value(target, part, rows) for target, part, rows in _parts(objective, thetas, batch)]
    found: Values = torch.cat(values)
    return found.detach().view(thetas.shape[:-1])


def _parts(
    objective: Objective, thetas: Theta, batch: Batch | None
) -> Iterator[tuple[Objective, Theta, Batch | None]]:
    """Some thetas at a time, with the objective and the row weights that are theirs."""
    rows, lead = 1 if batch is None else len(batch.labels), thetas.shape[:-1]
    # Not reshape(-1, k): a theta of no numbers, k = 0, would leave the -1 open.
    flat = thetas.flatten(0, -2)
    for part in _spans(len(flat), max(1, rows)):
        own = batch
        if batch is not None and batch.weights is not None and batch.weights.dim() > 1:
            own = batch._replace(weights=of_runs(batch.weights, lead, part))
        yield objective_of_runs(objective, lead, part), flat[part], own


def _spans(count: int, rows: int) -> list[slice]:
    """Which of many thetas are measured together: as many as the cache has room for, else the memory."""
    most = max(1, LOGITS_AT_ONCE // rows)
    few = max(1, CACHED_LOGITS // rows // CACHED_THETAS) * CACHED_THETAS
    # What is left over is measured with those before it.
    at_once, over = (few, CACHED_THETAS) if few < most else (most, 0)
    borders = [*range(0, max(1, count - over), at_once), count]
    return [slice(first, stop) for first, stop in pairwise(borders)]


def _measured(objective: Objective, theta: Theta, batch: Any) -> Measures:
    if not isinstance(objective, Neuron):
        value, gradient = objective.value_and_gradient(theta, batch)
        norm = torch.linalg.vector_norm(gradient, dim=-1)
        return Measures(
            value, norm, torch.full_like(norm, math.nan), torch.zeros_like(norm, dtype=torch.bool)
        )
    if tiled(batch.features) is not None:
        return _measured_by_parts(objective, theta, batch)
    X, y, s = batch
    # One matrix product serves all four numbers.
    z = objective.logits(theta, X)
    return Measures(
        objective.value_of_logits(theta, z, batch),
        torch.linalg.vector_norm(objective.gradient(theta, z, batch), dim=-1),
        accuracy(z, y, s),
        _apart(z, y),
    )


def _measured_by_parts(neuron: Neuron, theta: Theta, batch: Batch) -> Measures:
    plain, shares, right = without_penalty(neuron), [], torch.zeros(theta.shape[:-1], dtype=theta.dtype)
    value, gradient, apart = right.clone(), torch.zeros_like(theta), torch.ones_like(right, dtype=torch.bool)
    for part in parts_of(batch):
        z, share = plain.logits(theta, part.features), share_of(part, batch)
        value += plain.value_of_logits(theta, z, part) * share
        gradient += plain.gradient(theta, z, part) * share
        counts = torch.ones(()) if part.weights is None else part.weights.sum(-1)
        right += accuracy(z, part.labels, part.weights) * (share if part.weights is None else counts)
        shares.append(share if part.weights is None else counts)
        apart &= _apart(z, part.labels)
    value, both = penalized_value(neuron, theta, value), penalized_gradient(neuron, theta, gradient)
    return Measures(value, torch.linalg.vector_norm(both, dim=-1), right / sum(shares), apart)


def _apart(z: Tensor, y: Tensor) -> Tensor:
    side = torch.where(y > 0.5, 1.0, -1.0).to(y.dtype)
    return (z * side).amin(-1) > 0


def _value(objective: Objective, theta: Theta, batch: Batch | None) -> Values:
    if batch is None or not isinstance(objective, Neuron) or tiled(batch.features) is None:
        return objective.value(theta, batch)
    plain = without_penalty(objective)
    parts = [plain.value(theta, part) * share_of(part, batch) for part in parts_of(batch)]
    return penalized_value(objective, theta, torch.stack(parts).sum(0))


def slopes_at(neuron: Neuron, thetas: Theta, batch: Batch | None) -> tuple[Theta, Tensor]:
    """Gradients at thetas (K, ..., k), and root mean squares (K, ...) of the loss's slopes by the logit."""
    gradients, sizes = [], []
    for target, part, rows in _parts(neuron, thetas, batch):
        assert isinstance(target, Neuron), "parts of a neuron are neurons"
        assert rows is not None, "a neuron has rows"
        plain, gradient, square = without_penalty(target), torch.zeros_like(part), part.new_zeros(())
        for some in parts_of(rows):
            z, share = plain.logits(part, some.features), share_of(some, rows)
            own = plain.loss.derivative(z, some.labels).square()
            square = square + (own if some.weights is None else own * some.weights).mean(-1) * share
            gradient += plain.gradient(part, z, some) * share
        sizes.append(square.sqrt())
        gradients.append(penalized_gradient(target, part, gradient))
    lead = thetas.shape[:-1]
    return torch.cat(gradients).view(thetas.shape), torch.cat(sizes).view(lead)
