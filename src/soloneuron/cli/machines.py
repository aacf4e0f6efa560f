"""Work that one process of each machine does while the others wait, and hear what came of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

import torch

from soloneuron.formulas.sharded import ProcessGroup
from soloneuron.training.sharding.agreement import together

Made = TypeVar("Made")

PULSE = 0.5
"""Seconds after which whoever works says that it is still there: nobody's time-out is as short."""


def leads(group: ProcessGroup) -> bool:
    """Whether this process works for its machine: the first that torchrun has started there."""
    return os.environ.get("LOCAL_RANK", str(group.rank)) == "0"


def once_a_machine(work: Callable[[], Made], group: ProcessGroup) -> Made | None:
    """Do what takes long, and what processes of one machine share, in one of them.

    The others wait as long as it takes, not only as long as the group's time-out: they are told every half
    second that somebody works.

    Args:
        work: what is done.
        group: all processes.

    Returns:
        What came of it; None in those that have waited.

    Raises:
        SoloneuronError: what one of them was refused, in all of them.
        ProcessError: one of them has died.
    """
    worker = MachineWorker(work) if leads(group) else None
    busy = True
    while busy:
        here = worker is not None and worker.works_on()
        busy = any(bool(one) for one in group.gather(torch.tensor([here])))
    return together(group, lambda: None if worker is None else worker.made(), lambda _: {})


class MachineWorker(Generic[Made]):
    """A thread that does one thing. It ends with the process: what it leaves half done can be gone on with.

    Args:
        work: what is done.
    """

    def __init__(self, work: Callable[[], Made]) -> None:
        self._work, self._made = work, list[Made]()
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def works_on(self) -> bool:
        """Whether it is not done yet; the answer takes half a second at most."""
        self._thread.join(PULSE)
        return self._thread.is_alive()

    def made(self) -> Made:
        """What came of it, once it is done; what was raised is raised here."""
        if self._fault is not None:
            raise self._fault
        return self._made[0]

    def _run(self) -> None:
        try:
            self._made.append(self._work())
        except BaseException as fault:
            self._fault = fault
