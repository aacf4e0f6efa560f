"""Rows on their way into tiles: pieces become columns of features, and some pieces are collected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from soloneuron.data.columns.encoding import Unseen, features_of, unfit
from soloneuron.data.columns.faults import refuse
from soloneuron.data.columns.rows import left_out_notes, rows_at_places
from soloneuron.data.columns.telling import filled_notes, unseen_note
from soloneuron.data.files.table import Note, RawColumn
from soloneuron.data.tiles.adjacent import AdjacentColumns
from soloneuron.data.tiles.blocks import ColumnValues, FirstCell, LabelWords, column_numbers
from soloneuron.data.tiles.ids import WholeNumbers
from soloneuron.data.tiles.pieces import TablePiece
from soloneuron.data.tiles.raw_blocks import place_in, raw_block
from soloneuron.data.tiles.request import Request
from soloneuron.data.tiles.writer import TileWriter
from soloneuron.errors import InputError

STAGED_TILES = 8
"""Tiles that are collected before they are written, where memory is no question."""

STAGED_SHARE = 16
"""Of the memory no larger share than one of so many is taken for it."""


class Stage:
    """Rows on their way into tiles: some pieces are collected, so that whole tiles are written.

    Args:
        request: what is converted.
        writer: of the tiles.
        labels: their numbers.
        rows: how many are written already.
    """

    def __init__(self, request: Request, writer: TileWriter, labels: LabelWords, rows: int) -> None:
        self._writer, self.rows, self._width = writer, rows, len(request.names)
        self._labelled = request.columns.label is not None
        self._columns: FeatureColumns = (EncodedColumns if request.made_of else PlainColumns)(request, labels)
        self._share = request.memory // STAGED_SHARE
        tiles = max(1, min(STAGED_TILES, self._share // request.shape.stride))
        self._most = tiles * request.shape.height
        self._parts: list[list[ColumnValues]] = self._nothing()
        self._held = 0

    @property
    def full(self) -> bool:
        """Whether it is time to write; also after what was not collected at all."""
        return self._held >= self._most or not self._held

    @property
    def total(self) -> int:
        """The sum of the checksums of what is written."""
        return self._writer.total

    def take(self, piece: TablePiece, first: FirstCell) -> None:
        """Collect a piece; one whose columns come one after another is written at once."""
        if not piece.together:
            self._write_apart(piece, first)
            return
        made = self._columns.all(piece, first)
        for parts, numbers in zip(self._parts, made, strict=True):
            parts.append(numbers)
        self._held += len(made[0])

    def empty(self) -> None:
        """Write what is collected."""
        if not self._held:
            return
        columns = [parts[0] if len(parts) == 1 else np.concatenate(parts) for parts in self._parts]
        self._writer.rows(self.rows, columns[: self._width])
        if self._labelled:
            self._writer.labels(self.rows, columns[-1])
        self.rows, self._held, self._parts = self.rows + self._held, 0, self._nothing()

    @property
    def notes(self) -> list[Note]:
        """What is to be said of the rows so far."""
        return self._columns.notes

    @property
    def whole_numbers(self) -> Mapping[str, WholeNumbers]:
        """What is known of columns that may be ids."""
        return self._columns.whole_numbers

    def _nothing(self) -> list[list[ColumnValues]]:
        return [[] for _ in range(self._width + self._labelled)]

    def _write_apart(self, piece: TablePiece, first: FirstCell) -> None:
        self.empty()
        beside = AdjacentColumns(self._writer, self._share)
        for name, start, values in piece.columns:
            cell = FirstCell(first.path, first.row + start, name)
            place, numbers = self._columns.one(values, cell)
            if place == self._width:
                self._writer.labels(self.rows + start, numbers)
            else:
                beside.add(place, self.rows + start, numbers)
        beside.write()
        self._writer.ones(self.rows, piece.rows)
        self.rows += piece.rows


class FeatureColumns(Protocol):
    """Makes columns of numbers of Arrow's columns: the features, then the label where there is one."""

    @property
    def whole_numbers(self) -> Mapping[str, WholeNumbers]:
        """What is known of columns that may be ids."""

    def all(self, piece: TablePiece, first: FirstCell) -> list[ColumnValues]:
        """All of a piece that is in memory."""

    def one(self, values: Any, cell: FirstCell) -> tuple[int, ColumnValues]:
        """A part of one column, and which of the columns it is."""

    @property
    def notes(self) -> list[Note]:
        """What is to be said of what was made."""


class PlainColumns:
    """Columns that are features as they are.

    Args:
        request: what is converted.
        labels: their numbers.
    """

    def __init__(self, request: Request, labels: LabelWords) -> None:
        self._dtype, self._labels, self._label = request.dtype, labels, request.columns.label
        self._places = {name: place for place, name in enumerate(request.columns.all)}
        self.whole_numbers = {name: WholeNumbers() for name in request.columns.features}

    def all(self, piece: TablePiece, first: FirstCell) -> list[ColumnValues]:
        """See ``FeatureColumns``."""
        cells = (
            (values, FirstCell(first.path, first.row + start, name)) for name, start, values in piece.columns
        )
        return [self.one(values, cell)[1] for values, cell in cells]

    def one(self, values: Any, cell: FirstCell) -> tuple[int, ColumnValues]:
        """See ``FeatureColumns``."""
        place = self._places[cell.column]
        if cell.column == self._label:
            return place, self._labels.numbers(values, cell)
        numbers = column_numbers(values, cell)
        refuse_too_large(numbers, self._dtype, cell)
        self.whole_numbers[cell.column].add(numbers)
        return place, numbers

    @property
    def notes(self) -> list[Note]:
        """See ``FeatureColumns``."""
        return []


