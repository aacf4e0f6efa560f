"""What a trainer is called with, as data."""

from __future__ import annotations

from typing import Any

TASK_EXAMPLE = {
    "features": [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]],
    "labels": [1, 0, 0],
    "weights": [0.1, -0.2],
    "bias": 0.0,
    "rate": 0.1,
    "epochs": 2,
}
"""The example of the task, whose printed numbers cannot be obtained."""

PRINTED_EXAMPLE = ([0.0808, -0.1916], -0.0214, [0.2386, 0.2348])

FIVE_ROWS = {
    "features": [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0.0, 1.0]],
    "labels": [1, 0, 0, 0, 1],
    "weights": [0.3, -0.4],
    "bias": 0.25,
    "rate": 0.5,
    "epochs": 3,
}

CALLS: dict[str, dict[str, Any]] = {
    "one_row": {
        "features": [[1.0, 2.0]], "labels": [1], "weights": [0.1, -0.2], "bias": 0.3, "rate": 0.5,
        "epochs": 1,
    },
    "two_rows": {
        "features": [[1.0, 2.0], [3.0, -1.0]], "labels": [1, 0], "weights": [0.1, -0.2], "bias": 0.3,
        "rate": 0.5,
        "epochs": 1,
    },
    "example": TASK_EXAMPLE,
    "five_rows": FIVE_ROWS,
    "long": {**FIVE_ROWS, "rate": 0.3, "epochs": 40},
    "slow": {**FIVE_ROWS, "rate": 0.0004, "epochs": 60},
    "three_columns": {
        "features": [[1.0, 2.0, 0.5], [2.0, 1.0, -1.5], [-1.0, -2.0, 1.0], [0.0, 1.0, 2.0]], "labels": [1,
        0, 0, 1],
        "weights": [0.1, -0.2, 0.4], "bias": -0.1, "rate": 0.4, "epochs": 3,
    },
    "one_column": {
        "features": [[1.0], [-2.0], [0.5]], "labels": [1, 0, 0], "weights": [0.3], "bias": 0.1, "rate": 0.4,
        "epochs": 3,
    },
    "sure": {
        "features": [[40.0, 0.0], [-40.0, 0.0]], "labels": [1, 0], "weights": [1.0, 0.0], "bias": 0.0,
        "rate": 0.1,
        "epochs": 2,
    },
    "sure_and_wrong": {
        "features": [[50.0, 0.0], [-50.0, 0.0]], "labels": [0, 1], "weights": [1.0, 0.0], "bias": 0.0,
        "rate": 0.001,
        "epochs": 1,
    },
    "far": {
        "features": [[800.0, 0.0], [-800.0, 0.0]], "labels": [1, 0], "weights": [1.0, 0.0], "bias": 0.0,
        "rate": 0.1,
        "epochs": 2,
    },
    "same_rows": {
        "features": [[1.0, 2.0]] * 4, "labels": [1] * 4, "weights": [0.1, -0.2], "bias": 0.3, "rate": 0.5,
        "epochs": 2,
    },
    "no_epochs": {**TASK_EXAMPLE, "epochs": 0},
    "integers": {**TASK_EXAMPLE, "features": [[1, 2], [2, 1], [-1, -2]], "weights": [1, -1], "bias": 0},
}  # fmt: skip
"""Calls by name; those that decide the convention stand first, the smallest first."""

DECIDING = ("one_row", "two_rows", "example", "five_rows")
