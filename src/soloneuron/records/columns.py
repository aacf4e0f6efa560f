"""How the columns of a file became features: what was learned of them, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

ColumnKind = Literal["number", "date", "ordinal", "one_hot"]
Gaps = Literal["refuse", "drop", "fill"]
DayPlace = Literal["", "day", "month"]
Missing = Literal["drop", "mean", "median", "indicator"]

MISSING: tuple[Missing, ...] = get_args(Missing)
"""What can be done about missing cells."""


@dataclass(frozen=True)
class ColumnEncoding:
    """How one column becomes features, and what a missing cell counts as.

    Attributes:
        name: of the column in its file.
        kind: ``number`` is taken as it is; ``date`` counts days from 1970-01-01; ``ordinal`` is 0 for the
            first category and 1 for the second; ``one_hot`` is a feature for each category.
        categories: the words that are known, sorted; none for numbers and dates.
        first: of dates with slashes, whether the day or the month stands first; nothing where none occurred.
        gaps: what is done about a missing cell: the file is refused, the row is left out, or it is filled.
        fill: what it is filled with: a number, a day, a category; None for no category at all.
        indicator: whether a feature of its own says that the cell is missing.
    """

    name: str
    kind: ColumnKind = "number"
    categories: tuple[str, ...] = ()
    first: DayPlace = ""
    gaps: Gaps = "refuse"
    fill: float | str | None = None
    indicator: bool = False

    @property
    def plain(self) -> bool:
        """Whether nothing is done to the column."""
        return self.kind == "number" and self.gaps == "refuse"


def encoded_names(columns: tuple[ColumnEncoding, ...]) -> tuple[str, ...]:
    """What the features are called, in their order: numbers, then categories, then what is missing.

    Example:
        >>> age = ColumnEncoding("age", gaps="fill", fill=30.0, indicator=True)
        >>> encoded_names((ColumnEncoding("sex", "one_hot", ("female", "male")), age))
        ('age', 'sex=female', 'sex=male', 'age=?')
    """
    single = [column.name for column in columns if column.kind != "one_hot"]
    many = [f"{column.name}={word}" for column in columns for word in one_hot_words(column)]
    return (*single, *many, *(f"{column.name}=?" for column in columns if column.indicator))


def one_hot_words(column: ColumnEncoding) -> tuple[str, ...]:
    """The categories that have a feature each."""
    return column.categories if column.kind == "one_hot" else ()
