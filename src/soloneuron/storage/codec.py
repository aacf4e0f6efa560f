"""The one codec of model, run and findings files: version, digest, and numbers that JSON does not know.

Such a number stands as ``{"number": "inf"}``, ``"-inf"`` or ``"nan"``, in every file alike.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import Tensor

from soloneuron.errors import InputError, RecordError
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
FINDINGS = Kind("soloneuron findings", "soloneuron report --save")


def as_json(record: Any) -> Any:
    """A record as plain values: texts, numbers, lists and objects; tensors are lists in lists.

    Raises:
        TypeError: something in it is none of these.
    """
    return msgspec.to_builtins(record, enc_hook=_plain)


def write_file(path: str | Path, kind: Kind, body: Any) -> None:
    """Write a record, or plain values, as a file of a kind, in the newest version.

    Args:
        path: where to; its folder must exist.
        kind: what the file is.
        body: what stands in it beside that.

    Raises:
        InputError: the path cannot be written, the file would be too large, or a model is not finite.
    """
    plain = _spelled(as_json(body), finite=not kind.sealed)
    head = {"format": kind.format, "version": VERSION} | ({"digest": "sha256:"} if kind.sealed else {})
    spread = msgspec.json.format(msgspec.json.encode({**head, **plain}), indent=2)
    spread = _SPELLED.sub(rb"{\1}", spread)
    content = _ONE_LINE.sub(lambda found: b"[" + b" ".join(found[0][1:-1].split()) + b"]", spread) + b"\n"
    if kind.sealed:
        content = content.replace(b'"sha256:', b'"sha256:' + sha256(content).hexdigest().encode(), 1)
    if len(content) > MOST_BYTES:
        raise InputError(
            f"cannot write {path}: it would be larger than {MOST_BYTES:,} bytes", code="output.size"
        )
    write_bytes(path, content)


def read_file(path: str | Path, kind: Kind) -> tuple[int, dict[str, Any]]:
    """The version of a file and its fields as plain values; the digest has been checked.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is no JSON, of another kind or of a newer version, too large, or it was damaged.
    """
    file = str(path)
    content = read_bytes(path, MOST_BYTES).removeprefix(b"\xef\xbb\xbf")
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
            "update soloneuron",
            code="record.version",
        )
    return version, _meant(body) if kind.sealed else body


def _plain(value: Any) -> Any:
    if isinstance(value, Tensor):
        numbers = value.tolist()
        return {"float32": numbers} if value.dtype == torch.float32 else numbers
    if isinstance(value, float):
        return float(value)
    raise TypeError(f"a record holds plain values, got {type(value).__name__}")


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
        f"{file} was changed or damaged after it was written; if you changed it on purpose, take out its "
        "field 'digest' to read it without this check",
        code="record.damaged",
    )


def _spelled(value: Any, *, finite: bool) -> Any:
    """Plain values with numbers that JSON does not know as objects, or refused."""
    if isinstance(value, float) and not math.isfinite(value):
        if finite:
            raise InputError(f"a model file holds finite numbers, got {value}", code="output.finite")
        return {"number": str(value)}
    if isinstance(value, dict):
        return {name: _spelled(inner, finite=finite) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(inner, finite=finite) for inner in value]
    return value


def _meant(value: Any) -> Any:
    """Plain values with numbers in place of the objects that spell them."""
    if isinstance(value, list):
        return [inner if type(inner) is float else _meant(inner) for inner in value]
    if isinstance(value, dict):
        name = value.get("number") if len(value) == 1 else None
        if isinstance(name, str) and name in _NUMBERS:
            return _NUMBERS[name]
        return {name: _meant(inner) for name, inner in value.items()}
    return value
