"""How every benchmark here measures: both sides in turn, in one process, and the ratio of their medians."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable

import torch


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int
) -> tuple[float, float, float]:
    """How many times faster ours is, and the median seconds of each, after one warm-up, taken in turn."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    mine, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    return other / mine, mine, other


class Report:
    """Prints one line a ratio and remembers which fell short."""

    def __init__(self) -> None:
        self.short: list[str] = []

    def line(self, work: str, rival: str, measured: tuple[float, float, float], asked: float | None) -> None:
        times, mine, other = measured
        wanted = f"asked {asked:g}" if asked is not None else "no figure asked"
        verdict = "" if asked is None or times >= asked else "  SHORT"
        print(f"{work:46s} {rival:30s} {times:8.2f} x ({wanted}){verdict}   {_time(mine)} vs {_time(other)}")
        sys.stdout.flush()
        if verdict:
            self.short.append(f"{work} against {rival}: {times:.2f}, asked {asked:g}")

    def close(self) -> int:
        print(
            "\nall ratios reached"
            if not self.short
            else "\nshort of what was asked:\n  " + "\n  ".join(self.short)
        )
        return 1 if self.short else 0


def machine(*libraries: str) -> None:
    """Print what the figures were measured on."""
    from importlib.metadata import PackageNotFoundError, version

    named = [f"Python {platform.python_version()}"]
    for library in libraries:
        try:
            named.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            named.append(f"{library} not installed")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{platform.system()} {platform.machine()}, {cores} cores, torch threads {torch.get_num_threads()}")
    print(", ".join(named) + "\n")


def _time(value: float) -> str:
    return (
        f"{value * 1e6:.0f} us"
        if value < 1e-3
        else f"{value * 1e3:.1f} ms"
        if value < 1
        else f"{value:.2f} s"
    )
