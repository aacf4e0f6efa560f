"""A trained neuron, ready to predict."""

from __future__ import annotations

from dataclasses import dataclass, field

from soloneuron.brief import brief
from soloneuron.records.columns import ColumnEncoding
from soloneuron.records.later import later
from soloneuron.records.recipe import Recipe


@dataclass(frozen=True)
class Scaling:
    """How raw columns were standardized: (x - mean) / scale, d numbers each."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]

    __repr__ = brief


@dataclass(frozen=True)
class ModelRecord:
    """What a model file holds.

    Attributes:
        weights: d numbers, for the standardized features where there is a scaling.
        bias: one number; 0.0 for a neuron without a bias.
        feature_names: d names; a file to predict must have these columns.
        label_name: what is predicted.
        classes: the two words that label 0 and label 1 stand for.
        scaling: how raw columns were standardized, or None.
        recipe: how it was trained.
        rows: how many rows it was trained on.
        outcome: how that ended.
        epochs_done: the last epoch that was finished and is finite.
        rest: where class 1 is one of several values, the others, which class 0 stands for.
        columns: how the columns of a file become the features; none where they are the same.
    """

    weights: tuple[float, ...]
    bias: float
    feature_names: tuple[str, ...]
    label_name: str
    classes: tuple[str, str]
    scaling: Scaling | None = None
    recipe: Recipe = field(default_factory=Recipe)
    rows: int = 0
    outcome: str = ""
    epochs_done: int = 0
    rest: tuple[str, ...] = later(())
    columns: tuple[ColumnEncoding, ...] = later(())

    __repr__ = brief
