"""SIGTERM and SIGHUP stop a command as Ctrl-C does: what was asked for is saved."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

INTERRUPTED = 130
"""The exit code after Ctrl-C; after a signal it is 128 and its number."""


@dataclass
class Stop:
    """What has stopped the command.

    Attributes:
        code: its exit code; None while nothing has.
    """

    code: int | None = None


@contextmanager
def stopped_by_signals() -> Iterator[Stop]:
    """Let the signals that end a process, or its terminal, stop the work as Ctrl-C does.

    The first counts; a second one does not disturb the saving. A signal that somebody has taken care of, as
    ``nohup`` does, stays with them.
    """
    stop = Stop()

    def handle(number: int, _: FrameType | None) -> None:
        if stop.code is None:
            stop.code = 128 + number
            raise KeyboardInterrupt(signal.Signals(number).name)

    names = ("SIGTERM", "SIGHUP") if threading.current_thread() is threading.main_thread() else ()
    ours = [number for name in names if (number := getattr(signal, name, None)) is not None]
    ours = [number for number in ours if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, handle)
    try:
        yield stop
    finally:
        for number in ours:
            with suppress(ValueError):
                signal.signal(number, signal.SIG_DFL)
