"""Words that say yes or no, in English and Russian."""

from __future__ import annotations

from collections.abc import Iterable

TRUTH_PAIRS = (
    ("no", "yes"),
    ("n", "y"),
    ("false", "true"),
    ("f", "t"),
    ("off", "on"),
    ("-", "+"),
    ("\u2212", "+"),
    ("\u2013", "+"),
    ("нет", "да"),
    ("н", "д"),
    ("ложь", "истина"),
    ("л", "и"),
)
"""What says no, and what says yes."""

OUTCOME_PAIRS = (
    ("negative", "positive"),
    ("neg", "pos"),
    ("отрицательный", "положительный"),
    ("отрицательная", "положительная"),
    ("отрицательное", "положительное"),
    ("отрицательно", "положительно"),
    ("отриц", "полож"),
    ("fail", "pass"),
    ("failed", "passed"),
    ("failure", "success"),
    ("rejected", "accepted"),
    ("denied", "approved"),
    ("отказано", "одобрено"),
    ("отказ", "одобрено"),
    ("провал", "успех"),
)
"""More pairs of classes, of which the second is what one asks about."""

DENIALS = ("not", "no", "non", "un", "in", "im", "dis", "не", "нет", "без")
"""What stands before a word that is denied: "not sick", "inactive", "не сдал"."""


def truth_pair(words: Iterable[str]) -> tuple[str, str] | None:
    """The pair of no and yes that the words belong to, all of them, in any case of letters.

    Example:
        >>> truth_pair(["Да", "нет", "ДА"]), truth_pair(["yes", "нет"]), truth_pair(["f", "m"])
        (('нет', 'да'), None, None)
    """
    found = {word.casefold() for word in words}
    return next((pair for pair in TRUTH_PAIRS if found and found <= set(pair)), None)


def truth_side(word: str) -> int | None:
    """0 for a word that says no, 1 for one that says yes, None for any other.

    Example:
        >>> truth_side("Нет"), truth_side("TRUE"), truth_side("maybe")
        (0, 1, None)
    """
    return next((pair.index(word.casefold()) for pair in TRUTH_PAIRS if word.casefold() in pair), None)


def affirmative(one: str, other: str) -> str | None:
    """Which of two words says yes; None where neither does.

    Example:
        >>> affirmative("Да", "Нет"), affirmative("not sick", "sick"), affirmative("cat", "dog")
        ('Да', 'sick', None)
    """
    for no, yes in ((one, other), (other, one)):
        pair = (no.casefold(), yes.casefold())
        if pair in TRUTH_PAIRS or pair in OUTCOME_PAIRS or _denies(*pair):
            return yes
    sure, denied = ({pair[side] for pair in TRUTH_PAIRS if len(pair[side]) > 1} for side in (1, 0))
    for no, yes in ((one, other), (other, one)):
        says_yes, says_no = yes.casefold() in sure, no.casefold() in denied | {"none"}
        if says_yes or says_no:
            return yes
    return None


def _denies(no: str, yes: str) -> bool:
    return len(yes) > 1 and any(
        no in {f"{word}{mark}{yes}" for mark in ("", " ", "-", "_")} for word in DENIALS
    )
