"""As root a worker becomes somebody who owns nothing."""

from __future__ import annotations

import ctypes
import os
import struct
import sys

FAR_USER = 2_000_000_000
"""Users from here on are nobody's: one for each worker."""

NOBODY = 65534

_KEEP_CAPABILITIES = 8
_HEADER = struct.pack("=Ii", 0x20080522, 0)
_READ_ANY = 1 << 2
"""``CAP_DAC_READ_SEARCH``: files of others can be read."""


def become_nobody(folder: str, number: int, *, reading: bool) -> tuple[str, ...]:
    """As root, become a user who owns nothing but the folder.

    Args:
        folder: his.
        number: of this worker; another one is another user.
        reading: whether he may read the files of others, for Python is among them; whoever says so must see
            to it that Landlock forbids the rest, or call ``drop_capabilities``.

    Returns:
        ``("user",)``, or nothing where this process is not root's.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return ()
    if reading and not sys.platform.startswith("linux"):
        return ()
    for user in (FAR_USER + number % 1_000_000, NOBODY):
        try:
            os.chown(folder, user, user)
            os.setgroups([])
            os.setgid(user)
            if reading:
                _libc().prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
            os.setuid(user)
        except OSError:
            continue
        if reading:
            _set_capabilities(_READ_ANY)
        return ("user",)
    return ()


def drop_capabilities() -> None:
    """May nothing any more that another user may not."""
    _set_capabilities(0)


def _set_capabilities(kept: int) -> None:
    words = struct.pack("=6I", kept, kept, 0, 0, 0, 0)
    _libc().capset(ctypes.c_char_p(_HEADER), ctypes.c_char_p(words))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
