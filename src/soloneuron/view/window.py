"""The part of the weights' plane that a map shows."""

from __future__ import annotations

import torch
from torch import Tensor

MapEdges = tuple[float, float, float, float]
"""Left, right, bottom, top."""

FARTHEST_SHOWN = 8.0
"""The map follows nothing that lies further away than this, or than the start."""

MARGIN = 0.4
"""How much wider than what must be seen, as a share."""


def map_window(places: Tensor, start: Tensor) -> MapEdges:
    """A square with the origin and all places in it, as far as they are worth following.

    Args:
        places: (n, 2), what should be seen; the start too, if it should.
        start: where the runs begin, any number of weights; its largest sets how far is too far.

    Returns:
        The edges; a side is at least 2.8 long.
    """
    reach = max(FARTHEST_SHOWN, float(start.abs().max()))
    corners = torch.cat([places.clamp(-reach, reach), places.new_zeros(1, 2)])
    low, high = corners.amin(0), corners.amax(0)
    half = float((high - low).amax().clamp(min=2.0)) / 2 * (1 + MARGIN)
    (x, y) = ((low + high) / 2).tolist()
    return (x - half, x + half, y - half, y + half)
