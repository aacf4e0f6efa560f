"""Numbers that came against numbers that are right."""

from __future__ import annotations

import math
from typing import Any

RELATIVE, ABSOLUTE = 2e-5, 1e-6
"""Half of float32's digits, so that tensors of that type are not blamed for rounding."""


def single(value: Any) -> Any:
    """The number in a list of one; None, which stands for a gradient that nothing touched, is 0.

    Example:
        >>> single([[3.0]]), single(None), single([1, 2])
        (3.0, 0, [1, 2])
    """
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return 0 if value is None else value


def same_numbers(got: Any, want: Any, *, relative: float = RELATIVE, absolute: float = ABSOLUTE) -> bool:
    """Whether two numbers, or lists of them, are the same but for rounding.

    Example:
        >>> same_numbers([1.0, 2.0], [1, 2.00000001]), same_numbers("3", 3), same_numbers(float("nan"), 1)
        (True, False, False)
    """
    got, want = single(got), single(want)
    if isinstance(want, list | tuple):
        return (
            isinstance(got, list | tuple)
            and len(got) == len(want)
            and all(
                same_numbers(one, other, relative=relative, absolute=absolute)
                for one, other in zip(got, want, strict=True)
            )
        )
    if isinstance(got, bool | int | float) and isinstance(want, int | float):
        return math.isclose(got, want, rel_tol=relative, abs_tol=absolute)
    return False


def number_shown(value: Any) -> str:
    """A number as it is printed in a counterexample: whole numbers whole, others with six digits.

    Example:
        >>> number_shown(3.0), number_shown(0.1234567), number_shown([1.0, None]), number_shown("missing")
        ('3', '0.123457', '[1, None]', 'missing')
    """
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(value, list | tuple):
        return f"[{', '.join(number_shown(one) for one in value)}]"
    if isinstance(value, float):
        return f"{value:.6g}" if math.isfinite(value) else str(value)
    return str(value)
