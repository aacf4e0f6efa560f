"""The view: what a browser shows, drawn on canvases of our own.

``source`` holds the TypeScript, ``bundle`` what esbuild makes of it; the bundle is committed, so that neither
installing nor testing needs Node (``scripts/bundle`` makes it anew).
"""

from __future__ import annotations

from soloneuron.view.assets import BUNDLE, asset
from soloneuron.view.page import replay

__all__ = ["BUNDLE", "asset", "replay"]
