"""Threads that each run torch's operations on one core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from threading import Barrier
from typing import Generic, TypeVar

import torch

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class TaskSpan(Generic[Task]):
    """Tasks that follow one another, for one thread; the number of the first of them."""

    first: int
    tasks: list[Task]


@contextmanager
def one_thread() -> Iterator[None]:
    """Run torch's operations on one core for a while.

    Operations of a few microseconds gain nothing from a second core, and on a busy machine they wait for it.
    """
    before = torch.get_num_threads()
    if before == 1:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Workers:
    """A small pool; torch drops the interpreter lock inside its operations, so threads run side by side.

    Worth it only for operations of several microseconds: below that, threads wait for the lock.

    Args:
        alone: whether a task that has no other beside it runs on one core, too: for operations whose digits
            hang on how many cores share them.
    """

    def __init__(self, *, alone: bool = False) -> None:
        self.alone = alone
        threads = torch.get_num_threads()
        # The system is asked for its processors only where they matter: that takes as long as 20 operations.
        self.count = threads if threads == 1 else min(threads, os.cpu_count() or 1)
        self._pool: ThreadPoolExecutor | None = None

    def spans(self, tasks: list[Task]) -> list[TaskSpan[Task]]:
        """The tasks shared out evenly, a thread a span."""
        count = min(self.count, len(tasks))
        borders = [k * len(tasks) // count for k in range(count + 1)]
        return [TaskSpan(first, tasks[first:stop]) for first, stop in pairwise(borders)]

    def map(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
        """Do every task in some thread and return the results in the order of the tasks."""
        if len(tasks) == 1 or self.count == 1:
            with one_thread() if self.alone else nullcontext():
                return [work(task) for task in tasks]
        if self._pool is None:
            self._pool = self._start()
        return list(self._pool.map(work, tasks))

    def _start(self) -> ThreadPoolExecutor:
        """Start every thread now.

        torch remembers the thread count that was set last, anywhere, and hands it to threads born later;
        so the caller's own count is set again once the workers have theirs.
        """
        pool = ThreadPoolExecutor(self.count, "soloneuron", torch.set_num_threads, (1,))
        before = torch.get_num_threads()
        # Each thread waits here for the others, so that none serves two tasks and one is never born.
        gate = Barrier(self.count)
        list(pool.map(lambda _: gate.wait(), range(self.count)))
        torch.set_num_threads(before)
        return pool
