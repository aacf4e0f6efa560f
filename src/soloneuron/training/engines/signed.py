"""The commonest case in its shortest form: NLL, hard labels, no weights, no penalty.

Signed augmented rows a_i = (1 - 2 y_i) [x_i, 1] hold label, features and bias at once. With t = A theta

    loss = softplus(t)    residual r = sigmoid(t)    theta <- theta - rate * A^T r

so y, the bias and the subtraction p - y are gone, and a step is three operations.
"""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.formulas.losses import NLL
from soloneuron.training.plan import Plan


def is_signed(plan: Plan) -> bool:
    """Whether a plan is the commonest case."""
    X, y, s = plan.data
    return (
        isinstance(plan.neuron.loss, NLL)
        and plan.neuron.penalty is None
        and s is None
        and X.shape[-1] + plan.neuron.bias > 0
        and bool(((y == 0) | (y == 1)).all())
    )


def signed_rows(plan: Plan) -> Tensor:
    """A (n, d+1): the rows [x, 1], or x without a bias, with the sign 1 - 2y."""
    X, y, _ = plan.data
    A = X.new_empty(plan.rows, plan.columns)
    sign = (1 - 2 * y)[:, None]
    torch.mul(X, sign, out=A[:, : X.shape[1]])
    if plan.neuron.bias:
        A[:, -1:] = sign
    return A


def softplus_sums(t: Tensor, r: Tensor) -> Tensor:
    """The column sums of softplus(t), given r = sigmoid(t), with one logarithm for many rows.

    Formula: softplus(t) = relu(t) - log max(r, 1 - r). The maximum lies in [1/2, 1], so that many
    factors can be multiplied before their product nears the end of the range.

    Args:
        t: (m, k).
        r: sigmoid(t), (m, k).

    Returns:
        (k,).
    """
    factors = 900 if t.dtype == torch.float64 else 100
    total = t.clamp(min=0).sum(0)
    for part in torch.maximum(r, 1 - r).split(factors):
        total -= part.prod(0).log_()
    return total


def softplus_sum(t: Tensor, r: Tensor) -> Tensor:
    """The sum of softplus(t) for one long vector, given r = sigmoid(t); both (n,), the result ()."""
    folded = len(t) - len(t) % 64
    total = softplus_sums(t[folded:, None], r[folded:, None])[0]
    if folded:
        total = total + softplus_sums(t[:folded].view(64, -1), r[:folded].view(64, -1)).sum()
    return total
