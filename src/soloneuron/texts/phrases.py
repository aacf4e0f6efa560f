"""A sentence that has not been said yet: a key and its numbers, to be worded in either language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from soloneuron.texts import text

Said: TypeAlias = "float | int | str | Phrase | None"
"""What a brace of a sentence may be filled with."""


@dataclass(frozen=True)
class Phrase:
    """A key of the texts with the values of its braces.

    Args:
        key: as in ``text``.
        fields: the values; a value that is a Phrase is worded in the same language.

    Example:
        >>> Phrase("losses.mse.title").say("en")
        'Squared error'
    """

    key: str
    fields: Mapping[str, Said] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """The sentence in a language."""
        return text(
            language, self.key, **{name: said(language, value) for name, value in self.fields.items()}
        )


def said(language: str, value: Any) -> Any:
    """A Phrase in words; anything else as it is."""
    return value.say(language) if isinstance(value, Phrase) else value
