"""The smallest parts of a link: a number, a whole number, one of some words.

``view/source/session/fields.ts`` reads the same; golden links hold both readers to one judgement.
"""

from __future__ import annotations

import math
import re

from soloneuron.playing.refusals import playground_error

LINK_NUMBER = re.compile(r"[ \t]*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[ \t]*")
"""Narrower than ``float``, which also knows inf, 1_000 and digits of every script."""


def as_typed(text: str, most: int = 40) -> str:
    """The beginning of a word as a refusal repeats it; of an empty one two quotes are seen."""
    return text[:most] or '""'


def read_number(text: str, name: str, *, least: float, most: float) -> float:
    """A number between two bounds; -0 is 0."""
    value = float(text) if LINK_NUMBER.fullmatch(text) else math.nan
    if not least <= value <= most:
        raise playground_error(
            "number", name=name, value=as_typed(text), least=f"{least:g}", most=f"{most:g}"
        )
    return value + 0.0


def read_whole(text: str, name: str, most: int) -> int:
    """A whole number from 0 on."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) > most:
        raise playground_error("whole", name=name, value=as_typed(text), most=most)
    return int(text)


def read_choice(text: str, name: str, choices: tuple[str, ...]) -> str:
    """One of some words."""
    if text not in choices:
        raise playground_error("choice", name=name, value=as_typed(text), choices=", ".join(choices))
    return text


def spelled(value: float) -> str:
    """The shortest spelling of a number that reads back as the same number.

    Example:
        >>> spelled(0.30), spelled(-6.0)
        ('0.3', '-6')
    """
    return repr(float(value)).removesuffix(".0")
