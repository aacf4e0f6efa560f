"""The folder where tiles are kept: what is in it, how large it may grow, and how it is emptied."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from soloneuron.data.tiles.sizes import as_bytes, in_words
from soloneuron.errors import InputError

FOLDER_VARIABLE = "SOLONEURON_CACHE"
SIZE_VARIABLE = "SOLONEURON_CACHE_SIZE"

USUAL_SIZE = "32G"

ABOUT_FILE = "about.json"
PART = ".part"

_NAME = re.compile(r"rows-[0-9a-f]{24}(\.part)?")


@dataclass(frozen=True)
class KeptTiles:
    """Rows in the cache.

    Attributes:
        folder: where they are.
        bytes: how much room they take.
        used: when they were read last, in seconds since 1970.
        whole: whether all of them are there; the rest of a conversion that was stopped is not.
    """

    folder: Path
    bytes: int
    used: float
    whole: bool


def cache_folder(given: str | Path | None = None) -> Path:
    """Where tiles are kept: what was asked for, ``$SOLONEURON_CACHE``, or ``soloneuron`` in the user's cache.

    Args:
        given: a folder, or None.
    """
    if given is not None:
        return Path(given).absolute()
    if os.environ.get(FOLDER_VARIABLE):
        return Path(os.environ[FOLDER_VARIABLE]).absolute()
    home = os.environ.get("XDG_CACHE_HOME", "")
    # The standard says that a path that is not absolute is to be ignored.
    base = Path(home) if Path(home).is_absolute() else Path.home() / ".cache"
    return base / "soloneuron"


def writable_folder(given: str | Path | None = None) -> Path:
    """The same folder, made where it is missing.

    Raises:
        InputError: it cannot be made, is no folder, or may not be written.
    """
    folder = cache_folder(given)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        allowed = os.access(folder, os.W_OK | os.X_OK)
    except OSError as fault:
        reason = (
            "something that is no folder stands there"
            if isinstance(fault, FileExistsError)
            else fault.strerror
        )
        raise InputError(
            f"the cache folder {folder} cannot be made: {reason}; choose another one with --cache or "
            f"${FOLDER_VARIABLE}",
            code="cache.folder",
        ) from None
    if not allowed:
        raise InputError(
            f"the cache folder {folder} may not be written: choose another one with --cache or "
            f"${FOLDER_VARIABLE}",
            code="cache.permission",
        )
    return folder


def largest_cache() -> int:
    """How many bytes all tiles together may take.

    Raises:
        InputError: ``$SOLONEURON_CACHE_SIZE`` is no size.
    """
    return as_bytes(os.environ.get(SIZE_VARIABLE) or USUAL_SIZE, name=f"${SIZE_VARIABLE}", least=2**20)


def kept_rows(folder: Path) -> list[KeptTiles]:
    """What is in a cache folder, the longest unused first; nothing but tiles is looked at."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if not _NAME.fullmatch(path.name) or not path.is_dir():
            continue
        with suppress(OSError):
            whole = not path.name.endswith(PART)
            used = (path / ABOUT_FILE if whole else path).stat().st_mtime
            size = sum(inner.stat().st_blocks * 512 for inner in path.iterdir())
            found.append(KeptTiles(path, size, used, whole))
    return sorted(found, key=lambda kept: kept.used)


def clear(folder: Path) -> list[KeptTiles]:
    """Delete all tiles of a cache folder, and nothing else; what was deleted."""
    kept = kept_rows(folder)
    for one in kept:
        delete(one.folder)
    return kept


def delete(folder: Path) -> None:
    """Delete one set of tiles, or what else stands in its place; whoever has them mapped keeps them."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
        return
    with suppress(OSError):
        folder.unlink(missing_ok=True)


def make_space(folder: Path, wanted: int, *, keep: set[Path]) -> None:
    """Delete the longest unused tiles until so many bytes more stay below the bound.

    Args:
        folder: the cache.
        wanted: bytes that are still to be written.
        keep: those that must stay.

    Raises:
        InputError: more is wanted than the cache may hold at all.
    """
    bound = largest_cache()
    kept = kept_rows(folder)
    held = sum(one.bytes for one in kept if one.folder in keep)
    if wanted + held > bound:
        raise InputError(
            f"these rows take {in_words(wanted + held)} as tiles, and the cache may hold {in_words(bound)}: "
            f"allow more with ${SIZE_VARIABLE}, such as {SIZE_VARIABLE}={-(-(wanted + held) // 2**30)}G",
            code="cache.size",
        )
    total = sum(one.bytes for one in kept)
    for one in kept:
        if total + wanted <= bound:
            return
        if one.folder not in keep:
            delete(one.folder)
            total -= one.bytes


def touch(folder: Path) -> None:
    """Remember that tiles were used now."""
    with suppress(OSError):
        os.utime(folder / ABOUT_FILE)
