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


def held_since(since: int | None, holds: bool, number: int) -> int | None:
    """The same of one curve, look after look, while the record still grows.

    Args:
        since: what was found up to the look before; None before the first.
        holds: whether it holds at this look.
        number: which look this is.

    Returns:
        The look since which it holds without a break; None where it does not hold now.

    Example:
        >>> held_since(3, True, 5), held_since(None, True, 5), held_since(3, False, 5)
        (3, 5, None)
    """
    if not holds:
        return None
    return number if since is None else since


def arrivals(values: Tensor, targets: Tensor) -> Tensor:
    """The same for several targets at once: when a curve is at or below each of them, and stays.

    Args:
        values: (T, ...), a value that is not a number is above every target.
        targets: (K,).

    Returns:
        Indices (..., K) from 0 as float64; inf where a curve ends above a target.

    Example:
        >>> arrivals(torch.tensor([9.0, 1.0, 4.0, 2.0]), torch.tensor([5.0, 3.0, 1.0]))
        tensor([1., 3., inf], dtype=torch.float64)
    """
    # From each look on the largest value still to come: it falls, and where it passes a target is arrival.
    later = (
        values.double().nan_to_num(nan=math.inf, posinf=math.inf, neginf=-math.inf).flip(0).cummax(0).values
    )
    above = torch.stack([(later > target).sum(0) for target in targets.tolist()], -1)
    return torch.where(above < len(values), above.double(), math.inf)
