"""Real data that scikit-learn carries, so that no network is needed."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from soloneuron.records.dataset import Dataset


def load_breast_cancer() -> Dataset:
    """569 tumors, 30 measurements; class 1 is benign.

    Example:
        >>> load_breast_cancer().features.shape
        torch.Size([569, 30])
    """
    from sklearn import datasets

    return _pair(datasets.load_breast_cancer(), "breast_cancer", 0, 1)


def load_iris_pair() -> Dataset:
    """100 irises of the two species that overlap, versicolor and virginica; four measurements."""
    from sklearn import datasets

    return _pair(datasets.load_iris(), "iris_pair", 1, 2)


def load_digits_pair() -> Dataset:
    """357 images of 3 and 8 written by hand, 64 gray values each; class 1 is the 8."""
    from sklearn import datasets

    return _pair(datasets.load_digits(), "digits_pair", 3, 8)


def _pair(found: Any, name: str, zero: int, one: int) -> Dataset:
    chosen = np.isin(found.target, (zero, one))
    words = (str(found.target_names[zero]), str(found.target_names[one]))
    return Dataset(
        features=torch.tensor(found.data[chosen], dtype=torch.float64),
        labels=torch.tensor((found.target[chosen] == one).astype(float), dtype=torch.float64),
        feature_names=tuple(str(word) for word in found.feature_names),
        classes=words,
        name=name,
    )
