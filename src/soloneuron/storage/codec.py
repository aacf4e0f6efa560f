"""The one codec of model, run and findings files: version, digest, and numbers that JSON does not know.

Such a number stands as ``{"number": "inf"}``, ``"-inf"`` or ``"nan"``, in every file alike.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import Tensor

from soloneuron.errors import InputError, RecordError
from soloneuron.records.later import is_written
from soloneuron.storage.files import read_bytes, write_bytes
from soloneuron.storage.json_text import parse

VERSION = 2
"""A field that comes later is optional, raises no number, and is written only where it is not its default."""

MOST_BYTES = 2**29
"""Half a gigabyte; a larger file is neither read nor written."""

_HEAD = 256
"""Format, version and digest stand within so many first bytes."""

_SEAL = re.compile(rb'"digest": "sha256:([0-9a-f]{64})"')
_SPELLED = re.compile(rb'\{\s*("number": "[-a-z]+")\s*\}')
_ONE_LINE = re.compile(rb'\[\n(?:[^\[\]{}"]++|\{"number": "[-a-z]++"\})*+\]')
_NUMBERS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        format: what the file says it is.
        source: what writes such files.
        sealed: whether it carries a digest, and numbers that are not finite; a model is for people to edit.
    """

    format: str
    source: str
    sealed: bool = True


MODEL = Kind("soloneuron model", "soloneuron train -o", sealed=False)
RUN = Kind("soloneuron run", "soloneuron train --save-run")
RACE = Kind("soloneuron race", '"Save for a report" in the playground')
FINDINGS = Kind("soloneuron findings", "soloneuron report --save")


def as_json(value: Any, *, finite: bool = False) -> Any:
    """A record as plain values: texts, numbers, lists and objects; tensors are lists in lists.

    Every field is written out, defaults included, but for those that came later (``records.later``); msgspec
    would leave out those of a record that it has read.

    Args:
        value: a record, or what it is made of.
        finite: whether to refuse numbers that JSON does not know instead of spelling them.

    Raises:
        InputError: such a number.
        TypeError: something that is no plain value.
    """
    if isinstance(value, Tensor):
        numbers = value.tolist() if value.isfinite().all() else as_json(value.tolist())
        return {"float32": numbers} if value.dtype == torch.float32 else numbers
    if isinstance(value, float):
        if not math.isfinite(value) and finite:
            raise InputError(f"a model file holds finite numbers, got {value}", code="output.finite")
        return float(value) if math.isfinite(value) else {"number": str(float(value))}
    if is_dataclass(value):
        values = {field.name: getattr(value, field.name) for field in fields(value)}
        return {
            field.name: as_json(values[field.name], finite=finite)
            for field in fields(value)
            if is_written(field, values[field.name])
        }
    if isinstance(value, Mapping):
        return {name: as_json(inner, finite=finite) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner, finite=finite) for inner in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"a record holds plain values, got {type(value).__name__}")


def write_file(path: str | Path, kind: Kind, body: Mapping[str, Any]) -> None:
    """Write a file of a kind, in the newest version.

    Args:
        path: where to; its folder must exist.
        kind: what the file is.
        body: its fields, from ``as_json``.

    Raises:
        InputError: the path cannot be written, or the file would be too large.
    """
    content = file_bytes(kind, body)
    if len(content) > MOST_BYTES:
        raise InputError(
            f"cannot write {path}: it would be larger than {MOST_BYTES:,} bytes", code="output.size"
        )
    write_bytes(path, content)


def file_bytes(kind: Kind, body: Mapping[str, Any]) -> bytes:
    """What stands in a file of a kind."""
    head = {"format": kind.format, "version": VERSION} | ({"digest": "sha256:"} if kind.sealed else {})
    spread = msgspec.json.format(msgspec.json.encode({**head, **body}), indent=2)
    spread = _SPELLED.sub(rb"{\1}", spread)
    content = _ONE_LINE.sub(lambda found: b"[" + b" ".join(found[0][1:-1].split()) + b"]", spread) + b"\n"
    if kind.sealed:
        content = content.replace(b'"sha256:', b'"sha256:' + sha256(content).hexdigest().encode(), 1)
    return content


def read_file(path: str | Path, kind: Kind) -> tuple[int, dict[str, Any]]:
    """The version of a file and its fields as plain values; the digest has been checked.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is no JSON, of another kind or of a newer version, too large, or it was damaged.
    """
    return file_body(file_content(path), str(path), kind)


def file_content(path: str | Path) -> bytes:
    """The bytes of a file of any kind, which can be read once alone where it is a pipe.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is too large.
    """
    return read_bytes(path, MOST_BYTES).removeprefix(b"\xef\xbb\xbf")


def file_body(content: bytes, file: str, kind: Kind) -> tuple[int, dict[str, Any]]:
    """The same of bytes that stand in a file.

    Raises:
        RecordError: as ``read_file``.
    """
    wanted, intact = f"{file} must be a {kind.format} file, got", _intact(content) if kind.sealed else True
    if content.strip() and content.lstrip()[:1] not in (b"{", b"["):
        raise RecordError(
            f"{wanted} text that is not valid JSON; {kind.source} writes one", code="record.json"
        )
    try:
        body = parse(content, file)
    except RecordError as fault:
        raise (fault if intact is not False else _damaged(file)) from None
    said, version = (body.get(name) if isinstance(body, dict) else None for name in ("format", "version"))
    newer = type(version) is int and version > VERSION
    if said == kind.format and not newer and (intact is False or (intact is None and "digest" in body)):
        raise _damaged(file)
    if said != kind.format:
        came = repr(said if isinstance(body, dict) else type(body).__name__)[:60]
        raise RecordError(f"{wanted} {came}; {kind.source} writes one", code="record.format")
    if type(version) is not int or not 1 <= version <= VERSION:
        raise RecordError(
            f"{file} has version {version!r} of {kind.format}; this soloneuron reads up to {VERSION}: "
            "update soloneuron (install a newer one)",
            code="record.version",
        )
    return version, _meant(body) if kind.sealed else body


def says_format(content: bytes, kind: Kind) -> bool:
    """Whether the bytes of a file begin as those of a kind do."""
    said = rb'\s*\{\s*"format":\s*"%s"' % re.escape(kind.format.encode())
    return re.match(said, content[:_HEAD]) is not None


def _intact(content: bytes) -> bool | None:
    """Whether all bytes but the digest itself are those it was made of; None where there is none.

    Its name or its value tell that there is one, so that no single byte can hide it.
    """
    head = content[:_HEAD]
    if b'"digest"' not in head and b'"sha256:' not in head:
        return None
    seal = _SEAL.search(head)
    if seal is None:
        return False
    bare = sha256(content[: seal.start(1)])
    bare.update(memoryview(content)[seal.end(1) :])
    return bare.hexdigest().encode() == seal[1]


def _damaged(file: str) -> RecordError:
    return RecordError(
        f"{file} was changed or damaged after it was written, or cut short; if you changed it on purpose, "
        "take out its field 'digest' to read it without this check",
        code="record.damaged",
    )


def _meant(value: Any) -> Any:
    """Plain values with numbers for the objects that spell them."""
    if isinstance(value, list):
        return [inner if type(inner) is float else _meant(inner) for inner in value]
    if isinstance(value, dict):
        name = value.get("number") if len(value) == 1 else None
        if isinstance(name, str) and name in _NUMBERS:
            return _NUMBERS[name]
        return {name: _meant(inner) for name, inner in value.items()}
    return value
