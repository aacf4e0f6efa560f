"""Dates as days: 2024-01-31, 31.01.2024, and 01/31/2024 where one can tell the month from the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from soloneuron.records.columns import DayPlace

TIME = r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?([AaPp][Mm])? ?(Z|[+-]\d{2}:?\d{2})?)?"
SHAPES = {
    "year": re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + TIME),
    "dots": re.compile(r"(\d{1,2})(\.)(\d{1,2})\.(\d{4})" + TIME),
    "slashes": re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})" + TIME),
}
"""How dates are written: the year first, the day first with dots, or with slashes or dashes."""

EPOCH = date(1970, 1, 1)


class DateFault(NamedTuple):
    """Why words are no dates of one kind.

    Attributes:
        code: ``two_dates``, ``ambiguous_date`` or ``no_date``.
        rows: of the words to blame, from 0.
    """

    code: str
    rows: tuple[int, ...]


def looks_like_date(word: str) -> bool:
    """Whether a word is written as a date is, be there such a day or not.

    Example:
        >>> looks_like_date("31.02.2024"), looks_like_date("2024-01-31 12:30"), looks_like_date("3.5")
        (True, True, False)
    """
    return _shape(word) is not None


def read_days(
    words: Sequence[str | None], first: DayPlace = ""
) -> tuple[npt.NDArray[np.float64], DayPlace] | DateFault:
    """Days from 1970-01-01, with the time as a fraction, nan for None; and what stands first before slashes.

    Args:
        words: the cells, each written as a date or None.
        first: what is known to stand first before slashes; nothing to find it out.

    Returns:
        The days (n,) with what stands first, or what is wrong.

    Example:
        >>> read_days(["2.1.1970", None, "02.01.1970 12:00"])
        (array([1. , nan, 1.5]), '')
        >>> read_days(["01/02/2024"]), read_days(["01/13/1970"])
        (DateFault(code='ambiguous_date', rows=(0,)), (array([12.]), 'month'))
    """
    shapes = [None if word is None else _shape(word) for word in words]
    rows = {shape: row for row, shape in reversed([*enumerate(shapes)]) if shape is not None}
    if len(rows) > 1:
        return DateFault("two_dates", tuple(sorted(rows.values())[:2]))
    if "slashes" in rows and not first:
        found = _first_place(words)
        if isinstance(found, DateFault):
            return found
        first = found
    known: dict[str | None, float] = {None: np.nan}
    days = np.empty(len(words))
    for row, (word, shape) in enumerate(zip(words, shapes, strict=True)):
        if word not in known:
            day = None if word is None or shape is None else _day(word, shape, first)
            if day is None:
                return DateFault("no_date", (row,))
            known[word] = day
        days[row] = known[word]
    return days, first


def _shape(word: str) -> str | None:
    return next((name for name, shape in SHAPES.items() if shape.fullmatch(word)), None)


def _first_place(words: Sequence[str | None]) -> DayPlace | DateFault:
    """Whether the day or the month stands first: the one that goes beyond 12 is the day."""
    sides: dict[DayPlace, int] = {}
    for row, word in enumerate(words):
        found = None if word is None else SHAPES["slashes"].fullmatch(word)
        if found is not None:
            for side, number in (("day", found[1]), ("month", found[3])):
                if int(number) > 12:
                    sides.setdefault(side, row)  # type: ignore[arg-type]
    if not sides:
        return DateFault("ambiguous_date", (next(row for row, word in enumerate(words) if word is not None),))
    return DateFault("two_dates", tuple(sorted(sides.values()))) if len(sides) > 1 else next(iter(sides))


def _day(word: str, shape: str, first: DayPlace) -> float | None:
    """The day of one word; None where the calendar has no such day."""
    found = SHAPES[shape].fullmatch(word)
    assert found is not None, "it has this shape"
    one, _, two, three, hour, minute, second, part, half, zone = found.groups()
    year, month, day = (one, two, three) if shape == "year" else (three, two, one)
    if shape == "slashes" and first == "month":
        month, day = one, two
    try:
        days = (date(int(year), int(month), int(day)) - EPOCH).days
        return days + _time(hour, minute, second, part, half, zone)
    except ValueError:
        return None


def _time(*parts: str | None) -> float:
    """The time of the day as a fraction of it, in UTC where a zone is told."""
    hour, minute, second, part, half, zone = parts
    if hour is None:
        return 0.0
    hours = int(hour)
    if half is not None:
        if not 1 <= hours <= 12:
            raise ValueError
        hours = hours % 12 + 12 * (half.lower() == "pm")
    clock = time(hours, int(minute or 0), int(second or 0))
    away = timedelta(0)
    if zone not in (None, "Z"):
        shift = datetime.strptime(zone.replace(":", ""), "%z").utcoffset()
        away = timedelta(0) if shift is None else shift
    since = datetime.combine(EPOCH, clock, UTC) - datetime(1970, 1, 1, tzinfo=UTC) - away
    return (since.total_seconds() + float(f"0.{part or 0}")) / 86_400
