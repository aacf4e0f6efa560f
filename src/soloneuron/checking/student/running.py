"""Run the student's code for a limited time, quietly, and say where it failed."""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import io
import linecache
import random
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from soloneuron.checking.exchange import Fault

MOST_LETTERS_OF_MESSAGE = 300


class TimeLimitReached(BaseException):
    """The student's code took too long; no ``except Exception`` of its own catches it."""


def faults_of(run: Callable[[], Any], files: set[str], seconds: float) -> tuple[Any, Fault | None]:
    """What a call returned, or the fault that it ended with.

    Args:
        run: calls the student's code.
        files: names of the files that hold the student's code.
        seconds: after this it is interrupted; a call that does not come back to Python cannot be.
    """
    try:
        with quietly(), time_limit(seconds):
            return run(), None
    except TimeLimitReached:
        return None, Fault("Timeout", f"{seconds:g}")
    except KeyboardInterrupt:
        raise
    except BaseException as raised:
        return None, fault_of(raised, files)


def fault_of(raised: BaseException, files: set[str]) -> Fault:
    """The exception with the deepest line of the student's own code."""
    try:
        message = " ".join(str(raised).split())[:MOST_LETTERS_OF_MESSAGE]
    except Exception:
        message = ""
    own = [
        (frame.f_code, line)
        for frame, line in traceback.walk_tb(raised.__traceback__)
        if frame.f_code.co_filename in files
    ]
    if not own:
        return Fault(type(raised).__name__, message)
    code, line = own[-1]
    text = linecache.getline(code.co_filename, line).strip()
    return Fault(type(raised).__name__, message, line, text, code.co_name)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeLimitReached`` in this thread once the time is over."""
    own, lock, over = threading.get_ident(), threading.Lock(), False

    def interrupt() -> None:
        with lock:
            if not over:
                raised = ctypes.py_object(TimeLimitReached)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(own), raised)

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            over = True
        timer.cancel()


def _nobody_answers(prompt: object = "") -> str:
    raise EOFError(f"nobody answers input({prompt!r})")


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Without output and warnings, and with random numbers that are the same every time."""
    state, asking = random.getstate(), builtins.input
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    of_numpy = numpy.random.get_state() if numpy else None
    of_torch = torch.random.get_rng_state() if torch else None
    random.seed(0)
    if numpy:
        numpy.random.seed(0)
    if torch:
        torch.random.set_rng_state(torch.Generator().manual_seed(0).get_state())
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            builtins.input = _nobody_answers
            yield
    finally:
        builtins.input = asking
        random.setstate(state)
        if numpy:
            numpy.random.set_state(of_numpy)
        if torch:
            torch.random.set_rng_state(of_torch)
