"""The files that esbuild makes of the TypeScript."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

FIRST = {
    "playground.html": "text/html",
    "playground.js": "text/javascript",
    "chunk.js": "text/javascript",
    "playground.css": "text/css",
    "icon.svg": "image/svg+xml",
}
"""What the playground's page loads at once, and the media types."""

KINDS = {**FIRST, "inside.js": "text/javascript", "inside.css": "text/css"}
"""All files of the page; the drawer's are fetched when somebody first opens it."""


@lru_cache
def asset(name: str) -> bytes:
    """The bytes of one file of the bundle.

    Args:
        name: a key of ``KINDS``, or ``replay.js`` or ``replay.css``.
    """
    return (resources.files("soloneuron.view") / "bundle" / name).read_bytes()
