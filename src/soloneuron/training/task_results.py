"""What comes back from other processes of this machine: a file and its name, whole or not at all.

Results go through one pipe. A process that is killed in the middle of a long message leaves half of it, and
whoever reads waits for the other half for ever; what is as short as a name is written at once.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4


@dataclass(frozen=True)
class SentFile:
    """The place of a result that another process has written.

    Attributes:
        path: of the file, which is read once.
    """

    path: str

    def taken(self) -> Any:
        """The result; the file is gone."""
        with open(self.path, "rb") as file:
            found = pickle.load(file)
        os.unlink(self.path)
        return found


@contextmanager
def result_folder(backend: Any) -> Iterator[str | None]:
    """A folder for results while a backend works, gone after it; None where results need no file.

    Args:
        backend: joblib's. Only loky's processes are of this machine and share a pipe.
    """
    from joblib._parallel_backends import LokyBackend

    if not isinstance(backend, LokyBackend):
        yield None
        return
    with TemporaryDirectory(prefix="soloneuron-", ignore_cleanup_errors=True) as folder:
        yield folder


def put_result(result: Any, folder: str | None) -> Any:
    """A result as a file in a folder, or as it is where there is no folder, or no room in it."""
    if folder is None:
        return result
    from cloudpickle import dump

    path = os.path.join(folder, uuid4().hex)
    try:
        with open(path, "xb") as file:
            dump(result, file)
    except OSError:
        return result
    return SentFile(path)


def take_result(found: Any) -> Any:
    """A result, wherever it was put."""
    return found.taken() if isinstance(found, SentFile) else found
