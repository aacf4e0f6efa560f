"""The console of the library that draws tables and bars, as the program needs it."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import Any

from rich.console import Console

_NARROWEST, _WIDEST = 20, 1000
"""Columns and lines that are believed; ``COLUMNS`` and ``LINES`` may say anything."""


class Terminal(Console):
    """A console of rich that prints texts as they are, and goes on working when nobody reads any more."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, _environ=_environment(), **settings)

    def on_broken_pipe(self) -> None:
        """Whoever read the output has had enough: be quiet, for there may be files to write still."""
        self.quiet = True
        let_go_of_stdout()


def _environment() -> dict[str, str]:
    """The environment with a size that can be printed to; without one where it tells none."""
    said = dict(os.environ)
    for name in ("COLUMNS", "LINES"):
        if re.fullmatch("[0-9]{1,9}", said.get(name, "")) and int(said[name]):
            said[name] = str(min(max(int(said[name]), _NARROWEST), _WIDEST))
        else:
            said.pop(name, None)
    return said


def let_go_of_stdout() -> None:
    """Send what is left to nowhere: Python would try once more at its end, and complain."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
