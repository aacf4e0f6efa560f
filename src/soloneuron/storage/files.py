"""Text files that are written whole or not at all, and JSON that is read with care."""

from __future__ import annotations

import json
import math
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from soloneuron.errors import InputError, RecordError

_NUMBERS = re.compile(r'\[\n[^\[\]{}"]*\n *\]')


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


def write_bytes(path: str | Path, content: bytes) -> None:
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
                file.write(content)
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


def write_json(path: str | Path, record: dict[str, Any]) -> None:
    """Write a record as readable JSON, lists of numbers on one line; NaN and inf are not JSON: ValueError."""
    spread = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2)
    write_text(path, _NUMBERS.sub(_on_one_line, spread) + "\n")


def read_json(path: str | Path, *, format: str, version: int, source: str = "") -> dict[str, Any]:
    """Read a record and hold its format and version against what is expected.

    Args:
        path: the file.
        format: what the file must say it is.
        version: the newest version we can read.
        source: what writes such files, told of a file that is none.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is no JSON, cut short, of another format, or of a newer version.
    """
    try:
        content = Path(path).read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise InputError(f"cannot read {path}: {fault.strerror}", code="input.failed") from None
    except UnicodeDecodeError:
        raise RecordError(f"{path} is not a {format} file: it is not text", code="record.binary") from None
    comes = f"; {source} writes one" if source else ""
    if content.strip() and content.lstrip()[0] not in "{[":
        raise RecordError(
            f"{path} must be a {format} file, got text that is not valid JSON{comes}", code="record.json"
        )
    record = _parsed(content, path)
    if not isinstance(record, dict) or record.get("format") != format:
        came = record.get("format") if isinstance(record, dict) else type(record).__name__
        raise RecordError(f"{path} must be a {format} file, got {came!r}{comes}", code="record.format")
    known = record.get("version")
    if type(known) is not int or not 1 <= known <= version:
        raise RecordError(
            f"{path} has version {record.get('version')!r} of {format}; this soloneuron reads up to "
            f"{version}: install a newer one",
            code="record.version",
        )
    return record


def _parsed(content: str, path: str | Path) -> Any:
    def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """JSON leaves open which of two fields of one name counts, so none does."""
        names = [name for name, _ in pairs]
        twice = [name for name in names if names.count(name) > 1] if len(set(names)) < len(names) else []
        if twice:
            raise RecordError(
                f"{path} must have every field once, got {twice[0]!r} twice", code="record.twice"
            )
        return dict(pairs)

    try:
        return json.loads(content, object_pairs_hook=once_each)
    except RecordError:
        raise
    except RecursionError:
        raise RecordError(
            f"{path} is not valid JSON: it is nested without end", code="record.nested"
        ) from None
    except json.JSONDecodeError as fault:
        raise RecordError(
            f"{path} is not valid JSON (line {fault.lineno}: {fault.msg}); is it cut short?",
            code="record.json",
        ) from None
    except ValueError:
        raise RecordError(
            f"{path} is not valid JSON: it holds a number without end", code="record.number"
        ) from None


def _on_one_line(numbers: re.Match[str]) -> str:
    return "[" + " ".join(numbers[0][1:-1].split()) + "]"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
