"""What is to be converted: files, columns, what becomes of them; and the name of their tiles."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from soloneuron.data.files.table import Note
from soloneuron.data.tiles.arrow_files import TableFile
from soloneuron.data.tiles.sources import Columns, file_mark
from soloneuron.data.tiles.writer import TileShape
from soloneuron.records.columns import ColumnEncoding, Missing, encoded_names


@dataclass(frozen=True)
class Request:
    """What is to be converted.

    Attributes:
        files: in order.
        columns: which of their columns.
        dtype: of the numbers: ``float32`` or ``float64``.
        classes: the words for 0 and 1, and what else means 0; or () where they are found.
        positive: the word that means 1, or None where sorting chooses it.
        encode: whether words become features.
        missing: what is done about missing cells; None refuses them.
        encodings: what a model makes of the columns; () where rows teach it, or nothing is made of them.
        learned: what the rows have taught of that; () before they were looked at.
        memory: bytes that reading may take, about.
        notes: what is to be said of the files whenever their rows are read.
        unnamed: columns without a name of their own, which are left out if they only count the rows.
        asked: the columns that were asked for, where some of them are left out; None where none is.
    """

    files: tuple[TableFile, ...]
    columns: Columns
    dtype: str
    classes: tuple[str, ...] = ()
    positive: str | None = None
    encode: bool = False
    missing: Missing | None = None
    encodings: tuple[ColumnEncoding, ...] = ()
    learned: tuple[ColumnEncoding, ...] = field(default=(), compare=False)
    memory: int = field(default=2**28, compare=False)
    notes: tuple[Note, ...] = field(default=(), compare=False)
    unnamed: tuple[str, ...] = field(default=(), compare=False)
    asked: Columns | None = field(default=None, compare=False)

    @property
    def several(self) -> bool:
        """Whether a label may have more than two values."""
        return self.positive is not None or len(self.classes) > 2

    @property
    def learns(self) -> bool:
        """Whether the rows must be looked at before anything can be made of them."""
        return not self.encodings and (self.encode or self.missing is not None)

    @property
    def made_of(self) -> tuple[ColumnEncoding, ...]:
        """How columns become features; () where they are them."""
        return self.encodings or self.learned

    @property
    def names(self) -> tuple[str, ...]:
        """Of the features."""
        return encoded_names(self.made_of) if self.made_of else self.columns.features

    @property
    def leaves_out(self) -> bool:
        """Whether rows without a label are left out, and not refused."""
        return any(column.gaps != "refuse" for column in self.made_of) or self.missing is not None

    @property
    def digest(self) -> str:
        """Of what is asked for, whatever the files hold."""
        paths, columns = [str(file.path) for file in self.files], self.asked or self.columns
        said: list[Any] = [
            paths,
            columns.all,
            columns.label,
            self.dtype,
            self.classes,
            self.positive,
        ]
        return _digest([*said, self.encode, self.missing, repr(self.encodings)])

    def name(self) -> str:
        """The name of the tiles: of what is asked for, and of what the files hold now."""
        marks = [file_mark(file.path) for file in self.files]
        return "rows-" + _digest([self.digest, marks])

    @property
    def shape(self) -> TileShape:
        """Of its tiles."""
        return TileShape(len(self.names), np.dtype(self.dtype))

    @property
    def title(self) -> str:
        """Where the rows come from, for people."""
        first, *others = self.files
        return first.path.name if not others else f"{first.path.name} ... ({len(others) + 1} files)"

    @property
    def source(self) -> str:
        """The files, as a sentence names them."""
        first, last = self.files[0].path, self.files[-1].path
        return str(first) if len(self.files) == 1 else f"{first} … {last}"


def _digest(said: Any) -> str:
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=12).hexdigest()
