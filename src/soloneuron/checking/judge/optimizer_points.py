"""What an optimizer is made to do, as data."""

from __future__ import annotations

from typing import Any

RULE_SETTINGS = {
    "learning_rate": 0.15, "momentum": 0.8, "beta1": 0.8, "beta2": 0.95, "rho": 0.9, "epsilon": 1e-3,
    "weight_decay": 0.2,
}  # fmt: skip
"""Hyperparameters at which the conventions differ visibly."""

USUAL = {
    "learning_rate": (0.01, 0.1, 0.001, 1.0),
    "momentum": (0.9, 0.5, 0.99, 0.8),
    "beta1": (0.9,),
    "beta2": (0.999, 0.99),
    "rho": (0.9, 0.99, 0.95),
    "epsilon": (1e-8, 1e-7, 1e-6, 1e-5, 1e-10, 1e-2),
    "weight_decay": (0.01, 0.1, 0.0),
}
"""Values that are tried where a hyperparameter cannot be set."""

USES = {
    "gradient_descent": (),
    "momentum": ("momentum",),
    "nesterov": ("momentum",),
    "nag": ("momentum",),
    "adagrad": ("epsilon",),
    "rmsprop": ("rho", "epsilon"),
    "adadelta": ("rho", "epsilon"),
    "adam": ("beta1", "beta2", "epsilon"),
    "adamw": ("beta1", "beta2", "epsilon", "weight_decay"),
    "nadam": ("beta1", "beta2", "epsilon"),
    "amsgrad": ("beta1", "beta2", "epsilon"),
}
"""The hyperparameters of a method besides its rate."""

GIVEN_PROGRAMS: dict[str, dict[str, Any]] = {
    "first_step": {"theta": [[1.0, -2.0]], "gradients": [[[1.0, -0.5]]], "steps": 1},
    "three_steps": {
        "theta": [[1.0, -2.0]], "gradients": [[[1.0, -0.5]], [[0.25, 0.75]], [[-0.5, 0.5]]], "steps": 3,
    },
    "coordinates": {"theta": [[0.5, 0.5]], "gradients": [[[1.0, 0.01]], [[0.5, 0.02]]], "steps": 2},
    "small": {"theta": [[0.004, -0.002]], "gradients": [[[3e-4, -2e-4]], [[1e-4, 2e-4]], [[2e-4, 1e-4]]],
    "steps": 3},
    "bowl": {"theta": [[1.0, -2.0]], "bowl": [[1.0, 0.3]], "steps": 6},
    "two_parameters": {
        "theta": [[1.0, -2.0], [0.5]], "gradients": [[[1.0, -0.5], [0.3]], [[0.25, 0.75], [-0.4]], [[0.5,
        0.1], [0.2]]],
        "steps": 3,
    },
}  # fmt: skip
"""Programs by the point that they belong to, the smallest first."""

ASKING_PROGRAMS = {
    name: {"theta": call["theta"], "bowl": bowl, "steps": call["steps"]}
    for name, call, bowl in (
        ("first_step", GIVEN_PROGRAMS["first_step"], [[1.0, 0.25]]),
        ("three_steps", GIVEN_PROGRAMS["three_steps"], [[1.0, 0.25]]),
        ("coordinates", GIVEN_PROGRAMS["coordinates"], [[2.0, 0.02]]),
        ("small", GIVEN_PROGRAMS["small"], [[0.1, 0.3]]),
        ("bowl", GIVEN_PROGRAMS["bowl"], [[1.0, 0.3]]),
    )
}
"""The same for one that asks for gradients itself."""

ZERO = {"theta": [[1.0, -2.0]], "gradients": [[[0.0, 0.5]], [[0.0, 0.5]]], "steps": 2}
"""A coordinate without gradient, which must not become 0 / 0."""
