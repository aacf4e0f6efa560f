"""Every sentence people read in the product, by key, in English and Russian: TOML files, and one look-up."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "ru")


def text(language: str, key: str, **fields: object) -> str:
    """The sentence behind a key.

    Args:
        language: ``"en"`` or ``"ru"``.
        key: file and path inside it, such as ``"outcomes.overflow"`` or ``"losses.nll.idea"``.
        fields: the values of the sentence's braces.

    Returns:
        The sentence.

    Raises:
        KeyError: there is no such key; a test sees that both languages have the same keys.

    Example:
        >>> text("en", "losses.mse.title")
        'Squared error'
    """
    room, *path = key.split(".")
    found: Any = table(language, room)
    for word in path:
        found = found[word]
    return str(found).strip().format(**fields) if fields else str(found).strip()


@lru_cache
def table(language: str, room: str) -> dict[str, Any]:
    """All texts of one file, as nested tables."""
    source = resources.files(__name__) / language / f"{room}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
