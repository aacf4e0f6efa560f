"""A homework as cells of code, and what could not be executed of them: plain data for both sides."""

from __future__ import annotations

from dataclasses import dataclass

ADAPTER = "adapter"
"""The place of the cell that says how the homework is to be called."""


@dataclass(frozen=True)
class CodeCell:
    """A piece of code.

    Args:
        place: what it is called, such as ``"cell 4"``; nothing for a whole file.
        source: its text.
        file: the name under which Python keeps its lines; nothing takes the place.
    """

    place: str
    source: str
    file: str = ""


@dataclass(frozen=True)
class Trouble:
    """What could not be executed.

    Args:
        place: of the cell.
        line: its number in the cell, or 0.
        kind: the class of the exception.
        message: what it says.
    """

    place: str
    line: int
    kind: str
    message: str = ""
