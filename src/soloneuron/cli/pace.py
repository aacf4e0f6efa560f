"""Portions of a training that are short in time, so that Ctrl-C loses next to nothing."""

from __future__ import annotations

import time
from collections.abc import Generator

from soloneuron.training.loop import Step
from soloneuron.training.session import Training

PORTION = 0.05
"""Seconds of work between two looks, where an epoch is not longer."""


def paced(training: Training) -> Generator[Step, None, None]:
    """The steps of a training, cut so that each takes about ``PORTION`` seconds.

    Between two steps everything that has been done is kept; what Ctrl-C interrupts is lost. The first portion
    is one epoch, and a portion at most doubles. The numbers do not depend on the cuts: a training goes on
    from a state bit for bit.

    Close this generator before the training is asked for its history (``contextlib.closing``).

    Args:
        training: pulled to its end; ``training.epochs`` stands nearer meanwhile.

    Yields:
        Steps.
    """
    goal, portion = training.epochs, 1
    try:
        while training.state.epoch < goal and not training.overflow:
            training.epochs = min(goal, training.state.epoch + portion)
            began = time.monotonic()
            yield from training.steps()
            spent = max(time.monotonic() - began, PORTION / 1000)
            portion = max(1, int(portion * min(2.0, PORTION / spent)))
    finally:
        training.epochs = goal
