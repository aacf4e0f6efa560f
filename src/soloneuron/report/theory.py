"""The first step of a training, number by number, for the theory of the report."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from soloneuron.data.assignment import LEARNING_RATE, START
from soloneuron.data.printed_results import EXAMPLE_FEATURES, EXAMPLE_LABELS
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch

_NEAR = 1e-5
"""So far weights are moved both ways to see what the loss does."""


@dataclass(frozen=True)
class FirstStep:
    """What one row does to a neuron.

    Attributes:
        z: the sum.
        p: the probability of class 1.
        error: p - y.
        gradient: by the weights and the bias.
        after: weights and bias after the step.
        worst: the largest distance of the gradient from central differences.
    """

    z: float
    p: float
    error: float
    gradient: tuple[float, ...]
    after: tuple[float, ...]
    worst: float


def first_step() -> FirstStep:
    """The first row of the assignment's example, from its start at its rate.

    Example:
        >>> step = first_step()
        >>> round(step.error, 4), [round(part, 4) for part in step.gradient]
        (-0.5744, [-0.5744, -1.1489, -0.5744])
    """
    weights, bias = START
    theta = torch.tensor([*weights, bias], dtype=torch.float64)
    X = torch.tensor(EXAMPLE_FEATURES[:1], dtype=torch.float64)
    rows, neuron = Batch(X, torch.tensor(EXAMPLE_LABELS[:1], dtype=torch.float64)), Neuron()
    _, gradient = neuron.value_and_gradient(theta, rows)
    moved = theta + _NEAR * torch.eye(len(theta), dtype=theta.dtype), theta - _NEAR * torch.eye(3).double()
    up, down = (neuron.value(points, rows) for points in moved)
    p = float(neuron.probabilities(theta, X))
    return FirstStep(
        z=float(neuron.logits(theta, X)),
        p=p,
        error=p - float(rows.labels),
        gradient=tuple(gradient.tolist()),
        after=tuple((theta - LEARNING_RATE * gradient).tolist()),
        worst=float((gradient - (up - down) / (2 * _NEAR)).abs().max()),
    )
