"""When one measured number is clearly less than another."""

from __future__ import annotations

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
