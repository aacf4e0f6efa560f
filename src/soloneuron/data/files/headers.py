"""The line of column names, and how to tell that a file has none."""

from __future__ import annotations

from collections.abc import Sequence

from soloneuron.data.files.cells import is_float, is_missing
from soloneuron.data.files.table import unique_names
from soloneuron.errors import InputError


def read_header(cells: Sequence[str], sample: Sequence[Sequence[str]], source: str) -> list[str]:
    """The column names in the first line of a text, which nothing tells from a line of data.

    Args:
        cells: the first line.
        sample: some rows below it, of the same width.
        source: the file, for messages.

    Raises:
        InputError: as ``names_of``, or the line holds data.
    """
    names = names_of(cells, source)
    stripped = [cell.strip() for cell in cells]
    if _is_data(stripped, [[cell.strip() for cell in row] for row in sample]):
        came = ", ".join(stripped[:4])
        what = "numbers" if all(map(is_float, stripped)) else "data"
        raise InputError(
            f"{source} must begin with a line of column names, got {what}: {came}",
            code="file.header",
            came=came,
        )
    return unique_names(names, source)


def names_of(cells: Sequence[str], source: str) -> list[str]:
    """Column names without blanks around them; a column without one is called by its place.

    Raises:
        InputError: there is no name at all.
    """
    if not any(map(str.strip, cells)):
        raise InputError(
            f"{source} is empty: it must have a line of column names and rows", code="file.empty"
        )
    return [cell.strip() or f"column_{place}" for place, cell in enumerate(cells, 1)]


def _is_data(cells: list[str], sample: list[list[str]]) -> bool:
    """Whether a first line is no names.

    Numbers alone are none. Numbers with decimals above numbers are none either; years may be names, but not
    beside a word that stands again below itself.
    """
    if all(map(is_float, cells)):
        return True
    above = [index for index, cell in enumerate(cells) if is_float(cell) and _is_numeric(sample, index)]
    if any(not cells[index].isdigit() for index in above):
        return True
    again = (
        cell in (row[index] for row in sample) for index, cell in enumerate(cells) if not is_missing(cell)
    )
    return bool(above) and any(found for found in again)


def _is_numeric(sample: list[list[str]], index: int) -> bool:
    column = [row[index] for row in sample if not is_missing(row[index])]
    return bool(column) and all(map(is_float, column))
