"""How every benchmark here measures and prints: rivals in turn in one run, a row a question, what was asked.

torch is not imported here: what it leaves in memory would slow the collector that ``element.py`` measures.
Run as a script, this file times one fixed loop, by which machines are compared.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]

REFERENCE_SECONDS = 0.39
"""CPU seconds of the fixed loop on the machine of the figures: an AMD EPYC (Genoa), 2 shared cores."""


def seconds(work: Work, calls: int = 1) -> float:
    """Seconds of one call, the mean of some in a row."""
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls


def in_turn(rivals: Mapping[str, Work], rounds: int, calls: int = 1, warm: int = 1) -> dict[str, float]:
    """Median seconds of one call of each. They take turns, so that a busy machine slows all of them.

    Args:
        rivals: what is measured, by name.
        rounds: how many turns each has.
        calls: how many calls a turn has.
        warm: how many calls each has before the first turn, untimed.
    """
    for work in rivals.values():
        for _ in range(warm):
            work()
    turns = [{name: seconds(work, calls) for name, work in rivals.items()} for _ in range(rounds)]
    return {name: statistics.median(turn[name] for turn in turns) for name in rivals}


def installed(name: str) -> bool:
    """Whether a rival is here; says so if it is not."""
    from importlib.util import find_spec

    here = find_spec(name) is not None
    if not here:
        print(f"({name} is not installed: pip install 'soloneuron[bench]' compares with it)", flush=True)
    return here


class Report:
    """Prints what is measured and on what, then a row a question; remembers what fell short.

    Args:
        question: what the script asks, and how it measures.
        libraries: whose versions stand beside Python's.
    """

    def __init__(self, question: str, *libraries: str) -> None:
        self.short: list[str] = []
        self.factor = machine_factor()
        print(f"{question}\n{_machine()}\n{_versions('soloneuron', *libraries)}")
        print(f"a fixed loop takes {_figure(self.factor)} of its CPU time on the machine of the figures\n")
        _print("question", "ours", "rival", "ratio", "asked")

    def race(
        self, question: str, ours: Work, rival: str, theirs: Work, *, rounds: int, asked: float | None = None
    ) -> None:
        """Two works in turn, and how many times faster ours is."""
        taken = in_turn({"ours": ours, "theirs": theirs}, rounds)
        self.faster(question, taken["ours"], rival, taken["theirs"], asked)

    def faster(
        self,
        question: str,
        ours: float,
        rival: str,
        theirs: float,
        asked: float | None = None,
        *,
        note: str = "",
    ) -> None:
        """How many times faster we are than a rival, in seconds; at least what was asked."""
        times = theirs / ours
        wish = "" if asked is None else f">= {_figure(asked)} x"
        kept = asked is None or times >= asked
        self._row(question, told(ours), f"{told(theirs)} {rival}", f"{_figure(times)} x", wish, kept, note)

    def share(
        self,
        question: str,
        ours: float,
        rival: str,
        theirs: float,
        asked: float | None = None,
        unit: str = "s",
        *,
        note: str = "",
    ) -> None:
        """What part of a rival's time, or of another measure, is ours; at most what was asked."""
        part = ours / theirs
        wish = "" if asked is None else f"<= {_figure(asked)}"
        kept = asked is None or part <= asked
        beside = f"{told(theirs, unit)} {rival}"
        self._row(question, told(ours, unit), beside, f"{_figure(part)} of it", wish, kept, note)

    def without(self, question: str, ours: float | None, rival: str, reason: str) -> None:
        """A rival that could not be measured, and why; nothing falls short of it."""
        self._row(question, "-" if ours is None else told(ours), f"{rival}: {reason}", "", "", True)

    def missed(self, question: str, reason: str) -> None:
        """Ours could not be measured: that falls short of whatever was asked."""
        self._row(question, "-", reason, "", "a figure", False)

    def alone(
        self,
        question: str,
        ours: float,
        unit: str = "s",
        *,
        asked: float | None = None,
        least: float | None = None,
        note: str = "",
    ) -> None:
        """A measure of ours beside no rival; at most what was asked, or at least that."""
        if least is not None:
            self._row(question, told(ours, unit), note, "", f">= {told(least, unit)}", ours >= least)
            return
        wish = "" if asked is None else f"<= {told(asked, unit)}"
        self._row(question, told(ours, unit), note, "", wish, asked is None or ours <= asked)

    def close(self) -> int:
        """Say what fell short; the exit code."""
        said = ["short of what was asked:", *self.short] if self.short else ["nothing fell short"]
        print("\n" + "\n  ".join(said))
        return 1 if self.short else 0

    def _row(
        self, question: str, ours: str, rival: str, ratio: str, wish: str, kept: bool, note: str = ""
    ) -> None:
        said = (wish or "no figure") + ("" if kept else "  SHORT") + (f"  ({note})" if note else "")
        _print(question, ours, rival, ratio, said)
        if not kept:
            self.short.append(f"{question}: {ratio or ours}, asked {wish}" + (f" ({rival})" if rival else ""))


def told(value: float, unit: str = "s") -> str:
    """A measure with its unit; seconds in the unit that suits them."""
    if unit != "s" or value >= 1:
        return f"{_figure(value)} {unit}"
    return f"{_figure(value * 1e3)} ms" if value >= 1e-3 else f"{_figure(value * 1e6)} us"


def machine_factor() -> float:
    """CPU time of one fixed loop in its own process, as a share of that on the machine of the figures."""
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, __file__], env=one_thread, check=True, capture_output=True, text=True
    )
    return float(done.stdout) / REFERENCE_SECONDS


def _fixed_loop() -> float:
    """CPU seconds of plain Python and of small torch operations, about half each; the median of three."""
    import torch

    def work():
        total = 0.0
        for i in range(2_000_000):
            total += i * 0.5
        X, theta = torch.ones(1000, 30), torch.zeros(30)
        for _ in range(20_000):
            theta -= 1e-3 * (X.T @ torch.sigmoid(X @ theta))
        return total

    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _print(question: str, ours: str, rival: str, ratio: str, asked: str) -> None:
    print(f"{question:54s} {ours:>12s}   {rival:38s} {ratio:>11s}   {asked}", flush=True)


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch = sys.modules.get("torch")
    threads = f", torch threads {torch.get_num_threads()}" if torch else ""
    return f"{platform.system()} {platform.machine()}, {cores} cores{threads}"


def _versions(*libraries: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    named = [f"Python {platform.python_version()}"]
    for library in libraries:
        try:
            named.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            named.append(f"{library} not installed")
    return ", ".join(named)


if __name__ == "__main__":
    print(_fixed_loop())
