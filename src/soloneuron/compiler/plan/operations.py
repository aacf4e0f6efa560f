"""The rules of operations as lines of torch, from the table of operations and for the compiler's own ones."""

from __future__ import annotations

import re

from soloneuron.element.operation import Slope
from soloneuron.element.operations import OPERATIONS

VALUES: dict[str, tuple[str, ...]] = {
    **{name: entry.torch for name, entry in OPERATIONS.items()},
    "spread": ("{y}.copy_({a})",),
    # It is taken off before exp; an infinite one would make inf - inf of them.
    "prod": ("prod({a}, 0, out={y})",),
    "amax": ("amax({a}, 0, out={y})",),
    "amin": ("amin({a}, 0, out={y})",),
    "largest": ("amax({a}, 0, out={y})", "{y}.clamp_(-greatest, greatest)"),
}
"""The value of every operation that is no sum."""

# No exponent is 0 here: such a power was read as the number 1, so its partial needs no mask.
POWER_BY_NUMBER = Slope("", ("pow({a}, {b} - 1, out={t})", "{t}.mul_({b})"), pole=True)

SETTINGS = {"leaky_relu", "clamp_min", "clamp_max", "**", "/"}
"""Operations whose second operand, where it is a number, is written into the call."""

WHOLE = {"atan2", "where>", "where>="}
"""Operations whose numbers are read in the shape of the group, for a line may work on numbers alone."""

_OWN = (
    *("add", "addcmul", "addmm", "amax", "amin", "cumprod", "dot", "eq", "index_select", "mm", "mul", "mv"),
    *("prod", "sum"),
)

TORCH_FUNCTIONS = sorted(
    {
        *_OWN,
        *(
            found
            for entry in OPERATIONS.values()
            for line in (*entry.torch, *(line for slope in entry.slopes for line in slope.torch))
            for found in re.findall(r"^(\w+)\(", line)
        ),
    }
)
"""Every function of torch that generated code calls by its name."""
