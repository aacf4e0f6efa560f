"""A grid of settings: which values there are, and which runs can train in one tensor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np
import torch
from torch import Tensor

from soloneuron.formulas.penalties import L1, L2, ElasticNet, Penalty, RunNumber
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.records.recipe import Value
from soloneuron.training.run_axes import takes_run_axes

AXES = ("learning_rate", "l1", "l2", "loss", "optimizer", "batch_size", "seeds", "initial")
"""Keywords of a sweep that may have several values; so may every hyperparameter."""

SEPARATE_AXES = ("loss", "optimizer", "batch_size")
"""Those whose values never share a tensor: the work differs in its formulas or in its shapes."""


@dataclass(frozen=True)
class RunGroup:
    """Runs that train in one tensor.

    Attributes:
        numbers: (run axes...), the place of each in the grid.
        settings: keywords of ``prepare``.
    """

    numbers: Tensor
    settings: dict[str, Any]


@dataclass(frozen=True)
class SweepGrid:
    """The values of every axis, in the order of the keywords, and what all runs share.

    Attributes:
        axes: keyword -> its values; hyperparameters stand among them by their own names.
        hyperparameters: which of the axes these are.
        shared: keywords of ``prepare`` that are the same for all runs, ``hyperparameters`` apart.
        shared_hyperparameters: those of them with a single value.
    """

    axes: dict[str, tuple[Any, ...]]
    hyperparameters: frozenset[str]
    shared: dict[str, Any]
    shared_hyperparameters: dict[str, Any]

    @property
    def runs(self) -> int:
        """How many there are."""
        return prod(len(values) for values in self.axes.values())

    def recorded_axes(self) -> dict[str, tuple[Value, ...]]:
        """The axes as a record holds them: numbers and words."""
        return {name: tuple(_recorded(value) for value in values) for name, values in self.axes.items()}

    def groups(self) -> Iterator[RunGroup]:
        """The runs by what can share a tensor.

        Everything that can be a run axis is one: rates, strengths, hyperparameters, starts. Runs in orders
        of their own cannot share gathered rows, so seeds are an axis only where nothing else is. A rule with
        a line search trains run by run.
        """
        numbers = torch.arange(self.runs).view([len(values) for values in self.axes.values()])
        for place, rule in enumerate(self.rules()):
            cells = [[[place]] if name == "optimizer" else self._cells(name, rule) for name in self.axes]
            for chosen in product(*cells):
                yield self._group(numbers, dict(zip(self.axes, chosen, strict=True)))

    def rules(self) -> list[Optimizer]:
        """The optimizers, without the hyperparameters of the grid."""
        shared = self.shared.get("optimizer", "gradient_descent")
        return [as_optimizer(optimizer) for optimizer in self.axes.get("optimizer", (shared,))]

    def probes(self) -> Iterator[dict[str, Any]]:
        """Settings of single runs that show every value of the axes whose runs stand apart."""
        first = {name: [0] for name in self.axes}
        yield self._settings(first, ())
        for name in SEPARATE_AXES:
            for place in range(1, len(self.axes.get(name, ()))):
                yield self._settings({**first, name: [place]}, ())

    def _cells(self, name: str, rule: Optimizer) -> list[list[int]]:
        """The places of an axis, those together whose runs can share a tensor."""
        values = self.axes[name]
        places = list(range(len(values)))
        if not takes_run_axes(rule) or name in SEPARATE_AXES:
            return [[place] for place in places]
        if name == "seeds":
            joint = [own for axis, own in self.axes.items() if axis not in (*SEPARATE_AXES, name)]
            return [[place] for place in places] if prod(map(len, joint)) > 1 else [places]
        if name in self.hyperparameters and not rule.hyperparameters[name].tensor:
            return [[place] for place in places]
        words = [isinstance(value, str | None) or callable(value) for value in values]
        numbers = [place for place in places if not words[place]]
        return [*([numbers] if numbers else []), *([place] for place in places if words[place])]

    def _group(self, numbers: Tensor, chosen: dict[str, list[int]]) -> RunGroup:
        for dim, places in enumerate(chosen.values()):
            numbers = numbers.index_select(dim, torch.tensor(places))
        many = [name for name, places in chosen.items() if len(places) > 1]
        numbers = numbers.reshape([len(chosen[name]) for name in many])
        return RunGroup(numbers, self._settings(chosen, tuple(many)))

    def _settings(self, chosen: dict[str, list[int]], many: tuple[str, ...]) -> dict[str, Any]:
        """Keywords of ``prepare`` for some places of every axis; ``many`` become run axes in this order."""
        own: dict[str, Any] = {}
        for name, places in chosen.items():
            values = [self.axes[name][place] for place in places]
            if name not in many:
                own[name] = values[0]
            elif name == "seeds":
                own[name] = values
            else:
                # One value a place of its axis, broadcasting against all others and against theta.
                shape = [len(values) if axis == name else 1 for axis in many]
                own[name] = _column(values).reshape(*shape, -1)
        return self._keywords(own)

    def _keywords(self, own: dict[str, Any]) -> dict[str, Any]:
        settings = {**self.shared, **own}
        inside = {name: settings.pop(name) for name in self.hyperparameters}
        inside = {**self.shared_hyperparameters, **inside}
        if inside:
            settings["optimizer"] = as_optimizer(settings.get("optimizer", "gradient_descent")).replace(
                **inside
            )
        strengths = {name: settings.pop(name) for name in ("l1", "l2") if name in settings}
        if strengths:
            settings["penalty"] = _penalty(**strengths)
        if "seeds" in settings:
            settings["seed"] = settings.pop("seeds")
            settings.setdefault("shuffle", True)
        return settings


def _column(values: list[Any]) -> Tensor:
    """Numbers, or vectors of one length, as one tensor."""
    if isinstance(values[0], float):
        return torch.tensor(values, dtype=torch.float64)
    return torch.stack([torch.as_tensor(value, dtype=torch.float64) for value in values])


def _penalty(l1: RunNumber | None = None, l2: RunNumber | None = None) -> Penalty:
    """The penalty l1 * sum |w| + l2/2 * sum w^2."""
    if l2 is None:
        assert l1 is not None, "one of the two is given"
        return L1(l1)
    if l1 is None:
        return L2(l2)
    both = l1 + l2
    if isinstance(both, Tensor):
        return ElasticNet(both, l1_ratio=torch.where(both > 0, l1 / both, 0.0))
    return ElasticNet(both, l1_ratio=float(l1) / both if both else 0.0)


def _recorded(value: Any) -> Value:
    """A value of an axis as a table shows it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Tensor | np.ndarray | list | tuple):
        return tuple(torch.as_tensor(value, dtype=torch.float64).flatten().tolist())
    return repr(value)
