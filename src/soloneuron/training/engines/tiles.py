"""Full-batch descent for more data than the cache holds."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from soloneuron.training.engines.signed import signed_rows, softplus_sum
from soloneuron.training.engines.workers import Workers
from soloneuron.training.plan import Plan, State

LARGE = 1_000_000
"""From this many numbers on, tiles pay."""

TILE_BYTES = 3 * 2**20


class Tiles:
    """Row tiles that stay in cache, shared among threads: each tile is read from memory once an epoch.

    A tile's logits, residuals, loss and its share A^T r of the gradient are made while it is in cache. Each
    thread runs torch's operations on one core, so there is no barrier inside an operation, and adds up
    the tiles it took in their order: the sums do not depend on which thread was faster.
    """

    @staticmethod
    def suits(plan: Plan) -> bool:
        """One run, all rows an update, larger than the cache."""
        large = plan.rows * plan.columns >= LARGE
        return large and not plan.runs and plan.batch_size == plan.rows and plan.signed

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._workers = Workers()
        A = signed_rows(plan)
        height = max(1, TILE_BYTES // (plan.columns * A.element_size()))
        self._tiles = [tile.T.contiguous().T for tile in A.split(height)]
        self._logits = A.new_empty(self._workers.count, height)
        self._residuals = A.new_empty(self._workers.count, height)

    def advance(self, state: State, epochs: int) -> tuple[State, Tensor]:
        """Run some epochs from a state; see ``Engine``."""
        theta, losses = state.theta, []
        step = float(self._plan.step_size(self._plan.rows)) / self._plan.rows
        for _ in range(epochs):
            parts = self._workers.map(partial(self._share, theta), range(self._workers.count))
            losses.append(torch.stack([loss for loss, _ in parts]).sum() / self._plan.rows)
            theta = theta - step * torch.stack([g for _, g in parts]).sum(0)
        return State(state.epoch + epochs, theta), torch.stack(losses)

    def _share(self, theta: Tensor, worker: int) -> tuple[Tensor, Tensor]:
        """The loss and gradient of every tile that belongs to one worker."""
        loss, g = theta.new_zeros(()), torch.zeros_like(theta)
        for tile in self._tiles[worker :: self._workers.count]:
            t, r = self._logits[worker, : len(tile)], self._residuals[worker, : len(tile)]
            torch.mv(tile, theta, out=t)
            torch.sigmoid(t, out=r)
            g.addmv_(tile.T, r)
            loss += softplus_sum(t, r)
        return loss, g
