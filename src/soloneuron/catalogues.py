"""Tables of names: what the product offers, without importing it.

A catalogue maps a name to ``"module:Class"``. Command-line choices, menus, tables in the docs and test
parametrisation read the names; the class is imported only when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from soloneuron.errors import UnknownNameError


def same_name(name: str, known: Iterable[str]) -> str | None:
    """The one of some names that is spelled like this, or the only one that is but for capitals and dashes.

    Example:
        >>> same_name("Adam", ["adam", "adamw"]), same_name("Y", ["Y", "y"]), same_name("X", ["x", "x "])
        ('adam', 'Y', 'x')
        >>> same_name("AGE", ["age", "Age"]) is None
        True
    """
    names = list(known)
    if name in names:
        return name
    alike = [other for other in names if _folded(other) == _folded(name)]
    return alike[0] if len(alike) == 1 else None


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")


@dataclass(frozen=True)
class Catalogue(Mapping[str, str]):
    """A table from names to places.

    Args:
        kind: what the entries are, in the singular; error messages use it.
        entries: name to ``"module:Class"``.

    Example:
        >>> from fractions import Fraction
        >>> numbers = Catalogue("number", {"fraction": "fractions:Fraction"})
        >>> numbers.load("fraction") is Fraction
        True
    """

    kind: str
    entries: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        try:
            return self.entries[name]
        except KeyError:
            raise UnknownNameError(self.kind, str(name), self.entries) from None

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def load(self, name: str) -> Any:
        """Import the class behind a name.

        Args:
            name: a key of the table.

        Returns:
            The class itself.

        Raises:
            UnknownNameError: no such name; the nearest is suggested.
        """
        module, _, attribute = self[name].partition(":")
        return getattr(import_module(module), attribute)
