"""Landlock of Linux, by three system calls: files outside some folders and TCP are refused to this process.

Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH, _NO_NEW_PRIVILEGES = 1, 1, 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE = 1 << 14
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_ACCESSES = {1: 13, 2: 14, 3: 15, 5: 16}
"""So many kinds of access to files are known from a version on."""

_TCP, _SCOPES = 0b11, 0b11


def landlock_version() -> int:
    """The version that the kernel has; 0 without Landlock."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return max(0, _system_call(_CREATE_RULESET, None, 0, _VERSION))
    except (OSError, AttributeError):
        return 0


def lock_down(*, readable: Iterable[str], writable: Iterable[str]) -> tuple[str, ...]:
    """Refuse to this process, and to all that it starts, every file but these, and TCP.

    Args:
        readable: files and folders that may be read; those that are not there are passed over.
        writable: files and folders in which everything is allowed.

    Returns:
        What is refused from now on: ``"files"``, ``"tcp"``, ``"signals"``; nothing without Landlock.
    """
    version = landlock_version()
    if not version:
        return ()
    handled = (1 << max(bits for since, bits in _ACCESSES.items() if since <= version)) - 1
    parts = [handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0]
    known = parts[: 3 if version >= 6 else 2 if version >= 4 else 1]
    ruleset = struct.pack(f"{len(known)}Q", *known)
    rules = _system_call(_CREATE_RULESET, ruleset, len(ruleset), 0)
    try:
        for paths, allowed in ((readable, _READING), (writable, handled)):
            for path in paths:
                _allow(rules, path, allowed & handled)
        if _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            return ()
        _system_call(_RESTRICT_SELF, rules, 0)
    except OSError:
        return ()
    finally:
        os.close(rules)
    names = ("files", "tcp", "signals")
    return tuple(name for name, part in zip(names, parts, strict=True) if part)


def _allow(rules: int, path: str, allowed: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        within = allowed if os.path.isdir(path) else allowed & _OF_FILES
        _system_call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", within, place), 0)
    finally:
        os.close(place)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _system_call(number: int, *arguments: int | bytes | None) -> int:
    words = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    found = int(_libc().syscall(ctypes.c_long(number), *words))
    if found < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return found
