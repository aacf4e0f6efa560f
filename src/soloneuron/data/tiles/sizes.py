"""Amounts of memory as people write them."""

from __future__ import annotations

import re

from soloneuron.errors import InputError

UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def as_bytes(amount: int | str, *, name: str, least: int) -> int:
    """A number of bytes, from a whole number or a word such as ``64M``.

    Args:
        amount: a whole number, or one with K, M, G or T behind it: powers of 1024.
        name: what it is called, for the message.
        least: so many at least.

    Raises:
        InputError: something else, or less.

    Example:
        >>> as_bytes("64M", name="memory", least=0), as_bytes(4096, name="memory", least=0)
        (67108864, 4096)
    """
    found = re.fullmatch(
        r"([0-9]{1,15}(?:\.[0-9]{1,3})?)\s?([KMGT]?)(?:i?B)?", str(amount).strip(), re.IGNORECASE
    )
    if isinstance(amount, bool) or found is None:
        raise InputError(
            f"{name} must be a size such as 64M or 2G, got {str(amount)[:40]!r}", code="size.type", name=name
        )
    count = int(float(found[1]) * UNITS[found[2].upper()])
    if count < least:
        raise InputError(
            f"{name} must be {in_words(least)} or more, got {str(amount)!r}", code="size.range", name=name
        )
    return count


def in_words(count: int) -> str:
    """A number of bytes as people write it.

    Example:
        >>> in_words(64 * 2**20), in_words(1536)
        ('64 MB', '1.5 KB')
    """
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < 1024:
            return f"{count:.3g} {unit}" if unit != "bytes" else f"{count} bytes"
        count = count / 1024 if count % 1024 else count // 1024  # type: ignore[assignment]
    return f"{count:.3g} TB"
