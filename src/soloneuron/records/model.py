"""A trained neuron, ready to predict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Scaling:
    """How raw columns were standardized: (x - mean) / scale, d numbers each."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]


@dataclass(frozen=True)
class Model:
    """What a model file holds.

    Attributes:
        weights: d numbers, for the standardized features where there is a scaling.
        bias: one number; 0.0 for a neuron without a bias.
        feature_names: d names; a file to predict must have these columns.
        label_name: what is predicted.
        classes: the two words that label 0 and label 1 stand for.
        scaling: how raw columns were standardized, or None.
        training: how it was trained, as plain JSON values.
    """

    weights: tuple[float, ...]
    bias: float
    feature_names: tuple[str, ...]
    label_name: str
    classes: tuple[str, str]
    scaling: Scaling | None = None
    training: dict[str, Any] = field(default_factory=dict)
