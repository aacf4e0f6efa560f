"""How large a learning rate may be, and whether there is an optimum to reach at all."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.curvature import largest_curvature, rate_limit
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.records.history import RateLimits
from soloneuron.shapes import Theta
from soloneuron.training.plan import Plan


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
    bound = neuron.loss.curvature * largest_curvature(_second_moment(neuron, batch))
    bound += float(neuron.penalty.curvature) if neuron.penalty is not None else 0.0
    try:
        bend = largest_curvature(neuron.hessian(theta, batch))
    except InputError:
        bend = math.nan
    return RateLimits(
        guaranteed=rate_limit(bound * scale), local=rate_limit(bend * scale), full_batch=plan.full_batch
    )


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
    """
    neuron, batch = plan.objective, plan.data
    assert isinstance(neuron, Neuron), "a safe rate is worked out for a neuron alone"
    assert batch is not None, "a neuron has rows"
    scale = 1.0 if plan.mean_weight is None else plan.batch_size * plan.mean_weight
    held = neuron.penalty.curvature if neuron.penalty is not None else 0.0
    s = batch.weights
    if s is None or s.dim() == 1:
        bound: float | Tensor = _bend_of_rows(neuron, batch, full_batch=plan.full_batch)
    else:
        each = [batch._replace(weights=own) for own in s.flatten(0, -2)]
        bends = [_bend_of_rows(neuron, own, full_batch=plan.full_batch) for own in each]
        bound = s.new_tensor(bends).view(*s.shape[:-1], 1)
    bound = (bound + held) * scale
    if isinstance(bound, Tensor):
        return torch.where((bound > 0) & (bound < math.inf), 1 / bound, 1.0)
    return 1 / bound if 0 < bound < math.inf else 1.0


def _bend_of_rows(neuron: Neuron, batch: Batch, *, full_batch: bool) -> float:
    """The largest curvature that the loss of the rows can have, in full batch or on any part of them."""
    X, _, s = batch
    bend = min(neuron.loss.curvature, 1.0)
    if full_batch:
        return bend * largest_curvature(_second_moment(neuron, batch))
    sizes = (X * X).sum(1) + neuron.bias
    return bend * float((sizes if s is None else sizes * s).max())


def _second_moment(neuron: Neuron, batch: Batch) -> Tensor:
    X, _, s = batch
    A = torch.cat([X, X.new_ones(len(X), 1)], 1) if neuron.bias else X
    return A.mT @ (A if s is None else A * s[:, None]) / len(X)
