"""What the second derivatives of a function say of descent on it: curvatures, and the largest rate."""

from __future__ import annotations

import math

import torch
from torch import Tensor

ROUNDING = 1e-16
"""So much of the largest curvature is rounding: a smaller one cannot be told from 0 in 64 bits."""


def curvatures(hessian: Tensor) -> Tensor:
    """The eigenvalues of a symmetric (k, k), the least first, (k,)."""
    values: Tensor = torch.linalg.eigvalsh(hessian)
    return values


def principal_curvatures(hessian: Tensor) -> tuple[Tensor, Tensor]:
    """The eigenvalues (k,) of a symmetric (k, k), the least first, and their directions as columns (k, k)."""
    values, directions = torch.linalg.eigh(hessian)
    return values, directions


def largest_curvature(hessian: Tensor) -> float:
    """The largest eigenvalue of a symmetric (k, k).

    Returns:
        It; nan if the matrix has an entry that is not finite, 0 if it is empty.
    """
    if not torch.isfinite(hessian).all():
        return math.nan
    return float(curvatures(hessian)[-1]) if len(hessian) else 0.0


def least_curvature(values: Tensor) -> float:
    """The first of sorted eigenvalues (k,), or what rounding leaves of the largest if that is more."""
    return max(float(values[0]), ROUNDING * float(values[-1]))


def rate_limit(curvature: float) -> float | None:
    """2 / curvature, the rate beyond which plain descent climbs; None where nothing curves, or without bound.

    Source: Nesterov, Introductory Lectures on Convex Optimization (2004), section 1.2.3.

    Example:
        >>> rate_limit(4.0)
        0.5
    """
    return 2 / curvature if 0 < curvature < math.inf else None
