"""``soloneuron cache``."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from soloneuron.cli.screen import Screen, print_json
from soloneuron.data.tiles.cache import KeptTiles, cache_folder, clear, kept_rows, largest_cache
from soloneuron.data.tiles.entry import describe
from soloneuron.data.tiles.sizes import in_words
from soloneuron.texts import text


def run_cache(options: Namespace) -> int:
    """List the rows that are kept, or delete them."""
    folder = cache_folder(options.cache)
    bound = largest_cache()
    found = [(one, describe(one.folder)) for one in kept_rows(folder)]
    if options.clear:
        clear(folder)
    total = sum(one.bytes for one, _ in found)
    if options.json:
        entries = [_json(one, about) for one, about in found]
        print_json(
            {"folder": str(folder), "bytes": total, "bound": bound, "cleared": options.clear, "rows": entries}
        )
        return 0
    screen = Screen(options.lang)

    def word(key: str, **fields: object) -> str:
        return text(screen.language, f"streaming.{key}", **fields)

    if options.clear:
        screen.say(word("cleared", count=len(found), size=in_words(total), folder=folder), whole=True)
        return 0
    if found:
        heads = [word(key) for key in ("name", "rows", "columns", "size", "used")]
        screen.table(heads, [_cells(one, about, word("unfinished")) for one, about in found])
    said = {"count": len(found), "size": in_words(total), "bound": in_words(bound), "folder": folder}
    screen.say(word("total", **said), whole=True)
    return 0


def _cells(one: KeptTiles, about: Any, unfinished: str) -> list[str]:
    rows = ["-", "-"] if about is None else [str(about.rows), str(len(about.columns))]
    return [unfinished if about is None else about.name, *rows, in_words(one.bytes), _time(one)[:16]]


def _time(one: KeptTiles) -> str:
    return datetime.fromtimestamp(one.used, UTC).isoformat(sep=" ", timespec="seconds")


def _json(one: KeptTiles, about: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "folder": str(one.folder),
        "bytes": one.bytes,
        "used": _time(one),
        "whole": one.whole,
    }
    if about is not None:
        known |= {
            "name": about.name,
            "rows": about.rows,
            "columns": list(about.columns),
            "label": about.label,
        }
        known |= {"dtype": about.dtype, "sources": list(about.sources)}
    return known
