"""What processes compare, in a few words that are the same wherever the thing is the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache, singledispatch
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

import soloneuron
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.formulas.sparse import is_sparse

LONGEST_DESCRIPTION = 60
"""A description of more characters is told by its hash."""

COMPARED_ROWS = 1_024
"""So many rows at even distances are compared number by number; of all the sums of their bits are."""


def description(value: Any) -> str:
    """A value, by its hash where it is long.

    Example:
        >>> description(0.1), description(torch.zeros(2)) == description(torch.zeros(2))
        ('0.1', True)
    """
    words = _worded(value)
    return words if len(words) <= LONGEST_DESCRIPTION else f"{type(value).__name__} {_hash(words.encode())}"


def description_of_rows(X: Tensor, names: Mapping[str, str]) -> dict[str, str]:
    """What features must have in common, shapes and names first, for they explain why numbers differ.

    Of the numbers the sums of their bits are compared, and some of them one by one.
    """
    stored = X.values() if is_sparse(X) else X
    seen = [stored[:: max(1, len(stored) // COMPARED_ROWS)].contiguous()]
    if is_sparse(X):
        seen += [X.crow_indices(), X.col_indices()]
    # Rows that are no tensor are on disk, in the name of what they were read from: some are enough.
    if isinstance(stored, Tensor):
        # Bits are whole numbers, whose sums do not depend on who adds them.
        bits = stored.view(torch.int64 if stored.dtype == torch.float64 else torch.int32)
        seen.append(bits.sum(0, dtype=torch.int64))
    return {
        "the number of rows": str(X.shape[0]),
        "the number of columns": str(X.shape[1]),
        "the dtype": str(X.dtype),
        "the way rows are stored": "sparse" if is_sparse(X) else "dense",
        **names,
        "what stands in the rows": _hash(*(part.cpu().numpy() for part in seen)),
    }


def description_of_code() -> dict[str, str]:
    """The libraries by version, the processor by how it adds, and our own code by its hash."""
    return {
        "the kind of processor": torch.backends.cpu.get_cpu_capability(),
        "the version of torch": str(torch.__version__),
        "the version of numpy": np.__version__,
        "the version of soloneuron": soloneuron.__version__,
        "the code of soloneuron": _code(),
    }


@cache
def _code() -> str:
    found, home = hashlib.sha256(), Path(soloneuron.__file__).parent
    for path in sorted(home.rglob("*.py")):
        found.update(path.relative_to(home).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


@singledispatch
def _worded(value: Any) -> str:
    """Somebody's object, by its class and what it holds; a function or a class by its name."""
    name = getattr(value, "__qualname__", None)
    if name is not None:
        return str(name)
    held = (
        {field.name: getattr(value, field.name) for field in fields(value)} if is_dataclass(value) else None
    )
    inside: Mapping[str, Any] = getattr(value, "__dict__", {}) if held is None else held
    return f"{type(value).__qualname__} {_worded({name: inside[name] for name in sorted(inside)})}"


@_worded.register(type(None))
@_worded.register(bool | int | float | complex | str | bytes | np.generic | torch.dtype | torch.device)
def _worded_itself(value: Any) -> str:
    return repr(value)


@_worded.register(Mapping)
def _worded_mapping(value: Mapping[Any, Any]) -> str:
    return "{" + ", ".join(f"{key!r}: {_worded(value[key])}" for key in value) + "}"


@_worded.register(tuple | list)
def _worded_sequence(value: Any) -> str:
    return "[" + ", ".join(map(_worded, value)) + "]"


@_worded.register
def _worded_rows(value: ShardedRows) -> str:
    return f"{tuple(value.shape)} {value.dtype}"


@_worded.register
def _worded_array(value: np.ndarray) -> str:
    if value.dtype == object:
        return _worded(value.tolist())
    return f"{value.shape} {value.dtype} {_hash(value)}"


@_worded.register
def _worded_tensor(value: Tensor) -> str:
    parts = (value.crow_indices(), value.col_indices(), value.values()) if is_sparse(value) else (value,)
    return f"{tuple(value.shape)} {value.dtype} {_hash(*(part.detach().cpu().numpy() for part in parts))}"


def _hash(*parts: Any) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(np.ascontiguousarray(part).data if isinstance(part, np.ndarray) else part)
    return found.hexdigest()[:12]
