"""Optimizers one coordinate at a time on plain numbers, in every convention, and with a fault planted.

Without a fault they are the library's rules, which a test sees; the conventions that the library does not
have, such as a momentum that is a mean, stand here alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Slots: TypeAlias = dict[str, float]
Settings: TypeAlias = Mapping[str, float]


@dataclass(frozen=True)
class OptimizerModel:
    """A method, how it is spelled, and a fault.

    Args:
        method: of the catalogue.
        variant: which convention.
        fault: the id of a planted fault, ``checking.causes.ID``; nothing for none.
    """

    method: str
    variant: str
    fault: str = ""


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
    "rate_ignored",
    "rate_twice",
    "rounds_state",
    "first_parameter_only",
    "shared_state",
    "never_accumulates",
)

OPTIMIZER_FAULTS: dict[str, tuple[str, ...]] = {
    "momentum": ("no_decay_of_velocity", "weights_turned", "stale_velocity", "velocity_sign",
    "gradient_twice", "rate_in_both"),
    "nesterov": ("no_look_ahead", "no_decay_of_velocity", "weights_turned", "look_back", "rate_in_both",
    "velocity_sign"),
    "nag": ("no_look_ahead", "no_decay_of_velocity", "weights_turned", "look_back", "rate_in_both",
    "velocity_sign"),
    "adagrad": ("one_accumulator", "no_root", "replaces_sum", "no_square", "stale_sum", "forgets_sum"),
    "rmsprop": ("one_accumulator", "one_minus_missing", "no_root", "sums_squares", "weights_turned",
    "no_square", "stale_sum", "epsilon_lost"),
    "adadelta": ("one_accumulator", "one_minus_missing", "no_root", "accumulates_gradient",
    "steps_not_kept", "early_steps", "weights_turned", "no_numerator", "no_square"),
    "adam": (
        "no_correction", "no_m_correction", "no_v_correction", "t_from_zero", "t_late", "t_per_parameter",
        "one_minus_missing_m",
        "one_minus_missing_v", "one_minus_missing", "betas_swapped", "no_root", "corrected_kept",
        "correction_constant",
        "one_accumulator", "no_square", "v_of_m", "weights_turned", "correction_linear",
        "correction_turned", "m_of_gradient",
        "stale_sum",
    ),
}  # fmt: skip
OPTIMIZER_FAULTS["adamw"] = (
    *OPTIMIZER_FAULTS["adam"],
    "coupled_decay",
    "decay_in_numerator",
    "no_weight_decay",
    "decay_sign",
    "decay_everywhere",
)
OPTIMIZER_FAULTS["nadam"] = (*OPTIMIZER_FAULTS["adam"], "no_look_ahead")
OPTIMIZER_FAULTS["amsgrad"] = OPTIMIZER_FAULTS["adam"]
OPTIMIZER_FAULTS["gradient_descent"] = ()


def track_of(model: OptimizerModel, settings: Settings, call: Mapping[str, Any]) -> list[list[list[float]]]:
    """The parameters after each step.

    Args:
        model: which method, and how.
        settings: its hyperparameters by our names.
        call: theta, a list of parameters; the gradients of every step, or the curvatures of a bowl; steps.

    Example:
        >>> track_of(OptimizerModel("momentum", "sum"), {"learning_rate": 0.5, "momentum": 0.5},
        ...     {"theta": [[1.0]], "gradients": [[[1.0]], [[1.0]]], "steps": 2})
        [[[0.5]], [[-0.25]]]
    """
    theta = [list(part) for part in call["theta"]]
    slots: list[list[Slots]] = [[{} for _ in part] for part in theta]
    if model.fault == "shared_state":
        shared: Slots = {}
        slots = [[shared for _ in part] for part in theta]
    track = []
    step = COORDINATE_STEPS[model.method]
    for t in range(1, call["steps"] + 1):
        points = [
            [looked_at(model, settings, x, k) for x, k in zip(part, own, strict=True)]
            for part, own in zip(theta, slots, strict=True)
        ]
        moved = []
        for index, part in enumerate(theta):
            g = [
                call["bowl"][index][j] * points[index][j]
                if "bowl" in call
                else call["gradients"][t - 1][index][j]
                for j in range(len(part))
            ]
            counted = (t - 1) * len(theta) + index + 1 if model.fault == "t_per_parameter" else t
            together = math.fsum(one * one for one in g) if model.fault == "one_accumulator" else None
            new = [
                _stepped(step, model, settings, x, one, slot, counted, together)
                for x, one, slot in zip(part, g, slots[index], strict=True)
            ]
            stays = model.fault == "frozen" or (model.fault == "first_parameter_only" and index)
            moved.append(list(part) if stays else new)
        theta = moved
        track.append([list(part) for part in theta])
    return track


def _stepped(
    step: CoordinateStep,
    model: OptimizerModel,
    settings: Settings,
    x: float,
    g: float,
    slot: Slots,
    t: int,
    together: float | None,
) -> float:
    s = dict(settings)
    if model.fault == "rate_ignored":
        s["learning_rate"] = 1.0
    if model.fault == "rate_twice":
        s["learning_rate"] **= 2
    if model.fault == "never_accumulates":
        slot.clear()
    square = abs(g) if model.fault == "no_square" else together if together is not None else g * g
    try:
        new = step(model, s, x, g, square, slot, t)
    except (ZeroDivisionError, ValueError, OverflowError):
        return math.nan
    if model.fault == "rounds_state":
        for name in slot:
            slot[name] = round(slot[name], 4)
        new = round(new, 4)
    return 2 * x - new if model.fault == "ascends" else new


def looked_at(model: OptimizerModel, settings: Settings, x: float, slot: Slots) -> float:
    """Where the gradient is wanted."""
    if model.variant != "look_ahead" or model.fault == "no_look_ahead":
        return x
    ahead = settings["momentum"] * slot.get("v", 0.0)
    return x - ahead if model.fault == "look_back" else x + ahead


def _gradient_descent(
    model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int
) -> float:
    del model, square, k, t
    return x - s["learning_rate"] * g


def _momentum(
    model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int
) -> float:
    del square, t
    rate, mu, fault, before = s["learning_rate"], s["momentum"], model.fault, k.get("v", 0.0)
    share = 1 - mu if model.variant.endswith("mean") else 1.0
    if fault == "weights_turned":
        mu, share = 1 - mu, mu
    kept = before if fault == "no_decay_of_velocity" else mu * before
    force = -g if fault == "velocity_sign" else g
    v = k["v"] = kept + share * force * (rate if fault == "rate_in_both" else 1.0)
    if fault == "stale_velocity":
        return x - rate * before
    if fault == "gradient_twice":
        return x - rate * (v + g)
    return x - rate * v


def _nesterov(
    model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int
) -> float:
    rate, mu, fault = s["learning_rate"], s["momentum"], model.fault
    if model.variant == "look_ahead":
        before = k.get("v", 0.0)
        kept = (
            before
            if fault == "no_decay_of_velocity"
            else (1 - mu if fault == "weights_turned" else mu) * before
        )
        v = k["v"] = kept - rate * g * (-1 if fault == "velocity_sign" else 1) * (
            rate if fault == "rate_in_both" else 1
        )
        return x + v
    momentum = _momentum(model, s, x, g, square, k, t)
    if fault == "no_look_ahead":
        return momentum
    v = k["v"]
    share = 1 - mu if model.variant.endswith("mean") else 1.0
    return x - rate * (share * g + mu * v * (-1 if fault == "look_back" else 1))


def _over_root(model: OptimizerModel, s: Settings, size: float) -> float:
    epsilon = 0.0 if model.fault == "epsilon_lost" else s["epsilon"]
    if model.fault == "no_root":
        return size + epsilon
    inside = model.variant == "inside"
    return math.sqrt(size + epsilon) if inside else math.sqrt(size) + epsilon


def _adagrad(
    model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int
) -> float:
    del t
    before = k.get("G", 0.0)
    k["G"] = square if model.fault in ("replaces_sum", "forgets_sum") else before + square
    return x - s["learning_rate"] * g / _over_root(model, s, before if model.fault == "stale_sum" else k["G"])


def _mean(before: float, new: float, decay: float, fault: str) -> float:
    """A running mean, or what a fault makes of it."""
    if fault == "weights_turned":
        return (1 - decay) * before + decay * new
    if fault == "sums_squares":
        return before + new
    return decay * before + (new if fault.startswith("one_minus_missing") else (1 - decay) * new)


def _rmsprop(
    model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int
) -> float:
    del t
    before = k.get("v", 0.0)
    k["v"] = _mean(before, square, s["rho"], model.fault)
    return x - s["learning_rate"] * g / _over_root(model, s, before if model.fault == "stale_sum" else k["v"])


def _adadelta(
    model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int
) -> float:
    del t
    fault, epsilon = model.fault, s["epsilon"]
    E = k["E"] = _mean(k.get("E", 0.0), square, s["rho"], fault)
    D = k.get("D", 0.0)
    after = model.variant.startswith("after")

    def size(value: float) -> float:
        if fault == "no_root":
            return value + epsilon
        return math.sqrt(value) + epsilon if after else math.sqrt(value + epsilon)

    d = (1.0 if fault == "no_numerator" else size(D)) / size(E) * g
    if fault != "steps_not_kept":
        new = g * g if fault == "accumulates_gradient" else d * d
        k["D"] = _mean(D, new, s["rho"], fault)
    if fault == "early_steps":
        d = size(k["D"]) / size(E) * g
    return x - (1.0 if model.variant.endswith("no_rate") else s["learning_rate"]) * d


def _adam(model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int) -> float:
    m, v = _moments(model, s, g, square, k)
    return x - s["learning_rate"] * _quotient(model, s, m, v, k, t)


def _moments(model: OptimizerModel, s: Settings, g: float, square: float, k: Slots) -> tuple[float, float]:
    fault, beta1, beta2 = model.fault, s["beta1"], s["beta2"]
    if fault == "betas_swapped":
        beta1, beta2 = beta2, beta1
    of_m = "" if fault == "one_minus_missing_v" else fault
    of_v = "" if fault == "one_minus_missing_m" else fault
    m = k["m"] = _mean(k.get("m", 0.0), g, beta1, of_m)
    before = k.get("v", 0.0)
    v = k["v"] = _mean(before, m * m if fault == "v_of_m" else square, beta2, of_v)
    return (g if fault == "m_of_gradient" else m), (before if fault == "stale_sum" else v)


def corrections(model: OptimizerModel, s: Settings, t: int) -> tuple[float, float]:
    """What m and v are divided by."""
    fault, b1, b2 = model.fault, s["beta1"], s["beta2"]
    if fault == "betas_swapped":
        b1, b2 = b2, b1
    if fault == "correction_constant":
        return 1 - b1, 1 - b2
    if fault == "correction_linear":
        return 1 - b1 * t, 1 - b2 * t
    if fault == "correction_turned":
        return b1**t, b2**t
    count = t - 1 if fault == "t_from_zero" else t + 1 if fault == "t_late" else t
    of_m = 1.0 if fault in ("no_correction", "no_m_correction") else 1 - b1**count
    return of_m, 1.0 if fault in ("no_correction", "no_v_correction") else 1 - b2**count


def _quotient(model: OptimizerModel, s: Settings, m: float, v: float, k: Slots, t: int) -> float:
    of_m, of_v = corrections(model, s, t)
    if model.fault == "corrected_kept":
        k["m"], k["v"] = m / of_m, v / of_v
    if model.variant == "hat":
        return math.sqrt(of_v) / of_m * m / (math.sqrt(v) + s["epsilon"])
    return m / of_m / _over_root(model, s, v / of_v)


def _adamw(model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int) -> float:
    fault, rate, decay = model.fault, s["learning_rate"], s["weight_decay"]
    if fault == "coupled_decay":
        return _adam(model, s, x, g + decay * x, (g + decay * x) ** 2, k, t)
    m, v = _moments(model, s, g, square, k)
    if fault == "decay_in_numerator":
        of_m, of_v = corrections(model, s, t)
        return x - rate * (m / of_m + decay * x) / _over_root(model, s, v / of_v)
    moved = x - rate * _quotient(model, s, m, v, k, t)
    pull = decay if model.variant == "plain_decay" else rate * decay
    if fault == "no_weight_decay":
        return moved
    if fault == "decay_everywhere":
        return moved - pull * x - rate * decay * x
    if model.variant == "late_decay":
        return moved - pull * moved
    return moved + pull * x if fault == "decay_sign" else moved - pull * x


def _nadam(model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int) -> float:
    if model.fault == "no_look_ahead":
        return _adam(model, s, x, g, square, k, t)
    m, v = _moments(model, s, g, square, k)
    of_m, of_v = corrections(model, s, t)
    b1, psi = s["beta1"], {"dozat": 0.004, "keras": 1.0}.get(model.variant)
    if model.variant == "ruder":
        n = (b1 * m + (1 - b1) * g) / of_m
    else:
        mu, ahead = (b1 * (1 - 0.5 * 0.96 ** (psi * c)) if psi else b1 for c in (t, t + 1))
        P = k["P"] = k.get("P", 1.0) * mu
        n = ahead * m / (1 - P * ahead) + (1 - mu) * g / (1 - P)
    return x - s["learning_rate"] * n / _over_root(model, s, v / of_v)


def _amsgrad(
    model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int
) -> float:
    m, v = _moments(model, s, g, square, k)
    of_m, of_v = corrections(model, s, t)
    if model.variant == "max_before":
        top = k["top"] = max(k.get("top", 0.0), v)
        return x - s["learning_rate"] * m / of_m / (math.sqrt(top / of_v) + s["epsilon"])
    top = k["top"] = max(k.get("top", 0.0), v / of_v)
    return x - s["learning_rate"] * m / of_m / (math.sqrt(top) + s["epsilon"])


CoordinateStep: TypeAlias = Callable[[OptimizerModel, Settings, float, float, float, Slots, int], float]

COORDINATE_STEPS: dict[str, CoordinateStep] = {
    "gradient_descent": _gradient_descent,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "nag": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adadelta": _adadelta,
    "adam": _adam,
    "adamw": _adamw,
    "nadam": _nadam,
    "amsgrad": _amsgrad,
}
"""One step of a coordinate, by method."""
