"""Tiles made of tiles: columns brought to one scale, a part of the rows held out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor

from soloneuron.data.preparation import check_parts, check_share, standardize
from soloneuron.data.seeding import generator_for
from soloneuron.data.tiles.cache import PART, delete, make_space
from soloneuron.data.tiles.conversion import writing
from soloneuron.data.tiles.entry import (
    About,
    DamagedTilesError,
    TileHome,
    label_checksum,
    open_tiles,
    read_about,
    write_about,
)
from soloneuron.data.tiles.writer import TileShape, TileWriter
from soloneuron.formulas.tiled import TiledRows, tiled
from soloneuron.records.dataset import Dataset
from soloneuron.records.model import Scaling


@dataclass(frozen=True)
class Change:
    """What is done to rows.

    Attributes:
        word: that names it, in which everything stands that it depends on.
        dtype: of the rows that it makes.
        scaling: what columns are brought to, or None.
        kept: which rows stay, (n,) bool, or None for all.
    """

    word: str
    dtype: torch.dtype
    scaling: Scaling | None = None
    kept: Tensor | None = None

    def rows(self, count: int) -> int:
        """How many rows stay of so many."""
        return count if self.kept is None else int(self.kept.sum())

    def blocks(self, data: Dataset) -> Iterator[tuple[Tensor, Tensor]]:
        """The rows (m, d) and labels (m,) that it makes, a tile of the old ones at a time."""
        for span, part in _rows_of(data).parts():
            X, y = part, data.labels[span]
            if self.kept is not None:
                X, y = X[self.kept[span]], y[self.kept[span]]
            yield standardize(X.double(), self.scaling).to(self.dtype), y


def scaled(data: Dataset, scaling: Scaling | None, dtype: torch.dtype, *, check: bool = True) -> Dataset:
    """Rows on disk standardized, in a dtype; the rows themselves where nothing is to be done.

    Without ``check`` tiles that are there are believed, as in ``rows_of_files``.
    """
    if scaling is None and dtype == data.features.dtype:
        return data
    return _changed(data, Change(f"scaled {scaling} {dtype}", dtype, scaling), check=check)


def held_out_tiles(data: Dataset, share: float, *, seed: int, check: bool = True) -> tuple[Dataset, Dataset]:
    """Rows on disk split into a training part and a test part, the same rows as ``hold_out`` takes.

    Without ``check`` tiles that are there are believed, as in ``rows_of_files``.

    Raises:
        InputError: a share outside (0, 1), or one that leaves a part without rows.
    """
    check_share(share)
    held = _held(data, share, seed)
    check_parts(share, held)
    dtype, word = data.features.dtype, f"{share!r} {seed}"
    left = _changed(data, Change(f"left {word}", dtype, kept=~held), check=check)
    return left, _changed(data, Change(f"held {word}", dtype, kept=held), check=check)


def _held(data: Dataset, share: float, seed: int) -> Tensor:
    """Which rows are held out, (n,) bool: ``hold_out``'s chance, its long lists on disk."""
    home, generator = _home_of(data), generator_for(seed)
    held = torch.zeros(len(data.labels), dtype=torch.bool)
    for label in (0, 1):
        total = sum(int((data.labels[span] == label).sum()) for span in _rows_of(data).spans())
        places, filled = home(total, torch.int64), 0
        for span in _rows_of(data).spans():
            found = (data.labels[span] == label).nonzero()[:, 0].add_(span.start)
            places[filled : filled + len(found)] = found
            filled += len(found)
        chosen = torch.randperm(total, generator=generator, out=home(total, torch.int64))
        for part in chosen[: round(share * total)].split(2**16):
            held[places[part]] = True
    return held


def _rows_of(data: Dataset) -> TiledRows:
    found = tiled(data.features)
    assert found is not None, "these rows stand in tiles"
    return found


def _home_of(data: Dataset) -> TileHome:
    home = _rows_of(data).home
    assert isinstance(home, TileHome), "these rows are kept in a cache"
    return home


def _changed(data: Dataset, change: Change, *, check: bool) -> Dataset:
    """Rows made of rows, from the cache where they are there."""
    folder = _home_of(data).folder
    name = "rows-" + blake2b(f"{folder.name} {change.word}".encode(), digest_size=12).hexdigest()
    done = folder.parent / name
    part = folder.parent / (name + PART)
    if os.path.lexists(done):
        try:
            return open_tiles(done, check=check)
        except DamagedTilesError:
            delete(done)
    with writing(part):
        if not done.is_dir():
            _write(data, change, part, keep={folder, done, part})
            os.replace(part, done)
    return open_tiles(done)


def _write(data: Dataset, change: Change, part: Path, *, keep: set[Path]) -> None:
    width, rows = len(data.feature_names), 0
    dtype = "float32" if change.dtype == torch.float32 else "float64"
    shape = TileShape(width, cast("np.dtype[np.floating]", np.dtype(dtype)))
    make_space(part.parent, shape.bytes(change.rows(len(data.labels))), keep=keep)
    writer = TileWriter(part, shape, change.rows(len(data.labels)))
    try:
        for X, y in change.blocks(data):
            writer.rows(rows, list(X.T.contiguous().numpy()))
            writer.labels(rows, y.numpy())
            rows += len(y)
        writer.finish(rows)
    finally:
        writer.close()
    about = read_about(_home_of(data).folder)
    write_about(
        part,
        About(
            request=f"{about.request} {_home_of(data).folder.name} {change.word}",
            rows=rows,
            columns=data.feature_names,
            label=data.label_name,
            classes=data.classes,
            rest=data.rest,
            encodings=data.columns,
            dtype=dtype,
            name=data.name,
            sums=(*writer.sums, label_checksum(part, shape, rows)),
            sources=about.sources,
        ),
    )
