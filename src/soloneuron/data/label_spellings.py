"""How labels are spelled: numbers by their shortest spelling, words that say yes or no alike."""

from __future__ import annotations

import math
from collections.abc import Sequence

from soloneuron.data.truths import truth_pair

TRUTHS = {"true": "True", "false": "False"}


def plain_words(words: Sequence[str]) -> list[str]:
    """Labels that are all numbers, or all say yes or no, are spelled alike: 1.0 is 1, TRUE is True."""
    numbers = [spelled_number(word) for word in words]
    if None not in numbers:
        return [str(number) for number in numbers]
    if truth_pair(words) is None:
        return [*words]
    spellings: dict[str, str] = {}
    for word in words:
        spellings.setdefault(word.casefold(), TRUTHS.get(word.casefold(), word))
    return [spellings[word.casefold()] for word in words]


def spelled_number(word: str) -> str | None:
    """The shortest spelling of a finite number, 1 for 1.0 and 01; None for what is none.

    Example:
        >>> spelled_number("+1"), spelled_number("1.50"), spelled_number("1_0")
        ('1', '1.5', None)
    """
    if "_" in word:
        return None
    try:
        return str(int(word))
    except ValueError:
        value = finite_number(word)
        return None if value is None else shortest_number(value)


def is_finite_number(word: str) -> bool:
    """Whether a word is a finite number."""
    return spelled_number(word) is not None


def shortest_number(value: float) -> str:
    """The shortest spelling of a finite number."""
    return str(int(value)) if value.is_integer() else repr(value)


def finite_number(word: str) -> float | None:
    """The number that a word spells, None for what is none or not finite."""
    try:
        value = float(word)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def same_word(one: str, other: str) -> bool:
    """Whether two words differ by their capitals at most."""
    return one.casefold() == other.casefold()
