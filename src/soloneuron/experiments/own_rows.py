"""Somebody's own rows, ready to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from soloneuron.data.preparation import measure_scaling
from soloneuron.formulas.penalties import Penalty
from soloneuron.records.dataset import Dataset
from soloneuron.texts.phrases import Phrase, Said

LARGEST_COLUMN = 1e100
"""Up to this size a column can be computed with as it came; squares and their products overflow beyond."""

SMALLEST_COLUMN = 1e-100
"""The same downwards: squares of a smaller column vanish."""

LEAST_CHANGE = 1e-7
"""So much of its size a column must change by: curvatures are squares, and 64 bits tell 1e-16 of a square."""

NAMED = 5
"""So many columns are called by name."""


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

    def not_as_they_came(self) -> Phrase | None:
        """Why nothing can be measured on the rows as they came: the columns to blame; None where it can."""
        names, size = self.raw.feature_names, self.raw.features.abs().amax(0)
        change = torch.tensor(measure_scaling(self.raw).scale, dtype=size.dtype) / size
        for key, values, limit, beyond in (
            ("large", size, LARGEST_COLUMN, size > LARGEST_COLUMN),
            ("small", size, SMALLEST_COLUMN, size < SMALLEST_COLUMN),
            ("flat", change, LEAST_CHANGE, change < LEAST_CHANGE),
        ):
            if beyond.any():
                blamed = [name for name, bad in zip(names, beyond.tolist(), strict=True) if bad]
                fields: dict[str, Said] = {
                    "names": named(blamed),
                    "count": len(blamed),
                    "most": float(values[beyond].max()),
                }
                return Phrase(f"study.own.{key}", {**fields, "limit": limit})
        return None


def named(columns: Sequence[str]) -> str:
    """Columns by name, the first few of many."""
    return ", ".join(columns[:NAMED]) + (" ..." if len(columns) > NAMED else "")
