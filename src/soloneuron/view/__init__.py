"""The view: what a browser shows, drawn on canvases of our own.

``source`` holds the TypeScript, ``bundle`` what esbuild makes of it; the bundle is committed, so that neither
installing nor testing needs Node (``scripts/bundle`` makes it anew).
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

KINDS = {
    "playground.html": "text/html",
    "playground.js": "text/javascript",
    "playground.css": "text/css",
    "icon.svg": "image/svg+xml",
}
"""The files of the page, and their media types."""


@lru_cache
def asset(name: str) -> bytes:
    """The bytes of one file of the page.

    Args:
        name: a key of ``KINDS``.
    """
    return (resources.files(__name__) / "bundle" / name).read_bytes()
