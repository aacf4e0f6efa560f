"""Dates as days: what can be told apart is, what cannot be is said."""

from datetime import date

import numpy as np
import pytest

from soloneuron.data.columns.dates import DateFault, looks_like_date, read_days


def day(year, month, of):
    return (date(year, month, of) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("words", "days", "first"),
    [
        (["2024-01-31", "1969-12-31"], [day(2024, 1, 31), -1], ""),
        (["2024/1/5", "2024.02.29"], [day(2024, 1, 5), day(2024, 2, 29)], ""),
        (["31.01.2024", "1.2.2024"], [day(2024, 1, 31), day(2024, 2, 1)], ""),
        (["01/02/2024", "01/31/2024"], [day(2024, 1, 2), day(2024, 1, 31)], "month"),
        (["01/02/2024", "31/01/2024"], [day(2024, 2, 1), day(2024, 1, 31)], "day"),
        (["1-2-2024", "31-1-2024"], [day(2024, 2, 1), day(2024, 1, 31)], "day"),
        (["1970-01-02T12:00:00Z", "1970-01-02 06:00"], [1.5, 1.25], ""),
        (["1970-01-02T12:00:00+03:00", "1970-01-02T12:00:00-0600"], [1.375, 1.75], ""),
        (["1/13/1970 12:00 AM", "1/13/1970 6:00 pm"], [12.0, 12.75], "month"),
        (["0001-01-01", "9999-12-31"], [day(1, 1, 1), day(9999, 12, 31)], ""),
    ],
)
def test_dates_are_days_from_1970(words, days, first):
    found, place = read_days([*words, None])
    assert place == first
    np.testing.assert_allclose(found, [*days, np.nan], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["01/02/2024", None, "03/04/2024"], DateFault("ambiguous_date", (0,))),
        ([None, "2024-01-31", "31.01.2024"], DateFault("two_dates", (1, 2))),
        (["13/01/2024", "01/13/2024"], DateFault("two_dates", (0, 1))),
        (["30.01.2024", "31.02.2024"], DateFault("no_date", (1,))),
        (["2023-02-29"], DateFault("no_date", (0,))),
        (["2024-01-01 25:00"], DateFault("no_date", (0,))),
        (["0000-01-01"], DateFault("no_date", (0,))),
        (["1/13/2024 13:00 PM"], DateFault("no_date", (0,))),
    ],
)
def test_what_is_no_date_of_one_kind_is_told_with_its_rows(words, fault):
    assert read_days(words) == fault


def test_what_stands_first_is_known_from_the_rows_that_taught_it():
    assert read_days(["01/02/1970"], "day")[0].tolist() == [31]
    assert read_days(["01/02/1970"], "month")[0].tolist() == [1]
    assert read_days(["13/02/1970"], "month") == DateFault("no_date", (0,))


@pytest.mark.parametrize(
    "word", ["", "1.5", "2024", "12:30", "1.2.3", "2024-01", "01.02.24", "1/2/3", "2024-01.02", "x"]
)
def test_a_number_or_a_part_of_a_date_does_not_look_like_one(word):
    assert not looks_like_date(word)
