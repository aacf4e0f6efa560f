"""A file to which results of a work's tasks are appended: of which work they are, then one after another.

Results are numbers, words, tensors, arrays, and tuples and lists of these. There is no pickle in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from torch import Tensor

from soloneuron.storage.checkpoints import (
    LARGEST_CHECKPOINT,
    STORED_DTYPES,
    UNREADABLE,
    array_at,
    check_version,
    damaged_checkpoint,
    no_checkpoint,
)
from soloneuron.storage.files import read_bytes
from soloneuron.storage.piece_files import PieceFile

RESULTS_VERSION = 1

_BEGUN = f"soloneuron results {RESULTS_VERSION}\n".encode()
_HEAD = re.compile(rb"soloneuron results (\d{1,9})\n")
_ENTRY = re.compile(rb"(work|result (\d{1,18})) (\d{1,18}) sha256:([0-9a-f]{64})\n")


@dataclass(frozen=True)
class KeptResults:
    """What stands in such a file.

    Attributes:
        work: what the work is, by name; None where the file ends before it.
        results: by the numbers of their tasks.
        whole: how many bytes of the file are whole.
    """

    work: Mapping[str, str] | None
    results: Mapping[int, Any]
    whole: int


def read_results(path: str | Path) -> KeptResults:
    """The results of a file.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is something else, of a newer version, or it was damaged.
    """
    content = read_bytes(path, LARGEST_CHECKPOINT)
    if len(content) < len(_BEGUN) and _BEGUN.startswith(content):
        return KeptResults(None, {}, 0)  # killed in its first line
    head = _HEAD.match(content)
    if head is None:
        raise no_checkpoint(path)
    check_version(int(head[1]), RESULTS_VERSION, path)
    work: Mapping[str, str] | None = None
    results, whole = dict[int, Any](), head.end()
    for number, entry, stop in _entries(content, whole, path):
        try:
            value = _value(entry)
            if number is None:
                work = {str(name): str(word) for name, word in value}
            else:
                results[number] = value
        except UNREADABLE:
            # Sealed by somebody else: whatever is wrong with it, nothing can go on from it.
            raise damaged_checkpoint(path) from None
        whole = stop
    return KeptResults(work, results, whole)


def _entries(content: bytes, first: int, path: str | Path) -> Iterator[tuple[int | None, bytes, int]]:
    """The number of each whole entry, what stands in it, and where it ends."""
    while first < len(content):
        line = _ENTRY.match(content, first)
        if line is None:
            if b"\n" in content[first : first + 200]:
                raise damaged_checkpoint(path)
            return
        first = line.end() + int(line[3])
        if first > len(content):
            return
        entry = content[line.end() : first]
        if sha256(entry).hexdigest().encode() != line[4]:
            raise damaged_checkpoint(path)
        yield None if line[2] is None else int(line[2]), entry, first


class ResultFile:
    """A file open for further results.

    Args:
        path: the file.
        kept: what was found there; None begins it.
        work: what the work is.

    Raises:
        InputError: it cannot be written.
    """

    def __init__(self, path: str | Path, kept: KeptResults | None, work: Mapping[str, str]) -> None:
        self._file = PieceFile(path, 0 if kept is None else kept.whole, _BEGUN)
        if kept is None or kept.work is None:
            self._add("work", [[name, word] for name, word in work.items()])

    def append(self, number: int, result: Any) -> None:
        """Add the result of a task.

        Raises:
            InputError: the disk does not take it; the others stay.
            TypeError: it is nothing that can be kept.
        """
        self._add(f"result {number}", result)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _add(self, what: str, value: Any) -> None:
        arrays: list[np.ndarray] = []
        said = msgspec.json.encode(_plain(value, arrays))
        shapes = msgspec.json.encode([(array.dtype.str, array.shape) for array in arrays])
        content = b"".join([said, b"\n", shapes, b"\n", *(array.tobytes() for array in arrays)])
        head = f"{what} {len(content)} sha256:{sha256(content).hexdigest()}\n"
        self._file.add(head.encode() + content)


def _plain(value: Any, arrays: list[np.ndarray]) -> Any:
    """A value as JSON says it, its numbers in arrays beside it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, list | tuple):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_plain(one, arrays) for one in value]}
    if isinstance(value, Tensor | np.ndarray):
        array = value.detach().cpu().numpy() if isinstance(value, Tensor) else value
        if array.dtype.str in STORED_DTYPES:
            arrays.append(array)
            return {"tensor" if isinstance(value, Tensor) else "array": len(arrays) - 1}
    raise TypeError(f"{type(value).__name__} is no result that can be kept")


def _value(entry: bytes) -> Any:
    said, shapes, numbers = entry.split(b"\n", 2)
    arrays, place = list[np.ndarray](), 0
    for dtype, shape in msgspec.json.decode(shapes):
        arrays.append(array_at(numbers, dtype, shape, place))
        place += arrays[-1].nbytes
    return _said(msgspec.json.decode(said), arrays)


def _said(plain: Any, arrays: list[np.ndarray]) -> Any:
    if not isinstance(plain, dict):
        return [*plain] if isinstance(plain, list) else plain
    ((kind, inner),) = plain.items()
    if kind == "float":
        return float.fromhex(inner)
    if kind in ("tuple", "list"):
        found = [_said(one, arrays) for one in inner]
        return tuple(found) if kind == "tuple" else found
    return torch.from_numpy(arrays[inner]) if kind == "tensor" else arrays[inner]
