"""Workers, seen from the side that judges: how they begin, are asked, and are killed."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from soloneuron.checking.isolation.frames import (
    ChannelBrokenError,
    ChannelSilentError,
    frame,
    read_frame,
    timed_reader,
)
from soloneuron.errors import ProcessError

WARM_SECONDS = 120.0
"""A cold machine may take long to read torch from its disk."""


class Worker(ABC):
    """A process that runs somebody's code. Messages go to it, and come from it."""

    @abstractmethod
    def send(self, message: Mapping[str, Any]) -> None:
        """Say something.

        Raises:
            ChannelBrokenError: it has gone.
        """

    @abstractmethod
    def receive(self, seconds: float) -> Any:
        """What it says next.

        Raises:
            ChannelBrokenError: it has gone, or says what is no message.
            ChannelSilentError: it says nothing for so long.
        """

    @abstractmethod
    def kill(self) -> None:
        """End it, and all that it started."""


class HomeworkWorkers(ABC):
    """Starts workers."""

    @abstractmethod
    def start(self, folder: str, seconds: int) -> Worker:
        """A new worker.

        Args:
            folder: its own, which is removed by the caller.
            seconds: of the processor's time it may take.
        """

    @abstractmethod
    def close(self) -> None:
        """Start no more."""


class ForkedWorkers(HomeworkWorkers):
    """Forks of one warm parent; Linux."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.control, theirs = socket.socketpair()
        with theirs:
            handle = theirs.fileno()
            words = python_words("fork_server", str(handle))
            self.parent = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment(),
                pass_fds=(handle,),
                start_new_session=True,
            )
        self.is_warm = False

    def start(self, folder: str, seconds: int) -> Worker:
        """Fork one; a parent that has ended is begun anew, once."""
        try:
            return self._forked(folder, seconds)
        except (OSError, ChannelBrokenError, ChannelSilentError):
            self.close()
            self._begin()
        try:
            return self._forked(folder, seconds)
        except (OSError, ChannelBrokenError, ChannelSilentError) as fault:
            raise ProcessError(
                f"the process that starts workers has ended: {str(fault) or type(fault).__name__}",
                code="check.workers",
            ) from None

    def _forked(self, folder: str, seconds: int) -> Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.control, [b"!"], [theirs.fileno()])
            self.control.sendall(frame({"folder": folder, "seconds": seconds}))
        read = timed_reader(self.control, WARM_SECONDS)
        if not self.is_warm:
            read_frame(read)
            self.is_warm = True
        return ForkedWorker(ours, read_frame(read)["keeper"])

    def close(self) -> None:
        """End the parent."""
        self.control.close()
        self.parent.terminate()
        self.parent.wait()


class ForkedWorker(Worker):
    """A fork of the warm parent, behind a socket.

    Args:
        channel: our end of it.
        keeper: the process that leads its group, and lasts as long as it does.
    """

    def __init__(self, channel: socket.socket, keeper: int) -> None:
        self.channel, self.keeper = channel, keeper

    def send(self, message: Mapping[str, Any]) -> None:
        """Say something."""
        try:
            self.channel.settimeout(WARM_SECONDS)
            self.channel.sendall(frame(message))
        except OSError as fault:
            raise ChannelBrokenError(str(fault)) from None

    def receive(self, seconds: float) -> Any:
        """What it says next."""
        return read_frame(timed_reader(self.channel, seconds))

    def kill(self) -> None:
        """End its whole group."""
        self.channel.close()
        with contextlib.suppress(OSError):
            os.killpg(self.keeper, signal.SIGKILL)


class SpawnedWorkers(HomeworkWorkers):
    """A cold process for each file, over its standard streams: for Windows and macOS."""

    def start(self, folder: str, seconds: int) -> Worker:
        """Begin one."""
        process = subprocess.Popen(
            python_words("one_worker", folder, str(seconds)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            cwd=folder,
        )
        return SpawnedWorker(process)

    def close(self) -> None:
        """There is nothing to end."""


class SpawnedWorker(Worker):
    """A process of its own.

    Args:
        process: with pipes for input and output.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.came: queue.Queue[Any] = queue.Queue(maxsize=4)
        self._listener = threading.Thread(target=self._listen, args=(process.stdout,), daemon=True)
        self._listener.start()

    def send(self, message: Mapping[str, Any]) -> None:
        """Say something."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(frame(message))
            self.process.stdin.flush()
        except (OSError, ValueError) as fault:
            raise ChannelBrokenError(str(fault)) from None

    def receive(self, seconds: float) -> Any:
        """What it says next."""
        try:
            message = self.came.get(timeout=max(0.0, seconds))
        except queue.Empty:
            raise ChannelSilentError from None
        if isinstance(message, ChannelBrokenError):
            raise message
        return message

    def kill(self) -> None:
        """End it, and what it started as far as the system tells."""
        if sys.platform == "win32":
            words = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
            with contextlib.suppress(OSError):
                subprocess.run(words, capture_output=True, check=False)
        else:
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        # Its reader closes the output: a number of a stream that is closed under it might be another's soon.
        deadline = time.monotonic() + 1
        while self._listener.is_alive() and time.monotonic() < deadline:
            with contextlib.suppress(queue.Empty):
                self.came.get(timeout=0.01)

    def _listen(self, stream: IO[bytes]) -> None:
        """Put what comes into the queue; it is the only reader, so that time can be limited anywhere."""
        with stream:
            while True:
                try:
                    self.came.put(read_frame(lambda most: os.read(stream.fileno(), most)))
                except ChannelBrokenError as end:
                    self.came.put(end)
                    return
                except (OSError, ValueError) as fault:
                    self.came.put(ChannelBrokenError(str(fault)))
                    return


def best_workers() -> HomeworkWorkers:
    """Forked ones on Linux, elsewhere spawned."""
    return ForkedWorkers() if sys.platform.startswith("linux") else SpawnedWorkers()


def python_words(function: str, *given: str) -> list[str]:
    """The command that runs a function of the worker's side."""
    return [
        sys.executable,
        "-c",
        f"from soloneuron.checking.isolation.server import {function}; {function}()",
        *given,
    ]


def environment() -> dict[str, str]:
    """What a worker begins with: the way to its libraries, one thread, the same hashes every time."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return {
        **kept,
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(_library_folders()),
        "PYTHONSAFEPATH": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


def _library_folders() -> list[str]:
    """The folders of this package and of the libraries that a worker imports, wherever they are."""
    found = [str(Path(__file__).resolve().parents[2])]
    for name in ("torch", "numpy", "lazy_loader"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            folder = str(Path(spec.origin).parents[1])
            found += [folder] * (folder not in found)
    return found
