"""Sums over the coordinates of a run, for rules that look at a whole vector."""

from __future__ import annotations

import torch
from torch import Tensor

from soloneuron.shapes import Theta


def inner_product(a: Tensor, b: Tensor) -> Tensor:
    """The inner product of every run, (..., 1), or () of single numbers."""
    return (a * b).sum(-1, keepdim=True) if a.dim() else a * b


def vector_norm(a: Tensor) -> Tensor:
    """The Euclidean length of every run, (..., 1), or () of single numbers."""
    return torch.linalg.vector_norm(a, dim=-1, keepdim=True) if a.dim() else a.abs()


def one_a_run(theta: Theta) -> Tensor:
    """A zero for every run, in the shape of ``inner_product``."""
    return torch.zeros_like(theta[..., :1] if theta.dim() else theta)
