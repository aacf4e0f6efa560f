"""When one measured number is clearly less than another, and when one of two is so start by start."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

Order = Literal["less", "more", "unclear", "unknown"]
"""What can be said of two that were measured in pairs."""

CLEAR_FACTOR = 1.3
"""How many times as large a number must be to be called larger; machines and seeds differ by less."""


def clearly_less(small: float, large: float, *, factor: float = CLEAR_FACTOR, plus: float = 0.0) -> bool:
    """Whether small < large and factor * small + plus <= large.

    Args:
        small: a number, perhaps inf.
        large: the same; inf is clearly more than any finite number, and not more than inf.
        factor: >= 1.
        plus: >= 0, how much is between them by rounding.

    Example:
        >>> clearly_less(10, 13), clearly_less(10, 12), clearly_less(0, 0)
        (True, False, False)
    """
    return small < large and factor * small + plus <= large


def paired(
    one: Sequence[float], other: Sequence[float], *, factor: float = CLEAR_FACTOR, plus: float = 0.0
) -> Order:
    """Whether one of two costs is the less, pair by pair.

    One is less if it costs less in every pair, and in more than half of them clearly so: then the median of
    the ratios clears the factor. A pair in which neither arrives says nothing for or against.

    Args:
        one: costs over the same starts or seeds, in the same order; inf for a run that does not arrive.
        other: the same of the other.
        factor: >= 1, as in ``clearly_less``.
        plus: >= 0, the same.

    Returns:
        "less", "more" for the reverse, "unclear"; "unknown" where neither arrives in any pair.

    Example:
        >>> inf = float("inf")
        >>> paired([10, 20, 30], [20, 40, inf]), paired([10, 20, 30], [20, 40, 29]), paired([inf], [inf])
        ('less', 'unclear', 'unknown')
    """
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if not math.isinf(a) or not math.isinf(b)]
    if not pairs:
        return "unknown"

    def leads(pairs: Sequence[tuple[float, float]]) -> bool:
        clear = sum(clearly_less(a, b, factor=factor, plus=plus) for a, b in pairs)
        return all(a < b for a, b in pairs) and 2 * clear > len(one)

    if leads(pairs):
        return "less"
    return "more" if leads([(b, a) for a, b in pairs]) else "unclear"
