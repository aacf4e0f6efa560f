"""A neuron trained row by row on plain numbers, in every convention, and with a fault planted.

Without a fault it gives the numbers of ``train_neuron``, which a test sees; with one, those of a homework
that has it. The nearest of all these models names the convention, or the likely cause.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from soloneuron.element.scalars import log1pexp, logistic


@dataclass(frozen=True)
class NeuronModel:
    """How a neuron is trained.

    Args:
        loss: ``"nll"``, ``"mse"`` with the factor 2 in its gradient, ``"mse_half"`` without it.
        order: an update per ``"batch"`` or per ``"sample"``.
        reduction: of the gradients in a batch, ``"mean"`` or ``"sum"``.
        listed: the loss of an epoch, ``"mean"`` or ``"sum"`` over the rows.
        fault: the id of a planted fault, ``checking.causes.ID``; nothing for none.
    """

    loss: str = "nll"
    order: str = "batch"
    reduction: str = "mean"
    listed: str = "mean"
    fault: str = ""

    @property
    def fault_id(self) -> str:
        """The fault without its kind."""
        return self.fault.partition(":")[0]

    @property
    def update(self) -> tuple[str, str, str]:
        """What decides the weights."""
        return self.loss, self.order, self.reduction


UPDATE_FAULTS = (
    "ascends", "bias_averaged_twice", "bias_frozen", "bias_absent", "weights_frozen",
    "weights_averaged_twice", "mean_of_slopes", "mean_of_slopes:both", "no_slope", "extra_slope",
    "rounds_inside", "rounds_inside:3", "rounds_inside:2", "rate_ignored:1", "rate_ignored:0.1",
    "rate_ignored:0.01", "rate_ignored:0.001", "rate_ignored:0.5", "one_epoch_less", "last_row_only",
    "sample_left_out:last", "sample_left_out:first", "sample_left_out:last,divided",
    "sample_left_out:first,divided",
    "gradients_kept", "first_column_only", "bias_before_weights", "bias_before_weights:slope",
    "starts_at_zero", "no_sigmoid", "sigmoid_turned", "half_rate", "double_rate", "label_ignored",
    "bias_without_rate", "one_epoch_more", "first_epoch_only", "rounds_prediction", "thresholded",
    "rate_twice", "bias_ascends", "weights_ascend", "bias_not_in_score",
    "weights_reset", "weights_reset:only", "stale_gradient",
    "labels_plus_minus", "tanh", "divisor_fixed:2", "divisor_fixed:3", "divisor_fixed:4", "divisor_fixed:5",
    "divisor_fixed:10",
)  # fmt: skip
"""Faults of the update: an id, and after a colon which kind of it."""


AVERAGED_TWICE = ("weights_averaged_twice", "bias_averaged_twice")


def conventions() -> Iterator[NeuronModel]:
    """Every way to train that is not wrong, the one of the task's text first."""
    for loss in ("nll", "mse", "mse_half"):
        for order in ("batch", "sample"):
            for reduction in ("mean", "sum") if order == "batch" else ("mean",):
                yield NeuronModel(loss, order, reduction)


def faulty_models() -> Iterator[NeuronModel]:
    """Every convention with every fault of the update."""
    for model in conventions():
        for fault in UPDATE_FAULTS:
            yield replace(model, fault=fault)


