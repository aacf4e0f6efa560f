"""A neuron that is trained by an optimizer in its own loop, as the task asks for at its end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from soloneuron.checking.judge.neuron_models import NeuronModel, gradient_of
from soloneuron.checking.judge.optimizer_faults import OPTIMIZER_CONVENTIONS
from soloneuron.checking.judge.optimizer_points import USES, USUAL
from soloneuron.checking.judge.optimizer_steps import COORDINATE_STEPS, OptimizerModel, Slots

INSIDE = ("momentum", "nesterov", "adagrad", "rmsprop", "adam", "adadelta", "nadam")
"""Methods that are looked for; those that need more than a gradient at the weights are not among them."""


def trained_by(
    call: Mapping[str, Any], model: NeuronModel, rule: OptimizerModel, settings: Mapping[str, float]
) -> list[float]:
    """Weights and bias after the epochs of a call, moved by a rule over all rows.

    Args:
        call: features, labels, weights, bias, rate and epochs.
        model: whose loss and reduction the gradient has.
        rule: the method; ``one_accumulator`` keeps one for all weights and one for the bias.
        settings: its hyperparameters but for the rate.

    Example:
        >>> row = {"features": [[1.0]], "labels": [1], "weights": [0.0], "bias": 0.0}
        >>> call = {**row, "rate": 0.5, "epochs": 1}
        >>> trained_by(call, NeuronModel(), OptimizerModel("momentum", "sum"), {"momentum": 0.9})
        [0.25, 0.25]
    """
    theta = [*map(float, call["weights"]), float(call["bias"])]
    slots: list[Slots] = [{} for _ in theta]
    step, s = COORDINATE_STEPS[rule.method], {**settings, "learning_rate": call["rate"]}
    rows = [*range(len(call["features"]))]
    scale = 1.0 if model.reduction == "sum" else 1.0 / len(rows)
    for t in range(1, call["epochs"] + 1):
        *w, b = theta
        of_weights, of_bias = gradient_of(w, b, call["features"], call["labels"], rows, model)
        g = [scale * one for one in (*of_weights, of_bias)]
        squares = [one * one for one in g]
        if rule.fault == "one_accumulator":
            squares = [math.fsum(squares[:-1])] * len(w) + squares[-1:]
        theta = [step(rule, s, *one, t) for one in zip(theta, g, squares, slots, strict=True)]
    return theta


def rules_inside() -> Iterator[tuple[NeuronModel, OptimizerModel, dict[str, float]]]:
    """Every loss, reduction, method, convention and usual hyperparameters."""
    losses = [(loss, how) for loss in ("nll", "mse", "mse_half") for how in ("mean", "sum")]
    for method in INSIDE:
        used = USES[method]
        variants = [OptimizerModel(method, variant) for variant in OPTIMIZER_CONVENTIONS[method]]
        if method == "adagrad":
            variants += [replace(one, fault="one_accumulator") for one in variants]
        for rule in variants:
            if rule.variant != "look_ahead":
                for values in product(*(USUAL[name] for name in used)):
                    for loss, how in losses:
                        yield NeuronModel(loss, reduction=how), rule, dict(zip(used, values, strict=True))


def rule_inside(
    calls: Mapping[str, Mapping[str, Any]], near: Callable[[str, list[float]], bool]
) -> tuple[NeuronModel, OptimizerModel] | None:
    """The rule that gives the numbers of all calls, or None.

    Args:
        calls: by name, the cheapest first.
        near: whether weights and bias of a call are these.
    """
    for model, rule, settings in rules_inside():
        try:
            if all(near(name, trained_by(call, model, rule, settings)) for name, call in calls.items()):
                return model, rule
        except (ZeroDivisionError, ValueError, OverflowError):
            continue
    return None
