"""Bytes as letters that a page can carry."""

from __future__ import annotations

import base64
import gzip


def packed(content: bytes) -> str:
    """Bytes gzipped in base64, a fifth of the size of most texts; browsers unpack it by themselves.

    Example:
        >>> gzip.decompress(base64.b64decode(packed(b"neuron")))
        b'neuron'
    """
    return base64.b64encode(gzip.compress(content, mtime=0)).decode()