def trained(call: Mapping[str, Any], model: NeuronModel) -> tuple[list[float], float, list[list[float]]]:
    """Weights, bias, and the scores of every row and epoch, each before its update.

    Args:
        call: features, labels, weights, bias, rate and epochs.
        model: how.

    Example:
        >>> rows = {"features": [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]], "labels": [1, 0, 0]}
        >>> call = {**rows, "weights": [0.1, -0.2], "bias": 0.0, "rate": 0.1, "epochs": 2}
        >>> weights, bias, _ = trained(call, NeuronModel())
        >>> losses = listed(call, NeuronModel())
        >>> [[round(one, 4) for one in numbers] for numbers in (weights, [bias], losses)]
        [[0.107, -0.0847], [-0.0335], [0.8006, 0.7631]]
    """
    rows, labels, fault = call["features"], call["labels"], model.fault
    w, b = [float(one) for one in call["weights"]], float(call["bias"])
    if fault == "starts_at_zero":
        w, b = [0.0] * len(w), 0.0
    rate = call["rate"] * {"half_rate": 0.5, "double_rate": 2.0, "ascends": -1.0}.get(fault, 1.0)
    if model.fault_id == "rate_ignored":
        rate = float(fault.partition(":")[2])
    rate = rate * rate if fault == "rate_twice" else rate
    epochs = call["epochs"] + {"one_epoch_less": -1, "one_epoch_more": 1}.get(fault, 0)
    if fault == "first_epoch_only":
        epochs = min(1, epochs)
    scores: list[list[float]] = []
    kept, first = ([0.0] * len(w), 0.0), (w, b)
    known = rows_taken(len(rows), fault)
    for _ in range(max(0, epochs)):
        batches = [[k] for k in known] if model.order == "sample" else [known]
        epoch: list[float] = []
        if model.fault_id == "weights_reset":
            w, b = first[0], b if fault.endswith(":only") else first[1]
        for batch in batches:
            taken = [k for k in batch if fault != "last_row_only" or k == batch[-1]]
            epoch += [_score(w, b, rows[k], fault) for k in batch]
            count = len(batch) if fault.endswith(",divided") else len(rows)
            scale = 1.0 if model.reduction == "sum" or model.order == "sample" else 1.0 / max(1, count)
            if model.fault_id == "divisor_fixed":
                scale = 1.0 / int(fault.partition(":")[2])
            for_w, for_b = (scale / (len(rows) if fault == name else 1) for name in AVERAGED_TWICE)
            at = first if fault == "stale_gradient" else (w, b)
            gradient = gradient_of(*at, rows, labels, taken, model)
            if fault == "gradients_kept":
                sums = [one + other for one, other in zip(kept[0], gradient[0], strict=True)]
                gradient = kept = sums, kept[1] + gradient[1]
            again = partial(_bias_gradient, w, b, rows, labels, taken, model)
            w, b = _moved((w, b), gradient, rate, (for_w, for_b), model, again)
        scores.append(epoch)
    return w, b, scores


def rows_taken(count: int, fault: str) -> list[int]:
    """The rows that an epoch goes through."""
    if fault.startswith("sample_left_out:last"):
        return [*range(count - 1)]
    return [*range(int(fault.startswith("sample_left_out:first")), count)]


def _score(w: list[float], b: float, row: list[float], fault: str) -> float:
    columns = 1 if fault == "first_column_only" else len(w)
    z = math.fsum(w[j] * row[j] for j in range(columns)) + (
        0.0 if fault in ("bias_absent", "bias_not_in_score") else b
    )
    return -z if fault == "sigmoid_turned" else z


def probability(z: float, fault: str = "") -> float:
    """The sigmoid of a score, or what a fault makes of it."""
    if fault in ("no_sigmoid", "tanh"):
        return math.tanh(z) if fault == "tanh" else z
    p = float(logistic(max(-1e4, min(1e4, z))))
    return float(round(p)) if fault == "thresholded" else round(p, 4) if fault == "rounds_prediction" else p


def row_loss(loss: str, z: float, y: float) -> float:
    """The loss of one row.

    Example:
        >>> row_loss("nll", 1000.0, 0), row_loss("mse", 0.0, 1)
        (1000.0, 0.25)
    """
    if not math.isfinite(z):
        return math.nan
    if loss == "nll":
        return float(log1pexp(z)) - y * z if y not in (0, 1) else float(log1pexp(-z if y == 1 else z))
    return (probability(z) - y) ** 2


def gradient_of(
    w: list[float], b: float, rows: Any, labels: Any, taken: list[int], model: NeuronModel
) -> tuple[list[float], float]:
    """The sum of the gradients of some rows, by the weights and by the bias."""
    fault = model.fault
    gw, gb = [0.0] * len(w), 0.0
    scores = [_score(w, b, rows[k], fault) for k in taken]
    ps = [probability(z, fault) for z in scores]
    mean = math.fsum(ps) / max(1, len(ps))
    for k, p in zip(taken, ps, strict=True):
        y = {"label_ignored": 0, "labels_plus_minus": 2 * labels[k] - 1}.get(fault, labels[k])
        slope = {"mean_of_slopes": mean * (1 - p), "mean_of_slopes:both": mean * (1 - mean)}.get(
            fault, p * (1 - p)
        )
        with_slope = (model.loss != "nll" and fault != "no_slope") or (
            model.loss == "nll" and fault == "extra_slope"
        )
        factor = (2.0 if model.loss == "mse" else 1.0) * (slope if with_slope else 1.0)
        error = (p - y) * factor
        for j in range(len(w)):
            gw[j] += error * rows[k][j]
        gb += error
    if fault == "first_column_only":
        gw = [gw[0], *[0.0] * (len(w) - 1)]
    return gw, gb


