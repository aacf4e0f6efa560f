"""Labels: two words become 0 and 1."""

from __future__ import annotations

from soloneuron.errors import InputError, UnknownNameError

TRUTHS = {"true": "True", "false": "False"}


def as_classes(words: list[str], label: str, positive: str | None) -> tuple[str, str]:
    """The two words that mean 0 and 1: sorted as numbers if they are, as words if not.

    Args:
        words: the labels of all rows, from ``plain_words``.
        label: the name of the column, for the message.
        positive: the word that means 1, if sorting would choose the other one.

    Returns:
        The words; of one class the other is empty.

    Raises:
        InputError: more than two values.
        UnknownNameError: ``positive`` does not occur.
    """
    found = list(dict.fromkeys(words))
    if len(found) > 2:
        raise InputError(
            f"the label {label!r} must have two values, got {len(found)}: {', '.join(found[:5])}"
            + (" ..." if len(found) > 5 else "")
            + (" (the command line takes no probabilities; soloneuron.fit does)" if _shares(found) else ""),
            code="label.classes",
            label=label,
            count=len(found),
            came=", ".join(found[:5]),
        )
    try:
        found.sort(key=float)
    except ValueError:
        found.sort()
    if positive is not None and positive not in found:
        positive = plain_words([positive])[0]
    if positive is not None and positive not in found:
        raise UnknownNameError("label value", positive, found)
    if len(found) == 1:
        return ("", found[0]) if found[0] == (positive or "1") else (found[0], "")
    zero, one = found
    return (one, zero) if positive == zero else (zero, one)


def as_numbers(words: list[str], classes: tuple[str, str], label: str) -> list[float]:
    """0.0 and 1.0 for the two words.

    Raises:
        InputError: another word; its row is named.
    """
    numbers = {word: float(index) for index, word in enumerate(classes) if word}
    for row, word in enumerate(words):
        if word not in numbers:
            wanted = " or ".join(map(repr, numbers)) + ("" if len(numbers) > 1 else ", the only value known")
            raise InputError(
                f"the label {label!r} must be {wanted}, got {word!r} in row {row}",
                code="label.value",
                row=row,
            )
    return [numbers[word] for word in words]


def plain_words(words: list[str]) -> list[str]:
    """Labels that are all numbers, or all truths, are spelled alike: 1.0 is 1, TRUE is True."""
    try:
        return [_spelled(word) for word in words]
    except ValueError:
        truths = [TRUTHS.get(word.lower(), "") for word in words]
        return truths if all(truths) else words


def _spelled(number: str) -> str:
    """The shortest spelling of a number: 1.0 and 01 are 1."""
    try:
        return str(int(number))
    except ValueError:
        value = float(number)
        return str(int(value)) if value.is_integer() else repr(value)


def _shares(words: list[str]) -> bool:
    try:
        return all(0 <= float(word) <= 1 for word in words)
    except ValueError:
        return False
