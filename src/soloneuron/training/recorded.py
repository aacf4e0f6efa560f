"""What has been recorded, put together and cut."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import torch

from soloneuron.training.engine import Recorded
from soloneuron.training.measures import Measures
from soloneuron.training.plan import State


def recorded_at(epoch: int, state: State) -> Recorded:
    """Where a training stands, as a record."""
    return Recorded((epoch,), state.theta[None], (state.evaluations,))


def recorded_before(part: Recorded, epoch: int) -> Recorded:
    """What was recorded before an epoch."""
    kept = sum(at < epoch for at in part.epochs)
    measures = None if part.measures is None else Measures(*(column[:kept] for column in part.measures))
    return Recorded(part.epochs[:kept], part.theta[:kept], part.evaluations[:kept], measures)


def joined_records(parts: Sequence[Recorded]) -> Recorded:
    """Records one after another, without their measures."""
    return Recorded(
        tuple(epoch for part in parts for epoch in part.epochs),
        torch.cat([part.theta for part in parts]),
        tuple(asked for part in parts for asked in part.evaluations),
    )


def compacted(parts: Sequence[Recorded]) -> list[Recorded]:
    """The same records, those in one part that follow each other with measures, or without."""
    found = []
    for known, group in groupby(
        (part for part in parts if part.epochs), lambda part: part.measures is not None
    ):
        some = list(group)
        if len(some) > 1:
            together = zip(*(part.measures for part in some if part.measures is not None), strict=True)
            measures = Measures(*map(torch.cat, together)) if known else None
            some = [joined_records(some)._replace(measures=measures)]
        found += some
    return found
