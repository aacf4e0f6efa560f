"""Labels: two words become 0 and 1, the one that says yes is 1."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from torch import Tensor

from soloneuron.data.label_spellings import (
    finite_number,
    plain_words,
    same_word,
    shortest_number,
    spelled_number,
)
from soloneuron.data.places import located
from soloneuron.data.truths import affirmative, truth_pair
from soloneuron.errors import InputError, UnknownNameError

MOST_CLASSES = 50
"""A label with more values is a quantity, or free text."""

MOST_QUOTED = 5
"""So many values are sentence where there are too many."""


class LabelClasses(NamedTuple):
    """Which words mean 0 and 1.

    Attributes:
        zero: the word that means 0; empty where no label has it.
        one: the word that means 1; empty where no label has it.
        rest: where 1 is one of several values, the others: all of them mean 0.
    """

    zero: str
    one: str
    rest: tuple[str, ...] = ()

    @property
    def numbers(self) -> dict[str, float]:
        """0.0 or 1.0 for every word that is known."""
        zeros = self.rest or ((self.zero,) if self.zero else ())
        return dict.fromkeys(zeros, 0.0) | ({self.one: 1.0} if self.one else {})


class Labelled(NamedTuple):
    """Labels of rows as words.

    Attributes:
        words: the different ones, spelled alike; two may be the same.
        codes: (n,) the place of each row's word, -1 where a label is missing.
    """

    words: tuple[str, ...]
    codes: npt.NDArray[np.int64]

    def of(self, rows: npt.NDArray[np.int64]) -> Labelled:
        """The labels of some rows, none of which is missing, with the words that are left."""
        kinds, codes = np.unique(self.codes[rows], return_inverse=True)
        return Labelled(tuple(self.words[kind] for kind in kinds.tolist()), codes)


def as_classes(
    words: Sequence[str],
    label: str,
    positive: str | None,
    *,
    way: Callable[[str], str] = "positive={!r}".format,
) -> LabelClasses:
    """The words that mean 0 and 1.

    Of two numbers the larger is 1; of two words the one that says yes (yes, true, +, positive, да, истина, or
    the one that the other denies); else the second in the order of letters.

    Args:
        words: the labels, spelled alike.
        label: the name of the column, for the message.
        positive: the word that means 1, if that should be another one; of more than two values all others
            mean 0 then.
        way: how that is said of a word.

    Returns:
        The words; of one class the other is empty.

    Raises:
        InputError: more than two values, and nothing says which of them is meant.
        UnknownNameError: ``positive`` does not occur.
    """
    found = _sorted(words)
    if positive is not None and positive not in found:
        positive = _occurring(positive, found)
    if len(found) > 2:
        if positive is None:
            raise _several(found, label, way)
        rest = tuple(word for word in found if word != positive)
        return LabelClasses(_denied(positive, rest), positive, rest)
    if len(found) == 1:
        says_yes = found[0] in (positive, "1") or _says_yes(found[0])
        return LabelClasses("", found[0]) if says_yes else LabelClasses(found[0], "")
    zero, one = found
    if positive is None and finite_number(one) is None:
        positive = affirmative(zero, one)
    return LabelClasses(one, zero) if positive == zero else LabelClasses(zero, one)


def as_numbers(
    labels: Labelled, classes: LabelClasses, name: str, place: Callable[[int], str] = "row {}".format
) -> npt.NDArray[np.float64]:
    """0.0 and 1.0 for the words (n,).

    Args:
        labels: of all rows; none may be missing.
        classes: what is known.
        name: of the column, for the message.
        place: where a row stands.

    Raises:
        InputError: another word; its row is named.
    """
    numbers = classes.numbers
    if truth_pair(numbers) is not None:
        # YES is yes; a file of new rows may be written otherwise.
        numbers |= {
            word: numbers[known] for word in labels.words for known in classes[:2] if same_word(word, known)
        }
    values = np.array([numbers.get(word, np.nan) for word in labels.words])
    made: npt.NDArray[np.float64] = values[labels.codes]
    strange = np.flatnonzero(np.isnan(made))
    if len(strange):
        row = int(strange[0])
        word, known = labels.words[labels.codes[row]], [*classes.numbers][:MOST_QUOTED]
        wanted = " or ".join(map(repr, known)) + ("" if len(known) > 1 else ", the only value known")
        raise InputError(
            f"the label {name!r} must be {wanted}, got {word!r} in {place(row)}",
            code="label.value",
            label=name,
            known=", ".join(known),
            word=word,
            place=located(place(row)),
            row=row,
        )
    return made


def labelled(words: Sequence[str | None]) -> Labelled:
    """Words of rows as different words and codes.

    Example:
        >>> labelled(["yes", None, "no", "yes"])
        Labelled(words=('yes', 'no'), codes=array([ 0, -1,  1,  0]))
    """
    kinds = [word for word in dict.fromkeys(words) if word is not None]
    codes: dict[str | None, int] = {word: code for code, word in enumerate(kinds)} | {None: -1}
    rows = np.fromiter(map(codes.__getitem__, words), dtype=np.int64, count=len(words))
    return Labelled(tuple(plain_words(kinds)), rows)


def labelled_numbers(values: npt.NDArray[np.float64]) -> Labelled:
    """Labels that were read as numbers; 1.0 is the word "1", nan a missing label.

    Example:
        >>> labelled_numbers(np.array([1.0, 0.5, np.nan]))
        Labelled(words=('0.5', '1'), codes=array([ 1,  0, -1]))
    """
    kinds, codes = np.unique(values, return_inverse=True)
    words = tuple(shortest_number(value) for value in kinds.tolist() if not math.isnan(value))
    return Labelled(words, np.where(np.isnan(values), -1, codes))


def classes_of_words(values: Any) -> tuple[list[float], LabelClasses] | None:
    """Labels that are words, or -1 and 1, as 0 and 1; None for any other numbers.

    Args:
        values: a list, an array, a tensor or a column of a table.

    Raises:
        InputError: more than two words.

    Example:
        >>> classes_of_words(["да", "нет"])
        ([1.0, 0.0], LabelClasses(zero='нет', one='да', rest=()))
    """
    plain = values.to_numpy() if hasattr(values, "to_numpy") else values
    if isinstance(plain, np.ndarray | Tensor):
        return _signs(plain) if _is_numeric(plain) else classes_of_words(plain.tolist())
    if not isinstance(plain, list | tuple) or not plain:
        return None
    if all(isinstance(value, str) for value in plain):
        labels = labelled(plain)
        classes = as_classes(labels.words, "labels", None, way="[label == {!r} for label in labels]".format)
        return as_numbers(labels, classes, "labels").tolist(), classes
    _refuse_gaps(plain)
    signed = all(type(value) in (int, float) for value in plain) and plain[0] in (-1, 1)
    return _signs(np.array(plain)) if signed else None


def _refuse_gaps(values: Sequence[Any]) -> None:
    """Refuse words among which some are missing: None, nan, pandas' NA."""
    if not any(isinstance(value, str) for value in values):
        return
    others = [(row, value) for row, value in enumerate(values) if not isinstance(value, str)]
    if all(value is None or str(value) in ("nan", "NaT", "<NA>") for _, value in others):
        row, value = others[0]
        raise InputError(
            f"labels must have no missing value, got {value} in row {row}: leave such rows out",
            code="labels.missing",
            row=row,
        )


