"""A seed means the same rows and orders for ever: the page makes them without torch."""

import pytest

from seeded_rows import SETS, orders, rows, rows_of

WITHIN = 1e-12
"""Logarithms and cosines of other machines differ in the last digit."""


def test_an_order_is_the_one_it_has_always_been(golden):
    kept = golden("orders.json", orders)
    assert orders() == kept


@pytest.mark.parametrize("name", SETS)
def test_a_data_set_has_the_rows_it_has_always_had(golden, name):
    for seed, (first, sums, ones) in zip((0, 7), golden("rows.json", rows)[name], strict=True):
        now = rows_of(name, seed)
        assert now[0] == pytest.approx(first, rel=WITHIN, abs=WITHIN)
        assert now[1] == pytest.approx(sums, rel=WITHIN, abs=1e-10)
        assert now[2] == ones
