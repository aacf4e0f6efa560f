"""Where a training stood, with all that it takes to go on from there, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from soloneuron.records.recipe import Recipe


@dataclass(frozen=True, eq=False)
class OptimizerMemory:
    """What an optimizer remembered.

    Attributes:
        method: its name.
        slots: its tensors by name.
        t: how many steps it had taken.
    """

    method: str
    slots: Mapping[str, Tensor]
    t: int


@dataclass(frozen=True, eq=False)
class RecordedEpochs:
    """What had been recorded until then.

    Attributes:
        first: the epoch at which the training began.
        losses: (E, runs...), the loss of every epoch since.
        epochs: K numbers that rise.
        evaluations: K counts.
        theta: (K, runs..., k).
        known: (K,), whether the measures below were by-products of the training; nan elsewhere.
        value: (K, runs...).
        gradient_norm: (K, runs...).
        accuracy: (K, runs...).
        apart: (K, runs...), whether all rows were on their right side.
    """

    first: int
    losses: Tensor
    epochs: tuple[int, ...]
    evaluations: tuple[int, ...]
    theta: Tensor
    known: Tensor
    value: Tensor
    gradient_norm: Tensor
    accuracy: Tensor
    apart: Tensor


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A training between two epochs.

    Attributes:
        recipe: how it is done; of many runs that of the first.
        versions: the libraries whose digits these are.
        digests: SHA-256 of what it works on by name: features, labels, weights, start, settings.
        seeds: of the orders of rows.
        update: how many updates are done.
        evaluations: how often a gradient was asked for.
        rows: how many gradients of single rows that were.
        theta: (runs..., k).
        memory: None where the optimizer remembers nothing.
        recorded: what was recorded on the way.
        patience: (4,) float64, what early stopping has counted: the best watched loss, the epochs since, what
            was promised, and all epochs; None where nobody watches.
    """

    recipe: Recipe
    versions: Mapping[str, str]
    digests: Mapping[str, str]
    seeds: tuple[int, ...]
    update: int
    evaluations: int
    rows: int
    theta: Tensor
    memory: OptimizerMemory | None
    recorded: RecordedEpochs
    patience: Tensor | None = None
