"""``--stream`` of train, evaluate and predict: rows that are not put into memory."""

from __future__ import annotations

import argparse
from argparse import Namespace

from soloneuron.texts import text


def add_stream(group: argparse._ActionsContainer, *, language: str = "en", tiles: bool = True) -> None:
    """Add ``--stream`` and ``--memory``, and ``--cache`` where tiles are kept."""
    group.add_argument("--stream", action="store_true", help=text(language, "streaming.stream"))
    group.add_argument("--memory", metavar="SIZE", help=text(language, "streaming.memory"))
    if tiles:
        group.add_argument("--cache", metavar="DIR", help=text(language, "streaming.cache"))


def check_stream(options: Namespace) -> None:
    """Refuse what says something of a stream where there is none, and a stream of nothing.

    Raises:
        InputError: one of both.
    """
    from soloneuron.errors import InputError

    given = [f"--{name}" for name in ("memory", "cache") if getattr(options, name, None) is not None]
    if given and not options.stream:
        raise InputError(f"{given[0]} belongs to rows on disk: add --stream", code="stream.alone")
    if options.stream and options.file is None:
        raise InputError(
            "--stream must have a FILE: soloneuron train FILE --label NAME --stream", code="stream.file"
        )
