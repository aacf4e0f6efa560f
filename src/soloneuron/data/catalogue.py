"""All data sets by name: one name means the same rows everywhere, on the command line as in the page.

A new data set is a function, a line here, and its words under ``data.NAME`` in both languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soloneuron.catalogues import Catalogue

if TYPE_CHECKING:  # the names of the data sets do not wait for torch
    from soloneuron.records.dataset import Dataset


@dataclass(frozen=True)
class DatasetEntry:
    """A data set of the catalogue.

    Args:
        generator: ``"module:function"``; the function returns a Dataset.
        seeded: whether the function takes ``rows`` and ``seed``; else its rows are always the same.
        planar: whether the page offers it: two features, and no more rows than a page draws.
    """

    generator: str
    seeded: bool = True
    planar: bool = False


def _synthetic(name: str, *, planar: bool = False) -> dict[str, DatasetEntry]:
    return {name: DatasetEntry(f"soloneuron.data.synthetic:make_{name}", planar=planar)}


def _bundled(name: str) -> dict[str, DatasetEntry]:
    return {name: DatasetEntry(f"soloneuron.data.bundled:load_{name}", seeded=False)}


def _measured(name: str) -> dict[str, DatasetEntry]:
    return {name: DatasetEntry(f"soloneuron.data.measured:load_{name}", seeded=False, planar=True)}


ENTRIES = {
    **_synthetic("clouds", planar=True),
    **_synthetic("separable", planar=True),
    **_synthetic("stretched", planar=True),
    **_synthetic("standardized", planar=True),
    **_synthetic("outliers", planar=True),
    **_synthetic("rare", planar=True),
    **_synthetic("xor", planar=True),
    "assignment": DatasetEntry("soloneuron.data.assignment:assignment_data", seeded=False, planar=True),
    **_measured("iris"),
    **_measured("wine"),
    **_measured("tumors"),
    **_synthetic("blobs"),
    **_synthetic("moons"),
    **_synthetic("circles", planar=True),
    **_synthetic("correlated"),
    **_synthetic("narrow_gap"),
    **_synthetic("rare_feature"),
    **_synthetic("gross_outliers"),
    **_synthetic("label_noise"),
    **_synthetic("imbalanced"),
    **_synthetic("duplicates"),
    **_synthetic("saturated"),
    **_bundled("breast_cancer"),
    **_bundled("iris_pair"),
    **_bundled("digits_pair"),
}
"""Every data set; under ``data.NAME`` in ``texts`` stand a title for menus and one sentence."""

DATASETS = Catalogue("data set", {name: entry.generator for name, entry in ENTRIES.items()})

PLANAR = Catalogue("data set", {name: entry.generator for name, entry in ENTRIES.items() if entry.planar})
"""Those that the page offers."""


def make_dataset(name: str, *, seed: int = 0, noise: float = 0.0) -> Dataset:
    """The data set of that name, the same for the same seed.

    Args:
        name: a key of ``DATASETS``.
        seed: >= 0; data that are not made by chance need none.
        noise: normal noise on the rows, in standard deviations of each feature, >= 0.

    Returns:
        A Dataset in float64 with labels 0 and 1.

    Raises:
        UnknownNameError: no such data set; the nearest is suggested.
        InputError: a noise that is negative or not finite.

    Example:
        >>> make_dataset("clouds").features.shape
        torch.Size([300, 2])
    """
    generate = DATASETS.load(name)
    made: Dataset = generate(seed=seed) if ENTRIES[name].seeded else generate()
    from soloneuron.data.synthetic import add_noise

    return add_noise(made, noise, seed=seed)
