"""The warm parent: it has imported what homework needs, and forks a worker for each file.

It never knows what is right, and does no work of torch itself, so that no thread is lost in a fork. Elsewhere
than on Linux a worker is a process of its own, which begins cold.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sys
from typing import Any, NoReturn

from soloneuron.checking.isolation.frames import ChannelBrokenError, frame, read_frame
from soloneuron.checking.isolation.guards import guard
from soloneuron.checking.isolation.namespaces import die_with_parent, leave_namespaces
from soloneuron.checking.isolation.worker import answer_messages

WARM = (
    "torch",
    "numpy",
    "math",
    "random",
    "unittest",
    "copy",
    "functools",
    "itertools",
    "collections",
    "typing",
)


def fork_server() -> None:
    """Answer each request on a socket, whose number is the last argument, with a forked worker."""
    control = socket.socket(fileno=int(sys.argv[-1]))
    _warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.sendall(frame({"warm": True}))
    folders: list[str] = []
    while True:
        try:
            request, channel = _request(control)
        except (ChannelBrokenError, OSError):
            break  # whoever judges has gone, perhaps without tidying up
        folders.append(request["folder"])
        keeper = os.fork()
        if keeper == 0:
            control.close()
            _keep(request, channel)
        os.close(channel)
        control.sendall(frame({"keeper": keeper}))
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def one_worker() -> None:
    """Be the worker of one file, over the standard streams; the last two arguments are folder and seconds."""
    read, write = os.dup(0), os.dup(1)
    for stream in (read, write):
        os.set_inheritable(stream, False)
        if sys.platform == "win32":
            import msvcrt

            msvcrt.setmode(stream, os.O_BINARY)
    group: tuple[str, ...] = ()
    with contextlib.suppress(OSError, AttributeError):
        os.setsid()
        group = ("group",)
    _warm_up()
    on = guard(sys.argv[-2], int(sys.argv[-1]), os.getpid(), before=group)
    answer_messages(lambda most: os.read(read, most), lambda words: _written(write, words), on)


def _request(control: socket.socket) -> tuple[dict[str, Any], int]:
    """The next request, and the worker's end of its channel, which comes with the first byte."""
    head, handles, _, _ = socket.recv_fds(control, 1, 1)
    if not head or not handles:
        raise ChannelBrokenError("it has ended")
    return read_frame(control.recv), handles[0]


def _keep(request: dict[str, Any], channel: int) -> NoReturn:
    """Leave the namespaces, fork the worker into new ones, and last as long as it does."""
    try:
        os.setsid()
        die_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        before, number = ("group", *leave_namespaces()), os.getpid()
        worker = os.fork()
        if worker == 0:
            own = socket.socket(fileno=channel)
            on = guard(request["folder"], request["seconds"], number, before=before)
            answer_messages(own.recv, own.sendall, on)
        os.close(channel)
        os.waitpid(worker, 0)
    finally:
        os._exit(0)


def _warm_up() -> None:
    """Import what nearly every homework imports, and what runs it."""
    for name in WARM:
        with contextlib.suppress(ImportError):
            __import__(name)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)


def _written(handle: int, words: bytes) -> None:
    while words:
        words = words[os.write(handle, words) :]
