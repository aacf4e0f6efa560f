"""Clearly less: by a factor, and not among infinities."""

import math

import pytest

from soloneuron.formulas.ordering import CLEAR_FACTOR, clearly_less


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
