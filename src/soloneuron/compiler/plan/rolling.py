"""Rolling: stretches of calls that come again and again become loops over views.

Calls say where in memory they read and write, so a stretch of equal calls may always be a loop: what lies
somewhere else in every repetition is looked up in a list of views. Scratch space that a repetition has for
itself is that of the first one.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import replace

from soloneuron.compiler.plan.calls import (
    BufferView,
    CallLoop,
    CallPlan,
    ConstantArray,
    Derived,
    Moving,
    Operand,
    Scratch,
    TorchCall,
    base_of,
)
from soloneuron.compiler.plan.repetition import RepeatedStretch, find_stretches

LEAST_CALLS = 16
"""So many lines a loop must save."""

_NUMBER = re.compile(r"(?<![\w.{])-?\d+(?:\.\d+(?:e[+-]?\d+)?|e[+-]?\d+)")


def roll_calls(plan: CallPlan) -> CallPlan:
    """The plan in which repeated calls are written once, with the loops that they stand in."""
    border = next((i for i, call in enumerate(plan.calls) if call.back), len(plan.calls))
    lives = _lives(plan.calls)
    rolled = CallPlan([], plan.constants)
    for start, stop in ((0, border), (border, len(plan.calls))):
        keys = [_key(plan, call) for call in plan.calls[start:stop]]
        at = start
        for found in find_stretches(keys, LEAST_CALLS):
            stretch = RepeatedStretch(start + found.start, found.period, found.count)
            rolled.calls += plan.calls[at : stretch.start]
            first = len(rolled.calls)
            rolled.calls += _body(plan.calls, stretch, lives)
            groups = [call.group for call in plan.calls[stretch.start : stretch.stop]]
            rolled.loops.append(CallLoop(first, len(rolled.calls), stretch.count, tuple(groups)))
            at = stretch.stop
        rolled.calls += plan.calls[at:stop]
    return rolled


def _lives(calls: list[TorchCall]) -> dict[Scratch, tuple[int, int]]:
    """The first and the last call that touch each piece of scratch space."""
    lives: dict[Scratch, tuple[int, int]] = {}
    for i, call in enumerate(calls):
        for operand in call.operands:
            base = base_of(operand)
            if isinstance(base, Scratch):
                lives[base] = lives.get(base, (i, i))[0], i
    return lives


def _key(plan: CallPlan, call: TorchCall) -> Hashable:
    text = call.add if call.adds else call.put
    return _NUMBER.sub("#", text), call.note, *(_kind_of(plan, operand) for operand in call.operands)


def _kind_of(plan: CallPlan, operand: Operand) -> Hashable:
    """Everything about an operand but its place."""
    match operand:
        case BufferView():
            return operand.varying, operand.shape, operand.slopes, operand.form
        case ConstantArray(index):
            array = plan.constants[index]
            return array.shape, array.dtype.str
        case Scratch():
            return operand.shape, operand.varying, operand.form, operand.kind, bool(operand.hint)
        case Derived(base, how):
            return how, _kind_of(plan, base)
        case _:
            return operand


def _body(
    calls: list[TorchCall], stretch: RepeatedStretch, lives: dict[Scratch, tuple[int, int]]
) -> list[TorchCall]:
    start, P = stretch.start, stretch.period

    def moved(operands: Sequence[Operand]) -> Operand:
        first = operands[0]
        if isinstance(first, Derived):
            return replace(first, base=moved([operand.base for operand in operands]))  # type: ignore[union-attr]
        if all(operand == first for operand in operands):
            return first
        if isinstance(first, Scratch):
            # Its own in every repetition: nobody sees it before or behind that.
            own = [
                {(i - start) // P for i in lives[operand]}  # type: ignore[index]
                for operand in operands
            ]
            inside = all(
                start <= lives[operand][0] and lives[operand][1] < stretch.stop  # type: ignore[index]
                for operand in operands
            )
            if inside and all(len(turns) == 1 for turns in own):
                return first
        return Moving(tuple(operands))

    body = []
    for k in range(P):
        rows = calls[start + k : stretch.stop : P]
        call = rows[0]
        out = moved([row.out for row in rows])
        reads = [moved(column) for column in zip(*(row.reads for row in rows), strict=True)]
        text, numbers = _numbers([row.add if row.adds else row.put for row in rows], len(reads))
        body.append(replace(call, put=text, adds=False, out=out, reads=(*reads, *numbers)))
    return body


def _numbers(texts: list[str], reads: int) -> tuple[str, list[Operand]]:
    """The text of equal calls; a number that is another one in every repetition becomes an operand."""
    columns = list(zip(*(_NUMBER.findall(text) for text in texts), strict=True))
    moving: list[Operand] = []
    holes = iter(columns)

    def hole(match: re.Match[str]) -> str:
        column = next(holes)
        if column.count(column[0]) == len(column):
            return match.group()
        moving.append(Moving(tuple(float(number) for number in column)))
        return f"{{{reads + len(moving) - 1}}}"

    return _NUMBER.sub(hole, texts[0]), moving
