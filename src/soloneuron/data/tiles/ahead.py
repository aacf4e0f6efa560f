"""What comes next is read by a thread of its own while what is here is written."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar

Fetched = TypeVar("Fetched")

_END: Any = object()


def read_ahead(found: Generator[Fetched, None, None]) -> Generator[Fetched, None, None]:
    """The same items; the next one is fetched meanwhile, so that two are in memory.

    Args:
        found: what takes its time outside of Python, as pyarrow does.

    Example:
        >>> list(read_ahead(k * k for k in range(4)))
        [0, 1, 4, 9]
    """
    with closing(found), ThreadPoolExecutor(1, "soloneuron-reading") as reader:
        coming = reader.submit(next, found, _END)
        while (item := coming.result()) is not _END:
            coming = reader.submit(next, found, _END)
            yield item
