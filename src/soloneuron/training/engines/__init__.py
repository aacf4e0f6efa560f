"""Engines: k epochs of plain descent at once, as fast as the shape of the work allows.

Every engine is an acceleration of ``Stepwise``, which is the definition, and gives the same numbers to
1e-12. An engine says what it ``suits``; the first that suits is taken, from the most special to the
general one. The fast ones know one case, the commonest: NLL, hard labels, no weights, no penalty.
"""

from __future__ import annotations

from soloneuron.training.engine import Engine
from soloneuron.training.engines.blocks import Blocks
from soloneuron.training.engines.fullbatch import FullBatch
from soloneuron.training.engines.minibatch import MiniBatch
from soloneuron.training.engines.scalars import Scalars
from soloneuron.training.engines.stepwise import Stepwise
from soloneuron.training.engines.sweeps import Sweeps
from soloneuron.training.engines.tiles import Tiles
from soloneuron.training.plan import Plan


def choose(plan: Plan) -> Engine:
    """The fastest engine that suits the plan.

    Args:
        plan: the job.

    Returns:
        An engine, prepared for this plan.
    """
    for engine in (Sweeps, Scalars, Blocks, Tiles, FullBatch, MiniBatch):
        if engine.suits(plan):
            return engine(plan)
    return Stepwise(plan)
