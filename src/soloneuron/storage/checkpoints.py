"""Checkpoint files: a line that says what it is, a line of JSON, and the numbers as they stand in memory.

Nothing in such a file can be run: there is no pickle in it. A training that is kept after each of its epochs
writes thousands, so nothing is spelled that can be copied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from torch import Tensor

from soloneuron.errors import RecordError
from soloneuron.records.checkpoint import Checkpoint, OptimizerMemory, RecordedEpochs
from soloneuron.storage.codec import as_json
from soloneuron.storage.files import read_bytes, write_bytes
from soloneuron.storage.recipes import recipe_from_json
from soloneuron.storage.rewritten_file import RewrittenFile

CHECKPOINT_VERSION = 1

LARGEST_CHECKPOINT = 2**32
"""Four gigabytes; a larger file is not read."""

IDENTITY = ("recipe", "versions", "digests", "seeds")
COUNTS = ("update", "evaluations", "rows")
RECORDED_COUNTS = ("epochs", "evaluations")
RECORDED_TENSORS = tuple(field.name for field in fields(RecordedEpochs) if field.type == "Tensor")

_HEAD = re.compile(rb"soloneuron checkpoint (\d{1,9}) sha256:([0-9a-f]{64})\n")
STORED_DTYPES = ("<f8", "<f4", "<i8", "|b1")
"""Of the arrays that can be kept."""

UNREADABLE = (
    RecordError, msgspec.DecodeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What reading raises where a file holds anything else than was written."""

_SLOT, _PAST, _PATIENCE = "slot ", "past ", "patience"


def write_checkpoint(place: str | Path | RewrittenFile, kept: Checkpoint) -> None:
    """Write a checkpoint, whole or not at all: until it is, the former one stays.

    Args:
        place: a path; or the file that is written again and again, which waits less often for the disk.
        kept: the checkpoint.

    Raises:
        InputError: the path cannot be written.
    """
    if isinstance(place, RewrittenFile):
        place.write(checkpoint_bytes(kept))
    else:
        write_bytes(place, checkpoint_bytes(kept))


def checkpoint_bytes(kept: Checkpoint) -> bytes:
    """What stands in the file of a checkpoint."""
    past, memory = kept.recorded, kept.memory
    arrays = {"theta": kept.theta.cpu().numpy()}
    arrays |= {_PAST + name: getattr(past, name).cpu().numpy() for name in RECORDED_TENSORS}
    arrays |= {_PAST + name: np.asarray(getattr(past, name), dtype=np.int64) for name in RECORDED_COUNTS}
    if memory is not None:
        arrays |= {_SLOT + name: slot.cpu().numpy() for name, slot in memory.slots.items()}
    if kept.patience is not None:
        arrays[_PATIENCE] = kept.patience.numpy()
    body = {
        **_IDENTITY_JSON.of(kept),
        **{name: getattr(kept, name) for name in COUNTS},
        "memory": None if memory is None else {"method": memory.method, "t": memory.t},
        "first": past.first,
        "arrays": [(name, array.dtype.str, array.shape) for name, array in arrays.items()],
    }
    content = b"".join([msgspec.json.encode(body), b"\n", *(array.tobytes() for array in arrays.values())])
    head = f"soloneuron checkpoint {CHECKPOINT_VERSION} sha256:{sha256(content).hexdigest()}\n"
    return head.encode() + content


class IdentityJson:
    """What is the same in all checkpoints of a training, as JSON says it: made once as long as it is."""

    def __init__(self) -> None:
        # One pair, read once and replaced as a whole: trainings in other threads write checkpoints too.
        self._last: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})

    def of(self, kept: Checkpoint) -> dict[str, Any]:
        """The JSON of a checkpoint's identity, by name."""
        parts, said = self._last
        own = tuple(getattr(kept, name) for name in IDENTITY)
        if len(parts) < len(own) or any(had is not has for had, has in zip(parts, own, strict=True)):
            said = {name: msgspec.Raw(msgspec.json.encode(as_json(getattr(kept, name)))) for name in IDENTITY}
            self._last = (own, said)
        return said


_IDENTITY_JSON = IdentityJson()


