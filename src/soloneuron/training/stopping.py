"""When to stop a training before its last epoch: the watched loss no longer falls."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Theta
from soloneuron.training.arrival import Arrival
from soloneuron.training.measures import values_at
from soloneuron.training.plan import Plan
from soloneuron.training.scale import untrained_loss


@dataclass
class Patience:
    """Counts epochs in a row without an improvement of a watched loss.

    Args:
        tol: what counts as an improvement, as a share of ``untrained``.
        longest: so many epochs without one are enough.
        untrained: the watched loss of weights that are all 0: the scale of what can be gained, whatever
            the unit of the loss and the weights of the rows.

    Example:
        >>> patience = Patience(tol=0.1, longest=2, untrained=0.5)
        >>> [patience.ends([loss]) for loss in (0.4, 0.3, 0.29, 0.28)]
        [False, False, False, True]
    """

    tol: float
    longest: int
    untrained: float
    best: float = math.inf
    waited: int = 0
    promised: float = math.inf
    seen: int = 0

    def ends(self, losses: Iterable[float], promised: float | None = None) -> bool:
        """Whether the patience is at an end after these epochs.

        Args:
            losses: what is watched.
            promised: what a rule still promises to gain: while that is halved the loss may stand still.
        """
        for loss in losses:
            self.waited = 0 if loss < self.best - self.tol * self.untrained else self.waited + 1
            self.best = min(self.best, loss)
            self.seen += 1
        if promised is not None and promised < self.promised / 2:
            self.waited, self.promised = 0, promised
        return self.over

    @property
    def over(self) -> bool:
        """Whether it is at an end."""
        return self.waited >= self.longest

    @property
    def counted(self) -> Tensor:
        """What it has counted so far, (4,) float64."""
        return torch.tensor([self.best, self.waited, self.promised, self.seen], dtype=torch.float64)

    def go_on(self, counted: Tensor) -> None:
        """Count on from there."""
        self.best, waited, self.promised, seen = counted.tolist()
        self.waited, self.seen = int(waited), int(seen)


@dataclass(frozen=True)
class Validation:
    """Rows held out of a training, with the weights that they would have had in it.

    Args:
        neuron: what is trained; its penalty says nothing about rows and is left out.
        rows: those held out; weights have mean 1.
    """

    neuron: Neuron
    rows: Batch

    @staticmethod
    def of(plan: Plan, rows: Batch) -> Validation:
        """The loss of rows held out of a plan."""
        assert isinstance(plan.objective, Neuron), "rows are held out of a neuron's"
        weights = None if rows.weights is None else rows.weights / rows.weights.mean()
        return Validation(replace(plan.objective, penalty=None), rows._replace(weights=weights))

    @property
    def untrained(self) -> float:
        """Their mean loss where all weights are 0."""
        return untrained_loss(self.neuron, self.rows)

    def loss(self, theta: Theta) -> float:
        """Their mean loss at a theta (d+1,)."""
        return float(values_at(self.neuron, theta[None], self.rows))


@dataclass(frozen=True)
class Watcher:
    """Whoever ends a training before its last epoch.

    Attributes:
        arrival: of the training's plan.
        patience: with the watched loss.
        validation: whose loss is watched; None watches the training's own.
    """

    arrival: Arrival
    patience: Patience
    validation: Validation | None = None

    @property
    def numbers(self) -> list[Tensor]:
        """All on which its judgement depends."""
        patience = self.patience
        asked = torch.tensor([patience.tol, patience.longest, patience.untrained], dtype=torch.float64)
        rows = () if self.validation is None else self.validation.rows
        return [asked, *(part for part in rows if part is not None)]
