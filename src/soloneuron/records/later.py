"""Fields that came later than the files that older versions read: written only where they say something."""

from __future__ import annotations

from dataclasses import Field, field
from typing import TypeVar

Kept = TypeVar("Kept")


def later(default: Kept) -> Kept:
    """A field of a record that is left out of files while it has its default."""
    made: Kept = field(default=default, metadata={"later": True})
    return made


def is_written(made: Field[object], value: object) -> bool:
    """Whether a field with this value is written."""
    return not made.metadata.get("later") or value != made.default
