"""Namespaces of Linux: a process that sees neither the network nor the other processes."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

_NEW_USER, _NEW_PROCESSES, _NEW_NETWORK, _NEW_IPC = 0x10000000, 0x20000000, 0x40000000, 0x08000000
_DEATH_SIGNAL, _DUMPABLE = 1, 4
_SIGKILL = 9


def leave_namespaces() -> tuple[str, ...]:
    """Leave the namespaces of the network and of processes; the next child is alone in its own.

    Where only root may do that, a namespace of users is left first.

    Returns:
        What was left: ``"network"``, ``"processes"``; nothing where it is not allowed.
    """
    if not sys.platform.startswith("linux"):
        return ()
    wanted = _NEW_PROCESSES | _NEW_NETWORK | _NEW_IPC
    if os.geteuid() == 0:
        if _unshare(wanted):
            return ("network", "processes")
        return ("network",) if _unshare(_NEW_NETWORK) else ()
    user, group = os.getuid(), os.getgid()
    if not _unshare(wanted | _NEW_USER):
        return ()
    with suppress(OSError):
        for name, words in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            Path(f"/proc/self/{name}").write_text(words, encoding="ascii")
    return ("network", "processes")


def die_with_parent() -> None:
    """Be killed when the process that started this one ends; Linux only."""
    if sys.platform.startswith("linux"):
        _libc().prctl(_DEATH_SIGNAL, _SIGKILL, 0, 0, 0)


def hide_memory() -> None:
    """Let no process of the same user read this one's memory; Linux only."""
    if sys.platform.startswith("linux"):
        _libc().prctl(_DUMPABLE, 0, 0, 0, 0)


def _unshare(what: int) -> bool:
    return int(_libc().unshare(ctypes.c_int(what))) == 0


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