def read_checkpoint(path: str | Path) -> Checkpoint:
    """Read a checkpoint; that it is what was written has been checked.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is no checkpoint, of a newer version, or it was damaged.
    """
    return checkpoint_from(read_bytes(path, LARGEST_CHECKPOINT), path)


def checkpoint_from(content: bytes, path: str | Path) -> Checkpoint:
    """The checkpoint that stands in so many bytes of a file.

    Raises:
        RecordError: as ``read_checkpoint``.
    """
    head = _HEAD.match(content)
    if head is None and not content.startswith(b"soloneuron checkpoint "):
        raise no_checkpoint(path)
    if head is None or sha256(memoryview(content)[head.end() :]).hexdigest().encode() != head[2]:
        raise damaged_checkpoint(path)
    check_version(int(head[1]), CHECKPOINT_VERSION, path)
    line, _, numbers = content[head.end() :].partition(b"\n")
    try:
        return _checkpoint(msgspec.json.decode(line), numbers)
    except UNREADABLE:
        # Sealed by somebody else: whatever is wrong with it, nothing can go on from it.
        raise damaged_checkpoint(path) from None


def _checkpoint(body: Mapping[str, Any], numbers: bytes) -> Checkpoint:
    tensors, place = dict[str, Tensor](), 0
    for name, dtype, shape in body["arrays"]:
        array = array_at(numbers, dtype, shape, place)
        tensors[name] = torch.from_numpy(array)
        place += array.nbytes
    recorded: dict[str, Any] = {name: tensors[_PAST + name] for name in RECORDED_TENSORS}
    recorded |= {name: tuple(tensors[_PAST + name].tolist()) for name in RECORDED_COUNTS}
    memory, counts = body["memory"], [_count(body[name]) for name in (*COUNTS, "first")]
    slots = {name.removeprefix(_SLOT): tensor for name, tensor in tensors.items() if name.startswith(_SLOT)}
    return Checkpoint(
        recipe=recipe_from_json(body["recipe"]),
        versions=_words(body["versions"]),
        digests=_words(body["digests"]),
        seeds=tuple(_whole(seed) for seed in body["seeds"]),
        update=counts[0],
        evaluations=counts[1],
        rows=counts[2],
        theta=tensors["theta"],
        memory=memory and OptimizerMemory(str(memory["method"]), slots, _count(memory["t"])),
        recorded=RecordedEpochs(
            first=counts[3],
            **recorded,
        ),
        patience=tensors.get(_PATIENCE),
    )


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a whole number is needed")
    return value


def _count(value: Any) -> int:
    if _whole(value) < 0:
        raise ValueError("a count is >= 0")
    return int(value)


def _words(value: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(word) for name, word in value.items()}


def array_at(numbers: bytes, dtype: str, shape: Sequence[int], place: int) -> np.ndarray:
    """The array that begins at a place among so many bytes, as a copy: what was read may not be written.

    Raises:
        ValueError: there is no such array.
    """
    if dtype not in STORED_DTYPES or min(shape, default=0) < 0:
        raise ValueError("an array of numbers has a size and one of few types")
    count = int(np.prod(shape, dtype=object))
    return np.frombuffer(numbers, np.dtype(dtype), count, place).reshape(shape).copy()


def check_version(version: int, most: int, path: str | Path) -> None:
    """Refuse a file of a newer version.

    Raises:
        RecordError: it is newer than ``most``.
    """
    if version > most:
        raise RecordError(
            f"{path} has version {version} of soloneuron checkpoint; this soloneuron reads up to "
            f"{most}: update soloneuron (install a newer one)",
            code="checkpoint.version",
        )


def no_checkpoint(path: str | Path) -> RecordError:
    """A file that is something else."""
    return RecordError(
        f"{path} must be a soloneuron checkpoint file, got something else: choose another name for the "
        "checkpoint",
        code="checkpoint.format",
    )


def damaged_checkpoint(path: str | Path) -> RecordError:
    """A file from which nothing can go on."""
    return RecordError(
        f"{path} was damaged after it was written, or cut short: take it away, and the work begins anew",
        code="checkpoint.damaged",
    )
