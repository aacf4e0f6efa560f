"""Places in a homework, in either language."""

from __future__ import annotations

import re

from soloneuron.texts.phrases import Phrase

_NUMBERED = re.compile(r"(cell|block) (\d+)")


def said_place(place: str) -> Phrase | str:
    """The place of a cell as a sentence that can be worded; as it is where it has no number.

    Example:
        >>> said_place("cell 4").say("ru")
        'ячейка 4'
    """
    found = _NUMBERED.fullmatch(place)
    return Phrase(f"homework.{found[1]}", {"number": int(found[2])}) if found else place
