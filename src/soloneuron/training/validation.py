"""What comes in to be trained becomes a Plan, or one clear sentence."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, cast

import numpy as np
import torch
from torch import Tensor

from soloneuron.data.arrays import as_labels, as_number, as_row_weights, as_targets
from soloneuron.data.complaints import shape_of, short
from soloneuron.data.conversion import as_tensor
from soloneuron.data.seeding import fresh_seed
from soloneuron.errors import InputError, InputWarning, ShapeError
from soloneuron.formulas.penalties import Penalty
from soloneuron.formulas.sparse import is_sparse
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective, start_of
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.descent import GradientDescent
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.settings import scheduled
from soloneuron.records.dataset import Batch
from soloneuron.records.spellings import AUTO
from soloneuron.training.limits import safe_rate
from soloneuron.training.objectives import as_objective
from soloneuron.training.plan import Plan
from soloneuron.training.run_axes import broadcast_runs

REDUCTIONS = ("mean", "sum")

Rate = float | Tensor | Callable[[int], Any] | Literal["auto"]


def make_plan(
    X: Tensor,
    labels: Any,
    *,
    objective: Objective,
    optimizer: Optimizer,
    automatic: bool,
    batch_size: int | None,
    reduction: str,
    seeds: tuple[int, ...],
    runs: tuple[int, ...] = (),
    sample_weight: Any = None,
    class_weight: Any = None,
) -> Plan:
    """Hold labels, weights and sizes against each other; X and the rest have passed their own check."""
    rows = len(X)
    if isinstance(objective, Neuron):
        loss = objective.loss
        y = as_labels(labels, X.dtype, rows=rows, soft=loss.soft_labels, loss=loss.name, device=X.device)
    else:
        y = as_targets(labels, X.dtype, rows=rows, device=X.device)
    if reduction not in REDUCTIONS:
        raise InputError(f"reduction must be 'mean' or 'sum', got {reduction!r}", code="reduction")
    if is_sparse(X) and len(seeds) > 1:
        raise InputError(
            f"sparse rows come in one order for all runs, got {len(seeds)} seeds: give one, or train the "
            "seeds one after another",
            code="sparse.seeds",
        )
    weights = row_weights(y, sample_weight, class_weight)
    mean = _mean_weight(weights, reduction)
    plan = Plan(
        objective=objective,
        data=Batch(X, y, None if weights is None else weights / mean),
        optimizer=_named_parts(optimizer, objective),
        batch_size=_batch_size(batch_size, rows),
        mean_weight=None if isinstance(mean, Tensor) or reduction == "mean" else mean,
        seeds=seeds,
        runs=runs,
        class_weight=_plain_weights(class_weight),
        sample_weight=sample_weight is not None,
    )
    if not automatic:
        return plan
    return replace(plan, optimizer=plan.optimizer.replace(learning_rate=safe_rate(plan)))


def as_rule(optimizer: Any, rate: Rate | None) -> tuple[Optimizer, bool]:
    """The rule with its learning rate, and whether that is still to be worked out from the data.

    Without a number every method takes its own default; for "auto" plain descent takes a rate that is safe
    for the data.
    """
    number = None if isinstance(rate, str) else rate
    rule = as_optimizer(optimizer, learning_rate=number)
    descent = type(rule) is GradientDescent and "learning_rate" not in rule.given
    return rule, descent and isinstance(rate, str)


def check_schedules(rule: Optimizer, theta: Tensor) -> None:
    """Ask a schedule for its first rate, so that one that gives none is refused before work begins."""
    rate = rule.learning_rate
    if callable(rate):
        scheduled(rate(1), 1, theta, type(rule).__name__)


def _named_parts(rule: Optimizer, objective: Objective) -> Optimizer:
    """A rule that treats the bias apart is told whether there is one, unless somebody has told it.

    A graph on rows is taken for one that ends with a bias, as the neuron's does.
    """
    if "bias" in rule.given or "bias" not in rule.hyperparameters:
        return rule
    return rule.replace(bias=objective.bias if isinstance(objective, Neuron) else True)


def _plain_weights(class_weight: Any) -> str | tuple[float, float] | None:
    """Checked class weights as a recipe holds them."""
    if class_weight is None or isinstance(class_weight, str):
        return class_weight
    return float(class_weight.get(0, 1.0)), float(class_weight.get(1, 1.0))


def as_rate(value: Any, dtype: torch.dtype, columns: int) -> Rate | None:
    """One number, one a run as (runs..., 1), one a coordinate as (..., columns), a schedule or "auto"."""
    if value is None or callable(value) or (isinstance(value, str) and value == AUTO):
        return cast("Rate | None", value)
    if getattr(value, "ndim", 0) == 0 and not isinstance(value, list | tuple):
        rate = as_number(value, name="learning_rate", wanted="a number or 'auto'", must="be finite and > 0")
        if rate <= 0:
            raise InputError(
                f"learning_rate must be finite and > 0, got {rate:g}", code="learning_rate.range"
            )
        return rate
    rates = as_tensor(value, dtype, "learning_rate")
    if rates.numel() and rates.shape[-1] in {1, columns} and ((rates > 0) & rates.isfinite()).all():
        return rates
    came = f" with values from {rates.min():g} to {rates.max():g}" if rates.numel() else ""
    raise InputError(
        "learning_rate must be finite and > 0: one number, a tensor (R, 1) for R runs, or one number for "
        f"each of the {columns} coordinates of theta, got shape {tuple(rates.shape)}{came}",
        code="learning_rate.range",
    )


def as_theta(initial: Any, dtype: torch.dtype, columns: int, *, device: torch.device | None = None) -> Tensor:
    """The start (runs..., columns); zeros for None."""
    if initial is None:
        return torch.zeros(columns, dtype=dtype, device=device)
    theta = as_tensor(initial, dtype, "initial", device=device)
    if theta.dim() == 0 or theta.shape[-1] != columns or (columns and not theta.numel()):
        raise ShapeError(
            f"initial must hold {columns} numbers a run (weights, then the bias if there is one), got "
            f"{shape_of(theta)}",
            code="initial.shape",
        )
    if not theta.isfinite().all():
        raise InputError("initial must be finite", code="initial.finite")
    return theta


def initial_theta(
    objective: Objective, initial: Any, dtype: torch.dtype, *, device: torch.device | None = None
) -> Tensor:
    """The start of an objective that is no neuron: as given, else where it says that a descent begins."""
    start = start_of(objective) if initial is None else initial
    if start is None:
        raise InputError("initial must be given for an objective without a start", code="initial.missing")
    theta = as_tensor(start, dtype, "initial", device=device)
    if initial is None and not theta.isfinite().all():
        raise InputError(
            "the objective stands at numbers that are not finite, as a graph does after a run overflowed: "
            f"give initial, {theta.shape[-1]} numbers",
            code="initial.finite",
        )
    return as_theta(theta, dtype, theta.shape[-1] if theta.dim() else 1, device=device)


def objective_on_rows(given: Any) -> Objective:
    """An objective that stands in the place of the neuron."""
    if not callable(getattr(given, "value_and_gradient", None)):
        raise InputError(
            "objective must have value_and_gradient(theta, batch), as a compiled graph has, got "
            f"{type(given).__name__}",
            code="objective.type",
        )
    return as_objective(given)


def refuse_settings(of_the_neuron: Mapping[str, bool]) -> None:
    """Refuse what only a neuron has, where an objective stands in its place.

    Args:
        of_the_neuron: the settings, and whether they were given.
    """
    given = [name for name, is_given in of_the_neuron.items() if is_given]
    if given:
        raise InputError(
            f"{given[0]} belongs to the neuron: with an objective of its own leave it out",
            code="objective.settings",
        )


def common_runs(
    theta: Tensor,
    rule: Optimizer,
    seeds: tuple[int, ...],
    *,
    penalty: Penalty | None = None,
    sample_weight: Any = None,
) -> tuple[int, ...]:
    """The run axes that starts, numbers of rule and penalty, row weights and seeds have together.

    Args:
        theta: the start, (runs..., k).
        rule: its tensors are (runs..., 1) or (runs..., k).
        seeds: more than one are the last run axis.
        penalty: its tensors are (runs..., 1).
        sample_weight: as it was given, (runs..., n) or not checked yet.

    Returns:
        The axes; () for a single run.

    Raises:
        ShapeError: they do not agree.
    """
    own = {
        name: tuple(value.shape[:-1])
        for name, value in rule.settings.items()
        if isinstance(value, Tensor) and value.dim()
    }
    return broadcast_runs(
        initial=tuple(theta.shape[:-1]),
        **own,
        penalty=() if penalty is None else tuple(penalty.runs),
        sample_weight=axes_of_rows(sample_weight),
        seed=(len(seeds),) if len(seeds) > 1 else (),
    )


def axes_of_rows(values: Any) -> tuple[int, ...]:
    """The axes in front of the rows, of numbers in any form; () also where they are no table."""
    shape = getattr(values, "shape", None)
    if shape is not None:
        return tuple(int(size) for size in shape[:-1])
    nested = isinstance(values, list | tuple) and values and isinstance(values[0], list | tuple | Tensor)
    return (len(values), *axes_of_rows(values[0])) if nested else ()


def as_seeds(seed: Any, *, shuffle: bool) -> tuple[int, ...]:
    """No seed for file order, else one, or one a run."""
    if isinstance(seed, Sequence) and not isinstance(seed, str | bytes):
        if not len(seed):
            raise InputError(
                "seed must be a whole number, a list with one for each run, or None, got an empty list",
                code="seed.empty",
            )
        if not shuffle:
            raise InputError("seeds for many runs need shuffle=True", code="seed.shuffle")
        return tuple(as_count(s, "seed", least=0) for s in seed)
    checked = None if seed is None else as_count(seed, "seed", least=0)
    if not shuffle:
        return ()
    return (fresh_seed() if checked is None else checked,)


def as_flag(value: Any, name: str) -> bool:
    """True or False, also of NumPy; a word is neither."""
    if not isinstance(value, bool | np.bool_):
        raise InputError(f"{name} must be True or False, got {short(value)}", code=f"{name}.type")
    return bool(value)


def as_count(value: Any, name: str, *, least: int) -> int:
    """A whole number, also of NumPy, not below the least; a truth is none."""
    try:
        count = operator.index(value)
    except TypeError:
        count = None
    if count is None or isinstance(value, bool | np.bool_):
        raise InputError(f"{name} must be a whole number, got {short(value)}", code=f"{name}.type")
    if count < least:
        raise InputError(f"{name} must be >= {least}, got {short(count)}", code=f"{name}.range")
    return count


def _batch_size(value: int | None, rows: int) -> int:
    if value is None:
        return rows
    size = as_count(value, "batch_size", least=1)
    if size > rows:
        warnings.warn(
            f"batch_size {size} is larger than the {rows} rows: every update takes all of them",
            InputWarning,
            stacklevel=4,
        )
    return min(size, rows)


def _mean_weight(weights: Tensor | None, reduction: str) -> float | Tensor:
    """What a row counts on average; (runs..., 1) where runs weigh the rows differently."""
    if weights is None:
        return 1.0
    if weights.dim() == 1:
        return float(weights.mean())
    if reduction == "sum":
        raise InputError(
            "reduction must be 'mean' where sample_weight has run axes, got 'sum': multiply the learning "
            "rate of each run by the sum of its weights instead",
            code="reduction.runs",
        )
    return weights.mean(-1, keepdim=True)


def row_weights(y: Tensor, sample_weight: Any, class_weight: Any) -> Tensor | None:
    """What each row counts by itself and by its class, (n,) or (runs..., n); None where all count alike."""
    weights = None
    if sample_weight is not None:
        weights = as_row_weights(sample_weight, y.dtype, rows=len(y), device=y.device)
    if class_weight is None:
        return weights
    zero: float | Tensor
    one: float | Tensor
    if isinstance(class_weight, str) and class_weight == "balanced":
        zero, one = _balancing(y, weights)
    elif isinstance(class_weight, Mapping) and set(class_weight) <= {0, 1}:
        zero, one = (as_number(class_weight.get(label, 1.0), name="class_weight") for label in (0, 1))
    else:
        raise InputError(
            f"class_weight must be None, 'balanced' or {{0: number, 1: number}}, got {short(class_weight)}",
            code="class_weight.type",
        )
    by_class = as_row_weights(one * y + zero * (1 - y), y.dtype, rows=len(y), name="class_weight")
    if weights is None:
        return by_class
    both = weights * by_class
    if not both.isfinite().all():
        raise InputError(
            "sample_weight times class_weight must be finite, got more than there is room for: scale them",
            code="sample_weight.large",
        )
    return as_row_weights(both, y.dtype, rows=len(y))


def _balancing(y: Tensor, weights: Tensor | None) -> tuple[Tensor, Tensor]:
    """What a row of class 0 and one of class 1 count so that both classes weigh the same, (..., 1) each.

    The classes weigh what their rows do, so that a row of weight 2 is the row twice.
    """
    s = torch.ones_like(y) if weights is None else weights
    total, ones = s.sum(-1, keepdim=True), (s * y).sum(-1, keepdim=True)
    # A class without rows is not divided by.
    zero, one = (torch.where(part > 0, total / (2 * part), 0.0) for part in (total - ones, ones))
    return zero, one
