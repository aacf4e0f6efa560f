"""Run files that a command is given, by name."""

from __future__ import annotations

from collections.abc import Sequence

from soloneuron.errors import InputError
from soloneuron.records.run import RunRecord
from soloneuron.storage.paths import identity
from soloneuron.storage.runs import read_runs_of
from soloneuron.texts.plain import file_stem, plain_line


def read_runs(paths: Sequence[str]) -> dict[str, RunRecord]:
    """Runs by the names of their files; by whole paths where two files are called alike.

    A file that the page keeps of a race holds several; they have names of their own.

    Raises:
        InputError: a file is given twice, or cannot be read.
        RecordError: a file is no run.
    """
    seen: set[object] = set()
    for path in paths:
        one = identity(path)
        if one in seen:
            raise InputError(f"every run can be given once, got {path} twice", code="runs.twice", path=path)
        seen.add(one)
    names = [file_stem(path) for path in paths]
    if len(set(names)) < len(names):
        names = [plain_line(path) for path in paths]
    found: dict[str, RunRecord] = {}
    for name, path in zip(names, paths, strict=True):
        runs = read_runs_of(path, name)
        # Two races may have runs of one name, and a file may be called as they are.
        found |= {f"{one} ({name})" if one in found else one: run for one, run in runs.items()}
    return found
