"""Some rows of a file as its reader gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from soloneuron.data.files.cells import DecimalMark


class TablePiece(NamedTuple):
    """Some rows of a file.

    Attributes:
        rows: how many.
        columns: name, which of these rows comes first, and an Arrow array; every column from first to last.
        together: whether all columns may be in memory at the same time.
    """

    rows: int
    columns: Iterator[tuple[str, int, Any]]
    together: bool = True


class ReadRequest(NamedTuple):
    """What is wanted of a file: columns, those of them that are no numbers, and in how many bytes, about.

    Numbers of a text in columns with ``marks`` have thousands, percent signs or commas. With ``apart``
    columns may come one after another where that is faster, and not only where they do not fit together.
    """

    wanted: Sequence[str]
    texts: Sequence[str]
    memory: int
    marks: Mapping[str, DecimalMark]
    apart: bool


def of_batch(batch: Any, wanted: Sequence[str]) -> TablePiece:
    """A record batch as a piece."""
    return TablePiece(batch.num_rows, ((name, 0, batch.column(name)) for name in wanted))
