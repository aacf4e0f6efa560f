"""All guards of one worker, put on in their order; which of them the machine has is told."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from soloneuron.checking.isolation.landlock import landlock_version, lock_down
from soloneuron.checking.isolation.limits import empty_environment, limit_resources
from soloneuron.checking.isolation.namespaces import die_with_parent, hide_memory
from soloneuron.checking.isolation.users import become_nobody, drop_capabilities

_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/proc/cpuinfo",
    "/sys/devices/system/cpu",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def guard(folder: str, seconds: int, number: int, *, before: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Put on every guard that there is; nothing of it can be taken off again.

    Args:
        folder: in which alone files may be written.
        seconds: of the processor's time.
        number: of this worker; as root another one is another user.
        before: what is on already.

    Returns:
        What is on: ``"group"``, ``"network"``, ``"processes"``, ``"user"``, ``"environment"``, ``"folder"``,
        ``"input"``, ``"limits"``, ``"files"``, ``"tcp"``, ``"signals"``.
    """
    os.chdir(folder)
    _without_streams()
    on = [*before, *empty_environment(folder), "folder", "input"]
    public = readable_by_all()
    if public or landlock_version():
        on += become_nobody(folder, number, reading=not public)
    die_with_parent()
    hide_memory()
    on += limit_resources(seconds)
    locked = lock_down(readable=(*_SYSTEM, *libraries()), writable=(folder, *_DEVICES))
    if "user" in on and "files" not in locked and not public:
        drop_capabilities()
    on += locked
    return tuple(on)


def libraries() -> Iterator[str]:
    """The folders of Python and its libraries."""
    yield from {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
    yield from (path for path in sys.path if path)


def readable_by_all() -> bool:
    """Whether another user can read the libraries of this one."""
    folders = {
        parent for path in libraries() if os.path.isdir(path) for parent in (Path(path), *Path(path).parents)
    }
    with suppress(OSError):
        return all(folder.stat().st_mode & 0o001 for folder in folders)
    return False


def _without_streams() -> None:
    """Input is empty, and output goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    if nowhere > 2:
        os.close(nowhere)
