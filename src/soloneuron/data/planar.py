"""Small data sets in the plane, made by seeded dice: each shows one thing that training can meet."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from soloneuron.catalogues import Catalogue
from soloneuron.data.assignment import assignment_data
from soloneuron.data.batches import dice
from soloneuron.data.preparation import measure_scaling, standardize
from soloneuron.records.dataset import Dataset

PLANAR = Catalogue(
    "data set",
    {
        name: f"soloneuron.data.planar:{name}"
        for name in (
            *("clouds", "separable", "stretched", "standardized", "outliers", "rare", "xor", "assignment"),
        )
    },
)
"""The names of the data sets; their sentences stand in ``texts`` under the same names."""

ROWS = 300
MIDDLE = 1.24
"""The clouds' middles lie at (1.24, 1.24) and opposite: 1.75 deviations from the line between them."""


def make_planar(name: str, *, seed: int = 0) -> Dataset:
    """The data set of that name, the same for the same seed.

    Args:
        name: a key of ``PLANAR``.
        seed: of the dice, >= 0; the assignment's five points need none.

    Returns:
        A Dataset of features (n, 2) and labels (n,) in float64.

    Raises:
        UnknownNameError: no such data set.

    Example:
        >>> make_planar("clouds").features.shape
        torch.Size([300, 2])
    """
    make: Callable[[Generator], Dataset] = PLANAR.load(name)
    return make(dice(seed))


def clouds(chance: Generator) -> Dataset:
    """Two round clouds that touch."""
    y = _halves()
    return _dataset("clouds", _normal(chance) + _side(y) * MIDDLE, y)


def separable(chance: Generator) -> Dataset:
    """Two round clouds far apart: no finite weights are best for NLL."""
    y = _halves()
    return _dataset("separable", 0.5 * _normal(chance).clamp(-2, 2) + _side(y) * 1.5, y)


def stretched(chance: Generator) -> Dataset:
    """The clouds with the second feature ten times as long: the landscape becomes a ravine."""
    y = _halves()
    return _dataset("stretched", (_normal(chance) + _side(y) * MIDDLE) * torch.tensor([1.0, 10.0]), y)


def standardized(chance: Generator) -> Dataset:
    """The stretched clouds after every feature was divided by its deviation."""
    data = stretched(chance)
    return _dataset("standardized", standardize(data.features, measure_scaling(data)), data.labels)


def outliers(chance: Generator) -> Dataset:
    """The clouds, with 15 of the 300 labels wrong and their points far away."""
    y = _halves()
    X = _normal(chance) + _side(y) * MIDDLE
    wrong = _now_and_then(15)
    X[wrong] = torch.tensor([8.0, 4.0]) * -_side(y[wrong]) + 0.5 * X[wrong]
    return _dataset("outliers", X, y)


def rare(chance: Generator) -> Dataset:
    """A second feature that is 0 but in 2 rows of 100, and there points to the class 5 times out of 6.

    The first feature is 0 in those rows, so that the best weight of the rare one is 2 ln 5 = 3.22 for NLL.
    """
    y = _halves()
    X = _normal(chance) + 0.5 * _side(y)
    X[:, 1] = 0
    told = _now_and_then(6)
    X[told] = torch.tensor([0.0, 0.5]) * _side(y[told])
    X[told[-1]] *= -1
    return _dataset("rare", X, y)


def strays(data: Dataset) -> Tensor:
    """Which rows of a data set in the plane have a wrong label and lie far away, (n,) of bool."""
    found = torch.zeros(len(data.labels), dtype=torch.bool)
    if data.name == "outliers":
        found[_now_and_then(15)] = True
    return found


def xor(chance: Generator) -> Dataset:
    """Four clouds, the opposite ones of one class: no line parts them."""
    corner = torch.arange(ROWS) % 4
    signs = torch.tensor([[1, 1], [-1, -1], [1, -1], [-1, 1]], dtype=torch.float64)[corner]
    return _dataset("xor", 0.5 * _normal(chance) + 1.5 * signs, (corner < 2).double())


def assignment(_chance: Generator) -> Dataset:
    """The five points of the assignment."""
    return assignment_data()


def _normal(chance: Generator) -> Tensor:
    return torch.randn(ROWS, 2, generator=chance, dtype=torch.float64)


def _halves() -> Tensor:
    return (torch.arange(ROWS) % 2).double()


def _now_and_then(count: int) -> Tensor:
    """Rows at even distances, of both classes in turn."""
    places = torch.arange(count)
    return places * (ROWS // count) + places % 2


def _side(y: Tensor) -> Tensor:
    return (2 * y - 1)[:, None]


def _dataset(name: str, X: Tensor, y: Tensor) -> Dataset:
    return Dataset(features=X, labels=y, feature_names=("x1", "x2"), name=name)
