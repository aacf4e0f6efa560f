"""The one door for paths: what stands there is asked before any work is done, and answered in a sentence."""

from __future__ import annotations

import errno
import os
import select
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from soloneuron.errors import InputError, SoloneuronError

PIPE_PATIENCE = 10
"""Seconds that a pipe may say nothing."""

MOST_OF_A_PIPE = 2**26
"""Bytes of a pipe at most; a file has its own limit."""

_CHUNK = 2**20


def check_writable(path: str | Path) -> Path:
    """Refuse a path that cannot be written, before any work is done for it.

    Returns:
        Where the file will stand, behind all links.

    Raises:
        InputError: the folder does not exist, is no folder, or may not be written; something stands there
            that is no regular file, such as a folder, a device or a pipe; or no file can have such a name.
    """
    target, there = _resolved(path, "write"), _status(path, "write")
    if there is not None and stat.S_ISDIR(there.st_mode):
        raise InputError(f"cannot write {path}: it is a folder", code="output.folder", path=path)
    if there is not None and not stat.S_ISREG(there.st_mode):
        raise InputError(
            f"cannot write {path}: it is a device or a pipe, no regular file, and would be replaced",
            code="output.special",
            path=path,
        )
    folder = target.parent if os.path.islink(path) else Path(path).parent
    around = _status(folder, "write")
    if around is None or not stat.S_ISDIR(around.st_mode):
        raise InputError(
            f"cannot write {path}: the folder {folder} does not exist",
            code="output.missing",
            path=path,
            folder=folder,
        )
    if not os.access(folder, os.W_OK):
        raise InputError(
            f"cannot write {path}: no permission in {folder}",
            code="output.permission",
            path=path,
            folder=folder,
        )
    return target


def identity(path: str | Path) -> object:
    """What is the same for every name of one file: links, hard links and other spellings.

    Raises:
        InputError: no file can have such a name.
    """
    there = _status(path, "use")
    return _resolved(path, "use") if there is None else (there.st_dev, there.st_ino)


class OpenFile:
    """An open file or pipe.

    Attributes:
        size: bytes of a file; None of a pipe.
    """

    def __init__(self, path: str | Path, handle: int) -> None:
        found = os.fstat(handle)
        self._path, self._handle = path, handle
        self.size = found.st_size if stat.S_ISREG(found.st_mode) else None

    def read(self, most: int) -> bytes:
        """So many bytes at most.

        Raises:
            InputError: they cannot be read, or a pipe says nothing for too long.
        """
        parts, count = [], 0
        most = most if self.size is not None else min(most, MOST_OF_A_PIPE)
        while count < most:
            self._wait()
            part = os.read(self._handle, min(most - count, _CHUNK))
            if not part:
                break
            parts.append(part)
            count += len(part)
        return b"".join(parts)

    def _wait(self) -> None:
        if self.size is None and not select.select([self._handle], [], [], PIPE_PATIENCE)[0]:
            raise InputError(
                f"cannot read {self._path}: nothing came out of the pipe for {PIPE_PATIENCE} seconds",
                code="input.silent",
                path=self._path,
                seconds=PIPE_PATIENCE,
            )


@contextmanager
def opened_file(path: str | Path) -> Iterator[OpenFile]:
    """A file or pipe to read from.

    Raises:
        InputError: it cannot be opened or read, or it is a folder or a device, which has no end.
    """
    handle = None
    try:
        # A pipe that nobody writes to would keep us waiting here.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
            raise InputError(
                f"cannot read {path}: it is a device, and a device has no end", code="input.device", path=path
            )
        yield OpenFile(path, handle)
    except SoloneuronError:
        raise
    except (OSError, ValueError) as fault:
        reason = reason_of(fault)
        raise InputError(
            f"cannot read {path}: {reason}", code="input.failed", path=path, reason=reason
        ) from None
    finally:
        if handle is not None:
            os.close(handle)


def reason_of(fault: Exception) -> str:
    """Why a system call failed, in the words of the system."""
    return getattr(fault, "strerror", None) or str(fault) or type(fault).__name__


def write_refused(path: str | Path, fault: OSError) -> InputError:
    """A disk that does not take a file, as a sentence."""
    return _unusable(path, "write", fault)


def _status(path: str | Path, verb: str) -> os.stat_result | None:
    """What stands at a path; None where nothing does."""
    try:
        return Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as fault:
        raise _unusable(path, verb, fault) from None


def _resolved(path: str | Path, verb: str) -> Path:
    try:
        return Path(path).resolve()
    except (OSError, ValueError, RuntimeError) as fault:
        raise _unusable(path, verb, fault) from None


def _unusable(path: str | Path, verb: str, fault: Exception) -> InputError:
    reason = "a loop of links" if isinstance(fault, RuntimeError) else reason_of(fault)
    return InputError(f"cannot {verb} {path}: {reason}", code="output.failed", path=path, reason=reason)
