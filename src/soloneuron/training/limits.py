"""How large a learning rate may be, and whether there is an optimum to reach at all."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.records.history import RateLimits
from soloneuron.shapes import Theta
from soloneuron.training.plan import Plan

DENSE = 1024
"""Up to this many columns all eigenvalues are computed; above, the largest by power iteration."""


def rate_limits(plan: Plan, theta: Theta) -> RateLimits:
    """The two limits of the learning rate of plain descent.

    Formula: guaranteed = 2 / L with L = max|d2loss/dz2| * lambda_max(A^T S A / n) + the penalty's
    curvature; for NLL and means that is 8 / lambda_max(A^T A / n). local = 2 / lambda_max(H(theta)). Summed
    gradients divide both by the rows of a batch.

    Args:
        plan: the job.
        theta: where the run stands, (d+1,).

    Returns:
        The limits; ``full_batch`` is false for a run that updates on parts of the data.

    Source: Nesterov, Introductory Lectures on Convex Optimization (2004), section 1.2.3; LeCun, Simard
    and Pearlmutter, NIPS (1992), for the local one.
    """
    batch, neuron = plan.data, plan.neuron
    scale = 1.0 if plan.mean_weight is None else plan.batch_size * plan.mean_weight
    bound = neuron.loss.curvature * _largest_eigenvalue(_second_moment(neuron, batch))
    bound += neuron.penalty.curvature if neuron.penalty is not None else 0.0
    try:
        bend = _largest_eigenvalue(neuron.hessian(theta, batch))
    except InputError:
        bend = math.nan
    return RateLimits(
        guaranteed=_limit(bound * scale), local=_limit(bend * scale), full_batch=plan.batch_size == plan.rows
    )


def _limit(curvature: float) -> float | None:
    return 2 / curvature if 0 < curvature < math.inf else None


def _second_moment(neuron: Neuron, batch: Batch) -> Tensor:
    X, _, s = batch
    A = torch.cat([X, X.new_ones(len(X), 1)], 1) if neuron.bias else X
    return A.mT @ (A if s is None else A * s[:, None]) / len(X)


def _largest_eigenvalue(H: Tensor) -> float:
    """lambda_max of a symmetric matrix; nan if it has a non-finite entry, 0 if it is empty."""
    if not torch.isfinite(H).all():
        return math.nan
    if len(H) <= DENSE:
        return float(torch.linalg.eigvalsh(H)[-1]) if len(H) else 0.0
    # A shift by the Frobenius norm makes every eigenvalue positive, so the power finds the largest one.
    shift = float(torch.linalg.matrix_norm(H))
    v = torch.ones(len(H), dtype=H.dtype)
    for _ in range(200):
        v = torch.mv(H, v) + shift * v
        v /= torch.linalg.vector_norm(v)
    return float(v @ torch.mv(H, v))
