"""Threads that each run torch's operations on one core."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import torch

Result = TypeVar("Result")


class Workers:
    """A small pool; torch drops the interpreter lock inside its operations, so the threads run side by side.

    torch remembers the thread count that was set last and hands it to threads born later, so the caller's
    own count is set again once the workers have theirs.
    """

    def __init__(self) -> None:
        self.count = min(torch.get_num_threads(), os.cpu_count() or 1)
        before = torch.get_num_threads()
        self._pool = ThreadPoolExecutor(
            self.count, "soloneuron", initializer=torch.set_num_threads, initargs=(1,)
        )
        gate = Barrier(self.count)
        list(self._pool.map(lambda _: gate.wait(), range(self.count)))
        torch.set_num_threads(before)

    def map(self, work: Callable[[int], Result]) -> list[Result]:
        """Call work(0) .. work(count - 1), one in each thread, and return the results in that order."""
        return list(self._pool.map(work, range(self.count)))
