"""A file that is written again and again, each time whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from time import monotonic

from soloneuron.errors import InputError
from soloneuron.storage.paths import check_writable, reason_of

SYNCED_EVERY = 1.0
"""Seconds after which the disk is waited for again; until then a loss of power costs what was written."""


class RewrittenFile:
    """A file that is written beside its place and renamed: a reader sees a former content or the newest.

    The first and the last content reach the disk for sure, those between at most once a second.

    Args:
        path: the file.

    Raises:
        InputError: it cannot be written.
    """

    def __init__(self, path: str | Path) -> None:
        self._path, self._target = path, check_writable(path)
        self._beside = self._target.with_name(f".soloneuron-{os.getpid()}-{self._target.name}.part")
        self._synced = -SYNCED_EVERY
        self._late = False

    def write(self, content: bytes) -> None:
        """Write another content; where that fails, the former one stays.

        Raises:
            InputError: the disk does not take it.
        """
        try:
            handle = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            try:
                left = memoryview(content)
                while left:
                    left = left[os.write(handle, left) :]
                self._late = monotonic() - self._synced < SYNCED_EVERY
                if not self._late:
                    os.fsync(handle)
                    self._synced = monotonic()
            finally:
                os.close(handle)
            os.replace(self._beside, self._target)
        except BaseException as fault:
            with suppress(OSError):
                self._beside.unlink(missing_ok=True)
            if isinstance(fault, OSError):
                raise self._refused(fault) from None
            raise

    def finish(self) -> None:
        """Wait until the last content is on the disk.

        Raises:
            InputError: the disk does not take it.
        """
        if not self._late:
            return
        self._late = False
        try:
            handle = os.open(self._target, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as fault:
            raise self._refused(fault) from None

    def _refused(self, fault: OSError) -> InputError:
        reason = reason_of(fault)
        return InputError(
            f"cannot write {self._path}: {reason}", code="output.failed", path=self._path, reason=reason
        )
