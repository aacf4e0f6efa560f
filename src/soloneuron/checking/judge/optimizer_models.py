"""Optimizers one coordinate at a time on plain numbers, in every convention, and with a fault planted.

Without a fault they are the library's rules, which a test sees; the conventions that the library does not
have, such as a momentum that is a mean, stand here alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from soloneuron.checking.judge.optimizer_steps import (
    COORDINATE_STEPS,
    CoordinateStep,
    OptimizerModel,
    Settings,
    Slots,
)


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
    if model.method not in COORDINATE_STEPS:
        return library_track(model.method, settings, call)
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
            counted = [counted_steps(model.fault, theta, t, index, j) for j in range(len(part))]
            together = math.fsum(one * one for one in g) if model.fault == "one_accumulator" else None
            new = [
                _stepped(step, model, settings, x, one, slot, k, together)
                for x, one, slot, k in zip(part, g, slots[index], counted, strict=True)
            ]
            alone = {"first_parameter_only": 0, "last_parameter_only": len(theta) - 1}.get(model.fault, index)
            stays = model.fault == "frozen" or index != alone
            moved.append(list(part) if stays else new)
        theta = moved
        track.append([list(part) for part in theta])
    return track


def library_track(method: str, settings: Settings, call: Mapping[str, Any]) -> list[list[list[float]]]:
    """The same by the library's own rule, for methods that are not spelled here.

    Example:
        >>> bowl = {"theta": [[1.0]], "bowl": [[1.0]], "steps": 2}
        >>> library_track("gradient_descent", {"learning_rate": 0.5}, bowl)
        [[[0.5]], [[0.25]]]
    """
    from soloneuron.checking.bowls import followed
    from soloneuron.optimizers.catalogue import OPTIMIZERS

    rule_class = OPTIMIZERS.load(method)
    known = {name: value for name, value in settings.items() if name in rule_class.hyperparameters}
    return followed(rule_class(**known | {"weight_decay": 0.0}), call)


def counted_steps(fault: str, theta: list[list[float]], t: int, index: int, place: int) -> int:
    """The step counter as a coordinate sees it: where it is raised for each parameter, it runs ahead."""
    if fault == "t_per_parameter":
        return (t - 1) * len(theta) + index + 1
    if fault == "t_per_parameter:coordinate":
        sizes = [len(part) for part in theta]
        return (t - 1) * sum(sizes) + sum(sizes[:index]) + place + 1
    return t


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
    if model.fault_id == "rate_ignored":
        s["learning_rate"] = float(model.fault.partition(":")[2])
    if model.fault == "rate_twice":
        s["learning_rate"] **= 2
    if model.fault == "never_accumulates":
        slot.clear()
    if model.fault == "no_square:signed":
        together = g
    square = abs(g) if model.fault == "no_square" else together if together is not None else g * g
    try:
        new = step(model, s, x, g, square, slot, t)
    except (ZeroDivisionError, ValueError, OverflowError):
        return math.nan
    if model.fault_id == "rounds_state" and ":before" not in model.fault:
        digits = int(model.fault.partition(":")[2] or 4)
        for name in slot:
            slot[name] = round(slot[name], digits)
        new = round(new, digits)
    return {"ascends": 2 * x - new, "returns_step": x - new, "returns_step:minus": new - x}.get(
        model.fault, new
    )


def looked_at(model: OptimizerModel, settings: Settings, x: float, slot: Slots) -> float:
    """Where the gradient is wanted."""
    if model.variant != "look_ahead" or model.fault == "no_look_ahead":
        return x
    ahead = settings["momentum"] * slot.get("v", 0.0)
    return x - ahead if model.fault == "look_back" else x + ahead
