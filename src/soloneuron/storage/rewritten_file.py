"""A file that is written again and again, each time whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from time import monotonic

from soloneuron.storage.paths import check_writable, write_refused

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
        self._synced = -SYNCED_EVERY
        self._late = False

    def write(self, content: bytes) -> None:
        """Write another content; where that fails, the former one stays.

        Raises:
            InputError: the disk does not take it.
        """
        # Short, so that the longest name that a disk takes is not too long here; and new each time, so that
        # nobody can lay a link there that would be followed.
        beside = self._target.with_name(f".soloneuron-{os.getpid()}-{secrets.token_hex(4)}.part")
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except OSError as fault:
            raise write_refused(self._path, fault) from None
        try:
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
            os.replace(beside, self._target)
        except BaseException as fault:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            if isinstance(fault, OSError):
                raise write_refused(self._path, fault) from None
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
            raise write_refused(self._path, fault) from None
