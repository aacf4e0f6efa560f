"""The order in which rows are taken."""

from __future__ import annotations

import secrets

import torch
from torch import Tensor

_ODD = 0x9E3779B97F4A7C15
_WORD = 2**64


def epoch_order(rows: int, seed: int, epoch: int) -> Tensor:
    """The shuffled order of one epoch, a function of seed and epoch alone.

    Nothing is carried from epoch to epoch, so a run can pause, step back and resume at any epoch and see
    the same rows again. Seed and epoch are mixed (the finalizer of SplitMix64), so that epoch 1 of
    seed 0 has nothing to do with epoch 0 of seed 1.

    Args:
        rows: n, how many rows there are.
        seed: any integer.
        epoch: from 0.

    Returns:
        A permutation of 0 .. n-1, (n,), int64.

    Source: Steele, Lea and Flood, OOPSLA (2014), for the mixing.

    Example:
        >>> sorted(epoch_order(4, seed=1, epoch=0).tolist())
        [0, 1, 2, 3]
    """
    return torch.randperm(rows, generator=generator_for(seed, epoch))


def generator_for(seed: int, stream: int = 0) -> torch.Generator:
    """Fresh dice for any whole seed; every stream of a seed rolls on its own."""
    return torch.Generator().manual_seed(_mix(_mix(seed) + stream))


def fresh_seed() -> int:
    """A seed nobody asked for, from the operating system; it is recorded, so the run can be repeated."""
    return secrets.randbits(31)


def _mix(word: int) -> int:
    word = (word + _ODD) % _WORD
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % _WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % _WORD
    return (word ^ (word >> 31)) % 2**63