class EncodedColumns:
    """Columns of which features are made: words, dates, cells that are filled; rows that are left out.

    Args:
        request: what is converted.
        labels: their numbers.
    """

    def __init__(self, request: Request, labels: LabelWords) -> None:
        self._request, self._labels, self._encodings = request, labels, request.made_of
        self._unseen: dict[str, Unseen] = {}
        self._gaps = [0] * len(self._encodings)
        self._rows = self._bare = self._out = 0
        learned = () if request.encodings else self._encodings
        self.whole_numbers = {one.name: WholeNumbers() for one in learned if one.kind == "number"}

    def all(self, piece: TablePiece, first: FirstCell) -> list[ColumnValues]:
        """See ``FeatureColumns``."""
        found = {name: values for name, _, values in piece.columns}
        place, raws, faults = place_in(first, len(self._request.files) > 1), [], []
        for encoding in self._encodings:
            as_words = encoding.kind != "number"
            raw = raw_block(found[encoding.name], first._replace(column=encoding.name), as_words=as_words)
            found_faults, unseen = unfit(raw, encoding, place)
            faults += found_faults
            raws.append(raw)
            if encoding.name in self.whole_numbers and raw.numbers is not None:
                self.whole_numbers[encoding.name].add(raw.numbers)
            if unseen is not None:
                self._remember(unseen)
        refuse(faults, str(first.path), by_model=True)
        out = np.zeros(piece.rows, dtype=np.bool_)
        for raw, encoding in zip(raws, self._encodings, strict=True):
            out |= raw.missing if encoding.gaps == "drop" else False
        return self._features(raws, out, found, first)

    def one(self, values: Any, cell: FirstCell) -> tuple[int, ColumnValues]:  # noqa: ARG002
        """See ``FeatureColumns``: all columns of a row decide what becomes of it."""
        raise AssertionError("columns that are encoded are read together")

    @property
    def notes(self) -> list[Note]:
        """See ``FeatureColumns``: of rows that a model has not learned from; the others' are known before."""
        known = {encoding.name: encoding for encoding in self._encodings}
        found = [unseen_note(unseen, known[name]) for name, unseen in self._unseen.items()]
        if not self._request.encodings:
            return found
        found += filled_notes(self._gaps, self._encodings)
        if self._request.columns.label is None:
            return found + ([Note("no_prediction", {"rows": self._out})] if self._out else [])
        return found + left_out_notes(self._rows, self._bare, self._out)

    def _features(
        self, raws: list[RawColumn], out: np.ndarray, found: dict[str, Any], first: FirstCell
    ) -> list[ColumnValues]:
        label = self._request.columns.label
        if label is None:
            # Whoever predicts keeps the place of a row that is left out.
            made = features_of(raws, self._encodings)
            made[out] = np.nan
            self._count(raws, ~out, bare=np.zeros_like(out))
            return [*made.T]
        y = self._labels.numbers(found[label], first._replace(column=label))
        self._count(raws, ~out & ~np.isnan(y), bare=np.isnan(y))
        kept = np.flatnonzero(~out & ~np.isnan(y))
        made = features_of([rows_at_places(raw, kept) for raw in raws], self._encodings)
        for name, numbers in zip(self._request.names, made.T, strict=True):
            refuse_too_large(numbers, self._request.dtype, first._replace(column=name))
        return [*made.T, y[kept]]

    def _count(self, raws: list[RawColumn], kept: np.ndarray, *, bare: np.ndarray) -> None:
        self._gaps = [
            known + int((raw.missing & kept).sum()) for known, raw in zip(self._gaps, raws, strict=True)
        ]
        self._rows, self._bare = self._rows + len(kept), self._bare + int(bare.sum())
        self._out += int((~kept & ~bare).sum())

    def _remember(self, unseen: Unseen) -> None:
        known = self._unseen.get(unseen.column, Unseen(unseen.column, (), 0))
        words = tuple(dict.fromkeys([*known.words, *unseen.words]))
        self._unseen[unseen.column] = Unseen(unseen.column, words, known.rows + unseen.rows)


def refuse_too_large(numbers: ColumnValues, dtype: str, first: FirstCell) -> None:
    """Refuse numbers that float32 has no room for, where they are to stand in it."""
    if dtype == "float64" or not len(numbers):
        return
    largest = float(np.finfo(np.float32).max)
    if max(-numbers.min(), numbers.max()) > largest:
        row = int((np.abs(numbers) > largest).argmax())
        raise InputError(
            f"{first.path} must fit float32 (up to {largest:.3g}), got {numbers[row]:g} in row "
            f"{first.row + row}, column {first.column!r}: scale it, or take float64",
            code="features.large",
        )
