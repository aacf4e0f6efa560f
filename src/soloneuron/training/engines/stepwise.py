"""The loop itself, update by update: any rule drives any kernel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import torch

from soloneuron.training.engine import Recorder, Stretch
from soloneuron.training.kernels.kernel import Kernel, ObjectiveKernel
from soloneuron.training.kernels.workers import one_thread
from soloneuron.training.loop import Update, updates
from soloneuron.training.measures import Measures
from soloneuron.training.plan import Plan, State

UPDATES = 1_000
"""Updates of a tenth of a second where nothing but the rule costs time; less where rows are many."""

NUMBERS_SEEN = 30_000_000
"""Numbers of the rows that are looked at in a tenth of a second."""


class Stepwise:
    """Any optimizer on any objective, with any weights, order and run axes.

    Formula, batch after batch, for plain descent: theta <- theta - rate * gradient of the mean loss of the
    batch. Every optimizer gets the gradient where it wants it, and as often as it asks.

    With the objective for a kernel this is the definition of training. The generator of updates is kept:
    whoever goes on from the state that was returned last goes on with its workspace.

    Args:
        plan: the job.
        kernel: where values and gradients come from; None asks the objective.
    """

    seamless = True

    def __init__(self, plan: Plan, kernel: Kernel | None = None) -> None:
        self._plan = plan
        self._kernel = ObjectiveKernel(plan) if kernel is None else kernel
        # Somebody's objective may be one long operation, which torch's own threads serve.
        self._threads = nullcontext if kernel is None else one_thread
        self._updates: Iterator[Update] = iter(())
        self._stands: State | None = None
        self.measure = None if kernel is None else kernel.measure
        numbers = plan.batch_size * max(1, plan.columns)
        self.patience = UPDATES if kernel is None else max(10, min(UPDATES, NUMBERS_SEEN // numbers))

    def advance(self, state: State, epochs: int, every: int = 0) -> Stretch:
        """Run some epochs from a state, or to the end of the one that it stands in; see ``Engine``."""
        with self._threads():
            return self._advance(state, epochs, every)

    def _advance(self, state: State, epochs: int, every: int) -> Stretch:
        plan, kernel = self._plan, self._kernel
        recorder, seen = Recorder(plan, state, every), list[Measures]()
        if self._stands is not state:
            self._updates = updates(plan.optimizer, state, kernel.evaluation, rows=plan.size)
        # Whoever is interrupted leaves the generator somewhere: it goes on from the end of a stretch alone.
        self._stands = None
        kernel.begin()
        losses, live = [], state
        for done in range(epochs):
            watched = recorder.wants(done) and live.update % plan.updates == 0
            if watched:
                recorder.keep(done, live.theta.clone(), live.evaluations)
                kernel.watch()
            for update in range(live.update, live.update + plan.updates - live.update % plan.updates):
                live, value = next(self._updates)
                kernel.took(update, value)
            losses.append(kernel.loss())
            if watched and kernel.seen is not None:
                seen.append(kernel.seen)
        # What is handed out is a snapshot: the live tensors belong to the next update.
        self._stands = live.copy()
        return Stretch(self._stands, torch.stack(losses), recorder.recorded(seen))
