"""The largest eigenvalue of a symmetric matrix of which only products with vectors are known."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

TOLERANCE = 1e-3
"""So much above the eigenvalue the bound may lie, unless the steps run out."""

FEWEST_STEPS, MOST_STEPS = 16, 80
"""Products: many enough not to settle on the second eigenvalue, few enough to be cheap beside a training."""

NEGLIGIBLE = 1e-13
"""An eigenvalue this much smaller than another cannot be told from 0."""


def largest_eigenvalue(product: Callable[[Tensor], Tensor], start: Tensor) -> float:
    """An upper bound of the largest eigenvalue of a symmetric (k, k), by Lanczos' method.

    Formula: v' = H v - a v - b v_before, of length b'; the largest eigenvalue t of the tridiagonal (a, b),
    whose vector ends with s, is never above that of H, and one of H lies within b' |s| of t. The bound is
    t + b' |s|.

    Numerics: no vector is kept, so that rounding brings copies of eigenvalues that are found already; they
    do not move the largest. From a start without any part of the largest eigenvector the second eigenvalue
    would be found; a normal vector has one with probability 0, and a small one grows with every step.

    Args:
        product: from v (k,) in float64 to H v.
        start: a vector (k,) drawn from the normal distribution, k >= 1.

    Returns:
        The bound; 0 where it cannot be told from 0 beside the other eigenvalues; nan where a product is not
        finite, and where the steps did not come near it: between eigenvalues of both signs of which the
        negative are larger by far.

    Source: Lanczos, J. Res. Nat. Bur. Standards 45 (1950); Paige, J. Inst. Maths Applics 18 (1976) for the
    rounding; Zhou and Li, Applied Mathematics Letters 24 (2011) for the bound.

    Example:
        >>> H = torch.diag(torch.tensor([1.0, 5.0, -7.0], dtype=torch.float64))
        >>> round(largest_eigenvalue(lambda v: H @ v, torch.ones(3, dtype=torch.float64)), 9)
        5.0
    """
    v, before, length = start / torch.linalg.vector_norm(start), torch.zeros_like(start), 0.0
    a: list[float] = []
    b: list[float] = []
    bound = error = top = math.nan
    for step in range(1, min(MOST_STEPS, len(start)) + 1):
        following = product(v) - length * before
        a.append(float(v @ following))
        following -= a[-1] * v
        length = float(torch.linalg.vector_norm(following))
        if not math.isfinite(a[-1] + length):
            return math.nan
        values, vectors = torch.linalg.eigh(_tridiagonal(a, b))
        top, size = float(values[-1]), float(values.abs().max())
        error = length * abs(float(vectors[-1, -1]))
        bound = top + error if abs(top + error) > NEGLIGIBLE * size else 0.0
        # Where nothing is left of the vector, it has met all eigenvectors that the start has a part of.
        if length <= NEGLIGIBLE * size or (step >= FEWEST_STEPS and error <= TOLERANCE * abs(top)):
            return bound
        b.append(length)
        before, v = v, following / length
    return bound if error <= abs(top) / 2 else math.nan


def _tridiagonal(a: list[float], b: list[float]) -> Tensor:
    diagonal = torch.tensor(a, dtype=torch.float64)
    beside = torch.tensor(b, dtype=torch.float64)
    return torch.diag(diagonal) + torch.diag(beside, 1) + torch.diag(beside, -1)
