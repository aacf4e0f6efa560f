"""Numbers as people read them."""

from __future__ import annotations

import math


def shown_number(value: float) -> str:
    """Four decimals; four digits where that would be long, two where it would be mostly zeros.

    Example:
        >>> shown_number(0.25), shown_number(0.0000123), shown_number(1.5e300)
        ('0.2500', '0.000012', '1.5e+300')
    """
    size = abs(value)
    if size >= 1e6 or 0 < size < 1e-9:
        return f"{value:.4g}"
    if 0 < size < 1e-3:
        return f"{value:.{1 - math.floor(math.log10(size))}f}"
    return f"{value:.4f}"


def shown_limit(value: float) -> str:
    """Four digits, without powers of ten up to a thousand million.

    Example:
        >>> shown_limit(6.7394), shown_limit(80463.2)
        ('6.739', '80,460')
    """
    return f"{float(f'{value:.4g}'):,.0f}" if 1e4 <= abs(value) < 1e9 else f"{value:.4g}"


def rounded_speed(value: float) -> float:
    """A speed to two digits, or to the whole where it has two before the point."""
    return round(value) if value >= 10 else float(f"{value:.2g}")