def _bias_gradient(
    w: list[float], b: float, rows: Any, labels: Any, taken: list[int], model: NeuronModel, moved: list[float]
) -> float:
    """That of the bias at weights that were moved already; or only its slopes are, as in the assignment."""
    if not model.fault.endswith(":slope"):
        return gradient_of(moved, b, rows, labels, taken, model)[1]
    total = 0.0
    for k in taken:
        before, after = (probability(_score(at, b, rows[k], "")) for at in (w, moved))
        slope = after * (1 - after) if model.loss != "nll" else 1.0
        total += (before - labels[k]) * slope * (2.0 if model.loss == "mse" else 1.0)
    return total


def _moved(
    start: tuple[list[float], float],
    gradient: tuple[list[float], float],
    rate: float,
    scales: tuple[float, float],
    model: NeuronModel,
    bias_gradient: Callable[[list[float]], float],
) -> tuple[list[float], float]:
    """Weights and bias after one update."""
    (w, b), (gw, gb), (for_w, for_b), fault = start, gradient, scales, model.fault
    down = -rate if fault == "weights_ascend" else rate
    moved = w if fault == "weights_frozen" else [one - down * for_w * g for one, g in zip(w, gw, strict=True)]
    if model.fault_id == "bias_before_weights":
        gb = bias_gradient(moved)
    if fault in ("bias_frozen", "bias_absent"):
        new = b
    else:
        share = {"bias_without_rate": 1.0, "bias_ascends": -rate}.get(fault, rate)
        new = b - share * for_b * gb
    if fault.startswith("rounds_inside"):
        digits = int(fault.partition(":")[2] or 4)
        return [round(one, digits) for one in moved], round(new, digits)
    return moved, new


ROW_LOSSES: dict[str, Callable[[str, float, float], float]] = {
    "one_term": lambda loss, z, y: y * row_loss(loss, z, 1),
    "other_loss": lambda loss, z, y: row_loss("mse" if loss == "nll" else "nll", z, y),
    "log_base_2": lambda loss, z, y: row_loss(loss, z, y) / math.log(2),
    "log_base_10": lambda loss, z, y: row_loss(loss, z, y) / math.log(10),
    "absolute": lambda _, z, y: abs(probability(z) - y),
    "half_mse": lambda _, z, y: row_loss("mse", z, y) / 2,
    "root_mse": lambda _, z, y: abs(probability(z) - y),
    "wrong_sign": lambda loss, z, y: -row_loss(loss, z, y),
    "labels_turned": lambda loss, z, y: row_loss(loss, z, 1 - y),
}
"""Faults of the loss of a row: of the loss, the score and the label."""

LIST_FAULTS = (*ROW_LOSSES, "after_update", "accumulated", "last_row_listed", "divided_twice")
"""Faults of the losses that are listed."""


def listed(call: Mapping[str, Any], model: NeuronModel, how: str = "mean", fault: str = "") -> list[float]:
    """The losses of the epochs, as a homework lists them.

    Args:
        call: what was trained.
        model: how; its fault is that of the update.
        how: ``"mean"`` or ``"sum"`` over the rows.
        fault: of the list, one of ``LIST_FAULTS``.
    """
    of_row, labels = ROW_LOSSES.get(fault, row_loss), call["labels"]
    if fault == "after_update":
        # With one epoch more the scores before its updates are those after the one before; row by row
        # the weights at the end of an epoch are asked.
        epochs = range(1, call["epochs"] + 1)
        ends = [trained({**call, "epochs": count}, model) for count in epochs]
        scores = [[_score(w, b, row, model.fault) for row in call["features"]] for w, b, _ in ends]
    else:
        scores = trained(call, model)[2]
    if len(scores) and len(scores[0]) < len(labels):
        labels = [labels[k] for k in rows_taken(len(labels), model.fault)]
    rows = [[of_row(model.loss, z, y) for z, y in zip(epoch, labels, strict=True)] for epoch in scores]
    if fault == "last_row_listed":
        return [row[-1] for row in rows]
    found = [_reduced(row, how) for row in rows]
    if fault == "accumulated":
        return [math.fsum(found[: k + 1]) for k in range(len(found))]
    return [one / len(labels) for one in found] if fault == "divided_twice" else found


def _reduced(row: list[float], how: str) -> float:
    return sum(row) if how == "sum" else sum(row) / max(1, len(row))
