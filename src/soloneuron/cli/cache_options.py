"""The options of ``soloneuron cache``."""

from __future__ import annotations

import argparse

from soloneuron.cli.option_types import add_json, add_language
from soloneuron.texts import text


def add_cache(parser: argparse.ArgumentParser, *, language: str = "en") -> None:
    """Add the options to the command's parser."""
    parser.description = text(language, "streaming.about")
    parser.add_argument("--cache", metavar="DIR", help=text(language, "streaming.cache"))
    parser.add_argument("--clear", action="store_true", help=text(language, "streaming.clear"))
    add_json(parser)
    add_language(parser)
