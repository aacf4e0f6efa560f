"""Run files that a command is given, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from soloneuron.errors import InputError
from soloneuron.records.run import RunRecord
from soloneuron.storage.runs import read_run


def read_runs(paths: Sequence[str]) -> dict[str, RunRecord]:
    """Runs by the names of their files; by whole paths where two files are called alike.

    Raises:
        InputError: a file is given twice, or cannot be read.
        RecordError: a file is no run.
    """
    twice = [
        path for path, count in Counter(str(Path(path).resolve()) for path in paths).items() if count > 1
    ]
    if twice:
        raise InputError(f"every run can be given once, got {twice[0]} twice", code="runs.twice")
    names = [Path(path).stem for path in paths]
    if len(set(names)) < len(names):
        names = list(paths)
    return {name: read_run(path) for name, path in zip(names, paths, strict=True)}
