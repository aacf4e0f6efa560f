"""The conventions of optimizers and the faults that are planted in them, as data."""

from __future__ import annotations

OPTIMIZER_CONVENTIONS: dict[str, tuple[str, ...]] = {
    "momentum": ("sum", "mean"),
    "nesterov": ("torch", "look_ahead", "torch_mean"),
    "nag": ("look_ahead", "torch", "torch_mean"),
    "adagrad": ("after", "inside"),
    "rmsprop": ("after", "inside"),
    "adadelta": ("rate", "no_rate", "after_rate", "after_no_rate"),
    "adam": ("after", "inside", "hat"),
    "adamw": ("after", "inside", "hat", "late_decay", "plain_decay"),
    "nadam": ("ruder", "dozat", "keras", "optax"),
    "gradient_descent": ("plain",),
    "amsgrad": ("max_before", "max_after"),
}
"""The ways to spell a method that are not wrong, by method."""

COMMON_FAULTS = (
    "ascends",
    "frozen",
    "rate_twice",
    "rounds_state",
    "rounds_state:2",
    "rounds_state:3",
    "rounds_state:6",
    "rounds_state:before,2",
    "rounds_state:before,3",
    "rounds_state:before,4",
    "rounds_state:before,6",
    "first_parameter_only",
    "last_parameter_only",
    "returns_step",
    "returns_step:minus",
    "shared_state",
    "never_accumulates",
    "rate_ignored:1",
    "rate_ignored:0.1",
    "rate_ignored:0.01",
    "rate_ignored:0.001",
)
"""Faults of every method: an id, and after a colon which kind of it."""

_VELOCITY = ("no_decay_of_velocity", "weights_turned", "rate_in_both", "velocity_sign")
_SQUARES = (
    "one_accumulator",
    "no_root",
    "no_square",
    "no_square:signed",
    "stale_sum",
    "epsilon_lost",
    "epsilon_outside_fraction",
)
_CORRECTION = (
    "no_correction",
    "no_m_correction",
    "no_v_correction",
    "t_from_zero",
    "t_late",
    "t_per_parameter",
    "t_per_parameter:coordinate",
    "correction_constant",
    "correction_linear",
    "correction_turned",
    "corrected_kept",
)
_MOMENTS = (
    "one_minus_missing_m",
    "one_minus_missing_v",
    "one_minus_missing",
    "betas_swapped",
    "weights_turned",
    "v_of_m",
    "m_of_gradient",
)
_ADAM = (*_CORRECTION, *_MOMENTS, *_SQUARES)
_DECAY = ("coupled_decay", "decay_in_numerator", "no_weight_decay", "decay_sign", "decay_everywhere")

OPTIMIZER_FAULTS: dict[str, tuple[str, ...]] = {
    "gradient_descent": (),
    "momentum": (*_VELOCITY, "stale_velocity", "gradient_twice"),
    "nesterov": ("no_look_ahead", "look_back", "gradient_twice", *_VELOCITY),
    "nag": ("no_look_ahead", "look_back", "gradient_twice", *_VELOCITY),
    "adagrad": (*_SQUARES, "replaces_sum"),
    "rmsprop": ("one_minus_missing", "sums_squares", "weights_turned", *_SQUARES),
    "adadelta": (
        "one_minus_missing",
        "weights_turned",
        "no_numerator",
        "accumulates_gradient",
        "steps_not_kept",
        "early_steps",
        "no_root",
        "no_square",
        "one_accumulator",
    ),
    "adam": _ADAM,
    "adamw": (*_DECAY, *_ADAM),
    "nadam": ("no_look_ahead", *_ADAM),
    "amsgrad": (*_CORRECTION[:-1], *_MOMENTS, "one_accumulator", "no_square", "stale_sum"),
}
"""Faults of a method, by method."""
