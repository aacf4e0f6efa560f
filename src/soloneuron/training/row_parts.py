"""Batches of all rows in parts: what is summed up over them needs no memory as long as the rows are many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from soloneuron.formulas.tiled import tiled
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Gradient, Theta, Values


def parts_of(batch: Batch) -> Iterator[Batch]:
    """The batch itself, or its tiles as batches where its rows stand in tiles."""
    stacked = tiled(batch.features)
    if stacked is None:
        yield batch
        return
    for rows, part in stacked.parts():
        weights = None if batch.weights is None else batch.weights[..., rows]
        yield Batch(part, batch.labels[..., rows], weights)


def share_of(part: Batch, batch: Batch) -> float:
    """Which share of the rows a part has: what makes the sum of its means the mean of all."""
    return part.labels.shape[-1] / batch.labels.shape[-1]


def without_penalty(neuron: Neuron) -> Neuron:
    """The neuron as it judges a part: a penalty is no sum over rows."""
    return neuron if neuron.penalty is None else replace(neuron, penalty=None)


def penalized_value(neuron: Neuron, theta: Theta, mean: Values) -> Values:
    """The mean loss with what the penalty adds to it."""
    return mean if neuron.penalty is None else mean + neuron.penalty.value(neuron.penalized(theta))


def penalized_gradient(neuron: Neuron, theta: Theta, gradient: Gradient) -> Gradient:
    """The gradient of the mean loss with what the penalty adds to it; in place."""
    if neuron.penalty is not None:
        neuron.penalty.add_gradient(neuron.penalized(theta), neuron.penalized(gradient))
    return gradient
