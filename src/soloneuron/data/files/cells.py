"""What a cell of text says: nothing, a number in one of the ways people write them, or a word."""

from __future__ import annotations

import re
from itertools import product
from typing import Literal

MISSING_WORDS = frozenset(
    {"", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "nat", "null", "?", "н/д", "#н/д"}
)
"""What stands for a missing cell, in small letters."""

MISSING_NUMBERS = frozenset({"none", "-", "--", "–", "—", ".", "…"})
"""What stands for a missing number, but may be a word among words: "none" and "-" are answers."""

MISSING_SPELLINGS = sorted(
    {
        "".join(letters)
        for word in MISSING_WORDS | MISSING_NUMBERS
        for letters in product(*({letter, letter.upper()} for letter in word))
    }
)
"""What stands for a missing number, in all mixtures of small and capital letters."""

DecimalMark = Literal[".", ","]
BLANKS = " \u00a0\u202f\u2009\u2007'\u2019"
"""What parts thousands: blanks that break and that do not, narrow ones, and the Swiss apostrophe."""

_MINUS = str.maketrans("\u2212\u2013", "--")


def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    return re.compile(
        rf"([+-]?)(?:([1-9]\d{{0,2}}(?:([{BLANKS}{thousands}])\d{{3}})(?:\3\d{{3}})*)|(\d*))"
        rf"(?:[{decimal}](\d*))?([eE][+-]?\d{{1,6}})?[{BLANKS}]?(%?)",
        re.ASCII,
    )


_PATTERNS: dict[DecimalMark, re.Pattern[str]] = {".": _pattern(".", ","), ",": _pattern(",", ".")}
_NO_DIGIT = re.compile(r"\D", re.ASCII)


def is_missing(cell: str) -> bool:
    """Whether a cell without blanks around it stands for nothing, wherever it is."""
    return len(cell) <= 5 and cell.lower() in MISSING_WORDS


def strict_float(cell: str) -> float:
    """``float()``, without the underscores that Python reads.

    Raises:
        ValueError: the cell is no number.
    """
    if "_" in cell:
        raise ValueError
    return float(cell)


def is_float(cell: str) -> bool:
    """Whether ``strict_float`` reads a cell."""
    try:
        strict_float(cell)
    except ValueError:
        return False
    return True


def marked_number(cell: str, decimal: DecimalMark) -> str | None:
    """A number with thousands, a percent sign or a long minus, as ``float`` reads it; None for a word.

    Example:
        >>> marked_number("1 234,5", ","), marked_number("1,234.5", "."), marked_number("45 %", ".")
        ('1234.5', '1234.5', '45.e-2')
        >>> marked_number("1,5", ".") is None
        True
    """
    found = _PATTERNS[decimal].fullmatch(cell.translate(_MINUS))
    if found is None:
        return None
    sign, grouped, _, whole, decimals, exponent, percent = found.groups()
    digits = _NO_DIGIT.sub("", grouped) if grouped else whole
    if not digits and not decimals:
        return None
    power = int(exponent[1:]) if exponent else 0
    power -= 2 if percent else 0
    return f"{sign}{digits or 0}.{decimals or ''}" + (f"e{power}" if power else "")
