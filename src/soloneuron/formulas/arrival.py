"""When a curve has arrived at a target: it is there, and it stays."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def arrival(there: Tensor) -> Tensor:
    """The first index from which on something holds up to the end of what was recorded.

    Who passes by and leaves has not arrived, however early that was. The record is the budget: a curve that
    is compared with others must have been recorded as far as they were.

    Args:
        there: (T, ...), whether it holds at each look, such as ``values <= target``; a value that is not a
            number is nowhere.

    Returns:
        Indices (...) from 0 as float64; inf where it does not hold at the end.

    Example:
        >>> arrival(torch.tensor([[9.0, 9.0, 1.0], [1.0, 1.0, 2.0], [2.0, 1.0, 9.0]]) <= 2)
        tensor([1., 1., inf], dtype=torch.float64)
    """
    stays = there.flip(0).to(torch.int64).cumprod(0).sum(0)
    return torch.where(stays > 0, (len(there) - stays).double(), math.inf)


def arrived_since(since: Tensor, there: Tensor, number: float) -> Tensor:
    """The same, one look after the other, while the record still grows.

    Args:
        since: (...), what was found up to the look before; inf before the first.
        there: (...), whether it holds at this look.
        number: which look this is.

    Returns:
        The look since which it holds without a break, (...); inf where it does not hold now.

    Example:
        >>> since = torch.tensor([3.0, 3.0, float("inf")])
        >>> arrived_since(since, torch.tensor([True, False, True]), 5)
        tensor([3., inf, 5.])
    """
    return torch.where(there, since.clamp(max=number), math.inf)
