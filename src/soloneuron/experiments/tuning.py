"""Methods at their best rate of one grid: how soon each is down, and their race."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import torch

from soloneuron.experiments.measuring import optimum, run_column, whole_batch
from soloneuron.experiments.trained import train_run
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Dataset
from soloneuron.records.run import RunRecord
from soloneuron.shapes import Theta
from soloneuron.training.compare import RATES
from soloneuron.training.prepare import prepare

TARGET_SHARE = 0.001
"""A method is down when so little of the way down is left."""

RACERS = ("gradient_descent", "momentum", "nag", "adagrad", "rmsprop", "adam")
"""Who races through the ravine of a wide feature, for the report's first picture."""

RAVINE_START = (-1.0, 0.5)
"""Up on the ravine's wall, away from its lowest point."""


class Tuned(NamedTuple):
    """A method at its best rate.

    Attributes:
        steps: full-batch epochs until it is down, inf if no rate of the grid gets there.
        rate: the first rate that got there; where none did, the one that ended lowest.
    """

    steps: float
    rate: float


def tuned(
    data: Dataset, neuron: Neuron, rule: str, least: float, *, epochs: int, start: Theta | None = None
) -> Tuned:
    """Train at all rates of the grid as one tensor, until the first is down.

    Args:
        data: the rows.
        neuron: the loss.
        rule: the method's name.
        least: the lowest loss there is.
        epochs: how many at most.
        start: theta to start from; None is zeros.
    """
    batch = whole_batch(data)
    theta = torch.zeros(data.features.shape[1] + neuron.bias, dtype=torch.float64) if start is None else start
    values = neuron.value(theta, batch).expand(len(RATES))
    target = least + TARGET_SHARE * (float(values[0]) - least)
    training = prepare(
        data,
        initial=theta,
        optimizer=rule,
        learning_rate=run_column(RATES),
        penalty=neuron.penalty,
        bias=neuron.bias,
        epochs=epochs,
    )
    for step in training.steps():
        values = neuron.value(step.state.theta, batch).nan_to_num(math.inf)
        if (values <= target).any():
            return Tuned(float(training.epoch), RATES[int(values.argmin())])
    return Tuned(math.inf, RATES[int(values.argmin())])


def race(data: Dataset, rules: Iterable[str], *, epochs: int) -> dict[str, RunRecord]:
    """A neuron without a bias, so that its map is exact, trained by each rule at its best rate."""
    start, neuron = torch.tensor(RAVINE_START, dtype=torch.float64), Neuron(bias=False)
    least = float(neuron.value(optimum(data, neuron), whole_batch(data)))
    options = {"initial": start, "epochs": epochs, "bias": False}
    runs = {}
    for rule in rules:
        rate = tuned(data, neuron, rule, least, epochs=epochs, start=start).rate
        runs[rule] = train_run(data, optimizer=rule, learning_rate=rate, **options)
    return runs
