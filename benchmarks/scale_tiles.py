"""Rows on disk: an epoch from tiles against the same rows in memory, and conversion against reading.

A part of ``scale.py``; run alone as ``python benchmarks/scale_tiles.py``. CPU time of this process, in turn.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet
import torch

from soloneuron import Dataset, prepare, stream

from harness import Report

ROWS, COLUMNS, EPOCHS, TURNS = 500_000, 30, 10, 5
CSV_ROWS = 200_000

WAYS = {
    "descent": {"epochs": EPOCHS, "learning_rate": 0.1},
    "Adam": {"epochs": EPOCHS, "optimizer": "adam"},
    "Newton": {"epochs": 4, "optimizer": "newton"},
    "batches of 256, Adam": {
        "epochs": 4,
        "optimizer": "adam",
        "batch_size": 256,
        "shuffle": "tiles",
        "seed": 0,
    },
}


def measure(report: Report) -> None:
    """Epochs, then conversion."""
    with tempfile.TemporaryDirectory() as folder:
        table = rows(ROWS)
        epochs(report, table, Path(folder))
        conversion(report, table, Path(folder))


def rows(n: int) -> pa.Table:
    """Rows of a noisy line, as a table."""
    dice = np.random.default_rng(0)
    X = dice.standard_normal((COLUMNS, n))
    y = (X.sum(0) + dice.standard_normal(n) > 0).astype(np.int64)
    return pa.table({**{f"x{k}": column for k, column in enumerate(X)}, "y": y})


def epochs(report: Report, table: pa.Table, folder: Path) -> None:
    """The same training on rows in tiles and in memory; neither laying them out nor the judgment counts."""
    pyarrow.parquet.write_table(table, folder / "rows.parquet")
    for dtype in (torch.float64, torch.float32):
        tiles = stream(folder / "rows.parquet", label="y", dtype=dtype, cache=folder / "cache")
        memory = Dataset(tiles.features[:], tiles.labels.clone(), tiles.feature_names)
        width = str(dtype).removeprefix("torch.")
        for name, settings in WAYS.items():
            ours, theirs = turns(
                *(lambda data=data, own=settings: trained(data, own) for data in (tiles, memory))
            )
            question = f"({ROWS:.0e},{COLUMNS}) {width}, {name}: from tiles"
            report.faster(question, ours, "in memory", theirs, 0.85)


def trained(data: Dataset, settings: dict[str, object]) -> float:
    """CPU seconds of all epochs of a training but the first, before which rows are laid out."""
    training = prepare(data, **settings, record_every=1000)
    steps = training.steps(1)
    next(steps)
    return cpu_seconds(lambda: deque(steps, maxlen=0))


def conversion(report: Report, table: pa.Table, folder: Path) -> None:
    """Files into tiles against pyarrow, which reads them into memory."""
    pyarrow.csv.write_csv(table.slice(0, CSV_ROWS), folder / "rows.csv")
    for kind in ("parquet", "csv"):
        path, fresh = folder / f"rows.{kind}", count()

        def ours(path: Path = path, fresh: count[int] = fresh) -> float:
            cache = folder / f"{path.suffix}{next(fresh)}"
            return cpu_seconds(lambda: stream(path, label="y", cache=cache))

        def theirs(path: Path = path, kind: str = kind) -> float:
            return cpu_seconds(pyarrow.dataset.dataset(path, format=kind).to_table)

        taken = turns(ours, theirs)
        report.faster(
            f"{kind} of {path.stat().st_size / 1e6:.0f} MB into tiles", taken[0], "to_table", taken[1], 0.6
        )


def turns(*works: Callable[[], float]) -> list[float]:
    """Median CPU seconds of each, in turn."""
    for work in works:
        work()
    taken = [[work() for work in works] for _ in range(TURNS)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process, its threads included."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    torch.set_num_threads(1)
    asked = Report("Rows on disk; CPU time, in turn.", "torch", "pyarrow")
    measure(asked)
    sys.exit(asked.close())
