"""scikit-learn's transformers, which make features of words and of missing cells; made of plain records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from soloneuron.errors import MissingExtraError
from soloneuron.records.columns import ColumnEncoding

try:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import MissingIndicator, SimpleImputer
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.preprocessing import OneHotEncoder
except ImportError:
    raise MissingExtraError("making features of words and of missing cells", "sklearn") from None
ROOMY = 1e300
"""Numbers up to this size can be added."""


def typical_values(
    values: npt.NDArray[np.float64], words: npt.NDArray[np.bool_], strategy: str
) -> list[float]:
    """The mean or median of numbers and dates, the most frequent code of words.

    Args:
        values: (n, d), nan where a cell is missing.
        words: (d,), which columns hold codes of words.
        strategy: ``mean`` or ``median``.
    """
    found = np.empty(len(words))
    # A power of two of the size rounds nothing, and keeps sums in the range of numbers.
    unit = np.ldexp(1.0, np.frexp(np.nanmax(np.abs(values), axis=0))[1] - 1)
    for which, by in ((words, "most_frequent"), (~words, strategy)):
        if which.any():
            found[which] = SimpleImputer(strategy=by).fit(values[:, which] / unit[which]).statistics_
    return [float(value) for value in found * unit]


def transformer_of(columns: Sequence[ColumnEncoding], fills: Sequence[float]) -> Any:
    """scikit-learn's transformer of a matrix with one column each into features.

    It is fitted to one row, that of the fills: nothing else is left to learn.

    Args:
        columns: d encodings.
        fills: (d,), what a missing cell of each becomes.

    Returns:
        A fitted transformer of (n, d) numbers, days and codes of words, nan where a cell is missing, into
        (n, k) features in the order of ``encoded_names``.
    """
    numbers = [i for i, column in enumerate(columns) if column.kind != "one_hot"]
    words = [i for i, column in enumerate(columns) if column.kind == "one_hot"]
    codes = [np.arange(float(len(columns[i].categories))) for i in words]
    encoder = OneHotEncoder(categories=codes, handle_unknown="ignore", sparse_output=False)
    values = ColumnTransformer([("numbers", "passthrough", numbers), ("words", encoder, words)])
    indicated = [i for i, column in enumerate(columns) if column.indicator]
    gaps = ColumnTransformer([("missing", MissingIndicator(features="all"), indicated)])
    only = np.array([fills])
    # The median of one row is that row, but where doubling it overflows; the other way takes a while.
    strategy = "median" if np.abs(only).max() < ROOMY else "most_frequent"
    filled = make_pipeline(SimpleImputer(strategy=strategy), values)
    return FeatureUnion([("values", filled), ("missing", gaps)]).fit(only)
