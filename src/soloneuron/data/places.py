"""Where a row stands in its file, in either language."""

from __future__ import annotations

import re

from soloneuron.texts.phrases import Phrase, Said


def located(place: str) -> Said:
    """A place in a file as a phrase, where it is a line or a row.

    Args:
        place: as a reader tells it, such as ``line 7`` or ``row 6 of b.csv``.

    Example:
        >>> print(Phrase("faults.columns.missing", {"place": located("line 7"), "column": "age"}).say("en"))
        missing cell in line 7, column 'age'
    """
    found = re.fullmatch(r"(line|row) (\d+)(?: of (.+))?", place)
    if found is None:
        return place
    kind, number, file = found.groups()
    return Phrase(f"faults.place.{kind}{'_of' * (file is not None)}", {"number": int(number), "file": file})
