"""Rows to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from soloneuron.brief import brief
from soloneuron.records.columns import ColumnEncoding
from soloneuron.records.later import later
from soloneuron.shapes import Features, Labels, RowWeights


@dataclass(frozen=True, eq=False)
class Dataset:
    """Features and labels, with their names.

    Attributes:
        features: X (n, d).
        labels: y (n,), in [0, 1].
        feature_names: d names, in the order of the columns.
        label_name: what the label is called.
        classes: the two words that label 0 and label 1 stand for.
        name: where the rows come from.
        rest: where label 1 is one of several values, the others, which label 0 stands for.
        columns: how the columns of a file became the features; none where they are the same.
    """

    features: Features
    labels: Labels
    feature_names: tuple[str, ...]
    label_name: str = "label"
    classes: tuple[str, str] = ("0", "1")
    name: str = ""
    rest: tuple[str, ...] = later(())
    columns: tuple[ColumnEncoding, ...] = later(())

    __repr__ = brief


class Batch(NamedTuple):
    """The rows of one update.

    Attributes:
        features: X (..., m, d); leading axes belong to runs that see different rows.
        labels: y (..., m).
        weights: s (..., m), how much each row counts; None counts all alike.
    """

    features: Features
    labels: Labels
    weights: RowWeights | None = None

    def __repr__(self) -> str:
        return brief(self)