def _is_numeric(values: Any) -> bool:
    return isinstance(values, Tensor) or values.dtype.kind in "biuf"


def _signs(values: Any) -> tuple[list[float], LabelClasses] | None:
    """-1 and 1 as 0 and 1; None for other numbers, and where there is no -1."""
    one, other = values == 1, values == -1
    if values.ndim != 1 or not other.any() or not (one | other).all():
        return None
    return [float(value) for value in one.tolist()], LabelClasses("-1", "1")


def _sorted(words: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(words))
    try:
        return sorted(found, key=float)
    except ValueError:
        return sorted(found)


def _occurring(positive: str, found: Sequence[str]) -> str:
    """The value that is meant by a word which is spelled otherwise.

    Raises:
        UnknownNameError: there is none.
    """
    spelled = spelled_number(positive)
    for word in found:
        if word == spelled or (truth_pair([positive]) and same_word(positive, word)):
            return word
    raise UnknownNameError("label value", positive, found)


def _says_yes(word: str) -> bool:
    pair = truth_pair([word])
    return pair is not None and same_word(word, pair[1])


def _denied(word: str, others: Sequence[str]) -> str:
    """What all others together are called."""
    name = f"not {word}"
    while name in others:
        name = f"not {name}"
    return name


def _several(found: Sequence[str], label: str, way: Callable[[str], str]) -> InputError:
    """The sentence about more than two values: one of several classes can be named, a number cannot."""
    came = ", ".join(found[:MOST_QUOTED]) + (" ..." if len(found) > MOST_QUOTED else "")
    sentence = f"the label {label!r} must have two values, got {len(found)}: {came}"
    fields: dict[str, object] = {"label": label, "count": len(found), "came": came}
    numbers = [finite_number(word) for word in found]
    if all(number is not None and 0 <= number <= 1 for number in numbers):
        sentence += " (the command line takes no probabilities; soloneuron.fit does)"
    elif len(found) <= MOST_CLASSES:
        yes = next((word for word in found if _says_yes(word)), found[-1])
        sentence += f"; name the one that means 1, all others mean 0 then: {way(yes)}"
        fields["settings"] = {"positive": yes}
    return InputError(sentence, code="label.classes", **fields)
