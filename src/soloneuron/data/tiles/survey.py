"""One look at all rows before they are converted: what columns mean, and what fills their gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch

from soloneuron.data.columns.encoding import categories_of, column_values, filled_encoding, has_words
from soloneuron.data.columns.faults import ColumnFault, distinct_names, refuse
from soloneuron.data.columns.kinds import may_be_id, meaning
from soloneuron.data.columns.rows import left_out_notes, rows_at_places
from soloneuron.data.columns.telling import filled_notes, id_note
from soloneuron.data.files.table import Note, RawColumn
from soloneuron.data.tiles.blocks import FirstCell, LabelWords
from soloneuron.data.tiles.column_survey import ColumnSurvey
from soloneuron.data.tiles.pieces import TablePiece
from soloneuron.data.tiles.raw_blocks import place_in, raw_block
from soloneuron.data.tiles.request import Request
from soloneuron.errors import InputError
from soloneuron.formulas.tiled import NumberSpace
from soloneuron.records.columns import ColumnEncoding, Gaps, encoded_names


class Survey(NamedTuple):
    """What the rows have taught.

    Attributes:
        encodings: how columns become features; () where nothing is done to any.
        notes: what is to be said of it.
        may_have_marks: whether some words may be numbers with marks, which a look at all of them must tell.
    """

    encodings: tuple[ColumnEncoding, ...]
    notes: tuple[Note, ...]
    may_have_marks: bool = False


def survey(request: Request, space: NumberSpace) -> Survey:
    """What is to be made of the columns of a request that leaves that to its rows.

    One pass; a second one for medians, and for the means of dates, which can be told from words after the
    first alone.

    Args:
        request: with ``encode`` or ``missing``.
        space: where numbers stand of which the median is taken.

    Raises:
        InputError: all that keeps columns from being learned from.
    """
    columns = [ColumnSurvey(name) for name in request.columns.features]
    rows = bare = left_out = 0
    first_bare = ""
    for block in _blocks(request, request.columns.features):
        out = np.zeros(block.rows, dtype=np.bool_)
        for raw in block.raws:
            out |= raw.missing if request.missing == "drop" else False
        kept = ~out & block.labelled
        for column, raw in zip(columns, block.raws, strict=True):
            column.add(raw, block.place, kept)
        if not bare and not block.labelled.all():
            first_bare = block.place(int(block.labelled.argmin()))
        rows, bare = rows + block.rows, bare + int((~block.labelled).sum())
        left_out += int((out & block.labelled).sum())
    if not rows:
        raise InputError(f"{request.source} has column names but no rows", code="file.rows")
    unlabelled = {"count": bare, "place": first_bare} if bare and request.missing is None else None
    means = _meanings(request, columns, unlabelled)
    if bare + left_out == rows:
        raise InputError(
            f"every row of {request.source} has a missing cell, so that none is left: fill them, or leave "
            "out the columns that are mostly empty",
            code="columns.no_rows",
        )
    gone = [column.name for column in columns if not column.kept_cells]
    refuse([ColumnFault(name, "empty", "drop") for name in gone], request.source)
    known = [
        replace(mean, categories=categories_of(column.kept_words)) if has_words(mean) else mean
        for mean, column in zip(means, columns, strict=True)
    ]
    if request.missing not in (None, "drop"):
        typical = _typical(request, columns, known, space)
        known = [
            filled_encoding(mean, fill, indicated=request.missing == "indicator" and column.kept_gaps > 0)
            for mean, fill, column in zip(known, typical, columns, strict=True)
        ]
    made = () if all(encoding.plain for encoding in known) else tuple(known)
    distinct_names(encoded_names(made), request.columns.label)
    filled = filled_notes([column.kept_gaps for column in columns], made)
    ids = [id_note(column.name) for column in columns if column.words_differ and may_be_id(column.name, rows)]
    return Survey(
        made,
        (*left_out_notes(rows, bare, left_out), *ids, *filled),
        any(column.may_have_marks for column in columns),
    )


class SurveyBlock(NamedTuple):
    """Some rows of all columns that are looked at.

    Attributes:
        rows: how many.
        raws: the columns, in the order in which they were asked for.
        labelled: (m,), which rows have a label.
        place: where a row stands.
    """

    rows: int
    raws: list[RawColumn]
    labelled: np.ndarray
    place: Callable[[int], str]


def _blocks(request: Request, names: Sequence[str], words: Sequence[str] = ()) -> Iterator[SurveyBlock]:
    """All rows of some columns; those in ``words`` as they are written."""
    label = request.columns.label
    labels = LabelWords(label or "", [], several=True, gaps=True)
    wanted = [*names, *([] if label is None else [label])]
    for file in request.files:
        before = 0
        for piece in file.pieces(wanted, texts=wanted, memory=request.memory):
            first = FirstCell(file.path, before, "")
            found = _together(piece)
            raws = [
                raw_block(found[name], first._replace(column=name), as_words=name in words) for name in names
            ]
            y = np.zeros(piece.rows) if label is None else _labels(labels, found[label], first, label)
            yield SurveyBlock(piece.rows, raws, ~np.isnan(y), place_in(first, len(request.files) > 1))
            before += piece.rows


def column_parts(request: Request, name: str) -> Iterator[np.ndarray]:
    """The numbers of a column, of all rows, a part at a time."""
    for file in request.files:
        before = 0
        for piece in file.pieces([name], texts=[name] if request.made_of else [], memory=request.memory):
            for _, start, values in piece.columns:
                raw = raw_block(values, FirstCell(file.path, before + start, name))
                yield np.full(len(values), np.nan) if raw.numbers is None else raw.numbers
            before += piece.rows


def _labels(labels: LabelWords, values: Any, first: FirstCell, name: str) -> np.ndarray:
    return labels.numbers(values, first._replace(column=name))


def _together(piece: TablePiece) -> dict[str, Any]:
    """The columns of a piece by name."""
    assert piece.together, "what is encoded is read together"
    return {name: values for name, _, values in piece.columns}


def _meanings(
    request: Request, columns: Sequence[ColumnSurvey], unlabelled: dict[str, Any] | None
) -> list[ColumnEncoding]:
    """What the columns mean; ``unlabelled`` tells of rows without a label that are not left out.

    Raises:
        InputError: all that keeps them from being learned from.
    """
    gaps: Gaps = "refuse" if request.missing is None else "drop" if request.missing == "drop" else "fill"
    means, faults = [], list[ColumnFault]()
    for column in columns:
        if not column.cells:
            faults.append(ColumnFault(column.name, "empty", "drop"))
            continue
        mean, found = meaning(
            column.all_words, column.place, encode=request.encode, gaps=gaps, counts=column.counts
        )
        if column.gaps and gaps == "refuse" and not any(fault.cure == "drop" for fault in found):
            found.append(column.gap_fault)
        faults += found
        means.append(mean)
    if unlabelled is not None and request.columns.label is not None:
        faults.append(ColumnFault(request.columns.label, "unlabelled", "label", unlabelled))
    refuse(faults, request.source)
    return means


def _typical(
    request: Request, columns: Sequence[ColumnSurvey], means: Sequence[ColumnEncoding], space: NumberSpace
) -> list[float]:
    """What cells that are missing are taken for: the mean or the median, the code of the commonest word."""
    median = request.missing == "median"
    found = {
        mean.name: column.commonest(mean) if has_words(mean) else column.mean
        for mean, column in zip(means, columns, strict=True)
    }
    again = [mean for mean in means if mean.kind == "date" or (median and not has_words(mean))]
    cells = {column.name: column.kept_cells for column in columns}
    for mean in again:
        # One column at a time: its numbers may be as many as all rows.
        place, filled = space(cells[mean.name], torch.float64).numpy(), 0
        dates = [mean.name] if mean.kind == "date" else []
        for block in _blocks(request, [mean.name], dates):
            kept = np.flatnonzero(block.labelled & ~block.raws[0].missing)
            values = column_values(rows_at_places(block.raws[0], kept), mean)
            place[filled : filled + len(values)] = values
            filled += len(values)
        found[mean.name] = _median(place) if median else float(np.mean(place))
    return [found[mean.name] for mean in means]


def _median(values: np.ndarray) -> float:
    """The median; the values change places."""
    half = len(values) // 2
    values.partition([half - 1, half] if len(values) > 1 else [0])
    return float(values[half]) if len(values) % 2 else float(np.mean(values[half - 1 : half + 1]))
