"""Names for generated code: those of the user where Python takes them, and numbers as text."""

from __future__ import annotations

import keyword
import re
import unicodedata

RESERVED = {
    *keyword.kwlist,
    *keyword.softkwlist,
    *(
        "abs",
        "float",
        "gradient",
        "map",
        "range",
        "zip",
        "inf",
        "nan",
        "theta",
        "sample",
        "step",
        "largest",
        "divide",
        "power",
    ),
    *("power_slope", "exponent_slope", "sigmoid", "softplus", "exp", "expm1", "log", "log1p", "sqrt", "erf"),
    *("sin", "cos", "tan", "sinh", "cosh", "tanh", "atan2"),
}
"""Names that generated code needs for itself."""

PRONOUNCED = {"/": "ratio", "**": "power", "where>": "where", "where>=": "where"}
"""Operations whose signs are no names."""


class Namer:
    """Gives names that are different from each other, near to what they were asked for."""

    def __init__(self) -> None:
        self._taken: set[str] = set(RESERVED)
        self._counts: dict[str, int] = {}

    def label(self, wish: str) -> str:
        """A fresh name like a label of the user, which may be no identifier or a word of Python."""
        plain = identifier(wish)
        if plain in RESERVED:
            plain += "_"
        return self._fresh(plain) if plain not in self._taken else self.numbered(plain)

    def numbered(self, wish: str) -> str:
        """A fresh name like that of an operation, numbered from the first one on."""
        plain = identifier(PRONOUNCED.get(wish, wish))
        while True:
            count = self._counts[plain] = self._counts.get(plain, 0) + 1
            name = f"{plain}{'_' if plain[-1].isdigit() else ''}{count}"
            if name not in self._taken:
                return self._fresh(name)

    def _fresh(self, name: str) -> str:
        self._taken.add(name)
        return name


def identifier(label: str) -> str:
    """A label as an identifier: small digits become digits, everything strange an underscore."""
    plain = re.sub(r"\W", "_", unicodedata.normalize("NFKC", label))
    return plain if plain.isidentifier() else f"x{plain}"


def literal(x: float) -> str:
    """A number as generated code writes it; ``inf`` and ``nan`` are names there."""
    return repr(float(x))
