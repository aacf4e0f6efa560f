"""Checkpoint files: one line that says what it is, and tensors as torch saves them, read as weights only."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import RecordError
from soloneuron.records.checkpoint import Checkpoint, OptimizerMemory, RecordedCourse
from soloneuron.storage.codec import as_json
from soloneuron.storage.files import read_bytes, write_bytes
from soloneuron.storage.recipes import recipe_from_json

VERSION = 1

MOST_BYTES = 2**32
"""Four gigabytes; a larger file is not read."""

_HEAD = re.compile(rb"soloneuron checkpoint (\d{1,9}) sha256:([0-9a-f]{64})\n")


def write_checkpoint(path: str | Path, kept: Checkpoint) -> None:
    """Write a checkpoint, whole or not at all: until it is, the former one stays.

    Raises:
        InputError: the path cannot be written.
    """
    # JSON for what is read as text; torch's reader of weights knows only tensors, numbers and words.
    body = {
        "recipe": json.dumps(as_json(kept.recipe)),
        "versions": dict(kept.versions),
        "digests": dict(kept.digests),
        "seeds": list(kept.seeds),
        **{name: getattr(kept, name) for name in ("update", "evaluations", "rows", "theta")},
        "memory": None if kept.memory is None else {**vars(kept.memory), "slots": dict(kept.memory.slots)},
        "course": {name: _plain(value) for name, value in vars(kept.course).items()},
    }
    content = BytesIO()
    torch.save(body, content)
    seal = sha256(content.getvalue()).hexdigest()
    write_bytes(path, f"soloneuron checkpoint {VERSION} sha256:{seal}\n".encode() + content.getvalue())


def read_checkpoint(path: str | Path) -> Checkpoint:
    """Read a checkpoint; that it is what was written has been checked.

    Raises:
        InputError: the file cannot be read.
        RecordError: it is no checkpoint, of a newer version, or it was damaged.
    """
    content = read_bytes(path, MOST_BYTES)
    head = _HEAD.match(content)
    if head is None and not content.startswith(b"soloneuron checkpoint "):
        raise RecordError(
            f"{path} must be a soloneuron checkpoint file, got something else: choose another name for the "
            "checkpoint",
            code="checkpoint.format",
        )
    if head is None or sha256(content[head.end() :]).hexdigest().encode() != head[2]:
        raise _damaged(path)
    if int(head[1]) > VERSION:
        raise RecordError(
            f"{path} has version {int(head[1])} of soloneuron checkpoint; this soloneuron reads up to "
            f"{VERSION}: update soloneuron (install a newer one)",
            code="checkpoint.version",
        )
    try:
        body = torch.load(BytesIO(content[head.end() :]), weights_only=True, map_location="cpu")
        return _checkpoint(body)
    except Exception:
        # Sealed by somebody else: whatever is wrong with it, nothing can go on from it.
        raise _damaged(path) from None


def _checkpoint(body: dict[str, Any]) -> Checkpoint:
    memory, course = body["memory"], dict(body["course"])
    course |= {name: tuple(map(int, course[name])) for name in ("epochs", "evaluations")}
    made = Checkpoint(
        **{
            **body,
            "recipe": recipe_from_json(json.loads(body["recipe"])),
            "seeds": tuple(body["seeds"]),
            "memory": None if memory is None else OptimizerMemory(**memory),
            "course": RecordedCourse(**course),
        }
    )
    past, tensors = made.course, [made.theta, *(() if memory is None else memory["slots"].values())]
    tensors += [getattr(past, field.name) for field in fields(past) if field.type == "Tensor"]
    counts = [made.update, made.evaluations, made.rows, past.first, *made.seeds]
    if not all(isinstance(one, Tensor) for one in tensors) or not all(type(one) is int for one in counts):
        raise TypeError("a checkpoint holds tensors and counts")
    return made


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _damaged(path: str | Path) -> RecordError:
    return RecordError(
        f"{path} was damaged after it was written, or cut short: take it away, and the training begins anew",
        code="checkpoint.damaged",
    )
