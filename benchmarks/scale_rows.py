"""Rows over processes: what a second process brings, and what it costs to ask it.

``rows`` is a part of ``scale.py``; run alone it prints the same lines. Wall time, for two processes work side
by side, and CPU time, which a busy machine leaves alone; each is one thread. Forks, so that torch is loaded
once.
"""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import torch
import torch.distributed as dist

from soloneuron.formulas.pairwise import block_height, nodes_of_span
from soloneuron.formulas.sharded import ShardedRows, shard_borders, shard_height
from soloneuron.training.prepare import prepare
from soloneuron.training.sharding.processes import Processes

from harness import Report

COLUMNS, WARM, EPOCHS, ROUNDS, QUESTIONS, READS = 30, 2, 8, 3, 200, 20


def epoch_seconds(n: int, size: int) -> dict[str, float]:
    """Seconds of an epoch of Adam on all rows, wall and CPU, of adding them up, and of a question."""
    context = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as folder:
        answers = context.SimpleQueue()
        forks = [
            context.Process(target=_epochs, args=(n, rank, size, folder, answers)) for rank in range(size)
        ]
        for fork in forks:
            fork.start()
        found = [answers.get() for _ in forks]
        for fork in forks:
            fork.join()
    # All wait for the slowest.
    return {name: max(one[name] for one in found) for name in found[0]}


def _epochs(n: int, rank: int, size: int, folder: str, answers) -> None:
    torch.set_num_threads(1)
    store = dist.FileStore(str(Path(folder) / "store"), size)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=size, timeout=timedelta(seconds=120))
    group = Processes()
    borders = shard_borders(n, COLUMNS, size, sparse=False)
    dice = torch.Generator().manual_seed(rank)
    here = torch.randn(borders[rank + 1] - borders[rank], COLUMNS, generator=dice, dtype=torch.float64)
    y = (torch.rand(n, generator=torch.Generator().manual_seed(9), dtype=torch.float64) > 0.5).double()
    read = _read(here, group)
    X = ShardedRows(here, borders, shard_height(n, COLUMNS, sparse=False), group)
    training = prepare((X, y), optimizer="adam", epochs=WARM + EPOCHS, record_every=WARM + EPOCHS)
    times = [(time.perf_counter(), time.process_time()) for _ in training.steps(1)][WARM - 1 :]
    wall, cpu = ((last - first) / EPOCHS for first, last in zip(times[0], times[-1], strict=True))
    answers.put({"wall": wall, "cpu": cpu, "read": read, "question": _question(n, group)})
    dist.destroy_process_group()


def _read(rows: torch.Tensor, group: Processes) -> float:
    """Seconds in which all have added up their rows: no epoch is faster than the memory and the cores."""
    token, times = torch.zeros(1), []
    for _ in range(READS):
        group.gather(token)
        start = time.perf_counter()
        rows.sum()
        group.gather(token)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _question(n: int, group: Processes) -> float:
    """Seconds to gather the sums of one update, where nobody has to wait for the other's rows."""
    height = block_height(COLUMNS + 1, 8)
    borders = shard_borders(n, COLUMNS, group.size, sparse=False)
    spans = pairwise(borders)
    count = -(-n // height)
    nodes = max(len(nodes_of_span(count, first // height, -(-stop // height))) for first, stop in spans)
    sums, times = torch.zeros(nodes, COLUMNS + 3, dtype=torch.float64), []
    for _ in range(QUESTIONS):
        start = time.perf_counter()
        group.gather(sums)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(report: Report) -> None:
    """One process of one thread against two, and what part of an epoch the questions are."""
    turns = [(epoch_seconds(2_000_000, 1), epoch_seconds(2_000_000, 2)) for _ in range(ROUNDS)]
    alone, beside = (
        {name: statistics.median(turn[k][name] for turn in turns) for name in turns[0][0]} for k in (0, 1)
    )
    work = f"(2e6,{COLUMNS}) full batch, Adam, 2 processes"
    report.faster(f"{work}, wall", beside["wall"], "one process", alone["wall"], 1.6)
    report.faster(f"{work}, CPU of each", beside["cpu"], "one process", alone["cpu"])
    work = f"(2e6,{COLUMNS}) added up, 2 processes, wall"
    report.faster(work, beside["read"], "one process", alone["read"])
    found = [epoch_seconds(500_000, 2) for _ in range(ROUNDS)]
    question, wall, cpu = (
        statistics.median(one[name] for one in found) for name in ("question", "wall", "cpu")
    )
    report.share(
        f"questions of an epoch, (5e5,{COLUMNS}), 2 processes", question, "the epoch, wall", wall, 0.08
    )
    report.share("the same beside what each computes", question, "CPU of each", cpu)


if __name__ == "__main__":
    lines = Report("Rows over processes; wall and CPU time, in turn.", "torch")
    measure(lines)
    raise SystemExit(lines.close())
