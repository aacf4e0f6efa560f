"""A whole grid of runs: the trainings that it takes, and what they found in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.records.history import History, Outcome
from soloneuron.records.sweep import SweepRecord
from soloneuron.training.counts import as_count
from soloneuron.training.grid import RunGroup, SweepGrid
from soloneuron.training.memory import machine_memory
from soloneuron.training.prepare import prepare
from soloneuron.training.session import Training

Progress = Callable[[int, int], None]
"""Told after every step: epochs of runs that are done, and how many there are in all."""


def train_grid(
    grid: SweepGrid, features: Any, labels: Any = None, *, progress: Progress | None = None
) -> Iterator[tuple[Tensor, Training]]:
    """Train all runs of a grid, as few tensors as they fit in, one tensor after another.

    Everything is checked before the first run begins. Whoever stops pulling, or interrupts, keeps what was
    yielded.

    Args:
        grid: from ``read_grid``.
        features: rows in any form that ``prepare`` takes; ``labels`` beside them or not.
        labels: see features.
        progress: told how far it is.

    Yields:
        The places in the grid of some runs, (run axes...), and their training, at its end.

    Raises:
        InputError: what ``prepare`` refuses, or a grid that does not fit the memory.
    """
    epochs = as_count(grid.shared.get("epochs", 100), "epochs", least=0)
    # The start and the end of each run are enough for a table.
    every = as_count(grid.shared.get("record_every", max(1, epochs)), "record_every", least=1)
    probes = [prepare(features, labels, **{**probe, "epochs": 0}) for probe in grid.probes()]
    if any(probe.plan.runs for probe in probes):
        raise InputError(
            "what all runs of a sweep share must have no run axes of its own (a penalty, an optimizer or "
            "sample_weight has): give a list, which makes an axis of the grid",
            code="sweep.runs",
        )
    rows = probes[0].plan.data
    groups = list(grid.groups())
    _refuse_too_large(groups, probes[0], epochs, every)
    del probes
    done = 0
    for group in groups:
        # The checked tensors instead of what came in: lists are converted once, not once a group.
        pair = features if rows is None else (rows.features, rows.labels)
        training = prepare(pair, **{**group.settings, "epochs": epochs, "record_every": every})
        before, runs = training.epoch, max(1, group.numbers.numel())
        for _ in training.steps():
            if progress is not None:
                progress(done + (training.epoch - before) * runs, grid.runs * training.epochs)
        done += training.epochs * runs
        yield group.numbers, training


def sweep_record(grid: SweepGrid, parts: Sequence[tuple[Tensor, History]]) -> SweepRecord:
    """What the runs of a grid found, in the order of the grid.

    Args:
        grid: whose runs they are.
        parts: the places of some runs and their history, until all runs are told.
    """
    value, accuracy, norm = (torch.full((grid.runs,), torch.nan, dtype=torch.float64) for _ in range(3))
    outcomes: list[Outcome] = [parts[0][1].outcome] * grid.runs
    evaluations = [0] * grid.runs
    for numbers, history in parts:
        places = numbers.flatten()
        value[places] = history.value[-1].flatten().double()
        accuracy[places] = history.accuracy[-1].flatten().double()
        norm[places] = history.gradient_norm[-1].flatten().double()
        for place, outcome in zip(places.tolist(), history.outcomes, strict=True):
            outcomes[place], evaluations[place] = outcome, history.evaluations[-1]
    return SweepRecord(grid.recorded_axes(), value, accuracy, norm, tuple(outcomes), tuple(evaluations))


def _refuse_too_large(groups: Sequence[RunGroup], probe: Training, epochs: int, every: int) -> None:
    """Refuse a grid that would not fit: thetas that are kept, slots, and the logits of one update."""
    plan, theta = probe.plan, probe.state.theta
    memory = machine_memory()
    records = 2 + epochs // every
    runs = sum(max(1, group.numbers.numel()) for group in groups)
    together = max(max(1, group.numbers.numel()) for group in groups)
    numbers = runs * theta.shape[-1] * records
    numbers += together * (theta.shape[-1] * (4 + len(plan.optimizer.slots)) + 4 * plan.batch_size)
    wanted = numbers * theta.element_size()
    if memory is not None and wanted > memory:
        raise InputError(
            f"the grid must fit the memory, got {runs} runs, which take about {wanted / 1e9:.1f} GB of "
            f"{memory / 1e9:.1f} GB: take fewer values, record_every larger, or dtype=torch.float32",
            code="sweep.memory",
            runs=runs,
            bytes=wanted,
            memory=memory,
        )
