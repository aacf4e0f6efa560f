"""Where rows come from: files, patterns of names, standard input, pipes and archives, and nothing endless."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, cast
from urllib.parse import unquote
from zipfile import ZipFile

from soloneuron.data.files.archives import (
    MOST_UNPACKED,
    PACKED,
    UNPACKING_FAULTS,
    broken_archive,
    is_packed,
    the_table,
    unpacked_limit,
    unpacking_stream,
)
from soloneuron.data.files.contents import content_of
from soloneuron.data.files.encodings import is_binary
from soloneuron.errors import InputError
from soloneuron.texts.plain import file_name

STANDARD_INPUT = "-"
FIRST_BYTES = 1 << 16
BLOCK_OF_COPY = 1 << 20
IN_MEMORY = 1 << 26
"""Bytes of a pipe or an archive that are kept in memory; more go into a temporary file."""

NOT_UNPACKED = (".npz", ".npy", ".xlsx", ".xlsm")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/{1,2}[^/]")
_digests: dict[str, str] = {}
"""Fingerprints of what can be read only once, by name."""

FileNames = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


@dataclass(frozen=True)
class Opened:
    """A file that can be read.

    Attributes:
        stream: its bytes, unpacked; it can be sought in.
        name: for messages.
        ending: of its name, in small letters, without that of an archive; "" if it has none.
        head: its first bytes.
    """

    stream: BinaryIO
    name: str
    ending: str
    head: bytes


def files_of(source: FileNames) -> list[str]:
    """The files that are meant: patterns such as ``rows/*.csv`` become those that fit, sorted.

    Raises:
        InputError: no file fits a pattern, there is none at all, or it is an address.
    """
    given = [source] if isinstance(source, str | os.PathLike) else list(source)
    names = [name for one in given for name in _matching(os.fspath(one))]
    if not names:
        raise InputError("there must be one file at least, got none", code="file.none")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(
            f"every file must be named once, got {twice[0]} more than once", code="file.twice", name=twice[0]
        )
    return names


def shown_name(name: str) -> str:
    """A file as messages call it."""
    return "standard input" if name == STANDARD_INPUT else name


def table_name(source: FileNames) -> str:
    """What the rows of some files are called, without folders.

    Example:
        >>> table_name("rows/a.csv"), table_name(["rows/a.csv", "rows/b.csv"])
        ('a.csv', 'a.csv and 1 more')
    """
    first, *others = [file_name(shown_name(name)) for name in files_of(source)]
    return f"{first} and {len(others)} more" if others else first


def _matching(name: str) -> list[str]:
    if name.lower().startswith("file:///") and not os.path.lexists(name):
        path = unquote(name[len("file://") :])
        raise InputError(
            f"files are read, not addresses: give {path} instead", code="file.own_address", path=path
        )
    if _ADDRESS.match(name) and not os.path.lexists(name):
        raise InputError(
            f"files are read, not addresses: download {name} first, then give the name of the file",
            code="file.address",
            name=name,
        )
    if not glob.has_magic(name) or os.path.lexists(name):
        return [name]
    found = sorted(glob.glob(name, recursive=True))
    if not found:
        raise InputError(f"no file fits the pattern {name}", code="file.pattern", name=name)
    return found


@contextmanager
def opened(name: str) -> Iterator[Opened]:
    """Open a file, standard input or a pipe; what is packed is unpacked.

    Raises:
        InputError: it is empty, a device, or an archive that cannot be read.
        OSError: it cannot be opened.
    """
    with _stream(name) as stream:
        shown, ending = shown_name(name), PurePath(name).suffix.lower()
        head = _first_bytes(stream, shown)
        content = content_of(head)
        try:
            if ending in PACKED or is_packed(content):
                packed = content if content is not None and is_packed(content) else PACKED.get(ending, "gzip")
                inner = PurePath(PurePath(name).stem).suffix.lower() if ending in PACKED else ending
                with _kept(unpacking_stream(stream, packed), shown, packed=_size(stream)) as plain:
                    yield Opened(plain, shown, inner, _first_bytes(plain, shown))
            elif content == "zip" and ending not in NOT_UNPACKED:
                with _unzipped(stream, shown) as member:
                    yield member
            else:
                yield Opened(stream, shown, ending, head)
        except UNPACKING_FAULTS as fault:
            raise broken_archive(shown, fault) from None


@contextmanager
def _unzipped(stream: BinaryIO, name: str) -> Iterator[Opened]:
    """The table in a zip; a workbook and an NPZ are tables themselves, whatever they are called."""
    with ZipFile(stream) as archive:
        members = archive.namelist()
        if "[Content_Types].xml" in members or (members and all(one.endswith(".npy") for one in members)):
            stream.seek(0)
            ending = ".xlsx" if "[Content_Types].xml" in members else ".npz"
            yield Opened(stream, name, ending, stream.read(FIRST_BYTES))
            return
        info = the_table(archive, name)
        shown = f"{PurePath(info.filename).name} in {name}"
        with (
            archive.open(info) as packed,
            _kept(cast(BinaryIO, packed), shown, packed=_size(stream)) as plain,
        ):
            ending = PurePath(info.filename).suffix.lower()
            yield Opened(plain, shown, ending, _first_bytes(plain, shown))


def _first_bytes(stream: BinaryIO, name: str) -> bytes:
    stream.seek(0)
    head = stream.read(FIRST_BYTES)
    stream.seek(0)
    if not head:
        raise InputError(f"{name} is empty", code="file.empty")
    return head


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


@contextmanager
def _stream(name: str) -> Iterator[BinaryIO]:
    """The bytes of a file; those of a pipe are kept, so that they can be read again."""
    if name == STANDARD_INPUT:
        source = getattr(sys.stdin, "buffer", None)
        if source is None:
            raise InputError("there is no standard input to read", code="file.stdin")
        with _kept(source, shown_name(name), digest=name) as kept:
            yield kept
        return
    try:
        mode = os.stat(name).st_mode
    except ValueError as fault:
        # A zero byte in the name.
        raise unreadable(name, fault) from None
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISDIR(mode)):
        raise InputError(f"{name} must be a file or a pipe, got a device", code="file.device", name=name)
    with Path(name).open("rb") as file:
        if stat.S_ISREG(mode):
            _digests.pop(name, None)
            yield file
            return
        with _kept(file, name, digest=name) as kept:
            yield kept


@contextmanager
def _kept(source: BinaryIO, name: str, *, packed: int | None = None, digest: str = "") -> Iterator[BinaryIO]:
    """All bytes of a stream, where they can be sought in.

    Args:
        source: is read to its end.
        name: for messages.
        packed: how many bytes they were unpacked from.
        digest: the name under which their fingerprint is remembered.

    Raises:
        InputError: there are too many, or they are no text from the first one.
    """
    most = MOST_UNPACKED if packed is None else unpacked_limit(packed)
    hashed, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
        while block := source.read(BLOCK_OF_COPY):
            if not size and content_of(block[:FIRST_BYTES]) is None and is_binary(block[:FIRST_BYTES]):
                raise InputError(f"{name} must be text, got a binary file", code="file.binary")
            size += len(block)
            if size > most:
                raise _too_large(name, most, unpacked=packed is not None)
            if digest:
                hashed.update(block)
            kept.write(block)
        if digest:
            _digests[digest] = hashed.hexdigest()
        kept.seek(0)
        yield cast(BinaryIO, kept)


def _too_large(name: str, most: int, *, unpacked: bool) -> InputError:
    size = f"{most >> 20} MiB"
    if unpacked:
        return InputError(
            f"{name} must be at most {size} when it is unpacked, got more: unpack it first",
            code="file.bomb",
            most=most >> 20,
        )
    return InputError(
        f"{name} must be at most {size}, got more: save it as a file, and give its name",
        code="file.endless",
        most=most >> 20,
    )


def fingerprint(source: FileNames) -> str:
    """The SHA-256 of the bytes of a file, or of several one after another, in hexadecimal.

    Of a pipe it is known once it was read.

    Raises:
        InputError: a file cannot be read.
    """
    names = files_of(source)
    if len(names) == 1 and names[0] in _digests:
        return _digests[names[0]]
    hashed = hashlib.sha256()
    for name in names:
        try:
            with _stream(name) as file:
                while block := file.read(BLOCK_OF_COPY):
                    hashed.update(block)
        except OSError as fault:
            raise unreadable(name, fault) from None
    return hashed.hexdigest()


def unreadable(name: str, fault: OSError | ValueError) -> InputError:
    """The sentence about a file that cannot be opened."""
    reason = getattr(fault, "strerror", None) or str(fault)
    return InputError(f"cannot read {shown_name(name)}: {reason}", code="file.read", reason=reason)
