"""The files that esbuild makes of the TypeScript, and the page that they are put into."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

BUNDLE = (
    "playground.js",
    "playground.css",
    "live.css",
    "unpack.js",
    "page.bin",
    "replay.js",
    "replay.css",
    "icon.svg",
)
"""The files of the bundle; ``page.bin`` packs what the playground's page carries."""


POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
"""What a page may do: run what stands in it."""


@lru_cache
def asset(name: str) -> bytes:
    """The bytes of one file of the bundle.

    Args:
        name: one of ``BUNDLE``.
    """
    return (resources.files("soloneuron.view") / "bundle" / name).read_bytes()


@lru_cache
def template(name: str) -> str:
    """The text of a template that needs no engine."""
    return (resources.files("soloneuron.view") / "templates" / name).read_text(encoding="utf-8")
