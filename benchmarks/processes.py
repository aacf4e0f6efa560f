"""A process a rival: what one imports, keeps in memory or starts in threads slows no other.

``Rival`` starts this file with the place of a function, which sets everything up and hands back what is to be
timed; then it is asked for turns and answers each in a line of JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import NamedTuple

Found = dict[str, float]

PATIENCE = 60.0
"""CPU seconds of one call after which nobody grows the number of iterations further."""


@dataclass(frozen=True)
class Prepared:
    """What a process is to time, once it is set up.

    Args:
        call: the work; takes the number of epochs where ``between`` is given.
        between: two numbers of epochs, fewer first: what is told is the difference of the two calls an epoch,
            so that the set-up of a call cancels.
        units: how many of what is asked for one call, or one epoch, holds.
        found: what the process knows beside its times; asked for after the last turn.
        arrived: whether it does what was wanted at all; it is not timed if not.
    """

    call: Callable[..., object]
    between: tuple[int, int] | None = None
    units: int = 1
    found: Callable[[], Found] = field(default=dict)
    arrived: bool = True

    def turn(self, calls: int) -> tuple[float, float]:
        """CPU and wall seconds of a unit."""
        if self.between is None:
            taken, share = _timed(self.call, calls), calls * self.units
        else:
            fewer, more = self.between
            short = _timed(lambda: self.call(fewer), calls)
            long = _timed(lambda: self.call(more), calls)
            taken = long[0] - short[0], long[1] - short[1]
            share = calls * (more - fewer) * self.units
        return taken[0] / share, taken[1] / share


def by_fewest(train: Callable[[int], object], value: Callable[[int], float], goal: float) -> Prepared:
    """The cheapest training that arrives, by the number of iterations."""
    count = fewest(value, goal)
    found = {} if count is None else {"iterations": count}
    return Prepared(lambda: train(count), found=lambda: found, arrived=count is not None)


def fewest(train: Callable[[int], float], goal: float) -> int | None:
    """The least number of iterations after which the loss is not above the goal, to about a seventh.

    Args:
        train: trains so many iterations and returns the loss.
        goal: the loss to reach.
    """
    for count in _counts():
        began = time.process_time()
        if train(count) <= goal:
            return count
        if time.process_time() - began > PATIENCE:
            return None
    return None


def _counts() -> Iterator[int]:
    count = 1
    while count <= 5000:
        yield count
        count = max(count + 1, round(count * 1.15))


class Taken(NamedTuple):
    """Median seconds of one unit of work, and what its process found."""

    cpu: float
    wall: float
    found: Found


class Job(NamedTuple):
    """Where the work is set up, ``file:function``, and with what keywords."""

    place: str
    settings: dict[str, object]
    threads: int = 1


class Absent(Exception):
    """A rival that is not installed here."""


class Rival:
    """A process that has set one job up and waits for its turns."""

    def __init__(self, job: Job, warm: int = 1) -> None:
        self.name = job.place
        threads = {f"{library}_NUM_THREADS": str(job.threads) for library in ("OMP", "MKL", "OPENBLAS")}
        self._process = subprocess.Popen(
            [sys.executable, __file__, job.place, json.dumps(job.settings), str(warm)],
            env={**os.environ, **threads}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        said = self._answer()
        if "absent" in said:
            self.close()
            raise Absent(said["absent"])
        self.arrived = bool(said["arrived"])

    def turn(self, calls: int) -> tuple[float, float]:
        said = self._asked(str(calls))
        return float(said["cpu"]), float(said["wall"])

    def found(self) -> Found:
        return self._asked("found")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _asked(self, words: str) -> dict:
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended early, with exit code {self._process.wait()}")
        return json.loads(line)


def processes_in_turn(
    jobs: Mapping[str, Job], rounds: int, calls: int = 1, warm: int = 1
) -> dict[str, Taken | str]:
    """Median times of each job; they take turns. For a rival that cannot be timed, the reason.

    Args:
        jobs: by name.
        rounds: how many turns each has.
        calls: how many calls a turn has.
        warm: how many calls each has before the first turn, untimed.
    """
    rivals: dict[str, Rival] = {}
    reasons: dict[str, Taken | str] = {}
    try:
        for name, job in jobs.items():
            try:
                rivals[name] = Rival(job, warm)
            except Absent as absent:
                reasons[name] = str(absent)
        for name in [name for name, rival in rivals.items() if not rival.arrived]:
            rivals.pop(name).close()
            reasons[name] = "does not get there"
        turns = [{name: rival.turn(calls) for name, rival in rivals.items()} for _ in range(rounds)]
        medians = {
            name: Taken(*(statistics.median(turn[name][k] for turn in turns) for k in (0, 1)), rival.found())
            for name, rival in rivals.items()
        }
        return {**reasons, **medians}
    finally:
        for rival in rivals.values():
            rival.close()


def _timed(work: Callable[[], object], calls: int) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(calls):
        work()
    return time.process_time() - cpu, time.perf_counter() - wall


def _serve(place: str, settings: str, warm: str) -> None:
    """Set up, then answer until nothing is asked any more."""
    import warnings

    warnings.simplefilter("ignore")
    # Libraries may print: answers have a line of their own.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(**said: object) -> None:
        print(json.dumps(said), file=answers, flush=True)

    file, _, function = place.partition(":")
    try:
        prepared: Prepared = getattr(import_module(file), function)(**json.loads(settings))
    except (ImportError, FileNotFoundError) as missing:
        answer(absent=str(missing))
        return
    for _ in range(int(warm) if prepared.arrived else 0):
        prepared.call(*(prepared.between or ())[:1])
    answer(arrived=prepared.arrived)
    for line in sys.stdin:
        if line.strip() == "found":
            answer(**prepared.found())
        else:
            cpu, wall = prepared.turn(int(line))
            answer(cpu=cpu, wall=wall)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
