"""Two methods on the same seeds: what their paired differences allow to say, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from soloneuron.data.seeding import generator_for

LEVEL = 0.05
"""How often at most somebody is called faster where nobody is."""

ALL_SUBSETS = 12
"""Up to so many pairs all subsets of them are looked at,"""

DRAWN_SUBSETS = 2**14 - 1
"""and of more so many that were drawn once for all."""


@lru_cache(maxsize=16)
def _subsets(pairs: int) -> Tensor:
    """Subsets of pairs as rows of equal weights that sum to 1, (subsets, pairs), without the empty one."""
    if pairs <= ALL_SUBSETS:
        numbers = torch.arange(1, 2**pairs)[:, None]
        taken = (numbers >> torch.arange(pairs)) & 1
    else:
        # The same for every comparison, so that the same differences always get the same answer.
        taken = torch.rand(DRAWN_SUBSETS, pairs, generator=generator_for(pairs)).round()
        taken[taken.sum(1) == 0, 0] = 1
    return taken.double() / taken.sum(1, keepdim=True)


@dataclass(frozen=True)
class SignFlips:
    """A sign-flip test of paired differences, several tests at once.

    If neither method were faster, each difference might as well have had the other sign. Turning the signs of
    some of them makes the sum no larger exactly if these have a mean <= 0: so the means of all subsets give
    the p-value, and the interval that holds every shift which the test does not refuse.

    Attributes:
        mean: (P,), of the differences.
        p: (P,), two-sided: the share of sign patterns at least as one-sided as these.
        low: (P,), the lower end of the interval of the mean.
        high: (P,), its upper end.

    Source: Fisher, The Design of Experiments (1935), section 21; the interval by subset means is Hartigan,
    Journal of the American Statistical Association 64 (1969).
    """

    mean: Tensor
    p: Tensor
    low: Tensor
    high: Tensor


def sign_flips(differences: Tensor, level: float = LEVEL) -> SignFlips:
    """Test whether paired differences have a mean of 0.

    Args:
        differences: (P, J) finite, J pairs of each of P tests.
        level: the interval misses the mean at most that often.

    Returns:
        A SignFlips.

    Example:
        >>> found = sign_flips(torch.tensor([[0.5, 0.7, 0.6, 0.9, 0.8, 0.7], [1, -1, 1, -1, 1, -1.0]]))
        >>> found.p.tolist()
        [0.03125, 1.0]
    """
    differences = differences.double()
    means = differences @ _subsets(differences.shape[1]).T
    # The empty subset turns nothing round: it is always among those that make the sum no larger.
    count = means.shape[1] + 1
    # Sums of the same numbers in another order differ in their last bits.
    slack = 1e-12 * (1 + differences.abs().amax(1, keepdim=True))
    below, above = (1 + (sign * means <= slack).sum(1).double() for sign in (1, -1))
    ranked = means.sort(1).values
    # So many of the means may lie outside at either end.
    outside = int(level / 2 * count)
    if outside:
        low, high = ranked[:, outside - 1], ranked[:, -outside]
    else:
        low, high = (
            torch.full((len(differences),), end, dtype=torch.float64) for end in (-torch.inf, torch.inf)
        )
    return SignFlips(differences.mean(1), (2 * torch.minimum(below, above) / count).clamp(max=1), low, high)


def holm(p: Tensor) -> Tensor:
    """p-values (P,) of several tests, adjusted so that together they err at most as often as one.

    Source: Holm, Scandinavian Journal of Statistics 6 (1979).

    Example:
        >>> holm(torch.tensor([0.25, 0.125, 0.25])).tolist()
        [0.5, 0.375, 0.5]
    """
    ranked, order = p.double().sort()
    grown = (ranked * torch.arange(len(p), 0, -1)).cummax(0).values.clamp(max=1)
    return torch.empty_like(grown).scatter_(0, order, grown)


def pairs_needed(methods: int, level: float = LEVEL) -> int:
    """With how many seeds that judge the fastest of some methods can be found at all.

    Example:
        >>> pairs_needed(2), pairs_needed(6), pairs_needed(10)
        (6, 10, 11)
    """
    tests = max(1, methods * (methods - 1) // 2)
    needed = 1
    while 2.0 ** (1 - needed) * tests > level:
        needed += 1
    return needed
