"""One line for whatever holds numbers: tensors by their shape, long rows by their first members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from torch import Tensor

MOST_NUMBERS = 4
"""A tensor of no more numbers than this is shown whole."""

MOST_MEMBERS = 3
"""So many members of a longer row are shown."""

MOST_LETTERS = 60
"""A longer text is cut, a longer record within a record is named only."""

_NO_DEFAULT = object()


def brief(record: Any) -> str:
    """A dataclass or a named tuple in one line: the ``__repr__`` of every record that holds tensors.

    Example:
        >>> import torch
        >>> from soloneuron.records.dataset import Dataset
        >>> brief(Dataset(torch.zeros(3, 2), torch.ones(3), ("a", "b")))
        "Dataset(features=tensor (3, 2), labels=[1, 1, 1], feature_names=('a', 'b'))"
    """
    if isinstance(record, tuple):
        defaults = {name: record._field_defaults.get(name, _NO_DEFAULT) for name in record._fields}  # type: ignore[attr-defined]
    else:
        defaults = {field.name: field.default for field in fields(record) if field.repr}
    given = {name: getattr(record, name) for name in defaults}
    parts = [f"{name}={brief_value(v)}" for name, v in given.items() if not _same(v, defaults[name])]
    return f"{type(record).__name__}({', '.join(parts)})"


def brief_value(value: Any) -> str:
    """Any value in one line.

    Example:
        >>> brief_value(tuple(range(100))), brief_value(0.1234567)
        ('(0, 1, 2, ... 100 in all)', '0.1235')
    """
    match value:
        case Tensor():
            whole = value.numel() <= MOST_NUMBERS and value.dim() <= 1 and value.device.type == "cpu"
            shown = brief_value(value.tolist()) if whole else f"tensor {tuple(value.shape)}"
        case float():
            shown = f"{value:.4g}"
        case str():
            shown = repr(value if len(value) <= MOST_LETTERS else value[:MOST_LETTERS] + "…")
        case Mapping():
            shown = "{" + _members([f"{key!r}: {brief_value(one)}" for key, one in value.items()]) + "}"
        case list():
            shown = f"[{_members(map(brief_value, value))}]"
        case tuple() if type(value) is tuple:
            shown = f"({_members(map(brief_value, value))}{',' * (len(value) == 1)})"
        case _:
            shown = repr(value)
            shown = shown if len(shown) <= MOST_LETTERS else f"{type(value).__name__}(…)"
    return shown


def _members(texts: Iterable[str]) -> str:
    shown = list(texts)
    if len(shown) <= MOST_NUMBERS:
        return ", ".join(shown)
    return f"{', '.join(shown[:MOST_MEMBERS])}, ... {len(shown)} in all"


def _same(value: Any, default: Any) -> bool:
    """Whether a plain value is what it is by default, and so need not be told."""
    return isinstance(value, bool | int | float | str | tuple | None) and value == default
