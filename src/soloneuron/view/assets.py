"""The files that esbuild makes of the TypeScript."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

PAGE_FILES = {
    "playground.html": "text/html",
    "playground.js": "text/javascript",
    "playground.css": "text/css",
    "icon.svg": "image/svg+xml",
}
"""The files of the playground's page, and their media types."""

LATER_FILES = {"drawer.js": "text/javascript", "drawer.css": "text/css"}
"""What the page fetches when its drawer is opened for the first time."""


@lru_cache
def asset(name: str) -> bytes:
    """The bytes of one file of the bundle.

    Args:
        name: a key of ``KINDS`` or ``LATER``, or ``replay.js`` or ``replay.css``.
    """
    return (resources.files("soloneuron.view") / "bundle" / name).read_bytes()
