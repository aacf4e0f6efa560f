"""The streams of the process as the program needs them, and as they were found afterwards.

There may be none (``pythonw``, ``>&-``), they may lack letters, and whoever reads them may go away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import TextIOWrapper
from typing import Any

from soloneuron.cli.language import spoken
from soloneuron.texts.plain import plain_line, shortened


@contextmanager
def usable_streams() -> Iterator[None]:
    """Streams that take every letter, nowhere for those that there are not; afterwards all is as it was."""
    with _nowhere_for_none(), _any_letter_printed():
        yield


def complain(line: str, *, to: str = "soloneuron") -> None:
    """Print one line on stderr; where nobody can read it, that is no fault."""
    whole = " ".join(line.split("\n"))
    with suppress(OSError, ValueError):
        print(f"{to}: {shortened(plain_line(whole))}", file=sys.stderr)


def remark(line: str) -> None:
    """Print one note on stderr."""
    complain(spoken(f"note: {line}"))


@contextmanager
def _nowhere_for_none() -> Iterator[None]:
    """A stream that is missing or closed prints to nowhere."""
    missing = [name for name in ("stdout", "stderr") if _is_closed(getattr(sys, name))]
    before = {name: getattr(sys, name) for name in missing}
    with ExitStack() as opened:
        for name in missing:
            setattr(sys, name, opened.enter_context(open(os.devnull, "w", encoding="utf-8")))
        try:
            yield
        finally:
            for name, stream in before.items():
                setattr(sys, name, stream)


def _is_closed(stream: Any) -> bool:
    return stream is None or bool(getattr(stream, "closed", False))


@contextmanager
def _any_letter_printed() -> Iterator[None]:
    """Print a letter that the terminal does not have as its number."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, TextIOWrapper)]
    manners = [stream.errors for stream in streams]
    for stream in streams:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        for stream, errors in zip(streams, manners, strict=True):
            with suppress(OSError, ValueError):  # it flushes what is left
                stream.reconfigure(errors=errors)
