"""Somebody's own rows, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass

from soloneuron.formulas.penalties import Penalty
from soloneuron.records.dataset import Dataset
from soloneuron.texts.phrases import Phrase


@dataclass(frozen=True)
class OwnData:
    """What the questions of the study see of somebody's file; made by ``own_data``.

    Attributes:
        raw: the rows as they came, X (n, d), without columns that never change.
        even: the same rows, every column at mean 0 and deviation 1.
        penalty: what gives the rows an optimum where they have none of their own; else None.
        notes: what was done to the rows, in words.
    """

    raw: Dataset
    even: Dataset
    penalty: Penalty | None = None
    notes: tuple[Phrase, ...] = ()

    @property
    def count(self) -> int:
        """n."""
        return len(self.even.labels)

    @property
    def smaller_class(self) -> int:
        """How many rows the class with fewer of them has."""
        ones = int(self.even.labels.sum())
        return min(ones, self.count - ones)
