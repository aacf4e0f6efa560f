"""One step of a coordinate by every method, in every convention and with a fault planted."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

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

    @property
    def fault_id(self) -> str:
        """The fault without its kind."""
        return self.fault.partition(":")[0]


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
    v = _kept(model, k, "v", kept + share * force * (rate if fault == "rate_in_both" else 1.0))
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
        force = rate * g * (-1 if fault == "velocity_sign" else 1) * (rate if fault == "rate_in_both" else 1)
        v = _kept(model, k, "v", kept - force)
        return x + v
    momentum = _momentum(model, s, x, g, square, k, t)
    if fault == "no_look_ahead":
        return momentum
    v = k["v"]
    if fault == "gradient_twice":
        return x - rate * (g + v)
    share = 1 - mu if model.variant.endswith("mean") else 1.0
    return x - rate * (share * g + mu * v * (-1 if fault == "look_back" else 1))


def _added(model: OptimizerModel, s: Settings) -> float:
    """What a wrong parenthesis adds to the quotient."""
    return s["epsilon"] if model.fault == "epsilon_outside_fraction" else 0.0


def _over_root(model: OptimizerModel, s: Settings, size: float) -> float:
    epsilon = 0.0 if model.fault in ("epsilon_lost", "epsilon_outside_fraction") else s["epsilon"]
    if model.fault == "no_root":
        return size + epsilon
    inside = model.variant == "inside"
    return math.sqrt(size + epsilon) if inside else math.sqrt(size) + epsilon


def _adagrad(
    model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int
) -> float:
    del t
    before = k.get("G", 0.0)
    G = _kept(model, k, "G", square if model.fault == "replaces_sum" else before + square)
    root = _over_root(model, s, before if model.fault == "stale_sum" else G)
    return x - s["learning_rate"] * (g / root + _added(model, s))


def _kept(model: OptimizerModel, k: Slots, name: str, value: float) -> float:
    """Remember a number; where a fault rounds what is remembered, the step goes on with the rounded one."""
    kind = model.fault.partition(":before,")[2]
    k[name] = round(value, int(kind)) if kind else value
    return k[name]


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
    _kept(model, k, "v", _mean(before, square, s["rho"], model.fault))
    root = _over_root(model, s, before if model.fault == "stale_sum" else k["v"])
    return x - s["learning_rate"] * (g / root + _added(model, s))


def _adadelta(
    model: OptimizerModel, s: Settings, x: float, g: float, square: float, k: Slots, t: int
) -> float:
    del t
    fault, epsilon = model.fault, s["epsilon"]
    E = _kept(model, k, "E", _mean(k.get("E", 0.0), square, s["rho"], fault))
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
    m = _kept(model, k, "m", _mean(k.get("m", 0.0), g, beta1, of_m))
    before = k.get("v", 0.0)
    v = _kept(model, k, "v", _mean(before, m * m if fault == "v_of_m" else square, beta2, of_v))
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
    return m / of_m / _over_root(model, s, v / of_v) + _added(model, s)


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
    if model.fault == "corrected_kept":
        k["m"], k["v"] = m / of_m, v / of_v
    b1, psi = s["beta1"], {"dozat": 0.004, "keras": 1.0}.get(model.variant)
    if model.variant == "ruder":
        n = (b1 * m + (1 - b1) * g) / of_m
    else:
        mu, ahead = (b1 * (1 - 0.5 * 0.96 ** (psi * c)) if psi else b1 for c in (t, t + 1))
        P = k["P"] = k.get("P", 1.0) * mu
        n = ahead * m / (1 - P * ahead) + (1 - mu) * g / (1 - P)
    return x - s["learning_rate"] * (n / _over_root(model, s, v / of_v) + _added(model, s))


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
