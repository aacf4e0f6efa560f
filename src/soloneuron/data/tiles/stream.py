"""Rows of any number of files, converted once into tiles and read from there."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from soloneuron.data.columns.telling import encoded_notes, tell
from soloneuron.data.conversion import checked_dtype
from soloneuron.data.files.table import Note
from soloneuron.data.preparation import measure_scaling
from soloneuron.data.seeding import WINDOW_TILES
from soloneuron.data.tiles.arrow_files import COLUMN_BYTES
from soloneuron.data.tiles.cache import delete, kept_rows, writable_folder
from soloneuron.data.tiles.conversion import convert
from soloneuron.data.tiles.derive import scaled
from soloneuron.data.tiles.entry import DamagedTilesError, open_tiles, read_about, tiles_in
from soloneuron.data.tiles.learning import (
    UnreadMarksError,
    may_be_marks,
    request_with_marks,
    request_without_index,
    surveyed_request,
    unnamed_columns,
)
from soloneuron.data.tiles.request import Request
from soloneuron.data.tiles.sizes import as_bytes, in_words
from soloneuron.data.tiles.sources import chosen_columns, found_files, opened_files
from soloneuron.data.tiles.text_marks import comma_notes
from soloneuron.errors import InputError, InputWarning, UnknownNameError, suggesting
from soloneuron.records.columns import MISSING, ColumnEncoding, Missing
from soloneuron.records.dataset import Dataset

USUAL_MEMORY = "256M"
LEAST_MEMORY = 2**25


@suggesting
def stream(
    source: str | Path | Sequence[str | Path],
    *,
    label: str,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    classes: Sequence[str] = (),
    positive: str | None = None,
    dtype: torch.dtype | None = None,
    standardize: bool = False,
    encode: bool = False,
    missing: Missing | None = None,
    memory: int | str = USUAL_MEMORY,
    cache: str | Path | None = None,
) -> Dataset:
    r"""Rows that need not fit into memory: converted once into tiles of a cache folder, mapped from there.

    The result goes into ``fit``, ``train_neuron`` and ``NeuronClassifier.fit`` as data in memory do, and a
    full batch has the same digits. Epochs run at about the speed of memory as long as the system keeps the
    pages; what is private to the process stays below ``memory``. The next call with the same files, columns
    and dtype converts nothing; a file that has changed is converted again, with a warning.

    Args:
        source: a file, a pattern such as ``"rows/*.parquet"``, a folder, or a list of them: Parquet, CSV and
            Feather, all of the same columns.
        label: the column to predict; it must hold two different values.
        features: the columns to learn from; None means all others.
        drop: columns to leave out.
        classes: the two words that mean 0 and 1, if they are known; otherwise they are found and sorted.
        positive: the word that means 1, if sorting would choose the other one.
        dtype: torch.float32 or torch.float64; None is float64.
        standardize: bring columns to mean 0 and deviation 1.
        encode: whether words and dates become features, as ``read_dataset`` makes them: rows are looked at
            once more before they are converted, and all their columns are in memory together.
        missing: what is done about missing cells, as ``read_dataset`` does it; medians take one more look at
            each column.
        memory: how much private memory may be taken besides theta and what an optimizer remembers: bytes, or
            a word such as ``"64M"``; 32 MB at least.
        cache: the folder; None is ``$SOLONEURON_CACHE``, or ``soloneuron`` in ``$XDG_CACHE_HOME``.

    Returns:
        A Dataset whose features stand in tiles. Mini-batches take its rows as they come, or with
        ``shuffle="tiles"``.

    Raises:
        InputError: a cell is missing or no number, files of different columns, a cache folder that cannot be
            written or is full: nothing half written stays.
        UnknownNameError: a column that is not there; the nearest is suggested.
        MissingExtraError: pyarrow is not installed.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from soloneuron import fit
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder, "rows.csv")
        ...     _ = file.write_text("x1,x2,y\n1,2,yes\n2,1,no\n-1,-2,no\n")
        ...     rows = stream(file, label="y", cache=folder)
        ...     fit(rows, epochs=20).outcome.kind, rows.classes
        ('finished', ('no', 'yes'))
    """
    checked_dtype(dtype)
    numbers = dtype or torch.float64
    data = rows_of_files(
        source,
        label=label,
        features=features,
        drop=drop,
        classes=classes,
        positive=positive,
        # What is scaled is scaled in 64 bits, as rows in memory are.
        narrow=numbers == torch.float32 and not standardize,
        encode=encode,
        missing=missing,
        memory=memory,
        cache=cache,
    )
    return scaled(data, measure_scaling(data) if standardize else None, numbers)


def rows_of_files(
    source: Any,
    *,
    label: str | None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    classes: Sequence[str] = (),
    positive: str | None = None,
    narrow: bool = False,
    encode: bool = False,
    missing: Missing | None = None,
    encodings: tuple[ColumnEncoding, ...] = (),
    memory: int | str | None = None,
    cache: str | Path | None = None,
    check: bool = True,
) -> Dataset:
    """Rows as they are in files, in tiles: ``stream`` without its scaling.

    The label is None for rows without one, and the memory for its default; narrow numbers have 32 bits. With
    ``encodings``, those of a model, columns become what it has learned of them.
    Without ``check`` tiles that are there are believed: another process has just compared their checksums.
    """
    if missing is not None and missing not in MISSING:
        raise UnknownNameError("treatment of missing cells", str(missing), MISSING)
    amount = as_bytes(USUAL_MEMORY if memory is None else memory, name="memory", least=LEAST_MEMORY)
    folder, files = writable_folder(cache), opened_files(found_files(source))
    request = Request(
        files=tuple(files),
        columns=chosen_columns(files, label=label, features=features, drop=drop),
        dtype="float32" if narrow else "float64",
        classes=tuple(classes),
        positive=positive,
        encode=encode,
        missing=missing,
        encodings=encodings,
        memory=amount,
        unnamed=() if features is not None or label is None else unnamed_columns(files[0], drop),
    )
    _refuse_wide(request, amount)
    return kept_or_converted(request, folder, check=check)


def kept_or_converted(request: Request, folder: Path, *, check: bool = True) -> Dataset:
    """The rows of a request, from the cache where they are there and whole.

    Warns:
        InputWarning: they are damaged, or a file has changed since they were written; they are written again.
    """
    done = folder / request.name()
    if os.path.lexists(done):
        try:
            about = read_about(done)
            kept = tiles_in(done, about, check=check)
        except DamagedTilesError:
            _note(f"the tiles of {request.title} in {folder} are damaged: they are converted again")
            delete(done)
        else:
            said = [Note(code, fields) for code, fields in about.notes]
            tell([*said, *encoded_notes(kept.columns if request.learns else ())])
            return kept
    old = _outdated(request, folder)
    if old:
        _note(f"{request.title} has changed since it was converted: it is converted again")
    try:
        data = open_tiles(_converted(request, folder), check=False)
    except DamagedTilesError as fault:
        raise InputError(
            f"tiles in {folder} are not what was written there a moment ago ({fault}): is the disk sound?",
            code="cache.damaged",
        ) from None
    _delete_outdated(request, old, folder)
    return data


def _converted(request: Request, folder: Path) -> Path:
    """The tiles of a request; a text is looked at where its numbers are not as ``float`` reads them.

    Raises:
        InputError: as ``convert``.
    """
    request = request_without_index(request, folder)
    commas = (note for file in request.files for note in comma_notes(file, request.columns.features))
    try:
        return convert(_fitting(replace(request, notes=(*request.notes, *tuple(commas)[:1])), folder), folder)
    except (InputError, UnreadMarksError) as fault:
        looked = request_with_marks(request) if may_be_marks(fault) else request
        if isinstance(fault, InputError) and not any(file.marks for file in looked.files):
            raise
    return convert(_fitting(looked, folder), folder)


def _fitting(request: Request, folder: Path) -> Request:
    """The request with what its rows teach, if it fits into the memory then."""
    known = surveyed_request(request, folder)
    _refuse_wide(known, known.memory)
    return known


def _outdated(request: Request, folder: Path) -> list[Path]:
    """Tiles of the same request that were made of files as they are no more."""
    found = []
    for kept in kept_rows(folder):
        try:
            if kept.whole and read_about(kept.folder).request == request.digest:
                found.append(kept.folder)
        except DamagedTilesError:
            continue
    return found


def _delete_outdated(request: Request, old: list[Path], folder: Path) -> None:
    """Delete them, and the tiles that were made of them."""
    made = tuple(f"{request.digest} {path.name} " for path in old)
    for kept in kept_rows(folder) if old else ():
        try:
            outdated = kept.folder in old or (kept.whole and read_about(kept.folder).request.startswith(made))
        except DamagedTilesError:
            continue
        if outdated:
            delete(kept.folder)


def _refuse_wide(request: Request, memory: int) -> None:
    """Refuse rows of which not even one window fits into the memory."""
    wanted, count = WINDOW_TILES * request.shape.stride, len(request.columns.features)
    if request.learns or request.made_of:
        # What becomes of a row is told by all its columns.
        wanted = max(wanted, len(request.columns.all) * COLUMN_BYTES)
    if wanted > memory // 2:
        raise InputError(
            f"{count} columns need {in_words(2 * wanted)} of memory or more, got {in_words(memory)}: allow "
            "more, or name fewer columns",
            code="memory.columns",
        )


def _note(sentence: str) -> None:
    warnings.warn(sentence, InputWarning, stacklevel=4)
