"""Measuring thetas of one run on rows that are laid out."""

from __future__ import annotations

import torch

from soloneuron.shapes import Theta
from soloneuron.training.kernels.layout import RowLayout, Tile
from soloneuron.training.kernels.workers import one_thread
from soloneuron.training.measures import LOGITS_AT_ONCE, Measures


class TileMeasuring:
    """Measures thetas (K, k) on all rows, tile by tile, many thetas in one product.

    Args:
        layout: the plan's rows.
        tiles: all of them.
    """

    def __init__(self, layout: RowLayout, tiles: list[Tile]) -> None:
        self._layout, self._tiles = layout, tiles

    @one_thread()
    def __call__(self, thetas: Theta) -> Measures:
        """The measures of each theta, (K,)."""
        high = max(tile.columns.shape[1] for tile in self._tiles)
        parts = [self._some(part) for part in thetas.split(max(1, LOGITS_AT_ONCE // high))]
        return Measures(*(torch.cat(column) for column in zip(*parts, strict=True)))

    def _some(self, thetas: Theta) -> Measures:
        layout, sums = self._layout, self._layout.sums()
        highest = thetas.new_full(thetas.shape[:1], -torch.inf)
        for tile in self._tiles:
            t = layout.turned(thetas @ tile.columns, tile)
            r = torch.empty_like(t)
            right = layout.right(t, tile, out=r)
            torch.maximum(highest, layout.highest(t, tile), out=highest)
            total = layout.pass_over(t, tile, out=r)
            sums.add(torch.cat([layout.turned(r, tile) @ tile.rows, total[:, None], right[:, None]], 1))
        gradient, total, right = layout.of_all(sums).tensor_split((-2, -1), -1)
        value, gradient = layout.finish(total[:, 0], gradient, thetas, layout.count)
        norm = torch.linalg.vector_norm(gradient, dim=-1)
        return Measures(value, norm, layout.share_of(right[:, 0]), layout.largest(highest) < 0)
