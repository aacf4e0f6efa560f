"""Numbers as people read them."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Four decimals; four digits where that would be long, two where it would be all zeros.

    Example:
        >>> number(0.25), number(0.0000123), number(1.5e300)
        ('0.2500', '0.000012', '1.5e+300')
    """
    size = abs(value)
    if size >= 1e6 or 0 < size < 1e-9:
        return f"{value:.4g}"
    if 0 < size < 5e-5:
        return f"{value:.{1 - math.floor(math.log10(size))}f}"
    return f"{value:.4f}"


def speed(value: float) -> float:
    """A speed to two digits, or to the whole where it has two before the point."""
    return round(value) if value >= 10 else float(f"{value:.2g}")
