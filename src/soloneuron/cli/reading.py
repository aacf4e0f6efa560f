"""A file of rows as the options ask for it; where it is refused, the command that would go on."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, NoReturn

from soloneuron.cli.columns import columns_chosen
from soloneuron.data.columns.choosing import printed_name
from soloneuron.data.columns.faults import columns_shown
from soloneuron.data.datasets import read_dataset
from soloneuron.data.files.reading import read_table
from soloneuron.data.files.sources import FileNames
from soloneuron.errors import InputError
from soloneuron.records.dataset import Dataset
from soloneuron.records.spellings import column_list, with_value
from soloneuron.texts.phrases import Phrase
from soloneuron.texts.shell import shell_line

REPEATED = ("--drop", "--features", "--missing", "--positive")
"""Options that the new command says itself, if it says them."""

LONGEST_COMMAND = 2_000
"""Letters; a longer command is not shown, for a terminal would cut it."""


def read_rows(path: FileNames, options: Namespace) -> Dataset:
    """Read a file with what was said of its columns.

    Raises:
        InputError: as ``read_dataset``; what options would mend is told as a command to be pasted.
    """
    with worded_as_command(options):
        return read_dataset(path, **columns_chosen(options))


@contextmanager
def worded_as_command(options: Namespace) -> Iterator[None]:
    """What options would mend is told as a command to be pasted, and not as keywords."""
    try:
        yield
    except InputError as fault:
        settings, words = fault.fields.get("settings"), getattr(options, "words", None)
        if not isinstance(settings, dict) or not settings or words is None:
            raise
        command = way_on(words, options, settings)
        way = Phrase("faults.columns.way_command", {"command": command})
        if len(command) > LONGEST_COMMAND:
            way = Phrase("faults.columns.way_many", {"count": len(settings.get("drop", []))})
        fields: dict[str, Any] = {**fault.fields, "way": way}
        key = "faults.label.several" if fault.code == "label.classes" else f"faults.{fault.code}"
        raise InputError(Phrase(key, fields).say("en"), code=key.removeprefix("faults."), **fields) from None


def ask_for_label(path: FileNames, way: str = "soloneuron train FILE --label NAME") -> NoReturn:
    """Refuse a file whose label was not named, with the columns that there are.

    Args:
        path: the file, or several.
        way: what to type.

    Raises:
        InputError: always; as ``read_table``, where the file is no table.
    """

    def refuse(names: Sequence[str]) -> NoReturn:
        columns = columns_shown(names)
        raise InputError(
            f"--label must name the column to predict, one of {columns}: {way}",
            code="label.unnamed",
            columns=columns,
            way=way,
        )

    read_table(path, wanted=refuse)
    raise AssertionError("a table is read by the columns that are wanted")


def way_on(words: Sequence[str], options: Namespace, settings: dict[str, Any]) -> str:
    """What was typed, with the settings that mend it; quoted for a shell.

    Args:
        words: what was typed after the program's name.
        options: as they were parsed.
        settings: keywords of ``read_dataset``: drop, encode, missing, positive.
    """
    said: dict[str, list[str]] = {}
    out = settings.get("drop", [])
    if out:
        left = [name for name in options.features if name not in out]
        dropped = [name for name in options.drop if name not in out] + out
        if left:
            said["--features"] = with_value("--features", _names(left))
        if not left or options.drop:
            said["--drop"] = with_value("--drop", _names(dropped if not left else options.drop))
    if settings.get("encode"):
        said["--encode"] = ["--encode"]
    for name in ("missing", "positive"):
        if name in settings:
            said[f"--{name}"] = with_value(f"--{name}", str(settings[name]))
    command, *rest = _printable_label(words, options.label)
    mended = [word for option in said.values() for word in option]
    kept = [*_without(rest, [name for name in REPEATED if name in said])]
    # Behind a lone -- every word is a file.
    end = kept.index("--") if "--" in kept else len(kept)
    return shell_line(["soloneuron", command, *kept[:end], *mended, *kept[end:]])


def _printable_label(words: Sequence[str], label: str | None) -> list[str]:
    """The words with the label as it is printed: that finds the same column, and every shell reads it."""
    if label is None:
        return [*words]
    ends = {label: printed_name(label), f"--label={label}": f"--label={printed_name(label)}"}
    named = [word.startswith("--label=") or last == "--label" for last, word in pairwise(["", *words])]
    return [ends.get(word, word) if is_label else word for word, is_label in zip(words, named, strict=True)]


def _names(names: Sequence[str]) -> str:
    return column_list([printed_name(name) for name in names])


def _without(words: Sequence[str], options: Sequence[str]) -> Iterator[str]:
    """The words but for some options with their values."""
    at = iter(words)
    for word in at:
        if word in options:
            next(at, None)
        elif word.partition("=")[0] not in options:
            yield word
