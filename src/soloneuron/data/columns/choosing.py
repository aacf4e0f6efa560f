"""Which columns of a file are wanted: found by the names that people type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from soloneuron.catalogues import same_name
from soloneuron.data.files.reading import is_indexed
from soloneuron.data.files.sources import FileNames
from soloneuron.data.files.table import ColumnChoice
from soloneuron.errors import InputError, UnknownNameError

MOST_COLUMNS = 12
"""So many columns that are not there, or are, are named in one sentence."""


def choose_labelled(
    path: FileNames, *, label: str, features: Sequence[str] | None, drop: Sequence[str]
) -> ColumnChoice:
    """The features in the order wanted, then the label.

    Args:
        path: the file, or several.
        label: the column to predict.
        features: the columns to learn from; None means all others.
        drop: columns to leave out.
    """
    indexed = is_indexed(path)

    def choose(names: Sequence[str]) -> list[int]:
        (target,) = places_of_columns(names, [label], indexed)
        out = {*places_of_columns(names, drop, indexed)}
        if target in out:
            raise InputError(
                f"column {names[target]!r} cannot be the label and dropped",
                code="columns.dropped_label",
                column=names[target],
            )
        if features is None:
            out.add(target)
            return [column for column in range(len(names)) if column not in out] + [target]
        chosen = places_of_columns(names, features, indexed)
        for column, times in Counter(chosen).items():
            if column == target or times > 1:
                fault = "be the label" if column == target else "be named twice"
                raise InputError(
                    f"column {names[column]!r} cannot be a feature and {fault}",
                    code="columns.label_feature" if column == target else "columns.twice",
                    column=names[column],
                )
        return [column for column in chosen if column not in out] + [target]

    return choose


def choose_named(names: Sequence[str]) -> ColumnChoice:
    """Exactly these columns."""
    return lambda present: places_of_columns(present, names)


def places_of_columns(names: Sequence[str], wanted: Sequence[str], indexed: bool = False) -> list[int]:
    """Where columns are.

    Args:
        names: of all columns.
        wanted: what was typed, see ``place_of_column``.
        indexed: whether columns may be counted from the end.

    Raises:
        UnknownNameError: as ``place_of_column``.
    """
    known = {name: place for place, name in enumerate(names)}
    places, lost = [], {}
    for name in wanted:
        try:
            places.append(known[name] if name in known else place_of_column(names, name, indexed))
        except UnknownNameError as fault:
            lost[name] = fault
    if lost:
        raise _unknown([*lost], names) if len(lost) > 1 else lost.popitem()[1]
    return places


def place_of_column(names: Sequence[str], name: str, indexed: bool = False) -> int:
    r"""Where a column is: by its name, its place from the end, as it is printed, or but for capitals.

    Args:
        names: of all columns.
        name: what was typed.
        indexed: whether columns may be counted from the end.

    Raises:
        UnknownNameError: there is none, or more than one is printed so.

    Example:
        >>> place_of_column(["age", "income,\nroubles"], "income, roubles")
        1
    """
    if name in names:
        return names.index(name)
    if indexed and re.fullmatch(r"-[0-9]{1,9}", name) and -len(names) <= int(name):
        return len(names) + int(name)
    alike = [place for place, present in enumerate(names) if printed_name(present) == printed_name(name)]
    if len(alike) == 1:
        return alike[0]
    same = same_name(name, names)
    if same is not None:
        return names.index(same)
    raise UnknownNameError("column", name, names)


def _unknown(lost: Sequence[str], names: Sequence[str]) -> UnknownNameError:
    """The fault of several columns that are not there, told at once."""
    came = ", ".join(map(repr, lost[:MOST_COLUMNS])) + (" ..." if len(lost) > MOST_COLUMNS else "")
    known = ", ".join(sorted(names)[:MOST_COLUMNS]) + (" ..." if len(names) > MOST_COLUMNS else "")
    fault = UnknownNameError("column", lost[0], names)
    fault.args = (f"unknown columns {came}: choose from {known}",)
    fault.fields["names"] = [*lost]
    return fault


def printed_name(name: str) -> str:
    r"""A name on one line, as a terminal can show it and a person type it.

    Example:
        >>> printed_name("income,\n roubles"), printed_name("a\x1b[1mb")
        ('income, roubles', 'a\\x1b[1mb')
    """
    spaced = " ".join(name.split())
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in spaced)
