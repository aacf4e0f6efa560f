"""Sentences that the code itself says in English, said in Russian: what is refused, noted and asked.

An exception is raised in English, with its values already in it. The tables of ``russian`` give for each
such sentence, with ``{}`` for its values, the Russian one; a test reads the sentences out of the code and
sees that none is missing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from soloneuron.texts import Sentence
from soloneuron.texts.phrases import Phrase

TABLES = ("processes", "refusals", "records", "data", "tiles", "library", "arguments")


def worded(fault: BaseException, language: str) -> str:
    """What an exception or a warning says, in a language.

    Its code may have a sentence of its own, ``faults.CODE``, which its fields fill; else its English one is
    translated.

    Example:
        >>> from soloneuron.errors import InputError
        >>> print(worded(InputError("a.csv has column names but no rows", code="file.rows"), "ru"))
        В файле есть имена столбцов, но нет строк.
    """
    code, fields = getattr(fault, "code", ""), getattr(fault, "fields", {})
    if code and language != "en":
        key = code if code.startswith("notes.") else f"faults.{code}"
        with suppress(LookupError, TypeError, ValueError, AttributeError, OSError):
            return _of_file(Phrase(key, _with_reason(fields, language)).say(language), fields.get("file"))
    return translated(str(fault), language)


def _with_reason(fields: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The fields of a sentence with the reason of the system in the same language."""
    reason = fields.get("reason")
    return {**fields, "reason": translated(reason, language)} if isinstance(reason, str) else {**fields}


def _of_file(said: str, file: object) -> str:
    """A sentence about a file with its name, which it may have left out."""
    if not isinstance(file, str) or file in said:
        return said
    return f"{file}: {said[:1].lower()}{said[1:]}"


class Pattern(NamedTuple):
    """An English sentence, cut at the values that it is filled with, and the Russian one."""

    pieces: tuple[str, ...]
    russian: str


def translated(sentence: str, language: str) -> str:
    """An English sentence in a language; as it is where the tables do not have it.

    Its values are translated, too: a reason in a sentence is a sentence.

    Example:
        >>> print(translated("cannot read a.json: No such file or directory", "ru"))
        нельзя прочитать a.json: нет такого файла или папки
    """
    if language != "ru":
        return sentence
    known, patterns = russian()
    if sentence in known:
        return known[sentence]
    for pieces, wording in patterns:
        values = _values(sentence, pieces)
        if values is not None:
            # A value that is the whole sentence would be asked for ever.
            said = [value if value == sentence else translated(value, language) for value in values]
            return Sentence(language).format(wording, *said)
    return sentence


@lru_cache
def russian() -> tuple[dict[str, str], list[Pattern]]:
    """Whole sentences, and those with values in the order in which they are tried."""
    entries: dict[str, str] = {}
    for name in TABLES:
        source = resources.files("soloneuron.texts") / "russian" / f"{name}.toml"
        entries |= tomllib.loads(source.read_text(encoding="utf-8"))
    whole = {_plain(english): _plain(said) for english, said in entries.items() if "{}" not in english}
    patterns = [
        Pattern(tuple(_plain(piece) for piece in english.split("{}")), said)
        for english, said in entries.items()
        if "{}" in english
    ]
    return whole, sorted(patterns, key=_order)


def _order(pattern: Pattern) -> tuple[bool, int]:
    """A sentence that begins with words of its own goes first; then the one that has the most of them."""
    return pattern.pieces[0] == "", -sum(map(len, pattern.pieces))


def _plain(template: str) -> str:
    return template.replace("{{", "{").replace("}}", "}")


def _values(sentence: str, pieces: tuple[str, ...]) -> list[str] | None:
    """What stands between the pieces, each piece where it comes first; None where it is another sentence."""
    first, *between, last = pieces
    if not sentence.startswith(first) or not sentence.endswith(last):
        return None
    at, end = len(first), len(sentence) - len(last)
    values: list[str] = []
    for piece in between:
        found = sentence.find(piece, at, end)
        if found < 0:
            return None
        values.append(sentence[at:found])
        at = found + len(piece)
    if at > end:
        return None
    return [*values, sentence[at:end]]
