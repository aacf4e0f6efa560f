"""Whether a line can part the classes without an error: asked once, when somebody reads the answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import torch
from torch import Tensor

from soloneuron.data.arrays import is_hard
from soloneuron.formulas.newton import newton_points
from soloneuron.formulas.sharded import ShardedRows, tiles_here
from soloneuron.formulas.sparse import is_sparse
from soloneuron.neuron import Neuron
from soloneuron.records.history import Outcome
from soloneuron.training.plan import Plan

NEWTON_STEPS = 30

MOST_WORK = 20_000_000
"""Rows times columns squared: above this nobody waits for an answer that is only a remark."""

MOST_COPIED = 500_000
"""Numbers of rows on disk that are put into memory for it."""


def unbounded(plan: Plan) -> bool:
    """Whether classes without an error leave the loss without a finite optimum."""
    neuron = plan.objective
    return (
        isinstance(neuron, Neuron)
        and plan.data is not None
        and is_hard(plan.data.labels)
        and neuron.loss.strictly_decreasing
        and neuron.penalty is None
    )


def answered(outcomes: tuple[Outcome, ...], plan: Plan) -> tuple[Outcome, ...]:
    """The outcomes with the question of separability answered, which is one for all runs of a plan.

    Args:
        outcomes: of the runs of this plan.
        plan: the job, with all its rows.

    Returns:
        Them, none of them ``None`` in ``separable``; outcomes that were one object still are.
    """
    if all(outcome.separable is not None for outcome in outcomes):
        return outcomes
    found = separable(plan)
    known = {
        id(outcome): outcome if outcome.separable is not None else replace(outcome, separable=found)
        for outcome in outcomes
    }
    return tuple(known[id(outcome)] for outcome in outcomes)


def separable(plan: Plan) -> bool:
    """Whether some theta has every row on its right side; False also where that is not known.

    Newton's method descends the log loss. On separable data its theta soon parts the classes, which is
    checked row by row, so that a True is a proof; on all others the gradient vanishes at a finite optimum.

    Args:
        plan: the job; labels are 0 or 1. Where runs weigh the rows differently, nothing is known.

    Returns:
        True for a proof that a separating theta exists.

    Source: Albert and Anderson, Biometrika 71 (1984): the maximum likelihood is finite just where no
    separating theta exists.
    """
    n, columns = plan.rows, plan.columns
    # Sizes before copies; sparse rows would have to be written out.
    strided = plan.data is not None and plan.data.features.layout == torch.strided
    one = plan.data is not None and (plan.data.weights is None or plan.data.weights.dim() == 1)
    if not columns or not strided or not one or n * columns**2 > MOST_WORK:
        return False
    assert plan.data is not None, "only rows can be parted"
    if tiles_here(plan.data.features) is not None and n * columns > MOST_COPIED:
        return False
    A = _signed(plan)
    n = len(A)

    def value(theta: Tensor) -> Tensor:
        return torch.logaddexp(A.new_zeros(()), -(A @ theta)).mean()

    def value_and_gradient(theta: Tensor) -> tuple[Tensor, Tensor]:
        return value(theta), -(A.T @ torch.sigmoid(-(A @ theta))) / n

    def hessian(theta: Tensor) -> Tensor:
        r = torch.sigmoid(-(A @ theta))
        H = A.T @ (A * (r * (1 - r))[:, None]) / n
        # For columns that follow from others, and for curvatures that vanish far out.
        H.diagonal().add_(1e-12)
        return H

    points = newton_points(
        A.new_zeros(columns), value=value, value_and_gradient=value_and_gradient, hessian=hessian
    )
    for theta, gradient in islice(points, NEWTON_STEPS + 1):
        if (A @ theta > 0).all():
            return True
        if gradient.abs().max() < 1e-9:
            return False
    return False


def _signed(plan: Plan) -> Tensor:
    """Rows that stand on their right side where A theta > 0, with columns of largest size 1."""
    assert plan.data is not None, "only rows can be parted"
    X, y, s = plan.data
    X = X[:] if isinstance(X, ShardedRows) else X
    # So few sparse rows and columns are worked on densely.
    X = X.to_dense() if is_sparse(X) else X[:]
    biased = isinstance(plan.objective, Neuron) and plan.objective.bias
    A = torch.cat([X, X.new_ones(len(X), 1)], 1) if biased else X
    A = (A * (2 * y - 1)[:, None]).double()
    if s is not None:
        A = A[s > 0]
    return A / A.abs().amax(0).clamp(min=torch.finfo(A.dtype).tiny)
