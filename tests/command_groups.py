"""Whole command lines in a group of processes: forks that torchrun's variables tell who they are."""

import multiprocessing
import pickle
import socket
import sys
import warnings
from contextlib import ExitStack
from dataclasses import dataclass
from typing import NamedTuple

import pytest

from soloneuron.cli import main

PATIENCE = 60
"""Seconds after which a process that has not ended hangs."""


def nothing(*_):
    """What is different in a process in which nothing is."""


class Command(NamedTuple):
    """A command of a group: the words that each rank is given, and what else is different there."""

    words: object
    change: object = nothing


@dataclass(frozen=True)
class Answer:
    """What a process printed, and its exit code."""

    code: int
    out: str
    err: str


def answers(size, commands, folder):
    """What every process of a group answers to each of some commands; none of them is left behind."""
    ports = free_ports(len(commands))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forks beside threads, from Python 3.12 on
        context = multiprocessing.get_context("fork")
        forks = [
            context.Process(target=_answer_all, args=(rank, size, commands, ports, folder))
            for rank in range(size)
        ]
        for fork in forks:
            fork.start()
    for fork in forks:
        fork.join(PATIENCE)
    hanging = [rank for rank, fork in enumerate(forks) if fork.is_alive()]
    for fork in forks:
        fork.kill()
    assert not hanging, f"processes {hanging} of {size} did not end"
    ranks = [pickle.loads((folder / f"answers{size}.{rank}").read_bytes()) for rank in range(size)]
    return {name: [one[name] for one in ranks] for name in commands}


def free_ports(count):
    """Ports that nobody listens at."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _answer_all(rank, size, commands, ports, folder):
    """All commands one after another, each in a group of its own."""
    place = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": size, "MASTER_ADDR": "127.0.0.1"}
    found = {}
    for (name, command), port in zip(commands.items(), ports, strict=True):
        paths = [folder / f"{stream}{rank}" for stream in ("out", "err")]
        with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
            for variable, value in {**place, "MASTER_PORT": port}.items():
                patch.setenv(variable, str(value))
            out, err = (stack.enter_context(path.open("w", encoding="utf-8")) for path in paths)
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            command.change(rank, patch)
            code = main(command.words(rank))
        found[name] = Answer(code, *(path.read_text(encoding="utf-8") for path in paths))
    (folder / f"answers{size}.{rank}").write_bytes(pickle.dumps(found))
