"""What goes to other processes of this machine and comes back: files and their names, whole or not at all.

Tasks and results go through two pipes. Whoever is killed in the middle of a long message leaves half of it,
and whoever reads waits for the other half for ever; what is as short as a name is written at once.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import mkdtemp
from threading import RLock
from typing import Any
from uuid import uuid4

_TURN = RLock()
"""Loky has one set of processes for all threads: whoever stops early ends those of the others, and who asks
for another number of them waits for the others for ever. So threads take turns."""


@dataclass(frozen=True)
class SentFile:
    """The place of a value that another process has written.

    Attributes:
        path: of the file, which is read once.
    """

    path: str


@contextmanager
def task_folder(backend: Any) -> Iterator[str | None]:
    """A folder for tasks and results while a backend works, gone after it; None where they need no files.

    It goes too where this process is killed: loky's tracker of resources outlives it.

    Args:
        backend: joblib's. Only loky's processes are of this machine and share their pipes.
    """
    from joblib._parallel_backends import LokyBackend

    if not isinstance(backend, LokyBackend):
        yield None
        return
    with _TURN:
        folder = _new_folder()
        try:
            yield folder
        finally:
            if folder is not None:
                _remove(folder)


def laid_down(value: Any, folder: str | None) -> Any:
    """A value as a file in a folder, or as it is where there is no folder, or no room in it."""
    if folder is None:
        return value
    from cloudpickle import dump

    path = os.path.join(folder, uuid4().hex)
    try:
        with open(path, "xb") as file:
            dump(value, file)
    except BaseException as fault:
        with suppress(OSError):
            os.unlink(path)
        if isinstance(fault, OSError):
            return value
        raise
    return SentFile(path)


def picked_up(found: Any) -> Any:
    """A value, wherever it was laid down; its file is gone."""
    if not isinstance(found, SentFile):
        return found
    with open(found.path, "rb") as file:
        value = pickle.load(file)
    os.unlink(found.path)
    return value


def _new_folder() -> str | None:
    from joblib.externals.loky.backend.resource_tracker import register

    try:
        folder = mkdtemp(prefix="soloneuron-")
    except OSError:
        return None
    register(folder, "folder")
    return folder


def _remove(folder: str) -> None:
    from shutil import rmtree

    from joblib.externals.loky.backend.resource_tracker import unregister

    rmtree(folder, ignore_errors=True)
    unregister(folder, "folder")
