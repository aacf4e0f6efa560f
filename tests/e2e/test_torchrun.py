"""``torchrun -m soloneuron train``: the answer of one process, byte by byte."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from soloneuron.cli import main

TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]

OPTIONS = {
    "adam": ["--optimizer", "adam", "--batch-size", "all"],
    "newton": ["--optimizer", "newton"],
    "batches": ["--batch-size", "500", "--standardize"],
}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Ten blocks of rows."""
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(37_000, 101)).astype(np.float32)
    rows[:, 100] = rows[:, 0] + generator.normal(size=37_000) > 0
    path = tmp_path_factory.mktemp("rows") / "rows.npy"
    np.save(path, rows)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_processes_answer_as_one_does(options, table, capsys):
    command = ["train", str(table), "--label", "100", "--epochs", "2", "--json", *options]
    done = subprocess.run(
        [sys.executable, *TORCHRUN, "-m", "soloneuron", *command],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert main(command) == 0
    alone = capsys.readouterr().out
    if "newton" not in options:
        assert done.stdout == alone
        return
    # Rows that are not spread stay where they are for a line search, and are summed in another order.
    spread, one = (json.loads(printed)["weights"] for printed in (done.stdout, alone))
    assert spread == pytest.approx(one, rel=1e-6, abs=1e-9)


@pytest.mark.slow
def test_processes_answer_from_tiles_as_one_does(table, tmp_path, capsys):
    rows = np.load(table)
    columns = {f"x{k}": rows[:, k] for k in range(100)} | {"y": np.where(rows[:, 100], "yes", "no")}
    parquet.write_table(pa.table(columns), tmp_path / "rows.parquet", row_group_size=9_000)
    command = ["train", str(tmp_path / "rows.parquet"), "--label", "y", "--stream", "--epochs", "2", "--json"]
    command += ["--optimizer", "adam", "--batch-size", "all", "--cache", str(tmp_path / "cache")]
    done = subprocess.run(
        [sys.executable, *TORCHRUN, "-m", "soloneuron", *command],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert main(command) == 0
    assert done.stdout == capsys.readouterr().out


def left_behind(mark):
    """Processes that were started with a mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes())
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the system does not list its processes there")
def test_what_is_refused_is_one_sentence_and_leaves_nobody_behind(tmp_path):
    for name, text in {"1": "a,y\n1,yes\n2,no\n", "2": "a\n1\n"}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    mark = f"SOLONEURON_TEST={tmp_path}"
    command = [
        "train",
        str(tmp_path / "*.csv"),
        "--label",
        "y",
        "--stream",
        "--cache",
        str(tmp_path / "cache"),
    ]
    done = subprocess.run(
        [sys.executable, *TORCHRUN, "-m", "soloneuron", *command],
        env={**os.environ, "OMP_NUM_THREADS": "1", "SOLONEURON_TEST": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("soloneuron: ")]
    assert "2.csv must have the label 'y'" in sentence
    # What torchrun says of it is its own; the codes are ours.
    assert "exitcode  : 2" in done.stderr
    assert not left_behind(mark)
    assert not [*tmp_path.glob("**/*.part")]
