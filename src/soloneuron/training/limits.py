"""How large a learning rate may be, and whether there is an optimum to reach at all."""

from __future__ import annotations

import math

import torch

from soloneuron.errors import InputError
from soloneuron.formulas.curvature import largest_curvature, rate_limit
from soloneuron.formulas.sparse import (
    WIDEST_MOMENT,
    column_sums,
    is_sparse,
    second_moment,
    squared_lengths,
    weighted_sums,
)
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.records.history import RateLimits
from soloneuron.shapes import Theta
from soloneuron.training.plan import Plan

POWER_STEPS = 50
"""Products with the rows until the largest eigenvalue is known to about a hundredth."""


def rate_limits(plan: Plan, theta: Theta) -> RateLimits:
    """The two limits of the learning rate of plain descent.

    Formula: guaranteed = 2 / L with L = max|d2loss/dz2| * lambda_max(A^T S A / n) + the penalty's
    curvature; for NLL and means that is 8 / lambda_max(A^T A / n). local = 2 / lambda_max(H(theta)). Summed
    gradients divide both by the rows of a batch.

    Args:
        plan: the job.
        theta: where the run stands, (d+1,).

    Returns:
        The limits; ``full_batch`` is false for a run that updates on parts of the data. Nothing is known of
        an objective that is no neuron.

    Source: Nesterov, Introductory Lectures on Convex Optimization (2004), section 1.2.3; LeCun, Simard
    and Pearlmutter, NIPS (1992), for the local one.
    """
    batch, neuron = plan.data, plan.objective
    if not isinstance(neuron, Neuron) or batch is None:
        return RateLimits(guaranteed=None, local=None, full_batch=plan.full_batch)
    scale = 1.0 if plan.mean_weight is None else plan.batch_size * plan.mean_weight
    bound = neuron.loss.curvature * _largest_moment(neuron, batch)
    bound += neuron.penalty.curvature if neuron.penalty is not None else 0.0
    try:
        bend = largest_curvature(neuron.hessian(theta, batch))
    except InputError:
        bend = math.nan
    return RateLimits(
        guaranteed=rate_limit(bound * scale), local=rate_limit(bend * scale), full_batch=plan.full_batch
    )


def safe_rate(plan: Plan) -> float:
    """The rate that ``learning_rate="auto"`` stands for: half a limit that no step can leave downhill.

    Formula: 1 / L. In full batch L is the bound of ``rate_limits``; for parts of the data it is the largest
    curvature of a single row, max|d2loss/dz2| * max s |a|^2 + the penalty's. A loss without bound (hinge,
    exponential) is taken as if its curvature were 1: a start, not a guarantee.

    Args:
        plan: the job, whatever its learning rate.

    Returns:
        A rate > 0; 1 where all features are 0 and there is no bias.
    """
    neuron, batch = plan.objective, plan.data
    assert isinstance(neuron, Neuron), "a safe rate is worked out for a neuron alone"
    assert batch is not None, "a neuron has rows"
    X, _, s = batch
    bend = min(neuron.loss.curvature, 1.0)
    if plan.full_batch:
        bound = bend * _largest_moment(neuron, batch)
    else:
        sizes = squared_lengths(X) + neuron.bias
        bound = bend * float((sizes if s is None else sizes * s).max())
    bound += neuron.penalty.curvature if neuron.penalty is not None else 0.0
    scale = 1.0 if plan.mean_weight is None else plan.batch_size * plan.mean_weight
    return 1 / (bound * scale) if 0 < bound * scale < math.inf else 1.0


def _largest_moment(neuron: Neuron, batch: Batch) -> float:
    """The largest eigenvalue of A^T S A / n; of wide sparse rows by power iteration, without that matrix."""
    X, _, s = batch
    if not is_sparse(X) or X.shape[1] <= WIDEST_MOMENT:
        return largest_curvature(second_moment(X, s, bias=neuron.bias))
    w, one = X.values().new_ones(X.shape[1]), X.values().new_ones(1 if neuron.bias else 0)
    largest = 0.0
    for _ in range(POWER_STEPS):
        length = torch.cat([w, one]).norm()
        w, one = w / length, one / length
        z = weighted_sums(w, X) + (one if neuron.bias else 0.0)
        z = z / len(X) if s is None else z * s / len(X)
        w, one = column_sums(z, X), z.sum().expand_as(one)
        largest = float(torch.cat([w, one]).norm())
    return largest
