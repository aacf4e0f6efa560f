"""What counts as a number where a formula has a setting."""

from __future__ import annotations

import math
from numbers import Real


def real(value: object) -> float:
    """A real number as a float; nan for a truth, a text or anything else, so that it lies in no interval.

    Example:
        >>> real(2), real("2"), real(True)
        (2.0, nan, nan)
    """
    if not isinstance(value, Real) or isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except OverflowError:  # a whole number beyond the largest float
        return math.nan
