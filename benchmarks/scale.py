"""Past one process: runs over workers, checkpoints, rows over processes, rows on disk.

Run it as ``python benchmarks/scale.py``, with ``sweeps``, ``checkpoints``, ``rows`` or ``tiles`` for one
part. Wall time where processes work side by side, for that is what they are for; in turn, so that a busy
machine slows both.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import joblib
import numpy as np
import torch

from soloneuron import sweep
from soloneuron.training.checkpoints import with_checkpoint
from soloneuron.training.prepare import prepare

from harness import Report, in_turn

RUNS, SWEPT_ROWS, SWEPT_EPOCHS = 40_000, 200, 100
ROWS, COLUMNS, EPOCHS = 1_000_000, 30, 80
ROUNDS = 5


def rows(n: int, d: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of a noisy line."""
    dice = torch.Generator().manual_seed(0)
    X = torch.randn(n, d, generator=dice, dtype=torch.float64)
    noise = torch.randn(n, generator=dice, dtype=torch.float64)
    return X, (X.sum(1) + noise > 0).double()


def sweeps(report: Report) -> None:
    """One process of one thread against two processes of joblib's, which are warm."""
    data, rates = rows(SWEPT_ROWS, 2), np.geomspace(1e-3, 10, RUNS).tolist()

    def alone() -> None:
        sweep(*data, learning_rate=rates, epochs=SWEPT_EPOCHS)

    def beside() -> None:
        with joblib.parallel_config("loky", n_jobs=2):
            alone()

    work = f"sweep of {RUNS:,} runs, 2 warm loky workers"
    beside()
    began = workers_cpu()
    here = cpu_seconds(beside)
    longest = max(after - began.get(pid, 0.0) for pid, after in workers_cpu().items())
    taken = in_turn({"alone": alone, "beside": beside}, rounds=ROUNDS, warm=0)
    report.faster(f"{work}, wall", taken["beside"], "one process", taken["alone"], 1.7)
    # A busy machine lends neither of them its cores: what each has to do is left alone by that.
    report.faster(f"{work}, CPU on the longest way", here + longest, "one process", cpu_seconds(alone), 1.7)


def workers_cpu() -> dict[int, float]:
    """CPU seconds of each worker of loky's so far."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields, words = (
                stat.read_text().rpartition(")")[2].split(),
                (stat.parent / "cmdline").read_bytes(),
            )
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and b"popen_loky" in words:
            found[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def checkpoints(report: Report) -> None:
    """A training that is kept after every epoch against one that is not; the file is on this disk.

    CPU time: the disk is waited for in a thread of its own. Reading the rows once, to know them again, is
    told apart from what an epoch costs.
    """
    X, y = rows(ROWS, COLUMNS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept"

        def kept(epochs: int) -> float:
            path.unlink(missing_ok=True)
            training = with_checkpoint(prepare(X, y, optimizer="adam", epochs=epochs), path, every=1)
            return cpu_seconds(training.run)

        def bare(epochs: int) -> float:
            return cpu_seconds(prepare(X, y, optimizer="adam", epochs=epochs).run)

        # Who goes first changes from turn to turn: the second finds more of the memory ready.
        pairs = [(kept, bare), (bare, kept)] * ROUNDS
        turns = [{work: work(EPOCHS) for work in pair} for pair in pairs]
        training = prepare(X, y, optimizer="adam", epochs=EPOCHS)
        once = cpu_seconds(lambda: with_checkpoint(training, Path(folder) / "other", every=1))
    with_file, without = (statistics.median(turn[work] for turn in turns) / EPOCHS for work in (kept, bare))
    shape = f"({ROWS:.0e},{COLUMNS})"
    more = max(0.0, with_file - without)
    report.share(f"checkpoint every epoch {shape}, Adam, CPU", more, "epoch", without, 0.02)
    report.share(f"SHA-256 of the rows {shape}, once, CPU", once, "epoch", without)


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process, its threads included."""
    began = time.process_time()
    work()
    return time.process_time() - began


PARTS = {"sweeps": sweeps, "checkpoints": checkpoints}
"""The parts of this file; ``scale_rows.py`` and ``scale_tiles.py`` have one each."""


def main(chosen: list[str]) -> int:
    """Ask the chosen parts, or all."""
    torch.set_num_threads(1)
    for name in ("rows", "tiles"):
        if find_spec(f"scale_{name}") is not None:
            part = import_module(f"scale_{name}")
            PARTS[name] = getattr(part, name, None) or part.measure
    unknown = set(chosen) - set(PARTS)
    if unknown:
        print(f"no part {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}")
        return 2
    report = Report("Runs and rows over processes and disks; wall time, in turn.", "torch", "joblib")
    for name in chosen or PARTS:
        PARTS[name](report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
