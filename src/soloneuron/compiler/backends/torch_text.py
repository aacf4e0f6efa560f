"""The text of a plan: names for everything that it refers to, bound once, and a line a call."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from soloneuron.compiler.backends.naming import Namer
from soloneuron.compiler.backends.streams import MOST_PIECES, ListPlace, loop_heading, pieces, slice_of
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
    Whole,
    base_of,
    size_of,
)

BUFFERS = {
    (False, False): "values",
    (True, False): "lanes",
    (False, True): "slopes",
    (True, True): "lane_slopes",
}


class TorchText:
    """Names everything that a plan refers to.

    Args:
        plan: the calls.

    Attributes:
        setup: lines that bind the names, run once.
        scratch: numbers of scratch space that do not vary, and that vary.
    """

    def __init__(self, plan: CallPlan) -> None:
        self.plan = plan
        self.setup: list[str] = []
        self.scratch = [0, 0]
        self._names: dict[Operand, str] = {}
        self._spelled: dict[str, str] = {}
        self._running: dict[str, str] = {}
        self._lists: dict[str, ListPlace] = {}
        self._lengths: dict[str, int] = {}
        self._namer = Namer()

    def steps(self) -> tuple[list[str], dict[tuple[int, bool], list[int]]]:
        """The lines of a step, and which of them (from 0) work for which group, forward or back."""
        self._keep_turns()
        loops = {loop.start: loop for loop in self.plan.loops}
        lines, places = ["# forward"], dict[tuple[int, bool], list[int]]()
        back, i = False, 0
        while i < len(self.plan.calls):
            call, loop = self.plan.calls[i], loops.get(i)
            if call.back and not back:
                lines.append("# backward")
                back = True
            groups: tuple[int, ...] = (call.group,)
            body = [call]
            if loop is None:
                lines.append(self._line(call))
            else:
                groups, body = loop.groups, self.plan.calls[i : loop.stop]
                lines += self._loop(loop, body)
            first = len(lines) - len(body)
            for k, group in enumerate(groups):
                found = places.setdefault((group, back), [])
                line = first + k % len(body)
                if line not in found[-1:]:
                    found.append(line)
            i += len(body)
        if not back:
            lines.append("# backward")
        return lines, places

    def _loop(self, loop: CallLoop, body: list[TorchCall]) -> list[str]:
        lists: dict[str, str] = {}
        inside = [f"    {self._line(call, lists)}" for call in body]
        return [*loop_heading([(name, text) for text, name in lists.items()], loop.count), *inside]

    def _line(self, call: TorchCall, lists: dict[str, str] | None = None) -> str:
        """One call, with the shape of its result as a comment."""

        def named(operand: Operand) -> str:
            name = self.name(operand)
            if lists is None or not isinstance(base_of(operand), Moving):
                return name
            # What stands for one of a list runs through it; its name is that of the list without the end.
            if name not in self._running:
                self._running[name] = self._namer.label(name.removesuffix("_all"))
            lists[name] = self._running[name]
            return lists[name]

        names = [named(operand) for operand in call.reads]
        text = (call.add if call.adds else call.put).format(*names, o=named(call.out))
        return f"{text:<58}  # {call.note}" if call.note else text

    def name(self, operand: Operand) -> str:
        """The name of an operand, bound where it is new."""
        if operand not in self._names:
            self._names[operand] = self._bound(operand)
        return self._names[operand]

    def _bound(self, operand: Operand) -> str:
        match operand:
            case BufferView():
                hint = f"d_{operand.hint}" if operand.slopes else operand.hint
                return self._once(hint, spelled_view(operand, operand.offset))
            case ConstantArray(index, hint):
                shape = self.plan.constants[index].shape
                return self._bind(hint, f"constants[{index}]  # {shape}")
            case Scratch():
                return self._space(operand)
            case Derived():
                return self._derived(operand)
            case Moving(turns):
                hint, spelled = self._turns(turns)
                return spelled if spelled in self._lengths else self._once(hint, spelled)
            case Whole(name):
                return name

    def _derived(self, operand: Derived) -> str:
        name, how = self.name(operand.base), operand.how
        if isinstance(base_of(operand), Moving):
            each = f"[{how.replace('{}', 'x')} for x in {name}]"
            return self._once(f"{name.removesuffix('_all')}{operand.suffix}_all", each)
        return self._bind(name + operand.suffix, how.replace("{}", name))

    def _space(self, scratch: Scratch) -> str:
        place = self._lists.get(str(scratch.number))
        if place is not None:
            return f"{place.source}[{place.index}]"
        return self._bind(scratch.hint or scratch.kind, self._memory(scratch, 1))

    def _once(self, hint: str, spelled: str) -> str:
        """The same piece of memory has one name, whoever asks first."""
        if spelled not in self._spelled:
            self._spelled[spelled] = self._bind(hint, spelled)
        return self._spelled[spelled]

    def _bind(self, hint: str, spelled: str) -> str:
        name = self._namer.label(hint)
        self.setup.append(f"{name} = {spelled}")
        return name

    def _memory(self, scratch: Scratch, count: int) -> str:
        shape = scratch.shape
        self.scratch[scratch.varying] += count * size_of(scratch)
        size = ", ".join(map(str, shape))
        if scratch.varying:
            size = f"{size}, B" if scratch.form == "rows" else f"{shape[0]}, {shape[1]} * B"
        return f"empty({size}, dtype=bool)" if scratch.kind == "m" else f"empty({size})"

    # What is another operand in every repetition of a loop.

    def _keep_turns(self) -> None:
        """Scratch space that is another one in every repetition stands in a list."""
        for loop in self.plan.loops:
            for call in self.plan.calls[loop.start : loop.stop]:
                for operand in call.operands:
                    base = base_of(operand)
                    if isinstance(base, Moving) and isinstance(base.turns[0], Scratch):
                        self._keep(base.turns)  # type: ignore[arg-type]

    def _keep(self, turns: Sequence[Scratch]) -> None:
        fresh = [scratch for scratch in dict.fromkeys(turns) if str(scratch.number) not in self._lists]
        if not fresh:
            return
        first = fresh[0]
        each = f"[{self._memory(first, len(fresh))} for _ in range({len(fresh)})]"
        name = self._bind(f"{first.hint or first.kind}_all", each)
        self._lengths[name] = len(fresh)
        for i, scratch in enumerate(fresh):
            self._lists[str(scratch.number)] = ListPlace(name, i)

    def _turns(self, turns: Sequence[Operand] | Sequence[float]) -> tuple[str, str]:
        """What to call a list of operands, and how it is made."""
        first = turns[0]
        match first:
            case BufferView():
                hint = f"d_{first.hint}" if first.slopes else first.hint
                return f"{hint}_all", self._views(turns)  # type: ignore[arg-type]
            case ConstantArray():
                indices = self._indices([constant.index for constant in turns])  # type: ignore[union-attr]
                return f"{first.hint}_all", f"[constants[i] for i in {indices}]"
            case Scratch():
                return f"{first.hint or first.kind}_turns_all", self._kept(turns)  # type: ignore[arg-type]
            case _:
                return "number_all", self._table(np.array(turns, dtype=float))

    def _views(self, turns: Sequence[BufferView]) -> str:
        first, starts = turns[0], self._indices([view.offset for view in turns])
        if all(view.strides == first.strides for view in turns):
            return f"[{spelled_view(first, 'i')} for i in {starts}]"
        names: list[int | str] = []
        streams = [("i", starts)]
        for axis, column in enumerate(zip(*(view.strides for view in turns), strict=True)):
            moves = any(stride != column[0] for stride in column)
            names.append(f"s{axis}" if moves else column[0])
            if moves:
                streams.append((f"s{axis}", self._indices(list(column))))
        heading = (
            f"for {', '.join(name for name, _ in streams)} in zip({', '.join(text for _, text in streams)})"
        )
        return f"[{_strided(first, 'i', names)} {heading}]"

    def _kept(self, turns: Sequence[Scratch]) -> str:
        tokens = [str(scratch.number) for scratch in turns]
        parts = []
        for first, step, count in pieces(tokens, self._lists):
            assert isinstance(first, ListPlace)
            name = str(first.source)
            parts.append(f"*{slice_of(name, first.index, step, count, self._lengths[name])}")
        return parts[0][1:] if len(parts) == 1 else f"[{', '.join(parts)}]"

    def _indices(self, numbers: list[int]) -> str:
        """Whole numbers as an expression that is shorter than the list."""
        runs = pieces([str(n) for n in numbers], {str(n): ListPlace("", n) for n in numbers})
        if len(runs) > MOST_PIECES:
            return self._table(np.array(numbers))
        parts = []
        for first, step, count in runs:
            assert isinstance(first, ListPlace)
            a = first.index
            parts.append(f"range({a}, {a + step * count}, {step})" if step else f"[{a}] * {count}")
        return parts[0] if len(parts) == 1 else f"[{', '.join(f'*{part}' for part in parts)}]"

    def _table(self, numbers: np.ndarray[tuple[int], np.dtype[np.generic]]) -> str:
        self.plan.constants.append(numbers)
        return f"constants[{len(self.plan.constants) - 1}].tolist()"


def spelled_view(view: BufferView, start: int | str) -> str:
    """A view as Python, from a place or from what the text calls one: a slice of one block, or strides."""
    shape, form, buffer = view.shape, view.form, BUFFERS[view.varying, view.slopes]
    sizes = ", ".join(map(str, shape))
    if view.dense and form != "spread":
        size = int(np.prod(shape))
        block = f"{buffer}[{start}:{start + size if isinstance(start, int) else f'{start} + {size}'}]"
        if view.varying and form != "rows":
            return f"{block}.view({shape[0]}, -1)" if form == "matrix" else f"{block}.view(-1)"
        return block if len(shape) == 1 else f"{block}.view({sizes}{', B' if view.varying else ''})"
    return _strided(view, start, view.strides)


def _strided(view: BufferView, start: int | str, steps: Sequence[int | str]) -> str:
    shape, form, buffer = view.shape, view.form, BUFFERS[view.varying, view.slopes]
    sizes, strides, place = ", ".join(map(str, shape)), ", ".join(map(str, steps)), str(start)
    if form == "spread":
        sizes, strides = f"{sizes}, B", f"{strides}, 0"
    elif view.varying:
        place = f"{start} * B"
        by_rows = form == "rows"
        sizes = f"{sizes}, B" if by_rows else f"{shape[0]}, {shape[1]} * B"
        rows = steps if by_rows else steps[:1]
        strides = ", ".join([*(f"{s} * B" for s in rows), "1"])
    return f"{buffer}.as_strided(({sizes},), ({strides},), {place})"
