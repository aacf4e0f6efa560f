"""Every sentence people read in the product, by key, in English and Russian: TOML files, and one look-up."""

from __future__ import annotations

import math
import re
import tomllib
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import Any

LANGUAGES = ("en", "ru")


class Sentence(Formatter):
    """Fills the braces of a sentence; ``{rows:row|rows}`` is the form of a word that goes with a number.

    English has two forms (1 | other), Russian three (1, 21 | 2, 3, 4, 1.5 | other). One more form is for 0.
    The word goes with the number as it is shown: 12.5 in ``{n:.0f} {n:шаг|шага|шагов}`` is "12 шагов".
    ``{rows:,}`` parts thousands: by a comma, in Russian by a space that does not break.

    Args:
        language: whose forms they are.
    """

    def __init__(self, language: str) -> None:
        self._form = _russian if language == "ru" else _english
        self._forms = 3 if language == "ru" else 2
        self._shown: dict[str, str] = {}
        self._names: list[str] = []

    def vformat(self, format_string: str, args: Any, kwargs: Any) -> str:
        """The sentence with its braces filled."""
        self._shown = dict(reversed(_SHOWN.findall(format_string)))
        return super().vformat(format_string, args, kwargs)

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        """The value of a brace; its name is kept until ``format_field``, also beyond the braces in it."""
        self._names.append(field_name)
        return super().get_field(field_name, args, kwargs)

    def format_field(self, value: Any, spec: str) -> str:
        """A number, text, or the form of a word."""
        name = self._names.pop()
        if "|" not in spec:
            shown = str(super().format_field(value, spec))
            return shown.replace(",", "\u00a0") if spec == "," and self._forms == 3 else shown
        forms = spec.split("|")
        if name in self._shown and isinstance(value, float):
            value = float(format(value, self._shown[name]).replace(",", "").replace("%", ""))
        return forms[-1] if value == 0 and len(forms) > self._forms else forms[self._form(value)]


_SHOWN = re.compile(r"\{(\w+):([^{}|]+)\}")
"""A brace that shows a number, and how."""


def _english(count: float) -> int:
    return int(count != 1)


def _russian(count: float) -> int:
    if not math.isfinite(count):
        return 2
    if count % 1:
        return 1
    if count % 10 == 1 and count % 100 != 11:
        return 0
    return 1 if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14 else 2


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
        >>> text("ru", "cli.held", rows=21)
        'отложена 21 строка'
    """
    table_name, *path = key.split(".")
    found: Any = table(language, table_name)
    for word in path:
        found = found[word]
    if not isinstance(found, str):
        raise KeyError(key)
    sentence = found.strip()
    return Sentence(language).format(sentence, **fields) if fields else sentence


@lru_cache
def table(language: str, name: str) -> dict[str, Any]:
    """All texts of one file, as nested tables."""
    source = resources.files(__name__) / language / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
