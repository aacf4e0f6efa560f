"""Files that are written whole or not at all, and read up to a size."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from soloneuron.errors import InputError, RecordError
from soloneuron.storage.paths import check_writable, opened_file, write_refused


def write_text(path: str | Path, content: str) -> None:
    """Write a text in UTF-8, whole or not at all.

    Raises:
        InputError: the path cannot be written, or the text holds half a letter (a lone surrogate).
    """
    try:
        encoded = content.encode()
    except UnicodeEncodeError as fault:
        raise InputError(
            f"cannot write {path}: {fault.object[fault.start]!a} is half a letter",
            code="output.letter",
            path=path,
        ) from None
    write_bytes(path, encoded)


def write_bytes(path: str | Path, content: bytes | Iterable[bytes]) -> None:
    """Write beside the target and rename, so that a reader sees the old file or the new one, never half.

    Raises:
        InputError: the path cannot be written.
    """
    target = check_writable(path)
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
        raise write_refused(path, fault) from None


def jsonable(value: Any) -> Any:
    """The same value with None for every number that JSON does not know (inf, NaN)."""
    if isinstance(value, dict):
        return {key: jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read_bytes(path: str | Path, most: int) -> bytes:
    """A file's bytes, if they are not too many; the size is asked before anything is read.

    A pipe has no size of its own: it is read up to the limit, and not waited for without end.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is larger than ``most`` bytes.
    """
    with opened_file(path) as source:
        content = source.read(most + 1) if source.size is None or source.size <= most else None
    if content is None or len(content) > most:
        raise RecordError(
            f"{path} must be a file of at most {most:,} bytes", code="record.size", path=path, most=most
        )
    return content


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
