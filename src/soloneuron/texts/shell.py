"""Commands that people are told to type: quoted so that they work when pasted, and fit to be printed."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable

from soloneuron.texts.plain import plain_line


def shell_line(words: Iterable[str]) -> str:
    r"""Words as a line for a shell.

    What cannot be printed, such as a line end in a file's name, is spelled by its bytes in ``$'...'``, which
    bash, zsh and ksh read.

    Example:
        >>> print(shell_line(["soloneuron", "train", "my rows.csv", "a\nb.csv", "\udcff.csv"]))
        soloneuron train 'my rows.csv' $'a\012b.csv' $'\377.csv'
    """
    return " ".join(_word(word) for word in words)


def _word(word: str) -> str:
    if plain_line(word) == word:
        return shlex.quote(word)
    return "$'" + "".join(_letter(letter) for letter in word) + "'"


def _letter(letter: str) -> str:
    if letter in "\\'":
        return f"\\{letter}"
    if plain_line(letter) == letter:
        return letter
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(letter))
