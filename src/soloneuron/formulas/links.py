"""The sigmoid and its relatives, exact at saturation.

Written in terms of relu and exp(-|z|), which lies in (0, 1]: nothing overflows, and small results keep
their relative precision instead of being the difference of two large ones. Comparisons look at the real
part only, so every function continues analytically to complex logits: the complex step checks them.
"""

from __future__ import annotations

import torch

from soloneuron.shapes import Logits, Probabilities


def relu(z: Logits) -> Logits:
    """The positive part, max(z, 0).

    Args:
        z: logits, any shape, real or complex.

    Returns:
        z where its real part is positive, else 0; relu(0) = 0.

    Example:
        >>> relu(torch.tensor([-2.0, 3.0])).tolist()
        [0.0, 3.0]
    """
    return torch.where(z.real > 0, z, 0)


def magnitude(z: Logits) -> Logits:
    """The size |z|, continued analytically: z or -z, whichever has the positive real part.

    Args:
        z: logits, any shape, real or complex.

    Returns:
        A tensor like z.

    Example:
        >>> magnitude(torch.tensor([-2.0, 3.0])).tolist()
        [2.0, 3.0]
    """
    return torch.where(z.real > 0, z, -z) if z.is_complex() else z.abs()


def softplus(z: Logits) -> Logits:
    """The smooth positive part, log(1 + exp(z)) = relu(z) + log1p(exp(-|z|)).

    Args:
        z: logits, any shape.

    Returns:
        A tensor like z; 1000 at z = 1000 and exp(z) far below 0, never inf for a finite z.

    Example:
        >>> softplus(torch.tensor([1000.0])).item()
        1000.0
    """
    return relu(z) + torch.log1p(torch.exp(-magnitude(z)))


def log_sigmoid(z: Logits) -> Logits:
    """The logarithm of a probability, log(sigmoid(z)) = -softplus(-z).

    Args:
        z: logits, any shape.

    Returns:
        A tensor like z, at most 0; -1000 at z = -1000, where log(sigmoid(z)) would be -inf.

    Example:
        >>> log_sigmoid(torch.tensor([-1000.0])).item()
        -1000.0
    """
    return -softplus(-z)


def sigmoid(z: Logits) -> Probabilities:
    """The probability of class 1, 1 / (1 + exp(-z)).

    Where 1 - sigmoid(z) is wanted, write sigmoid(-z): that keeps the relative precision which the subtraction
    loses.

    Args:
        z: logits, any shape.

    Returns:
        A tensor like z, in [0, 1].

    Example:
        >>> sigmoid(torch.tensor([0.0, 1000.0])).tolist()
        [0.5, 1.0]
    """
    if not z.is_complex():
        return torch.sigmoid(z)
    e = torch.exp(-magnitude(z))
    return torch.where(z.real > 0, 1, e) / (1 + e)


def sigmoid_slope(z: Logits) -> Logits:
    """The derivative of the sigmoid, p (1 - p) = exp(-|z|) / (1 + exp(-|z|))^2.

    Args:
        z: logits, any shape.

    Returns:
        A tensor like z, in [0, 1/4]; an even function.

    Example:
        >>> sigmoid_slope(torch.tensor([0.0])).item()
        0.25
    """
    if z.is_complex():
        e = torch.exp(-magnitude(z))
        return e / (1 + e) ** 2
    # Each factor keeps its relative precision, and both are made in two passes.
    return torch.neg(z).sigmoid_().mul_(torch.sigmoid(z))


def both_probabilities(z: Logits, out: Probabilities) -> None:
    """The probabilities of class 0 and of class 1, sigmoid(-z) and sigmoid(z), written into two columns.

    Numerics: each keeps its relative precision down to the smallest normal number; 0 below it.

    Args:
        z: logits (n,), spent.
        out: (n, 2), written.

    Example:
        >>> out = torch.empty(2, 2)
        >>> both_probabilities(torch.tensor([0.0, 1000.0]), out)
        >>> out.tolist()
        [[0.5, 0.5], [0.0, 1.0]]
    """
    # A column is written by a copy: the exponential runs on contiguous numbers only.
    out[:, 1] = torch.sigmoid(z)
    out[:, 0] = z.neg_().sigmoid_()
