"""The names of the data sets; their sentences stand in ``texts`` under the same names."""

from __future__ import annotations

from soloneuron.catalogues import Catalogue

_MAKERS = (
    "blobs",
    "moons",
    "circles",
    "xor",
    "stretched",
    "correlated",
    "separable",
    "rare_feature",
    "outliers",
    "label_noise",
    "imbalanced",
    "duplicates",
    "saturated",
)
_BUNDLED = ("breast_cancer", "iris_pair", "digits_pair")

DATASETS = Catalogue(
    "data set",
    {
        "assignment": "soloneuron.data.assignment:assignment_data",
        **{name: f"soloneuron.data.makers:{name}" for name in _MAKERS},
        **{name: f"soloneuron.data.bundled:{name}" for name in _BUNDLED},
    },
)

SEEDED = frozenset(_MAKERS)
"""Those that take rows and a seed."""
