"""The console of the library that draws tables and bars, as the program needs it."""

from __future__ import annotations

import os
import re
from typing import Any

from rich.console import Console

from soloneuron.cli.streams import let_go_of_stdout

NARROWEST, USUAL, WIDEST = 20, 80, 1000
"""Columns that a terminal may have; ``COLUMNS`` may say anything."""


class Terminal(Console):
    """A console of rich that prints texts as they are, and goes on working when nobody reads any more."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, width=_width(), **settings)

    def on_broken_pipe(self) -> None:
        """Whoever read the output has had enough: be quiet, for there may be files to write still."""
        self.quiet = True
        let_go_of_stdout()


def _width() -> int | None:
    """A width in the place of one that cannot be printed to; None leaves it to the terminal."""
    told = os.environ.get("COLUMNS", "")
    if not told:
        return None
    number = int(told) if re.fullmatch("[0-9]{1,9}", told) else 0
    if NARROWEST <= number <= WIDEST:
        return None
    return min(max(number, NARROWEST), WIDEST) if number else USUAL
