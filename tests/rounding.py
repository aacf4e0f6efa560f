"""The same training rounded otherwise: how far Python is sure of its own numbers."""

import math
from dataclasses import dataclass, fields

import torch

from soloneuron.training.evaluation import Evaluation
from soloneuron.training.plan import Plan


@dataclass(frozen=True, eq=False)
class Reordered(Plan):
    """A plan that adds up the rows of every batch in another order: the batches are the same.

    Attributes:
        draw: which of the other orders.
    """

    draw: int = 0

    def evaluation(self, update):
        """The same function, its sums rounded otherwise."""
        taken = torch.arange(self.rows)[self.rows_taken(update)]
        generator = torch.Generator().manual_seed(update + 1_000_003 * self.draw)
        order = torch.randperm(len(taken), generator=generator)
        columns, bends = (lambda: self.coordinates), (lambda: self.hessian_coordinates)
        rows = self.rows_of(taken[order])
        return Evaluation(self.objective, rows, self.scale(self.size(update)), columns, bends)


def reordered(plan, draw=0):
    """The plan with the rows of every batch in another order."""
    known = {field.name: getattr(plan, field.name) for field in fields(Plan) if field.name != "_orders"}
    return Reordered(**known, draw=draw)


def nudged(start, *, by=0.0):
    """A start whose weights are moved by so much, or to the next number there is."""
    return tuple(weight + by if by else math.nextafter(weight, math.inf) for weight in start)


def relative(found, wanted):
    """How far numbers lie apart at most, as a share of the largest that is wanted."""
    return float((found - wanted).abs().max() / wanted.abs().max())
