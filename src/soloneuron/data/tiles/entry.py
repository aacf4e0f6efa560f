"""One set of tiles in the cache: what it says of itself, and how it is opened, checked and mapped."""

from __future__ import annotations

import json
import mmap
import os
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import torch
from torch import Tensor

from soloneuron.data.tiles.cache import ABOUT_FILE, touch
from soloneuron.data.tiles.writer import LABELS_FILE, ROWS_FILE, TileShape
from soloneuron.errors import InputError
from soloneuron.formulas.tiled import TiledRows
from soloneuron.records.columns import ColumnEncoding
from soloneuron.records.dataset import Dataset
from soloneuron.shapes import Features

TILES_VERSION = 2


class DamagedTilesError(Exception):
    """What stands in the cache is not what was written there."""


@dataclass(frozen=True)
class About:
    """What a set of tiles says of itself.

    Attributes:
        request: digest of what was asked for, whatever the files hold: by it older tiles are found.
        rows: how many. columns: their names. label: its name. classes: the words for 0 and 1.
        rest: where label 1 is one of several values, the others.
        dtype: of the numbers. name: where the rows come from, for people.
        sums: a checksum of each tile, then that of the labels.
        notes: what is to be said of them whenever they are read: codes and fields.
        sources: the files that were read. encodings: how their columns became these; () where they are them.
        version: of this format.
    """

    request: str
    rows: int
    columns: tuple[str, ...]
    label: str
    classes: tuple[str, str]
    dtype: str
    name: str
    sums: tuple[int, ...]
    sources: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    encodings: tuple[ColumnEncoding, ...] = ()
    notes: tuple[tuple[str, dict[str, Any]], ...] = ()
    version: int = TILES_VERSION

    @property
    def shape(self) -> TileShape:
        """How its tiles stand in their file."""
        return TileShape(len(self.columns), cast("np.dtype[np.floating]", np.dtype(self.dtype)))


def read_about(folder: Path) -> About:
    """What a set of tiles says of itself.

    Raises:
        DamagedTilesError: it does not say it.
    """
    try:
        said, _, seal = (folder / ABOUT_FILE).read_bytes().partition(b"\n")
        if seal != _seal(said):
            raise DamagedTilesError("another text than was written")
        about = msgspec.json.decode(said, type=About)
    except (OSError, msgspec.MsgspecError) as fault:
        raise DamagedTilesError(str(fault)) from None
    if about.version != TILES_VERSION or about.dtype not in ("float32", "float64") or about.rows < 1:
        raise DamagedTilesError("another format")
    return about


def write_about(folder: Path, about: About) -> None:
    """Write it; whoever renames the folder afterwards makes all of it seen at once."""
    said = json.dumps(asdict(about)).encode()
    with (folder / ABOUT_FILE).open("wb") as file:
        file.write(said + b"\n" + _seal(said))
        file.flush()
        os.fsync(file.fileno())


def _seal(said: bytes) -> bytes:
    return blake2b(said, digest_size=16).hexdigest().encode()


def checksums(folder: Path, shape: TileShape, rows: int) -> tuple[int, ...]:
    """A checksum of each tile, then that of the labels."""
    tiles: Any = np.frombuffer(_mapped(folder / ROWS_FILE, shape.bytes(rows)), np.uint64)
    stride = shape.stride // 8
    parts: list[Any] = np.split(tiles, range(stride, len(tiles), stride))
    return (*(_checksum(part) for part in parts), label_checksum(folder, shape, rows))


def label_checksum(folder: Path, shape: TileShape, rows: int) -> int:
    """A checksum of the labels."""
    return _checksum(np.frombuffer(_mapped(folder / LABELS_FILE, rows * shape.item), np.uint32))


def _checksum(words: np.ndarray[Any, Any]) -> int:
    """The sum of all words: read as fast as memory, and no single word changes unseen."""
    return int(np.add.reduce(words, dtype=np.uint64))


def open_tiles(folder: Path, *, check: bool = True) -> Dataset:
    """The rows of a set of tiles, mapped and not read: only their checksums are compared.

    Args:
        folder: of the tiles.
        check: whether to compare them; whoever has just written them knows what stands there.

    Raises:
        DamagedTilesError: they are not what was written.
    """
    return tiles_in(folder, read_about(folder), check=check)


def tiles_in(folder: Path, about: About, *, check: bool = True) -> Dataset:
    """The same of tiles that have said of themselves what they are.

    Raises:
        DamagedTilesError: as ``open_tiles``.
    """
    shape = about.shape
    try:
        if check and checksums(folder, shape, about.rows) != about.sums:
            raise DamagedTilesError("a checksum differs")
        tiles = _mapped(folder / ROWS_FILE, shape.bytes(about.rows))
        labels = _mapped(folder / LABELS_FILE, about.rows * shape.item)
    except (OSError, ValueError) as fault:
        raise DamagedTilesError(str(fault)) from None
    touch(folder)
    dtype = getattr(torch, about.dtype)
    rows = TiledRows(list(_tiles(_tensor(tiles, dtype), shape, about.rows)), TileHome(folder))
    return Dataset(
        features=cast("Features", rows),
        labels=_tensor(labels, dtype),
        feature_names=about.columns,
        label_name=about.label,
        classes=about.classes,
        name=about.name,
        rest=about.rest,
        columns=about.encodings,
    )


def _tiles(numbers: Tensor, shape: TileShape, rows: int) -> Iterator[Tensor]:
    stride = shape.stride // shape.item
    for tile in range(shape.tiles(rows)):
        height = min(shape.height, rows - tile * shape.height)
        start = tile * stride
        yield numbers[start : start + shape.width * height].view(shape.width, height)


def _mapped(path: Path, size: int) -> mmap.mmap:
    """A file of a size that is known, to be read alone: nobody can change the cache by a slip."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size != size:
            raise DamagedTilesError(f"{path} has another length")
        return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)


def _tensor(memory: mmap.mmap, dtype: torch.dtype) -> Tensor:
    with warnings.catch_warnings():
        # torch warns that nothing may be written there, which is the point.
        warnings.simplefilter("ignore")
        return torch.frombuffer(memory, dtype=dtype)


class TileHome:
    """Where a set of tiles is kept, and where numbers of its rows find room: pages the system may write out.

    Args:
        folder: of the tiles.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, count: int, dtype: torch.dtype) -> Tensor:
        """Room for so many numbers, in a nameless file beside the tiles."""
        cache, size = self.folder.parent, max(1, count) * dtype.itemsize
        try:
            with tempfile.TemporaryFile(dir=cache) as file:
                # A page that found no room on the disk when it is touched would end the process.
                _reserve(file.fileno(), size)
                return torch.frombuffer(mmap.mmap(file.fileno(), size), dtype=dtype)[:count]
        except OSError as fault:
            raise not_writable(cache, fault) from None


def _reserve(file: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.truncate(file, size)


def not_writable(folder: Path, fault: OSError) -> InputError:
    """The sentence about a disk that cannot be written any more."""
    return InputError(
        f"tiles cannot be written to {folder}: {fault.strerror or fault}; make room there, or choose another "
        "folder with --cache",
        code="cache.failed",
    )


def describe(folder: Path) -> Any:
    """What people may want to know of a set of tiles; None where it does not say."""
    try:
        return read_about(folder)
    except DamagedTilesError:
        return None
