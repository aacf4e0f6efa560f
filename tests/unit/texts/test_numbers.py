"""Numbers as people read them."""

import pytest

from soloneuron.texts.numbers import rounded_speed, shown_limit, shown_number


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0.0000"),
        (0.11066, "0.1107"),
        (-2.5, "-2.5000"),
        (0.001, "0.0010"),
        (0.0001, "0.00010"),
        (0.00004, "0.000040"),
        (-0.0000123, "-0.000012"),
        (3.2e-9, "0.0000000032"),
        (3.2e-12, "3.2e-12"),
        (999_999.0, "999999.0000"),
        (1.234567e300, "1.235e+300"),
    ],
)
def test_a_number_is_short_and_never_a_row_of_zeros(value, shown):
    assert shown_number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0123, 0.012), (2.449, 2.4), (10.4, 10), (225_123.7, 225_124)]
)
def test_a_speed_has_two_digits_or_no_decimals(value, shown):
    assert rounded_speed(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (6.73941, "6.739"),
        (80463.2, "80,460"),
        (1e-7, "1e-07"),
        (123456789.0, "123,500,000"),
        (2e300, "2e+300"),
    ],
)
def test_a_limit_has_four_digits(value, shown):
    assert shown_limit(value) == shown
