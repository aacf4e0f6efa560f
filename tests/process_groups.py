"""Groups of processes for tests: threads of this one, or forks of it that talk by gloo."""

import multiprocessing
import pickle
import threading
import warnings
from contextlib import nullcontext
from datetime import timedelta
from functools import cached_property

import torch
import torch.distributed as dist

from soloneuron.result.run import Run
from soloneuron.training.arrival import Arrival
from soloneuron.training.ends import Ends
from soloneuron.training.evaluation import Evaluation
from soloneuron.training.plan import Plan
from soloneuron.training.sharding.processes import Processes

PATIENCE = 30
"""Seconds after which a rank that asks alone is told so."""


class ThreadGroup:
    """One of k ranks that are threads of one process."""

    def __init__(self, rank, size, slots, barrier):
        self.rank, self.size, self._slots, self._barrier = rank, size, slots, barrier

    def gather(self, mine):
        self._slots[self.rank] = mine.clone()
        self._barrier.wait(PATIENCE)
        found = [part.clone() for part in self._slots]
        self._barrier.wait(PATIENCE)
        assert len({(part.shape, part.dtype) for part in found}) == 1, [part.shape for part in found]
        return found


def in_threads(size, work):
    """What a work of a group gives in each of its ranks; exceptions of the first are raised."""
    _unlock(Plan, Ends, Arrival, Evaluation, Run)
    slots, barrier, found, raised = [None] * size, threading.Barrier(size), [None] * size, []

    def run(rank):
        try:
            with torch.no_grad():
                found[rank] = work(ThreadGroup(rank, size, slots, barrier))
        except BaseException as fault:
            raised.append(fault)
            barrier.abort()

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for fault in sorted(raised, key=lambda one: isinstance(one, threading.BrokenBarrierError)):
        raise fault
    return found


def in_forks(size, work, folder, timeout=30):
    """What a work of a gloo group gives in each of its processes; None where one died. It is pickled."""
    context = multiprocessing.get_context("fork")

    def run(rank):
        store = dist.FileStore(str(folder / f"store{size}"), size)
        wait = timedelta(seconds=timeout)
        dist.init_process_group("gloo", store=store, rank=rank, world_size=size, timeout=wait)
        with torch.no_grad():
            (folder / f"found{size}.{rank}").write_bytes(pickle.dumps(work(Processes())))
        dist.destroy_process_group()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forks beside threads, from Python 3.12 on
        forks = [context.Process(target=run, args=(rank,)) for rank in range(size)]
        for fork in forks:
            fork.start()
    for fork in forks:
        fork.join()
    files = [folder / f"found{size}.{rank}" for rank in range(size)]
    return [pickle.loads(file.read_bytes()) if file.exists() else None for file in files]


def _unlock(*classes):
    """Python 3.11 locks a cached property for all objects of its class: one rank would wait for another."""
    for one in classes:
        for value in vars(one).values():
            if isinstance(value, cached_property) and hasattr(value, "lock"):
                value.lock = nullcontext()
