"""The language in which the command line talks: ``--lang``, or that of the locale."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from soloneuron.texts import LANGUAGES, text
from soloneuron.texts.language import locale_language
from soloneuron.texts.translation import translated

_SPOKEN: ContextVar[str] = ContextVar("spoken", default="en")


def spoken_language() -> str:
    """The language of this command."""
    return _SPOKEN.get()


def spoken(sentence: str) -> str:
    """An English sentence in the language of this command."""
    return translated(sentence, spoken_language())


@contextmanager
def speaking(words: Sequence[str]) -> Iterator[None]:
    """Speak the language that the words of a command line ask for, as far as its terminal has the letters."""
    asked = asked_language(words) or locale_language(os.environ)
    before = _SPOKEN.set(asked if _can_print(asked) else "en")
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def asked_language(words: Sequence[str]) -> str | None:
    """The language after the last ``--lang``, if it is one that we speak.

    Example:
        >>> asked_language(["train", "--lang=RU"]), asked_language(["train"])
        ('ru', None)
    """
    found = None
    for word, after in zip(words, [*words, ""][1:], strict=True):
        name = after if word == "--lang" else word.removeprefix("--lang=") if "--lang=" in word else ""
        found = name.lower() if name.lower() in LANGUAGES else found
    return found


def translate_parser(parser: argparse.ArgumentParser) -> None:
    """Say everything that a parser helps with in the language of this command."""
    parser.description, parser.epilog = _spoken_or_none(parser.description), _spoken_or_none(parser.epilog)
    for group in parser._action_groups:
        group.title = _spoken_or_none(group.title)
    for action in parser._actions:
        action.help = _spoken_or_none(action.help)
        if isinstance(action, argparse._SubParsersAction):
            for command in action._choices_actions:
                command.help = _spoken_or_none(command.help)
            for inner in action.choices.values():
                translate_parser(inner)


def _spoken_or_none(sentence: str | None) -> str | None:
    return None if sentence is None else spoken(sentence)


def _can_print(language: str) -> bool:
    letters = text(language, "cli.alphabet")
    try:
        for stream in (sys.stdout, sys.stderr):
            letters.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
