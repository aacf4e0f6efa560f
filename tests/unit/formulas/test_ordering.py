"""Clearly less: by a factor, and not among infinities; pair by pair."""

import math

import pytest

from soloneuron.formulas.ordering import CLEAR_FACTOR, clearly_less, paired


@pytest.mark.parametrize(
    ("small", "large", "clear"),
    [
        (10, 13, True),
        (10, 12.9, False),
        (13, 10, False),
        (0, 0, False),
        (0, 1e-9, True),
        (1, math.inf, True),
        (math.inf, math.inf, False),
        (math.inf, 1, False),
        (math.nan, 1, False),
        (1, math.nan, False),
    ],
)
def test_a_number_is_clearly_less_by_the_factor_and_not_below_it(small, large, clear):
    assert clearly_less(small, large) is clear


def test_what_is_added_must_be_beaten_too():
    assert clearly_less(10, 10 * CLEAR_FACTOR + 5, plus=5)
    assert not clearly_less(10, 10 * CLEAR_FACTOR + 4, plus=5)
    assert clearly_less(10, 10.5, factor=1.0)
    assert not clearly_less(10, 15, factor=2.0)


INF = math.inf

PAIRS = {
    "true": ([10, 20, 30], [20, 40, 60], "less"),
    "true, bands overlap": ([10, 100, 50], [14, 140, 70], "less"),
    "reversed": ([20, 40, 60], [10, 20, 30], "more"),
    "one pair against": ([10, 20, 30], [90, 90, 29], "unclear"),
    "one pair equal": ([10, 20, 30], [90, 90, 30], "unclear"),
    "all pairs, by too little": ([10, 20, 30], [11, 22, 33], "unclear"),
    "clear in half of the pairs only": ([10, 10], [11, 90], "unclear"),
    "clear in most pairs": ([10, 10, 10], [11, 90, 90], "less"),
    "one arrives, the other never": ([10, 20, 30], [INF, INF, INF], "less"),
    "one arrives where the other does not": ([10, INF], [INF, 10], "unclear"),
    "neither in one pair": ([10, 20, INF], [20, 40, INF], "less"),
    "neither in most pairs": ([10, INF, INF], [20, INF, INF], "unclear"),
    "neither in any": ([INF, INF], [INF, INF], "unknown"),
    "one start": ([10], [13], "less"),
    "one start, by too little": ([10], [12], "unclear"),
    "not a number": ([math.nan], [3], "unclear"),
}


@pytest.mark.parametrize(("one", "other", "wanted"), PAIRS.values(), ids=PAIRS)
def test_one_of_two_is_the_less_when_it_is_in_every_pair_and_clearly_in_most(one, other, wanted):
    reverse = {"less": "more", "more": "less"}
    assert paired(one, other) == wanted
    assert paired(other, one) == reverse.get(wanted, wanted)


def test_what_a_count_is_rounded_by_must_be_beaten_in_pairs_too():
    assert paired([10, 10], [24, 24], plus=10) == "less"
    assert paired([10, 10], [22, 22], plus=10) == "unclear"
