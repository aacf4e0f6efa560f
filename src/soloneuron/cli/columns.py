"""Columns of a file and a value of its label, as people name them; the same manners in every command."""

from __future__ import annotations

import argparse
import csv
from argparse import Namespace
from typing import Any

from soloneuron.cli.option_types import one_of
from soloneuron.records.columns import MISSING
from soloneuron.records.spellings import column_list, with_value

COLUMN_OPTIONS = ("label", "features", "drop", "positive", "encode", "missing")


def add_columns(group: argparse._ActionsContainer) -> None:
    """Add what is said of columns but ``--label``, which each command words for itself."""
    group.add_argument(
        "--features",
        type=read_names,
        default=[],
        metavar="A,B",
        help="learn from these only; a name with a comma in double quotes",
    )
    group.add_argument("--drop", type=read_names, default=[], metavar="C", help="leave these columns out")
    group.add_argument(
        "--positive", metavar="VALUE", help="the label value that means 1; of several all others mean 0"
    )
    group.add_argument(
        "--encode", action="store_true", help="make numbers of words and dates: categories, no and yes, days"
    )
    group.add_argument(
        "--missing",
        type=one_of(MISSING),
        choices=MISSING,
        help="leave rows with a missing cell out, or fill it; indicator adds a column that tells of it",
    )


def columns_given(options: Namespace) -> list[str]:
    """Those of the options that were given, be it without a word."""
    return [f"--{name}" for name in COLUMN_OPTIONS if getattr(options, name) not in (None, [], False)]


def columns_chosen(options: Namespace) -> dict[str, Any]:
    """What was chosen, as settings of ``read_dataset``."""
    return {
        "label": options.label,
        "features": options.features or None,
        "drop": options.drop,
        "positive": options.positive,
        "encode": options.encode,
        "missing": options.missing,
    }


def column_words(options: Namespace) -> list[str]:
    """The words that choose the same again, not quoted for a shell yet."""
    words = with_value("--label", options.label)
    if options.features:
        words += with_value("--features", column_list(options.features))
    if options.drop:
        words += with_value("--drop", column_list(options.drop))
    if options.positive is not None:
        words += with_value("--positive", options.positive)
    words += ["--encode"] * options.encode
    return words if options.missing is None else [*words, "--missing", options.missing]


def read_names(text: str, kind: str = "column") -> list[str]:
    """The type of an argument that is names with commas between them; double quotes keep a comma in a name.

    Args:
        text: what was typed.
        kind: what the names are of, for the refusal.

    Example:
        >>> read_names('age, "height, cm"')
        ['age', 'height, cm']
    """
    try:
        found = [name.strip() for name in next(csv.reader([text], skipinitialspace=True), [])]
    except csv.Error:
        found = []
    if not found or not all(found):
        raise argparse.ArgumentTypeError(f"must be {kind} names with commas between them, got {text!r}")
    return found
