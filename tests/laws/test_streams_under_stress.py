"""Rows on disk under stress: a conversion that is killed, a full disk, memory as the kernel counts it."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import csv, feather, parquet

import soloneuron
from soloneuron.data.tiles.stream import stream
from soloneuron.errors import InputError

CONVERTING = """
import sys
from soloneuron.data.tiles import staging
from soloneuron.data.tiles.stream import stream
staging.STAGED_TILES = 1
stream(sys.argv[1], label="y", cache=sys.argv[2])
"""

WATCHING = """
import re, sys, threading, time
import sklearn.metrics, torch, pyarrow.csv, pyarrow.ipc, pyarrow.parquet
import soloneuron.cli.evaluate, soloneuron.cli.predict, soloneuron.cli.train, soloneuron.result.fitting
from soloneuron.cli import main
from soloneuron.optimizers.catalogue import OPTIMIZERS

def private():
    return int(re.search(r"RssAnon:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024

for name in OPTIMIZERS:
    OPTIMIZERS.load(name)
torch.mv(torch.ones(64, 64), torch.ones(64))
before, most, over = private(), [0.0], threading.Event()

def watch():
    while not over.wait(0.003):
        most[0] = max(most[0], private())

watcher = threading.Thread(target=watch)
watcher.start()
code = main(sys.argv[1:])
over.set()
watcher.join()
print("GROWN", max(most[0], private()) - before)
sys.exit(code)
"""


def run(code, *words, **more):
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(soloneuron.__file__).parents[1]),
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)], env=environment, text=True, **more
    )


def made(path, rows, columns, group=100_000):
    """A Parquet file written a row group at a time."""
    dice = np.random.default_rng(0)
    names = [f"x{k}" for k in range(columns)]
    schema = pa.schema([*((name, pa.float64()) for name in names), ("y", pa.int64())])
    with parquet.ParquetWriter(path, schema) as file:
        for start in range(0, rows, 100_000):
            X = dice.standard_normal((columns, min(100_000, rows - start)))
            arrays = [*X, (X[0] > X[1]).astype(np.int64)]
            file.write_table(
                pa.table(dict(zip(schema.names, arrays, strict=True)), schema=schema), row_group_size=group
            )
    return path


def killed(path, folder, lines):
    """Kill a conversion after so many lines of its journal; whether it was still at work."""
    process = run(CONVERTING, path, folder)
    while process.poll() is None:
        journals = list(folder.glob("*.part/journal"))
        try:
            done = journals and len(journals[0].read_bytes().splitlines()) > lines
        except OSError:
            continue
        if done:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.001)
    return process.wait() == -signal.SIGKILL


@pytest.mark.parametrize(
    "count", [pytest.param(2, marks=pytest.mark.slow), pytest.param(20, marks=pytest.mark.stress)]
)
def test_a_conversion_that_was_killed_goes_on_right(count, tmp_path):
    path = made(tmp_path / "rows.parquet", 400_000, 5, group=20_000)
    whole = stream(path, label="y", cache=tmp_path / "whole")
    moments, caught = random.Random(count), 0
    for turn in range(count):
        folder = tmp_path / f"cache{turn}"
        folder.mkdir()
        caught += killed(path, folder, moments.randrange(1, 12))
        again = stream(path, label="y", cache=folder)
        for one, other in zip(again.features.tiles, whole.features.tiles, strict=True):
            assert torch.equal(one, other)
        assert torch.equal(again.labels, whole.labels)
        assert not list(folder.glob("*.part"))
    assert caught > 0


def grown(words, **more):
    """How much private memory a command took beyond the level after imports, in MB."""
    process = run(WATCHING, *words, stdout=subprocess.PIPE, **more)
    answer = process.communicate()[0]
    assert process.returncode == 0, answer
    return float(re.search(r"GROWN (\S+)", answer)[1])


WAYS = (
    "",
    "--optimizer adam --batch-size 256",
    "--standardize --test-share 0.2 --class-weight balanced",
    "--dtype float32 --optimizer newton",
    "--optimizer gradient_descent --batch-size all --learning-rate auto",
)


@pytest.mark.slow
def test_private_memory_stays_below_its_bound_on_a_file_twice_as_large(tmp_path):
    path = made(tmp_path / "rows.parquet", 600_000, 30)
    assert path.stat().st_size > 128 * 2**20
    common = ["train", path, "--label", "y", "--stream", "--memory", "64M", "--quiet", "--epochs", "1"]
    common += ["--cache", tmp_path / "cache"]
    assert grown([*common, "--optimizer", "adam", "--batch-size", "256"]) < 64


@pytest.mark.stress
def test_private_memory_stays_below_its_bound_on_640_megabytes(tmp_path):
    path = made(tmp_path / "rows.parquet", 2_600_000, 30)
    assert path.stat().st_size > 640 * 10**6
    shared = ["--stream", "--memory", "64M", "--cache", tmp_path / "cache"]
    for way in WAYS:
        common = ["train", path, "--label", "y", "--quiet", "--epochs", "2", "-o", tmp_path / "model.json"]
        assert grown([*common, *shared, *way.split()]) < 64, way
    assert grown(["evaluate", tmp_path / "model.json", path, "--json", *shared]) < 64
    assert grown(["predict", tmp_path / "model.json", path, "-o", tmp_path / "out.csv", *shared]) < 64


@pytest.mark.stress
@pytest.mark.parametrize("kind", ["csv", "feather"])
def test_private_memory_stays_below_its_bound_on_other_formats(kind, tmp_path):
    table = parquet.read_table(made(tmp_path / "rows.parquet", 400_000, 30))
    path = tmp_path / f"rows.{kind}"
    {"csv": csv.write_csv, "feather": feather.write_feather}[kind](table, path)
    common = ["train", path, "--label", "y", "--stream", "--memory", "64M", "--quiet", "--epochs", "1"]
    assert grown([*common, "--cache", tmp_path / "cache", "--batch-size", "100"]) < 64


@pytest.mark.stress
@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_disk_that_is_really_full_is_one_sentence(tmp_path):
    path = made(tmp_path / "rows.parquet", 100_000, 10)
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=True)
    try:
        with pytest.raises(InputError, match="No space left on device"):
            stream(path, label="y", cache=disk)
        assert [inner.name for inner in disk.iterdir()] == ["lock"]
    finally:
        subprocess.run(["umount", disk], check=True)
