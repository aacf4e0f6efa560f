"""Whole numbers, truth values and seeds, held against what they must be."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from soloneuron.data.complaints import short
from soloneuron.data.seeding import fresh_seed
from soloneuron.errors import InputError


def as_count(value: Any, name: str, *, least: int) -> int:
    """A whole number, also of NumPy, not below the least; a truth is none."""
    try:
        count = operator.index(value)
    except TypeError:
        count = None
    if count is None or isinstance(value, bool | np.bool_):
        raise InputError(f"{name} must be a whole number, got {short(value)}", code=f"{name}.type")
    if count < least:
        raise InputError(f"{name} must be >= {least}, got {short(count)}", code=f"{name}.range")
    return count


def as_flag(value: Any, name: str) -> bool:
    """True or False, also of NumPy; a word is neither."""
    if not isinstance(value, bool | np.bool_):
        raise InputError(f"{name} must be True or False, got {short(value)}", code=f"{name}.type")
    return bool(value)


def as_shuffle(value: Any) -> bool | Literal["tiles"]:
    """Whether each epoch has an order of its own, and whether it is that of tiles."""
    if isinstance(value, str) and value == "tiles":
        return "tiles"
    if not isinstance(value, bool | np.bool_):
        raise InputError(f"shuffle must be True, False or 'tiles', got {short(value)}", code="shuffle.type")
    return bool(value)


def as_seeds(seed: Any, *, shuffle: bool) -> tuple[int, ...]:
    """No seed for file order, else one, or one a run."""
    if getattr(seed, "ndim", 0) == 1:
        seed = seed.tolist()
    if isinstance(seed, Sequence) and not isinstance(seed, str | bytes):
        if not len(seed):
            raise InputError(
                "seed must be a whole number, a list with one for each run, or None, got an empty list",
                code="seed.empty",
            )
        if not shuffle:
            raise InputError("seeds for many runs need shuffle=True", code="seed.shuffle")
        return tuple(as_count(s, "seed", least=0) for s in seed)
    checked = None if seed is None else as_count(seed, "seed", least=0)
    if not shuffle:
        return ()
    return (fresh_seed() if checked is None else checked,)
