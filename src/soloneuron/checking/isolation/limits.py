"""Limits of a process: time, memory, sizes of files, how many there may be."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

MEMORY = 1 << 30
"""Bytes that a worker may take beyond what it begins with."""

FILE = 16 << 20
"""Bytes of a file that it writes."""

PROCESSES = 24
"""Threads and processes beyond those that its user has already."""

FILES = 256


def limit_resources(seconds: int) -> tuple[str, ...]:
    """Limit this process and what it starts.

    Args:
        seconds: of the processor's time.

    Returns:
        What is limited; nothing on Windows.
    """
    try:
        import resource
    except ImportError:
        return ()
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: FILE,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_AS: _virtual_memory() + MEMORY,
    }
    if hasattr(resource, "RLIMIT_NPROC"):
        limits[resource.RLIMIT_NPROC] = _processes_of(os.getuid()) + PROCESSES
    for which, most in limits.items():
        with suppress(OSError, ValueError):
            _, hardest = resource.getrlimit(which)
            value = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
            resource.setrlimit(which, (value, value))
    return ("limits",)


def empty_environment(folder: str) -> tuple[str, ...]:
    """Leave nothing of the environment but what Python and torch need."""
    kept: Mapping[str, str] = {
        name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ
    }
    os.environ.clear()
    os.environ.update(
        {
            **kept,
            "PATH": os.defpath,
            "HOME": folder,
            "TMPDIR": folder,
            "TEMP": folder,
            "TMP": folder,
            "OMP_NUM_THREADS": "1",
        }
    )
    return ("environment",)


def _virtual_memory() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _processes_of(user: int) -> int:
    """How many threads a user has; they count against the limit."""
    count = 0
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if place.stat().st_uid == user:
                count += sum(1 for _ in (place / "task").iterdir())
    return count
