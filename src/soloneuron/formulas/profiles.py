"""Performance profiles: who solves which share of the problems at how many times the least cost."""

from __future__ import annotations

import torch
from torch import Tensor


def performance_profile(costs: Tensor, factors: Tensor) -> Tensor:
    """The share of problems that each method solves at no more than a factor times the least cost.

    Args:
        costs: (M, P) of M methods on P problems, > 0; inf where one is not solved.
        factors: (F,), >= 1.

    Returns:
        Shares (M, F); a problem that nobody solves counts as one that nobody solves.

    Source: Dolan and More, Mathematical Programming 91 (2002).

    Example:
        >>> performance_profile(torch.tensor([[1.0, 4.0], [2.0, 2.0]]), torch.tensor([1.0, 2.0])).tolist()
        [[0.5, 1.0], [0.5, 1.0]]
    """
    costs = costs.double()
    least = costs.amin(0)
    ratios = torch.where(costs.isfinite(), costs / least, torch.inf)
    # A ratio is a quotient: the least cost over itself is 1, and stays so in every rounding.
    return (ratios[:, :, None] <= factors.double()).double().mean(1)
