"""A question of ``neuron.py``: our call beside its rivals, and what is asked of each pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from harness import Report
from processes import Found, Job, Taken, processes_in_turn


class Within(NamedTuple):
    """Ours takes at most so many times the rival's time."""

    times: float


class AtLeast(NamedTuple):
    """Ours is at least so many times faster."""

    times: float


Wish = Within | AtLeast | None


def ours(function: str, threads: int = 1, **settings: object) -> Job:
    return Job(f"neuron_ours:{function}", settings, threads)


def theirs(function: str, **settings: object) -> Job:
    return Job(f"neuron_rivals:{function}", settings)


def ask(
    report: Report,
    question: str,
    call: Job,
    rivals: Mapping[str, tuple[Job, Wish]],
    *,
    rounds: int = 3,
    calls: int = 1,
    warm: int = 1,
    clock: Literal["cpu", "wall"] = "cpu",
) -> Taken | None:
    """Time a call of ours and its rivals in turn, and print a row a rival.

    Args:
        report: prints.
        question: the work.
        call: ours.
        rivals: by name, with what is asked.
        rounds: how many turns each has.
        calls: how many calls a turn has.
        warm: how many untimed calls each has before.
        clock: whose ratio is asked for; the other stands behind.

    Returns:
        What ours took; None if it does not get there.
    """
    jobs = {"ours": call, **{name: job for name, (job, _) in rivals.items()}}
    taken = processes_in_turn(jobs, rounds, calls, warm)
    mine = taken["ours"]
    if isinstance(mine, str):
        report.missed(question, mine)
        return None
    for name, (_, wish) in rivals.items():
        rival = taken[name]
        if isinstance(rival, str):
            report.without(question, getattr(mine, clock), name, rival)
            continue
        _row(report, question, mine, name, rival, wish, clock)
    return mine


def _row(report: Report, question: str, mine: Taken, name: str, rival: Taken, wish: Wish, clock: str) -> None:
    other = "wall" if clock == "cpu" else "cpu"
    pair, beside = ((getattr(mine, which), getattr(rival, which)) for which in (clock, other))
    faster = not isinstance(wish, Within)
    part = beside[1] / beside[0] if faster else beside[0] / beside[1]
    told = [f"{other} {part:.3g}", *_found(mine.found, rival.found)]
    row = report.faster if faster else report.share
    row(question, pair[0], name, pair[1], wish and wish.times, note=", ".join(told))


def _found(mine: Found, rival: Found) -> list[str]:
    """What both know, side by side."""
    return [
        f"{name} {value:.4g}" + (f" against {rival[name]:.4g}" if name in rival else "")
        for name, value in mine.items()
    ]
