"""Tables as CSV, in which no cell of text is run by a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Sequence

from soloneuron.cli.screen import printable
from soloneuron.errors import InputError
from soloneuron.texts.plain import plain

_RUN = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that a spreadsheet takes for a formula; also in its full-width letters."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]")
"""What begins alike and is none: a number, or a lone sign."""


def table_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV.

    A text that a spreadsheet would run is given a quotation mark in front, as OWASP says (CSV injection).

    Example:
        >>> print(table_text([["=1+1", "-2.5", "-"], ["@now", "yes", 0.5]]), end="")
        '=1+1,-2.5,-
        '@now,yes,0.5
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: object) -> object:
    """A cell that no spreadsheet runs; numbers stay."""
    if isinstance(cell, str) and _RUN.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def print_table(table: str) -> None:
    """Print a table to the standard output.

    Raises:
        InputError: the output has not all of its letters.
    """
    shown = plain(table)
    if not printable(shown):
        raise InputError(
            f"the terminal ({sys.stdout.encoding}) cannot show the letters of the label: write a file, "
            "-o OUT.csv",
            code="output.letters",
            encoding=sys.stdout.encoding,
        )
    sys.stdout.write(shown)
