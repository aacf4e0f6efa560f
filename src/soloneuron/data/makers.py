"""Made data, seeded: each shows one thing that real data show all at once.

Every maker returns a Dataset of float64 rows; the same seed gives the same rows.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from soloneuron.data.batches import dice
from soloneuron.errors import InputError
from soloneuron.records.dataset import Dataset


def blobs(rows: int = 300, *, seed: int = 0, distance: float = 2.0) -> Dataset:
    """Two round clouds of deviation 1 whose centers are ``distance`` apart along the diagonal.

    Example:
        >>> blobs(100).features.shape
        torch.Size([100, 2])
    """
    chance, y = dice(seed), _labels(rows)
    center = distance / (2 * math.sqrt(2))
    X = _normal(rows, 2, chance) + center * (2 * y - 1)[:, None]
    return _dataset("blobs", X, y)


def moons(rows: int = 300, *, seed: int = 0, noise: float = 0.15) -> Dataset:
    """Two half circles that reach into each other; no line separates them."""
    chance, y = dice(seed), _labels(rows)
    angle = math.pi * torch.rand(rows, generator=chance, dtype=torch.float64)
    X = torch.stack([torch.cos(angle), torch.sin(angle)], 1)
    X = torch.where(y[:, None] > 0, torch.tensor([1.0, 0.5]) - X, X)
    return _dataset("moons", X + noise * _normal(rows, 2, chance), y)


def circles(rows: int = 300, *, seed: int = 0, noise: float = 0.1) -> Dataset:
    """A ring around a disk: one neuron can do nothing."""
    chance, y = dice(seed), _labels(rows)
    angle = 2 * math.pi * torch.rand(rows, generator=chance, dtype=torch.float64)
    radius = torch.where(y > 0, 0.4, 1.0)
    X = radius[:, None] * torch.stack([torch.cos(angle), torch.sin(angle)], 1)
    return _dataset("circles", X + noise * _normal(rows, 2, chance), y)


def xor(rows: int = 300, *, seed: int = 0, noise: float = 0.25) -> Dataset:
    """Four clouds in the corners of a square, opposite corners alike: one neuron can do nothing."""
    chance, y = dice(seed), _labels(rows)
    side = torch.where(torch.rand(rows, generator=chance, dtype=torch.float64) < 0.5, -1.0, 1.0)
    X = torch.stack([side, side * (1 - 2 * y)], 1)
    return _dataset("xor", X + noise * _normal(rows, 2, chance), y)


def stretched(rows: int = 300, *, seed: int = 0, factor: float = 10.0, shift: float = 0.0) -> Dataset:
    """Blobs whose second feature is ``factor`` times as wide, then moved by ``shift``."""
    data = blobs(rows, seed=seed)
    X = data.features * torch.tensor([1.0, factor], dtype=torch.float64)
    return replace(data, features=X + torch.tensor([0.0, shift], dtype=torch.float64), name="stretched")


def correlated(
    rows: int = 300,
    *,
    seed: int = 0,
    correlation: float = 0.98,
    distance: tuple[float, float] = (1.0, 1.0),
) -> Dataset:
    """Two clouds whose noise in the two features is nearly the same; their centers are ``distance`` apart.

    With (1, 1) the label follows what the features share, with (0.2, -0.2) their small difference.

    Raises:
        InputError: a correlation outside (-1, 1).
    """
    if not -1 < correlation < 1:
        raise InputError(
            f"correlation must lie between -1 and 1, got {correlation!r}", code="correlation.range"
        )
    chance, y = dice(seed), _labels(rows)
    noise = _normal(rows, 2, chance)
    second = correlation * noise[:, 0] + math.sqrt(1 - correlation**2) * noise[:, 1]
    apart = torch.tensor(distance, dtype=torch.float64)
    X = torch.stack([noise[:, 0], second], 1) + (y - 0.5)[:, None] * apart
    return _dataset("correlated", X, y)


def separable(rows: int = 200, *, seed: int = 0, gap: float = 0.5) -> Dataset:
    """Two clouds with an empty strip of width ``gap`` between them along the diagonal."""
    chance, y = dice(seed), _labels(rows)
    along = torch.tensor([1.0, 1.0], dtype=torch.float64) / math.sqrt(2)
    noise = _normal(rows, 2, chance)
    across = noise - (noise @ along)[:, None] * along
    height = gap / 2 + _normal(rows, 1, chance)[:, 0].abs()
    X = across + ((2 * y - 1) * height)[:, None] * along
    return _dataset("separable", X, y)


def rare_feature(rows: int = 2000, *, seed: int = 0, share: float = 0.02, weight: float = 2.5) -> Dataset:
    """Labels by chance from a plain feature and from a rare one that decides wherever it is not 0."""
    chance = dice(seed)
    common = _normal(rows, 1, chance)[:, 0]
    rare = (torch.rand(rows, generator=chance, dtype=torch.float64) < share).double()
    chances = torch.sigmoid(common + weight * rare - weight * share)
    y = (torch.rand(rows, generator=chance, dtype=torch.float64) < chances).double()
    return Dataset(torch.stack([common, rare], 1), y, ("common", "rare"), name="rare_feature")


def outliers(rows: int = 300, *, seed: int = 0, count: int = 10, distance: float = 20.0) -> Dataset:
    """Blobs that a line separates well, the last ``count`` rows of class 1 thrown far away to one side."""
    data = blobs(rows, seed=seed, distance=4.0)
    X, y = data.features.clone(), data.labels
    thrown = (y > 0).nonzero()[-count:, 0] if count else torch.zeros(0, dtype=torch.int64)
    far = torch.tensor([-distance, distance * 0.1], dtype=torch.float64)
    X[thrown] = far + 0.5 * _normal(len(thrown), 2, dice(seed, 1))
    return replace(data, features=X, name="outliers")


def label_noise(rows: int = 300, *, seed: int = 0, share: float = 0.2) -> Dataset:
    """Blobs with a share of the labels turned over."""
    data = blobs(rows, seed=seed, distance=3.0)
    wrong = torch.randperm(rows, generator=dice(seed, 1))[: round(share * rows)]
    y = data.labels.clone()
    y[wrong] = 1 - y[wrong]
    return replace(data, labels=y, name="label_noise")


def imbalanced(rows: int = 1000, *, seed: int = 0, share: float = 0.05) -> Dataset:
    """Blobs of which only a share is of class 1."""
    data = blobs(rows, seed=seed)
    y = torch.zeros(rows, dtype=torch.float64)
    y[: round(share * rows)] = 1.0
    X = data.features + (y - data.labels)[:, None] * math.sqrt(2)
    return replace(data, features=X, labels=y, name="imbalanced")


def duplicates(rows: int = 10_000, *, seed: int = 0, different: int = 20) -> Dataset:
    """A few different rows, each many times, in a random order."""
    data = blobs(different, seed=seed)
    chosen = torch.arange(rows)[torch.randperm(rows, generator=dice(seed, 1))] % different
    return replace(data, features=data.features[chosen], labels=data.labels[chosen], name="duplicates")


def saturated(rows: int = 300, *, seed: int = 0) -> Dataset:
    """Blobs far apart; from a start like (-4, -4, 0) the neuron is sure of the wrong answer."""
    return replace(blobs(rows, seed=seed, distance=4.0), name="saturated")


def _labels(rows: int) -> Tensor:
    if rows < 2:
        raise InputError(f"rows must be >= 2, got {rows!r}", code="rows.range")
    return (torch.arange(rows) % 2).double()


def _normal(rows: int, columns: int, chance: torch.Generator) -> Tensor:
    return torch.randn(rows, columns, generator=chance, dtype=torch.float64)


def _dataset(name: str, X: Tensor, y: Tensor) -> Dataset:
    return Dataset(X, y, tuple(f"x{j + 1}" for j in range(X.shape[1])), name=name)
