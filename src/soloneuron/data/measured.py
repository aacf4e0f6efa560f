"""Small real data, two columns each: they come with the package, so that nobody needs scikit-learn to play.

The numbers stand in ``measured_rows``, which ``scripts/measured`` takes from scikit-learn.
"""

from __future__ import annotations

from itertools import accumulate

import torch

from soloneuron.data import measured_rows
from soloneuron.data.measured_rows import MeasuredRows
from soloneuron.records.dataset import Dataset
from soloneuron.texts import text

TENTHS = 10

CENTERS = {"iris": (49, 17), "wine": (16, 48), "tumors": (0, 0)}
"""What is taken from the columns, in tenths: about their means, or nothing."""


def load_iris() -> Dataset:
    """100 irises, versicolor and virginica: length and width of a petal in cm, less 4.9 and 1.7.

    Example:
        >>> load_iris().features[0].tolist()
        [-1.9, -0.6]
    """
    return _dataset("iris", ("versicolor", "virginica"))


def load_wine() -> Dataset:
    """59 wines of two cultivars: flavanoids and color intensity, less 1.6 and 4.8."""
    return _dataset("wine", ("class_1", "class_2"))


def load_tumors() -> Dataset:
    """95 tumors: mean radius and mean texture as they were measured, far from 0; class 1 is benign."""
    return _dataset("tumors", ("malignant", "benign"))


def tenths(name: str) -> MeasuredRows:
    """The numbers of a data set as they are kept."""
    found: MeasuredRows = getattr(measured_rows, name.upper())
    return found


def _dataset(name: str, classes: tuple[str, str]) -> Dataset:
    zeros, steps, second = tenths(name)
    x1 = [int(step) for step in steps.split()]
    x1 = [*accumulate(x1[:zeros]), *accumulate(x1[zeros:])]
    X = torch.tensor([x1, [int(number) for number in second.split()]], dtype=torch.float64).T
    X = (X - torch.tensor(CENTERS[name], dtype=torch.float64)) / TENTHS
    y = (torch.arange(len(X)) >= zeros).double()
    features = tuple(text("en", f"data.{name}.{letter}") for letter in ("x1", "x2"))
    return Dataset(X.contiguous(), y, features, classes=classes, name=name)
