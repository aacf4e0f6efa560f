"""All that keeps the columns of a file from becoming numbers, in one sentence, with the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from soloneuron.data.columns.choosing import MOST_COLUMNS, printed_name
from soloneuron.data.places import located
from soloneuron.errors import InputError
from soloneuron.texts.phrases import Phrase, Said

Cure = Literal["encode", "missing", "label", "positive", "drop", "file"]
"""What helps: a setting (for gaps in the label any of those for missing cells does), leaving the column out,
or nothing but another file."""

RowPlaces = npt.NDArray[np.int64]
Place = Callable[[int], str]

MOST_LISTED = 12
"""So many faults are told one by one; of more, how many."""

LONGEST_WORD = 40

CELL_FAULTS = {"file.marks": "marks", "file.ambiguous": "ambiguous"}
"""Sentences about a cell of a column, by what the reader found; others are about a number without end."""

PLACES = ("place", "place_other")


@dataclass(frozen=True)
class ColumnFault:
    """Why a column is not learned from as it is.

    Attributes:
        column: its name.
        code: of the sentence, in the texts ``faults.columns``.
        cure: what helps.
        fields: the values of the sentence.
    """

    column: str
    code: str
    cure: Cure
    fields: dict[str, Said] = field(default_factory=dict)

    @property
    def phrase(self) -> Phrase:
        """The sentence."""
        fields = {
            name: located(str(value)) if name in PLACES else value for name, value in self.fields.items()
        }
        return Phrase(f"faults.columns.{self.code}", {"column": word_shown(self.column), **fields})


def word_shown(word: str) -> str:
    """A word of a file as a sentence shows it: on one line, and not without end."""
    plain = printed_name(word)
    return plain if len(plain) <= LONGEST_WORD else plain[:LONGEST_WORD] + "..."


def columns_shown(names: Sequence[str]) -> str:
    """The first of the columns of a file, in one line."""
    return ", ".join(map(word_shown, names[:MOST_COLUMNS])) + " ..." * (len(names) > MOST_COLUMNS)


def refuse(faults: Sequence[ColumnFault], source: str, *, by_model: bool = False) -> None:
    """Raise all faults as one; without any do nothing.

    Args:
        faults: in the order of the columns.
        source: the file.
        by_model: whether the rows are for a model, which knows its columns, and not to learn from.

    Raises:
        InputError: with the first fault, and as ``settings`` what would help, keywords of ``read_dataset``.
    """
    if not faults:
        return
    phrase = joined(fault.phrase for fault in faults)
    settings = {} if by_model else cures(faults)
    way = Phrase("faults.columns.way", {"settings": python_keywords(settings)})
    if not settings:
        gaps = by_model and any(fault.code in ("missing", "gaps") for fault in faults)
        way = Phrase("faults.columns.way_model" if gaps else "faults.columns.way_file")
    fields: dict[str, Said] = {"source": source, "told": phrase, "way": way}
    raise InputError(
        Phrase("faults.columns.unready", fields).say("en"),
        code="columns.unready",
        first=faults[0],
        settings=settings,
        **fields,
    )


def distinct_names(names: Sequence[str], label: str | None) -> tuple[str, ...]:
    """The names of the features, if no two are the same and none is the label's.

    Raises:
        InputError: a name stands twice.
    """
    seen = {label}
    for name in names:
        if name in seen:
            raise InputError(
                f"two features would be called {name!r}, one of them made of words or missing cells: rename "
                "a column, or leave it out",
                code="columns.same_name",
                column=name,
            )
        seen.add(name)
    return tuple(names)


def cures(faults: Iterable[ColumnFault]) -> dict[str, Any]:
    """The keywords of ``read_dataset`` that would help; none where only another file does."""
    found = list(faults)
    helped = {fault.cure for fault in found}
    if "file" in helped:
        return {}
    dropped = [*dict.fromkeys(fault.column for fault in found if fault.cure == "drop")]
    positive = next((fault.fields["positive"] for fault in found if fault.cure == "positive"), None)
    missing = "median" if "missing" in helped else "drop" if "label" in helped else None
    settings = {"drop": dropped, "encode": "encode" in helped, "missing": missing, "positive": positive}
    return {name: value for name, value in settings.items() if value}


def python_keywords(settings: dict[str, Any]) -> str:
    """Keywords as they are written in Python.

    Example:
        >>> python_keywords({"encode": True, "drop": ["name", "a b"]})
        "encode=True, drop=['name', 'a b']"
    """
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def joined(phrases: Iterable[Phrase]) -> Phrase:
    """Sentences one after another, the last ones as their number where they are many."""
    found = list(phrases)
    if len(found) > MOST_LISTED + 1:
        found[MOST_LISTED:] = [Phrase("faults.columns.more", {"count": len(found) - MOST_LISTED})]
    whole, *rest = found
    for one in rest:
        whole = Phrase("faults.columns.both", {"one": whole, "other": one})
    return whole


def missing_fault(column: str, rows: RowPlaces, place: Place, cure: Cure) -> ColumnFault:
    """The fault of cells that are missing.

    Args:
        column: its name.
        rows: which.
        place: where a row stands.
        cure: what helps; ``label`` tells of a column of labels.
    """
    code = "unlabelled" if cure == "label" else "missing" if len(rows) == 1 else "gaps"
    return ColumnFault(column, code, cure, {"count": len(rows), "place": place(int(rows[0]))})


def shown_cells(words: Sequence[str | None], rows: Iterable[int], place: Place) -> dict[str, Said]:
    """The cells of one or two rows, and where they are, as the fields of a sentence."""
    return {
        f"{what}{which}": value
        for which, row in zip(("", "_other"), rows, strict=False)
        for what, value in (("cell", word_shown(str(words[row]))), ("place", place(row)))
    }


def cell_fault(column: str, fault: InputError, cure: Cure) -> ColumnFault:
    """The fault of a number that is not finite or can be read in two ways, told among others.

    Args:
        column: its name.
        fault: as the reader found it.
        cure: what helps.
    """
    fields = fault.fields
    where = f"line {fields['line']}" if "line" in fields else f"row {fields.get('row')}"
    shown: dict[str, Said] = {
        "cell": word_shown(str(fields.get("cell", ""))),
        "place": str(fields.get("place", where)),
    }
    if fault.code == "file.marks":
        shown |= {"cell_other": word_shown(str(fields["other"])), "place_other": f"line {fields['second']}"}
    return ColumnFault(column, CELL_FAULTS.get(fault.code, "not_finite"), cure, shown)


def several_fault(column: str, fault: InputError) -> ColumnFault:
    """The fault of a label with more than two values, told among others.

    Args:
        column: its name.
        fault: from ``as_classes``.
    """
    fields: dict[str, Any] = fault.fields
    return ColumnFault(
        column,
        "several",
        "positive",
        {"count": fields["count"], "came": fields["came"], **fields["settings"]},
    )
