"""How large a learning rate may be."""

from __future__ import annotations

import math
import sys

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.curvature import rate_limit
from soloneuron.formulas.gram import largest_curvature_of_rows, largest_stretch, longest_row
from soloneuron.formulas.tiled import tiled
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.records.history import RateLimits
from soloneuron.shapes import Theta
from soloneuron.training.plan import Plan
from soloneuron.training.row_parts import parts_of
from soloneuron.training.run_axes import own_number

POWER_STEPS = 50
"""Products with the rows until the largest eigenvalue is known to about a hundredth."""


STRAIGHT = 1e4
"""A local limit that is so many times the guaranteed one explains nothing: next to nothing bends there."""


def rate_limits(plan: Plan, theta: Theta) -> RateLimits:
    """The two limits of the learning rate of plain descent.

    Formula: guaranteed = 2 / L with L = max|d2loss/dz2| * lambda_max(A^T S A / n) + the penalty's
    curvature; for NLL and means that is 8 / lambda_max(A^T A / n). local = 2 / lambda_max(H(theta)). Summed
    gradients divide both by the rows of a batch.

    Numerics: up to 64 columns the matrix is formed and both are exact; above, it is known by products alone,
    and both are at most 0.1 % too small, never too large.

    Args:
        plan: the job.
        theta: where the run stands, (d+1,).

    Returns:
        The limits; ``full_batch`` is false for a run that updates on parts of the data. Nothing is known of
        an objective that is no neuron, and there is no local limit where next to nothing bends, as on a
        plateau.

    Source: Nesterov, Introductory Lectures on Convex Optimization (2004), section 1.2.3; LeCun, Simard
    and Pearlmutter, NIPS (1992), for the local one.
    """
    batch, neuron = plan.data, plan.objective
    if not isinstance(neuron, Neuron) or batch is None:
        return RateLimits(guaranteed=None, local=None, full_batch=plan.full_batch)
    bend = _bend(neuron, theta, batch)
    local = None if bend is None else rate_limit(bend * plan.scale(plan.batch_size))
    guaranteed = guaranteed_limit(plan)
    if guaranteed is not None and local is not None and local > STRAIGHT * guaranteed:
        local = None
    return RateLimits(guaranteed=guaranteed, local=local, full_batch=plan.full_batch)


def guaranteed_limit(plan: Plan, run: int = 0) -> float | None:
    """The guaranteed limit of one of the runs; None where nothing bounds the curvature.

    Args:
        plan: the job.
        run: which run, in the order of the flattened run axes; they differ by the strength of a penalty.
    """
    neuron = plan.objective
    if not isinstance(neuron, Neuron) or plan.data is None or neuron.loss.curvature == math.inf:
        return None
    limits = 2 * _inverse(plan, neuron.loss.curvature, plan.stretch)
    limit = float(own_number(limits, plan.runs, run) if limits.dim() else limits)
    return max(limit, sys.float_info.min) if limit < math.inf else None


def safe_rate(plan: Plan) -> float | Tensor:
    """The rate that ``learning_rate="auto"`` stands for: half a limit that no step can leave downhill.

    Formula: 1 / L. In full batch L is the bound of ``rate_limits``; for parts of the data it is the largest
    curvature of a single row, max|d2loss/dz2| * max s |a|^2 + the penalty's. A loss without bound (hinge,
    exponential) is taken as if its curvature were 1: a start, not a guarantee.

    Args:
        plan: the job, whatever its learning rate.

    Returns:
        A rate > 0; 1 where all features are 0 and there is no bias. Runs that differ in row weights or in
        the strength of the penalty have a rate each, (runs..., 1).

    Raises:
        InputError: the features are so large that no number of the dtype is small enough.
    """
    neuron, batch = plan.objective, plan.data
    assert isinstance(neuron, Neuron), "a safe rate is worked out for a neuron alone"
    assert batch is not None, "a neuron has rows"
    bend, dtype = min(neuron.loss.curvature, 1.0), batch.features.dtype
    rates = torch.as_tensor(_inverse(plan, bend, _stretches(plan, neuron, batch)))
    least, smallest = float(rates.min()), torch.finfo(dtype).tiny
    if least < smallest:
        raise InputError(
            f"learning_rate='auto' must be {smallest:.3g} or more to be a number of {dtype}, got {least:.3g} "
            "for features this large: standardize them first",
            code="learning_rate.scale",
        )
    rates = torch.where(rates.isfinite(), rates, 1.0)
    return rates.to(dtype) if rates.dim() else float(rates)


def _stretches(plan: Plan, neuron: Neuron, batch: Batch) -> float | Tensor:
    """By how much the rows, or the longest of them for parts of the data, lengthen theta; (runs..., 1)."""
    measured = largest_stretch if plan.full_batch else longest_row
    X, _, s = batch
    if s is None or s.dim() == 1:
        return plan.stretch if plan.full_batch else longest_row(X, s, bias=neuron.bias)
    each = [measured(X, own, bias=neuron.bias) for own in s.flatten(0, -2)]
    return torch.tensor(each, dtype=torch.float64).view(*s.shape[:-1], 1)


def _inverse(plan: Plan, bend: float, stretch: float | Tensor) -> Tensor:
    """1 / (bend * stretch^2 + the penalty's curvature) in float64, a number also where stretch^2 is none."""
    neuron = plan.objective
    assert isinstance(neuron, Neuron), "only a neuron has a penalty"
    # The smallest number stands for a stretch of 0: rows of zeros bend nothing.
    long = torch.as_tensor(stretch, dtype=torch.float64).clamp(min=sys.float_info.min)
    held = torch.as_tensor(0.0 if neuron.penalty is None else neuron.penalty.curvature, dtype=torch.float64)
    return 1 / long / ((bend * long + held / long) * plan.scale(plan.batch_size))


def _bend(neuron: Neuron, theta: Theta, batch: Batch) -> float | None:
    """The largest curvature of the objective at theta; None for a loss without a second derivative."""
    try:
        bend = _bends(neuron, theta, batch)
    except InputError:
        return None
    ridge = None
    if neuron.penalty is not None:
        ridge = torch.full_like(theta, float(neuron.penalty.curvature))
        if neuron.bias and not neuron.penalty.penalize_bias:
            ridge[-1] = 0.0
    return largest_curvature_of_rows(batch.features, bend, bias=neuron.bias, ridge=ridge)


def _bends(neuron: Neuron, theta: Theta, batch: Batch) -> Tensor:
    """The weighted second derivative of the loss of every row, (n,)."""
    stacked = tiled(batch.features)
    if stacked is None:
        return _bends_of(neuron, theta, batch)
    bends = stacked.vector()
    for rows, part in zip(stacked.spans(), parts_of(batch), strict=True):
        bends[rows] = _bends_of(neuron, theta, part)
    return bends


def _bends_of(neuron: Neuron, theta: Theta, part: Batch) -> Tensor:
    bend = neuron.loss.second_derivative(neuron.logits(theta, part.features), part.labels)
    return bend if part.weights is None else bend * part.weights
