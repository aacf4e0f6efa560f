"""Where the pages of the manual stand, and in which order."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from soloneuron.errors import UnknownNameError

INSTALLED = Path(__file__).parent / "pages"
"""Where a wheel has them; a checkout has them in its own folder ``docs``."""


@dataclass(frozen=True)
class Section:
    """Some pages under one heading.

    Attributes:
        title: the heading.
        pages: their files.
    """

    title: str
    pages: tuple[Path, ...]


def manual_folder() -> Path:
    """The folder with ``contents.toml`` and a folder of pages for each language."""
    return INSTALLED if INSTALLED.is_dir() else Path(__file__).parents[3] / "docs"


@cache
def sections(language: str) -> tuple[Section, ...]:
    """All pages of a language in their order; those that the contents do not name stand at the end.

    Example:
        >>> sections("ru")[0].pages[0].name
        'index.md'
    """
    folder = manual_folder()
    there = {path.stem: path for path in sorted((folder / language).glob("*.md"))}
    contents = tomllib.loads((folder / "contents.toml").read_text(encoding="utf-8"))["sections"]
    named = [[there.pop(name) for name in section["pages"] if name in there] for section in contents]
    named[-1] += there.values()
    return tuple(
        Section(section[language], tuple(pages)) for section, pages in zip(contents, named, strict=True)
    )


def check_page(name: str, language: str) -> None:
    """Refuse the name of a page that is not there.

    Raises:
        UnknownNameError: no such page; the nearest is suggested.
    """
    known = [path.stem for section in sections(language) for path in section.pages]
    if name not in known:
        raise UnknownNameError("page", name, known)
