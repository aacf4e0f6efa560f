"""What has passed its own check, held against the rest: it becomes a Plan, or one clear sentence."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial
from typing import Any

from torch import Tensor

from soloneuron.data.arrays import as_labels, as_targets
from soloneuron.errors import InputError, InputWarning, ShapeError
from soloneuron.formulas.sharded import tiles_here
from soloneuron.formulas.sparse import is_sparse
from soloneuron.neuron import Neuron
from soloneuron.objective import Objective
from soloneuron.optimizers.base import Optimizer
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Features, Labels
from soloneuron.training.counts import as_count
from soloneuron.training.limits import safe_rate
from soloneuron.training.plan import Plan
from soloneuron.training.row_weights import mean_weight, row_weights, weights_of_tiles

REDUCTIONS = ("mean", "sum")


def refuse_no_columns(plan: Plan) -> None:
    """Refuse rows without a column, of which nobody means to learn anything."""
    if plan.data is not None and not plan.data.features.shape[1]:
        raise ShapeError("features must have at least one column, got none", code="features.columns")


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
    by_tiles: bool = False,
) -> Plan:
    """Hold labels, weights and sizes against each other; X and the rest have passed their own check."""
    y = _labels(labels, X, objective)
    if reduction not in REDUCTIONS:
        raise InputError(f"reduction must be 'mean' or 'sum', got {reduction!r}", code="reduction")
    if is_sparse(X) and len(seeds) > 1:
        raise InputError(
            f"sparse rows come in one order for all runs, got {len(seeds)} seeds: give one, or train the "
            "seeds one after another",
            code="sparse.seeds",
        )
    size = _batch_size(batch_size, len(X))
    if optimizer.needs == "objective" and size < len(X):
        raise InputError(
            f"{optimizer.name} needs one function in all its steps, that of all rows, got batch_size={size}: "
            "leave batch_size out, or take an optimizer without a line search, such as adam",
            code="optimizer.batches",
            optimizer=optimizer.name,
            size=size,
        )
    stacked = tiles_here(X)
    if stacked is None:
        weights = row_weights(y, sample_weight, class_weight)
    else:
        refuse_for_tiles(objective, seeds, by_tiles=by_tiles, parts=batch_size is not None)
        weights = weights_of_tiles(
            y, sample_weight, class_weight, partial(stacked.space, len(X), stacked.dtype)
        )
    mean = mean_weight(weights, reduction)
    in_place = stacked is not None and sample_weight is None
    plan = Plan(
        objective=objective,
        data=Batch(X, y, None if weights is None else weights.div_(mean) if in_place else weights / mean),
        optimizer=_named_parts(optimizer, objective),
        batch_size=size,
        mean_weight=None if isinstance(mean, Tensor) or reduction == "mean" else mean,
        seeds=seeds,
        runs=runs,
        class_weight=_plain_weights(class_weight),
        sample_weight=sample_weight is not None,
        by_tiles=by_tiles,
    )
    if not automatic:
        return plan
    return replace(plan, optimizer=plan.optimizer.replace(learning_rate=safe_rate(plan)))


def refuse_for_tiles(objective: Objective, seeds: tuple[int, ...], *, by_tiles: bool, parts: bool) -> None:
    """Refuse what rows on disk cannot do without being put into memory."""
    if not isinstance(objective, Neuron):
        raise InputError(
            "rows on disk are read by the neuron alone, got an objective of its own: give it rows in memory",
            code="tiles.objective",
        )
    if seeds and parts and not by_tiles:
        raise InputError(
            "rows on disk are shuffled by tiles, got shuffle=True, which is the uniform order: take "
            "shuffle='tiles'",
            code="tiles.shuffle",
        )
    if len(seeds) > 1:
        raise InputError(
            f"rows on disk come in one order for all runs, got {len(seeds)} seeds: give one, or train the "
            "seeds one after another",
            code="tiles.seeds",
        )


def _labels(labels: Any, X: Features, objective: Objective) -> Labels:
    """Labels of the domain of the neuron's loss; any finite numbers for another objective."""
    if not isinstance(objective, Neuron):
        return as_targets(labels, X.dtype, rows=len(X), device=X.device)
    loss = objective.loss
    return as_labels(labels, X.dtype, rows=len(X), soft=loss.soft_labels, loss=loss.name, device=X.device)


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
