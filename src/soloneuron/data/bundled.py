"""Real data that scikit-learn carries, so that no network is needed."""

from __future__ import annotations

import numpy as np
import torch

from soloneuron.errors import MissingExtraError
from soloneuron.records.dataset import Dataset


def load_breast_cancer() -> Dataset:
    """569 tumors, 30 measurements; class 1 is benign.

    Example:
        >>> load_breast_cancer().features.shape
        torch.Size([569, 30])
    """
    return _pair("breast_cancer", "breast_cancer", 0, 1)


def load_iris_pair() -> Dataset:
    """100 irises of the two species that overlap, versicolor and virginica; four measurements."""
    return _pair("iris", "iris_pair", 1, 2)


def load_digits_pair() -> Dataset:
    """357 images of 3 and 8 written by hand, 64 gray values each; class 1 is the 8."""
    return _pair("digits", "digits_pair", 3, 8)


def _pair(bunch: str, name: str, zero: int, one: int) -> Dataset:
    try:
        from sklearn import datasets
    except ImportError:
        raise MissingExtraError(f"the data set {name}", "sklearn") from None
    found = getattr(datasets, f"load_{bunch}")()
    chosen = np.isin(found.target, (zero, one))
    words = (str(found.target_names[zero]), str(found.target_names[one]))
    return Dataset(
        features=torch.tensor(found.data[chosen], dtype=torch.float64),
        labels=torch.tensor((found.target[chosen] == one).astype(float), dtype=torch.float64),
        feature_names=tuple(str(word) for word in found.feature_names),
        classes=words,
        name=name,
    )
