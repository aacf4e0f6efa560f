"""Files that are written whole or not at all, and read up to a size."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from soloneuron.errors import InputError, RecordError


def check_writable(path: str | Path) -> Path:
    """Refuse a path that cannot be written, before any work is done for it.

    Raises:
        InputError: the folder does not exist, is no folder, or may not be written; or something stands there
            that is no regular file, such as a folder, a device or a pipe.
    """
    target = Path(path)
    folder = target.parent
    if target.is_dir():
        raise InputError(f"cannot write {target}: it is a folder", code="output.folder")
    if target.exists() and not target.is_file():
        raise InputError(
            f"cannot write {target}: it is a device or a pipe, no regular file, and would be replaced",
            code="output.special",
        )
    if not folder.is_dir():
        raise InputError(f"cannot write {target}: the folder {folder} does not exist", code="output.missing")
    if not os.access(folder, os.W_OK):
        raise InputError(f"cannot write {target}: no permission in {folder}", code="output.permission")
    return target


def write_text(path: str | Path, content: str) -> None:
    """Write a text, whole or not at all.

    Raises:
        InputError: the path cannot be written.
    """
    write_bytes(path, content.encode())


def write_bytes(path: str | Path, content: bytes | Iterable[bytes]) -> None:
    """Write beside the target and rename, so that a reader sees the old file or the new one, never half.

    Raises:
        InputError: the path cannot be written.
    """
    check_writable(path)
    target = Path(path).resolve()
    try:
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".soloneuron-", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                # What comes in parts is never in memory as a whole.
                file.writelines([content] if isinstance(content, bytes) else content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside, 0o666 & ~_umask())
            os.replace(beside, target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise InputError(f"cannot write {path}: {fault.strerror}", code="output.failed") from None


def jsonable(value: Any) -> Any:
    """The same value with None for every number that JSON does not know (inf, NaN)."""
    if isinstance(value, dict):
        return {key: jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read_bytes(path: str | Path, most: int) -> bytes:
    """A file's bytes, if they are not too many; the size is asked before anything is read.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is larger than ``most`` bytes.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            # A pipe has no size of its own: it is read up to the limit.
            content = file.read((size or most) + 1) if size <= most else None
    except OSError as fault:
        raise InputError(f"cannot read {path}: {fault.strerror}", code="input.failed") from None
    if content is None or len(content) > most:
        raise RecordError(f"{path} must be a file of at most {most:,} bytes", code="record.size")
    return content


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
