"""Scratch space: which pieces of temporary memory may be one, because their lives do not meet."""

from __future__ import annotations

from dataclasses import replace

from soloneuron.compiler.plan.calls import CallPlan, Moving, Scratch, base_of, renamed


def share_scratch(plan: CallPlan) -> CallPlan:
    """The plan with as little scratch space as the order of its calls allows."""
    last: dict[Scratch, int] = {}
    first: dict[Scratch, int] = {}
    pinned: set[Scratch] = set()
    for i, call in enumerate(plan.calls):
        for operand in call.operands:
            base = base_of(operand)
            if isinstance(base, Scratch):
                first.setdefault(base, i)
                last[base] = i
            elif isinstance(base, Moving):
                # Another piece in every repetition: each keeps its memory.
                pinned.update(turn for turn in base.turns if isinstance(turn, Scratch))
    for loop in plan.loops:
        # What was written before a loop is read in every repetition, so it lives to the end of the last.
        for scratch, i in last.items():
            if loop.start <= i < loop.stop and first[scratch] < loop.start:
                last[scratch] = loop.stop - 1
    given: dict[Scratch, Scratch] = {}
    free: dict[tuple[object, ...], list[Scratch]] = {}
    calls = []
    for i, call in enumerate(plan.calls):
        touched = dict.fromkeys(base for x in call.operands if isinstance(base := base_of(x), Scratch))
        for scratch in touched:
            if scratch not in given:
                waiting = None if scratch in pinned else free.get(_kind(scratch))
                given[scratch] = waiting.pop() if waiting else scratch
        calls.append(
            replace(call, out=renamed(call.out, given), reads=tuple(renamed(x, given) for x in call.reads))
        )
        for scratch in touched:
            # Calls run one after the other: what ends here may begin again in the next.
            if last[scratch] == i and scratch not in pinned:
                free.setdefault(_kind(scratch), []).append(given[scratch])
    return CallPlan(calls, plan.constants, plan.loops)


def _kind(scratch: Scratch) -> tuple[object, ...]:
    # What is gathered has a name of its own, and keeps its memory.
    return scratch.shape, scratch.varying, scratch.form, scratch.kind, scratch.hint
