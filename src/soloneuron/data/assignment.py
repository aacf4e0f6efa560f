"""The five points of the university assignment, with the start it trains from."""

from __future__ import annotations

import torch

from soloneuron.records.dataset import Dataset

START = ((0.1, -0.2), 0.0)
"""Initial weights and bias of the assignment."""

LEARNING_RATE = 0.1
EPOCHS = 100


def assignment_data() -> Dataset:
    """The assignment's data: five points in the plane, labels 1, 0, 0, 0, 1.

    Returns:
        A Dataset of features (5, 2) and labels (5,) in float64.

    Example:
        >>> assignment_data().labels.tolist()
        [1.0, 0.0, 0.0, 0.0, 1.0]
    """
    return Dataset(
        features=torch.tensor(
            [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0.0, 1.0]], dtype=torch.float64
        ),
        labels=torch.tensor([1.0, 0.0, 0.0, 0.0, 1.0], dtype=torch.float64),
        feature_names=("x1", "x2"),
        name="assignment",
    )
