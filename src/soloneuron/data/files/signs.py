"""The bytes of a block of text: where its cells are, told by numpy for all of them at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

COMMA, POINT, NEWLINE, RETURN, MINUS, UNKNOWN, OPEN, CLOSE, BLANK, ZERO, QUOTE = b',.\n\r-?[] 0"'

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.intp]


class NotPlainError(Exception):
    """A block that only the patient reader can read."""


def cell_starts(ends: Offsets) -> Offsets:
    """Where cells begin: behind the end of the one before."""
    return np.concatenate([[1], ends.ravel()[:-1] + 1]).reshape(ends.shape)


def without_returns(signs: Bytes) -> Bytes:
    """The signs without the carriage returns before line ends; one in quotation marks is no plain block."""
    returns = np.flatnonzero(signs == RETURN)
    if (signs[returns + 1] != NEWLINE).any() or not are_outside(signs, returns).all():
        raise NotPlainError
    return np.delete(signs, returns)


def are_outside(signs: Bytes, places: Offsets) -> npt.NDArray[np.bool_]:
    """Which places are in no quotation marks: an even number of marks stands before them."""
    before = np.searchsorted(np.flatnonzero(signs == QUOTE), places)
    outside: npt.NDArray[np.bool_] = before % 2 == 0
    return outside


def without_quotes(
    signs: Bytes, starts: Offsets, ends: Offsets
) -> tuple[Offsets, Offsets, npt.NDArray[np.bool_]]:
    """Where cells begin and end inside their quotation marks, which become blanks; and which are empty."""
    quoted = np.zeros(ends.shape, dtype=np.bool_)
    quoted.ravel()[np.searchsorted(ends.ravel(), np.flatnonzero(signs == QUOTE))] = True
    first, last = starts[quoted], ends[quoted] - 1
    if (signs[first] != QUOTE).any() or (signs[last] != QUOTE).any() or (first == last).any():
        raise NotPlainError
    signs[first] = signs[last] = BLANK
    starts, stops = starts + quoted, ends - quoted
    blank = starts == stops
    # An empty cell has the place of its first mark for a sign.
    starts = starts - blank
    signs[starts[blank]] = UNKNOWN
    return starts, stops, blank
