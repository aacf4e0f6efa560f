"""Texts that come from outside, made fit to be printed: nothing in them moves a cursor or hides."""

from __future__ import annotations

import os
import re
from pathlib import PurePath

_UNPRINTED = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters but the end of a line
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    "\xad\u200b\u2060-\u2064"  # what has no width
    "\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000e0000-\U000e007f"
)
"""The letters that are shown by their numbers, as ranges of a regular expression."""

_LETTER = re.compile(f"[{_UNPRINTED}]")
_LETTER_OR_LINE = re.compile(f"[\n{_UNPRINTED}]")

_LONGEST = 4000
"""Letters of a line on stderr; what stands between is left out."""


def plain(text: str) -> str:
    r"""A text without control characters, changes of direction, tags and halves of letters; lines stay.

    A byte of a file's name that is no UTF-8 is shown as what it is.

    Example:
        >>> print(plain("a\x1b[2Jb\u202ec\udcff"))
        a\x1b[2Jb\u202ec\xff
    """
    return _LETTER.sub(_number, text) if _LETTER.search(text) else text


def plain_line(text: str) -> str:
    r"""The same as one line.

    Example:
        >>> print(plain_line("a\nb"))
        a\nb
    """
    return _LETTER_OR_LINE.sub(_number, text) if _LETTER_OR_LINE.search(text) else text


def shortened(text: str) -> str:
    """The beginning and the end of a text that is too long for a line.

    Example:
        >>> len(shortened("a" * 10**6))
        4000
    """
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[: half - 3]} ... {text[2 - half :]}"


def json_line(line: str) -> str:
    r"""A JSON text in which such letters stand as JSON spells them.

    Example:
        >>> print(json_line('["a\u202e\x9b"]'))
        ["a\u202e\u009b"]
    """
    return _LETTER.sub(_json_number, line) if _LETTER.search(line) else line


def file_name(path: str | os.PathLike[str]) -> str:
    r"""The last part of a path, as a text that can be kept and printed.

    Example:
        >>> print(file_name("rows/\udcff.csv"))
        \xff.csv
    """
    return plain_line(PurePath(path).name)


def file_stem(path: str | os.PathLike[str]) -> str:
    """The same without its ending."""
    return plain_line(PurePath(path).stem)


def _number(found: re.Match[str]) -> str:
    letter = found[0]
    # How Python keeps a byte that is no letter.
    return f"\\x{ord(letter) - 0xDC00:02x}" if "\udc80" <= letter <= "\udcff" else ascii(letter)[1:-1]


def _json_number(found: re.Match[str]) -> str:
    pair = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pair[at : at + 4]}" for at in range(0, len(pair), 4))
