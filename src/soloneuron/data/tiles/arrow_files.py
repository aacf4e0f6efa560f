"""One file of rows as pyarrow reads it: the names of its columns, and its rows in pieces of bounded size."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soloneuron.data.files.cells import DecimalMark
from soloneuron.data.tiles.ahead import read_ahead
from soloneuron.data.tiles.pieces import ReadRequest, TablePiece, of_batch
from soloneuron.data.tiles.text_files import csv_names, csv_pieces
from soloneuron.errors import InputError, MissingExtraError

FORMATS = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".feather": "feather",
    ".arrow": "feather",
    ".ipc": "feather",
}
"""What is read, by the end of a file's name."""

COLUMN_ROWS = 131_072
"""Rows of a Parquet column that are read at a time."""

COLUMN_SHARE = 16
"""Of the memory no more than one of so many parts is taken for the numbers of one column at a time."""

COLUMN_BYTES = 4_000_000
"""What a Parquet column that is being read keeps in memory: pages, a dictionary, and their numbers."""


@dataclass(frozen=True)
class TableFile:
    """A file of rows.

    Attributes:
        path: where it is.
        format: ``parquet``, ``csv`` or ``feather``.
        names: of its columns.
        rows: how many there are; None where nobody knows before they are read.
        marks: the decimal mark of columns of a text whose numbers are not written as ``float`` reads them;
            None where nobody has looked for them.
    """

    path: Path
    format: str
    names: tuple[str, ...]
    rows: int | None
    marks: Mapping[str, DecimalMark] | None = None

    @property
    def unseen(self) -> bool:
        """Whether marks may be found by a look."""
        return self.format == "csv" and self.marks is None

    def pieces(
        self, wanted: Sequence[str], *, texts: Sequence[str] = (), memory: int = 2**28, apart: bool = False
    ) -> Iterator[TablePiece]:
        """The rows in pieces, of the wanted columns.

        Args:
            wanted: names of columns.
            texts: those of them that are no numbers.
            memory: bytes that may be taken for it, about.
            apart: whether columns of a piece may come one after another although they fit together.
        """
        with _in_one_sentence(self.path, self.format):
            yield from _PIECES[self.format](
                self.path, ReadRequest(wanted, texts, memory, self.marks or {}, apart)
            )


def open_file(path: Path) -> TableFile:
    """A file with the names of its columns read.

    Raises:
        InputError: it cannot be read as what its name says it is, or two columns have one name.
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise MissingExtraError("streaming rows from disk", "parquet") from None
    kind = FORMATS[path.suffix.lower()]
    with _in_one_sentence(path, kind):
        if path.stat().st_size == 0:
            raise InputError(f"{path} is empty", code="file.empty")
        names, rows = _NAMES[kind](path)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(
            f"{path} must have different column names, got {twice!r} more than once",
            code="file.duplicate",
            column=twice,
        )
    return TableFile(path, kind, tuple(names), rows)


def release_memory() -> None:
    """Give back what pyarrow holds of memory that it needs no more."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


@contextmanager
def _in_one_sentence(path: Path, kind: str) -> Iterator[None]:
    """Whatever pyarrow complains of, as one sentence."""
    from pyarrow import ArrowException

    try:
        yield
    except UnicodeDecodeError:
        raise InputError(
            f"{path} must be UTF-8 text, got other bytes; save it as CSV in UTF-8", code="file.encoding"
        ) from None
    except csv.Error as fault:
        raise InputError(f"{path} is not readable as CSV: {fault}", code="file.unreadable") from None
    except ArrowException as fault:
        found = re.search(r"In CSV column #([0-9]+): Row #([0-9]+): .*invalid value '(.*)'", str(fault))
        if found:
            raise _text_cell(path, int(found[1]), int(found[2]), found[3]) from None
        reason = str(fault).splitlines()[0][:200]
        raise InputError(f"{path} cannot be read as {kind}: {reason}", code="file.arrow") from None
    except OSError as fault:
        reason = fault.strerror or str(fault).splitlines()[0][:200]
        raise InputError(f"cannot read {path}: {reason}", code="file.read", reason=reason) from None


def _text_cell(path: Path, column: int, line: int, cell: str) -> InputError:
    name = csv_names(path)[0][column]
    return InputError(
        f"column {name!r} of {path} must be numbers, got {cell[:40]!r} in line {line}: leave it out with "
        f"--drop {name}",
        code="file.text",
        column=name,
        line=line,
        cell=cell,
    )


def _parquet_names(path: Path) -> tuple[list[str], int | None]:
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        return list(file.schema_arrow.names), file.metadata.num_rows


def _parquet_pieces(path: Path, asked: ReadRequest) -> Iterator[TablePiece]:
    """Batches of rows; or a row group a piece, some columns after others, where all pages are too much."""
    from pyarrow import parquet

    together = len(asked.wanted) * COLUMN_BYTES <= asked.memory // 2
    at_once = len(asked.wanted) if together else max(1, asked.memory // 4 // COLUMN_BYTES)
    groups = [asked.wanted[first : first + at_once] for first in range(0, len(asked.wanted), at_once)]

    def columns(number: int) -> Iterator[tuple[str, int, Any]]:
        for names in groups:
            first = 0
            for batch in batches(number, names):
                yield from ((name, first, batch.column(name)) for name in names)
                first += batch.num_rows

    with parquet.ParquetFile(path, memory_map=True, pre_buffer=False) as file:

        def batches(number: int, names: Sequence[str]) -> Iterator[Any]:
            return file.iter_batches(COLUMN_ROWS, use_threads=False, row_groups=[number], columns=list(names))  # type: ignore[no-any-return]

        def whole_columns(number: int) -> Generator[tuple[str, int, Any], None, None]:
            for name in asked.wanted:
                first = 0
                for values in file.read_row_group(number, columns=[name], use_threads=False)[0].chunks:
                    yield name, first, values
                    first += len(values)

        for number in range(file.num_row_groups):
            rows = file.metadata.row_group(number).num_rows
            if asked.apart and COLUMN_ROWS <= rows <= asked.memory // COLUMN_SHARE // 8:
                yield TablePiece(rows, read_ahead(whole_columns(number)), together=False)
                continue
            if len(groups) > 1:
                yield TablePiece(file.metadata.row_group(number).num_rows, columns(number), together=False)
                continue
            for batch in batches(number, asked.wanted):
                yield of_batch(batch, asked.wanted)


def _feather_names(path: Path) -> tuple[list[str], int | None]:
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        return list(pa.ipc.open_file(file).schema.names), None


def _feather_pieces(path: Path, asked: ReadRequest) -> Iterator[TablePiece]:
    """A record batch a piece."""
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        reader = pa.ipc.open_file(file)
        for place in range(reader.num_record_batches):
            yield of_batch(reader.get_batch(place), asked.wanted)


_NAMES: dict[str, Callable[[Path], tuple[list[str], int | None]]] = {
    "parquet": _parquet_names,
    "csv": csv_names,
    "feather": _feather_names,
}
_PIECES: dict[str, Callable[[Path, ReadRequest], Iterator[TablePiece]]] = {
    "parquet": _parquet_pieces,
    "csv": csv_pieces,
    "feather": _feather_pieces,
}
