"""Tables of cases that need not all be tried at once: a covering part first, the rest when there is time."""

from collections import Counter
from itertools import combinations, product

import pytest


def covering(*factors, strength=2):
    """Few of all combinations, in which any ``strength`` values of different factors meet somewhere."""
    everything = list(product(*map(tuple, factors)))
    groups = list(combinations(range(len(factors)), strength))
    return min((_greedy(everything, groups, weight) for weight in (1, 0)), key=len)


def _greedy(everything, groups, weight):
    """Case by case the one that brings most; with a weight, of those the one whose values were used least."""

    def meetings(case):
        return {(group, tuple(case[k] for k in group)) for group in groups}

    def gain(case):
        return len(meetings(case) & missing), -weight * sum(used[one] for one in enumerate(case))

    missing, used, chosen = set().union(*map(meetings, everything)), Counter(), []
    while missing:
        chosen.append(max(everything, key=gain))
        missing -= meetings(chosen[-1])
        used.update(enumerate(chosen[-1]))
    return chosen


def crossed(*factors, strength=2):
    """All combinations as parameters of a test, of which those beyond a covering part are slow."""
    chosen = covering(*factors, strength=strength)
    return [
        case if case in chosen else pytest.param(*case, marks=pytest.mark.slow) for case in product(*factors)
    ]
