"""The commonest case in its shortest form: NLL, hard labels, no weights, no penalty.

Signed augmented rows a_i = (1 - 2 y_i) [x_i, 1] hold label, features and bias at once. With t = A theta

    loss = softplus(t)    residual r = sigmoid(t)    theta <- theta - rate * A^T r

so y, the bias and the subtraction p - y are gone, and a step is three operations.
"""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.neuron import Neuron
from soloneuron.training.plan import Plan

FOLD = 64
"""Factors of a product under one logarithm; 2^-64 is far inside the range of float32."""


def signed_rows(plan: Plan) -> Tensor:
    """A (n, d+1): the rows [x, 1], or x without a bias, with the sign 1 - 2y."""
    neuron = plan.objective
    assert isinstance(neuron, Neuron), "only a neuron has signed rows"
    assert plan.data is not None, "a neuron has rows"
    X, y, _ = plan.data
    A = X.new_empty(plan.rows, plan.columns)
    sign = torch.sub(1.0, y, alpha=2.0)[:, None]
    torch.mul(X, sign, out=A[:, : X.shape[1]])
    if neuron.bias:
        A[:, -1:] = sign
    return A


def softplus_sums(t: Tensor, r: Tensor) -> Tensor:
    """The sums of softplus(t) over rows, given r = sigmoid(t), with one logarithm for many rows.

    Formula: softplus(t) = relu(t) - log max(r, 1 - r). The maximum lies in [1/2, 1], so that many
    factors can be multiplied before their product nears the end of the range.

    Args:
        t: (..., m, k); is spent.
        r: sigmoid(t), (..., m, k).

    Returns:
        (..., k).
    """
    factors = 900 if t.dtype == torch.float64 else 100
    # In place: t is spent, and a fresh tensor of this size would cost more than the arithmetic.
    total = t.clamp_(min=0).sum(-2)
    likely = torch.maximum(torch.sub(1.0, r, out=t), r, out=t)
    # Each factor is at least 1/2: 900 of them stay above 2^-1022, 100 above 2^-126.
    for part in likely.split(factors, -2):
        total -= part.prod(-2).log_()
    return total


def softplus_sum(t: Tensor, r: Tensor) -> Tensor:
    """The sum () of softplus(t) for one vector (n,), given r = sigmoid(t); t is spent.

    Nothing as long as t is allocated: a fresh megabyte costs more in page faults than the arithmetic.
    """
    total = t.clamp_(min=0).sum()
    likely = torch.maximum(torch.sub(1.0, r, out=t), r, out=t)
    # Folding by view: products down 64 rows, then one logarithm a column; the rest has one of its own.
    folded = len(t) - len(t) % FOLD
    total -= likely[:folded].view(FOLD, -1).prod(0).log_().sum()
    if folded < len(t):
        total -= likely[folded:].prod().log_()
    return total
