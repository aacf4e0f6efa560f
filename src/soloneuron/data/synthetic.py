"""Made data, seeded: each shows one thing that real data show all at once.

Every function returns a Dataset of two features in float64; the same seed gives the same rows.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from soloneuron.data.preparation import measure_scaling, standardize
from soloneuron.data.seeding import generator_for
from soloneuron.errors import InputError
from soloneuron.records.dataset import Dataset

OVERLAPPING = 2.0
"""Centers so far apart leave the best line about 84 % of the rows."""

TOUCHING = 1.24 * 2 * math.sqrt(2)
"""Centers at (1.24, 1.24) and opposite, each 1.75 deviations from the best line, leave it about 96 %."""

OUTLIER_SHARE = 1 / 20
"""So many rows of ``outliers`` have a wrong label."""


NOISE_STREAM = -1
"""Stream of a seed for ``add_noise``; rows and orders are drawn from others."""


def add_noise(data: Dataset, noise: float, *, seed: int = 0) -> Dataset:
    """The same rows with normal noise on every feature; with more of it each row goes further the same way.

    Args:
        data: n rows of d features.
        noise: its standard deviation as a multiple of the feature's own, >= 0; 0 leaves all as it is.
        seed: of what is drawn, any integer.

    Returns:
        A new Dataset; labels and names are those of ``data``.

    Raises:
        InputError: a noise that is negative or not finite.

    Example:
        >>> rows = make_blobs(100)
        >>> add_noise(rows, 0.5).features.std(0) > rows.features.std(0)
        tensor([True, True])
    """
    if not 0 <= noise < math.inf:
        raise InputError(f"noise must be finite and >= 0, got {noise!r}", code="noise.range")
    if noise == 0:
        return data
    X = data.features
    drawn = torch.randn(X.shape, generator=generator_for(seed, NOISE_STREAM), dtype=torch.float64)
    return replace(data, features=X + noise * X.std(0, correction=0) * drawn.to(X.dtype))


def make_blobs(rows: int = 300, *, seed: int = 0, distance: float = OVERLAPPING) -> Dataset:
    """Two round clouds of deviation 1 whose centers are ``distance`` apart along the diagonal.

    Example:
        >>> make_blobs(100).features.shape
        torch.Size([100, 2])
    """
    generator, y = generator_for(seed), _labels(rows)
    center = distance / (2 * math.sqrt(2))
    X = _normal(rows, 2, generator) + center * _side(y)
    return _dataset("blobs", X, y)


def make_clouds(rows: int = 300, *, seed: int = 0) -> Dataset:
    """Two round clouds that touch."""
    return replace(make_blobs(rows, seed=seed, distance=TOUCHING), name="clouds")


def make_moons(rows: int = 300, *, seed: int = 0, noise: float = 0.15) -> Dataset:
    """Two half circles that reach into each other; no line separates them."""
    generator, y = generator_for(seed), _labels(rows)
    angle = math.pi * torch.rand(rows, generator=generator, dtype=torch.float64)
    X = torch.stack([torch.cos(angle), torch.sin(angle)], 1)
    X = torch.where(y[:, None] > 0, torch.tensor([1.0, 0.5]) - X, X)
    return _dataset("moons", X + noise * _normal(rows, 2, generator), y)


def make_circles(rows: int = 300, *, seed: int = 0, noise: float = 0.1) -> Dataset:
    """A ring around a disk: one neuron can do nothing."""
    generator, y = generator_for(seed), _labels(rows)
    angle = 2 * math.pi * torch.rand(rows, generator=generator, dtype=torch.float64)
    radius = torch.where(y > 0, 0.4, 1.0)
    X = radius[:, None] * torch.stack([torch.cos(angle), torch.sin(angle)], 1)
    return _dataset("circles", X + noise * _normal(rows, 2, generator), y)


def make_xor(rows: int = 300, *, seed: int = 0, noise: float = 0.5) -> Dataset:
    """Four clouds in the corners of a square, opposite corners of one class: no line parts them.

    Raises:
        InputError: fewer than 4 rows, for rows take the corners in turn.
    """
    corner = torch.arange(_enough(rows, 4)) % 4
    signs = torch.tensor([[1, 1], [-1, -1], [1, -1], [-1, 1]], dtype=torch.float64)[corner]
    X = noise * _normal(rows, 2, generator_for(seed)) + 1.5 * signs
    return _dataset("xor", X, (corner < 2).double())


def make_stretched(
    rows: int = 300,
    *,
    seed: int = 0,
    factor: float = 10.0,
    shift: float = 0.0,
    distance: float = TOUCHING,
) -> Dataset:
    """Two clouds whose second feature is ``factor`` times as wide, then moved by ``shift``."""
    data = make_blobs(rows, seed=seed, distance=distance)
    X = data.features * torch.tensor([1.0, factor], dtype=torch.float64)
    return replace(data, features=X + torch.tensor([0.0, shift], dtype=torch.float64), name="stretched")


def make_standardized(rows: int = 300, *, seed: int = 0) -> Dataset:
    """The rows of ``stretched`` with every feature at mean 0 and deviation 1."""
    data = make_stretched(rows, seed=seed)
    return replace(data, features=standardize(data.features, measure_scaling(data)), name="standardized")


def make_correlated(
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
    generator, y = generator_for(seed), _labels(rows)
    noise = _normal(rows, 2, generator)
    second = correlation * noise[:, 0] + math.sqrt(1 - correlation**2) * noise[:, 1]
    apart = torch.tensor(distance, dtype=torch.float64)
    X = torch.stack([noise[:, 0], second], 1) + (y - 0.5)[:, None] * apart
    return _dataset("correlated", X, y)


def make_separable(rows: int = 300, *, seed: int = 0) -> Dataset:
    """Two round clouds far apart: a line parts them with much room, so NLL has no best finite weights."""
    y = _labels(rows)
    # Noise ends at 2 deviations, so that no seed lets the clouds touch.
    noise = 0.5 * _normal(rows, 2, generator_for(seed)).clamp(-2, 2)
    return _dataset("separable", noise + _side(y) * 1.5, y)


def make_narrow_gap(rows: int = 200, *, seed: int = 0, gap: float = 0.5) -> Dataset:
    """Two clouds with an empty strip of width ``gap`` between them along the diagonal."""
    generator, y = generator_for(seed), _labels(rows)
    along = torch.tensor([1.0, 1.0], dtype=torch.float64) / math.sqrt(2)
    noise = _normal(rows, 2, generator)
    across = noise - (noise @ along)[:, None] * along
    height = gap / 2 + _normal(rows, 1, generator)[:, 0].abs()
    X = across + _side(y) * height[:, None] * along
    return _dataset("narrow_gap", X, y)


def make_rare(rows: int = 300, *, seed: int = 0) -> Dataset:
    """A second feature that is 0 but in 2 rows of 100, and there points to the class 5 times out of 6.

    The first feature is 0 in those rows, so that the best weight of the rare one is 2 ln 5 = 3.22 for NLL.
    """
    y = _labels(rows)
    X = _normal(rows, 2, generator_for(seed)) + 0.5 * _side(y)
    X[:, 1] = 0
    present = _spread(rows, 1 / 50)
    X[present] = torch.tensor([0.0, 0.5], dtype=torch.float64) * _side(y[present])
    X[present[-1]] *= -1
    return _dataset("rare", X, y)


def make_rare_feature(
    rows: int = 2000, *, seed: int = 0, share: float = 0.02, weight: float = 2.5
) -> Dataset:
    """Labels by chance from a plain feature and from a rare one that decides wherever it is not 0."""
    generator = generator_for(seed)
    common = _normal(rows, 1, generator)[:, 0]
    rare = (torch.rand(rows, generator=generator, dtype=torch.float64) < share).double()
    chances = torch.sigmoid(common + weight * rare - weight * share)
    y = (torch.rand(rows, generator=generator, dtype=torch.float64) < chances).double()
    return Dataset(torch.stack([common, rare], 1), y, ("common", "rare"), name="rare_feature")


def make_outliers(rows: int = 300, *, seed: int = 0) -> Dataset:
    """Two round clouds that touch; of both classes one row in twenty has a wrong label and lies far away."""
    data = make_clouds(rows, seed=seed)
    X, y = data.features.clone(), data.labels
    wrong = _spread(rows, OUTLIER_SHARE)
    X[wrong] = torch.tensor([8.0, 4.0], dtype=torch.float64) * -_side(y[wrong]) + 0.5 * X[wrong]
    return replace(data, features=X, name="outliers")


def outlier_rows(data: Dataset) -> Tensor:
    """Which rows have a wrong label and lie far away, (n,) of bool; none but in ``outliers``."""
    found = torch.zeros(len(data.labels), dtype=torch.bool)
    if data.name == "outliers":
        found[_spread(len(data.labels), OUTLIER_SHARE)] = True
    return found


def make_gross_outliers(
    rows: int = 300, *, seed: int = 0, count: int = 10, distance: float = 20.0
) -> Dataset:
    """Blobs that a line separates well, the last ``count`` rows of class 1 thrown far away to one side."""
    data = make_blobs(rows, seed=seed, distance=4.0)
    X, y = data.features.clone(), data.labels
    thrown = (y > 0).nonzero()[-count:, 0] if count else torch.zeros(0, dtype=torch.int64)
    far = torch.tensor([-distance, distance * 0.1], dtype=torch.float64)
    X[thrown] = far + 0.5 * _normal(len(thrown), 2, generator_for(seed, 1))
    return replace(data, features=X, name="gross_outliers")


def make_label_noise(rows: int = 300, *, seed: int = 0, share: float = 0.2) -> Dataset:
    """Blobs with a share of the labels turned over."""
    data = make_blobs(rows, seed=seed, distance=3.0)
    wrong = torch.randperm(rows, generator=generator_for(seed, 1))[: round(share * rows)]
    y = data.labels.clone()
    y[wrong] = 1 - y[wrong]
    return replace(data, labels=y, name="label_noise")


def make_imbalanced(rows: int = 1000, *, seed: int = 0, share: float = 0.05) -> Dataset:
    """Blobs of which only a share is of class 1."""
    data = make_blobs(rows, seed=seed)
    y = torch.zeros(rows, dtype=torch.float64)
    y[: round(share * rows)] = 1.0
    X = data.features + (y - data.labels)[:, None] * math.sqrt(2)
    return replace(data, features=X, labels=y, name="imbalanced")


def make_duplicates(rows: int = 10_000, *, seed: int = 0, different: int = 20) -> Dataset:
    """A few different rows, each many times, in a random order."""
    data = make_blobs(different, seed=seed)
    chosen = torch.arange(rows)[torch.randperm(rows, generator=generator_for(seed, 1))] % different
    return replace(data, features=data.features[chosen], labels=data.labels[chosen], name="duplicates")


def make_saturated(rows: int = 300, *, seed: int = 0) -> Dataset:
    """Blobs far apart; from a start like (-4, -4, 0) the neuron is sure of the wrong answer."""
    return replace(make_blobs(rows, seed=seed, distance=4.0), name="saturated")


def _labels(rows: int) -> Tensor:
    """The classes 0 and 1 in turn, (rows,)."""
    return (torch.arange(_enough(rows, 2)) % 2).double()


def _enough(rows: int, least: int) -> int:
    if rows < least:
        raise InputError(f"rows must be >= {least}, got {rows!r}", code="rows.range")
    return rows


def _side(y: Tensor) -> Tensor:
    """-1 for class 0 and 1 for class 1, as a column."""
    return (2 * y - 1)[:, None]


def _spread(rows: int, share: float) -> Tensor:
    """The indices of a share of the rows, evenly spread, of both classes in turn; at least one."""
    index = torch.arange(max(1, round(share * rows)))
    # An even distance stays in one class, so that the added 0 or 1 is the class.
    return index * (rows // len(index) // 2 * 2) + index % 2


def _normal(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    return torch.randn(rows, columns, generator=generator, dtype=torch.float64)


def _dataset(name: str, X: Tensor, y: Tensor) -> Dataset:
    return Dataset(X, y, tuple(f"x{j + 1}" for j in range(X.shape[1])), name=name)
