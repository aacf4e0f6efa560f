"""Methods at their best rate of one grid: how soon each is down, and their race."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import torch

from soloneuron.experiments.measuring import optimum, whole_batch
from soloneuron.experiments.trained import train_run
from soloneuron.neuron import Neuron
from soloneuron.records.cost_table import Entry
from soloneuron.records.dataset import Dataset
from soloneuron.records.run import RunRecord
from soloneuron.shapes import Theta
from soloneuron.training.cost_table import RATES, tabulate_costs

TARGET_SHARE = 0.001
"""A method is down when so little of the way down is left."""

RACERS = ("gradient_descent", "momentum", "nag", "adagrad", "rmsprop", "adam")
"""Who races through the ravine of a wide feature, for the report's first picture."""

RAVINE_START = (-1.0, 0.5)
"""Up on the ravine's wall, away from its lowest point."""


class Tuned(NamedTuple):
    """A method at its best rate.

    Attributes:
        steps: full-batch epochs until it is down for good, inf if no rate of the grid is.
        rate: the rate that was so first; where none was, the one that ended lowest.
    """

    steps: float
    rate: float


def tuned(
    data: Dataset,
    neuron: Neuron,
    rules: Sequence[str],
    least: float,
    *,
    epochs: int,
    start: Theta | None = None,
) -> dict[str, Tuned]:
    """Train by each rule at all rates of the grid, and see who is down and stays there.

    Args:
        data: the rows.
        neuron: the loss.
        rules: the methods' names.
        least: the lowest loss there is.
        epochs: how many each has.
        start: theta to start from; None is zeros.
    """
    theta = torch.zeros(data.features.shape[1] + neuron.bias, dtype=torch.float64) if start is None else start
    begin = float(neuron.value(theta, whole_batch(data)))
    target = least + TARGET_SHARE * (begin - least)
    settings: dict[str, Any] = {"penalty": neuron.penalty, "bias": neuron.bias}
    found = tabulate_costs(data, rules, start=theta, target=target, epochs=epochs, **settings)
    return {entry.optimizer: _best(entry) for entry in found.entries}


def _best(entry: Entry) -> Tuned:
    lowest = RATES[int(entry.gaps[0].nan_to_num(math.inf).argmin())]
    return Tuned(entry.best_steps, lowest if entry.best_rate is None else entry.best_rate)


def race(data: Dataset, rules: Iterable[str], *, epochs: int) -> dict[str, RunRecord]:
    """A neuron without a bias, so that its map is exact, trained by each rule at its best rate."""
    start, neuron = torch.tensor(RAVINE_START, dtype=torch.float64), Neuron(bias=False)
    least = float(neuron.value(optimum(data, neuron), whole_batch(data)))
    options = {"initial": start, "epochs": epochs, "bias": False}
    found = tuned(data, neuron, tuple(rules), least, epochs=epochs, start=start)
    return {
        rule: train_run(data, optimizer=rule, learning_rate=best.rate, **options)
        for rule, best in found.items()
    }
