"""How one training is done: every part by its name with all its settings.

A recipe is plain data. The options of the command line, the parameters of the estimator, the page's link and
the copied Python are spellings of it; run and model files hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Value = None | bool | int | float | str | tuple[float, ...]
"""A setting as JSON has it; a tuple is one number for each coordinate of theta."""


@dataclass(frozen=True)
class Part:
    """A loss, a penalty, an optimizer, a schedule or an objective.

    Attributes:
        name: its name in the catalogue, or what somebody's own object calls itself.
        settings: all its settings, defaults included; a schedule stands as a Part of its own.
        own: whether it is somebody's own object, which no catalogue can rebuild.

    Example:
        >>> Part("focal", {"gamma": 2.0}).settings["gamma"]
        2.0
    """

    name: str
    settings: Mapping[str, Value | Part] = field(default_factory=dict)
    own: bool = False


@dataclass(frozen=True)
class Recipe:
    """How one run is trained.

    Attributes:
        objective: what is minimized: ``neuron``, or somebody's own objective.
        loss: of the neuron.
        penalty: of the neuron, or None.
        optimizer: the rule with its learning rate.
        epochs: passes over the rows that were asked for.
        batch_size: rows an update; None takes all.
        shuffle: whether each epoch has an order of its own; ``tiles``: one by tiles, see ``TileOrder``.
        seed: of that order; None where rows are taken as they come.
        reduction: ``mean`` or ``sum`` of the gradients in a batch.
        class_weight: None, ``balanced``, or what a row of class 0 and of class 1 counts.
        sample_weight: whether rows had weights of their own, which no recipe can hold.
        bias: whether the neuron has one.
        record_every: epochs between two records of theta.
        dtype: ``float64`` or ``float32``.
        standardize: whether columns were brought to mean 0 and standard deviation 1 first.
        test_share: the share of rows that was held out, or None.
        split_seed: the seed by which they were held out, or None.

    Example:
        >>> Recipe(optimizer=Part("adam", {"learning_rate": 0.01})).optimizer.settings["learning_rate"]
        0.01
    """

    objective: Part = Part("neuron")
    loss: Part = Part("nll")
    penalty: Part | None = None
    optimizer: Part = Part("gradient_descent", {"learning_rate": 0.1})
    epochs: int = 100
    batch_size: int | None = None
    shuffle: bool | Literal["tiles"] = False
    seed: int | None = None
    reduction: Literal["mean", "sum"] = "mean"
    class_weight: str | tuple[float, float] | None = None
    sample_weight: bool = False
    bias: bool = True
    record_every: int = 1
    dtype: Literal["float64", "float32"] = "float64"
    standardize: bool = False
    test_share: float | None = None
    split_seed: int | None = None

    @property
    def learning_rate(self) -> Value | Part:
        """The rate of the optimizer: a number, one a coordinate, or a schedule."""
        return self.optimizer.settings.get("learning_rate")

    def parts(self) -> tuple[Part, ...]:
        """All parts, schedules included."""
        direct = [
            part for part in (self.objective, self.loss, self.penalty, self.optimizer) if part is not None
        ]
        inner = [value for part in direct for value in part.settings.values() if isinstance(value, Part)]
        return (*direct, *inner)
