"""The lines of generated code: names for views, constants and scratch tensors, and the calls in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from soloneuron.compiler.grids import Array
from soloneuron.compiler.layout import BufferView
from soloneuron.compiler.schedule import Group

BUFFERS = {
    (False, False): "values",
    (True, False): "lanes",
    (False, True): "slopes",
    (True, True): "lane_slopes",
}


class Writer:
    """Collects the text of one program.

    Attributes:
        setup: lines that bind names, run once.
        calls: lines of the step, each one call of torch.
        constants: arrays that the setup binds.
        scratch: numbers of scratch space that do not vary, and that vary.
    """

    def __init__(self) -> None:
        self.setup: list[str] = []
        self.calls: list[str] = []
        self.constants: list[Array] = []
        self.scratch = [0, 0]
        self._names: dict[object, str] = {}
        self._taken: dict[str, int] = {}
        self._free: dict[tuple[object, ...], list[str]] = {}
        self._lent: list[tuple[tuple[object, ...], str]] = []

    def call(self, line: str, shape: str = "") -> None:
        """One call, with the shape of its result as a comment."""
        self.calls.append(f"{line:<58}  # {shape}" if shape else line)

    def during(self, write: Callable[[Group], None], group: Group) -> range:
        """Let somebody write a group; returns which calls that made."""
        start = len(self.calls)
        write(group)
        return range(start, len(self.calls))

    def name(self, hint: str) -> str:
        """A fresh name like the hint."""
        count = self._taken[hint] = self._taken.get(hint, 0) + 1
        return hint if count == 1 else f"{hint}_{count}"

    def view(self, view: BufferView, hint: str, *, slopes: bool = False, form: str = "rows") -> str:
        """The name of a view.

        Args:
            view: where it lies.
            hint: what to call it.
            slopes: whether it is one of gradients.
            form: rows; spread over lanes; a matrix, with its lanes side by side; flat; or a scalar.
        """
        # The same piece of memory has one name, whoever asks first; the hint only makes it readable.
        spelled = _spelled(view, BUFFERS[view.varying, slopes], form)
        if spelled not in self._names:
            name = self._names[spelled] = self.name(f"d_{hint}" if slopes else hint)
            self.setup.append(f"{name} = {spelled}")
        return self._names[spelled]

    def transposed(self, name: str) -> str:
        """The name of the transpose of a matrix."""
        key = ("T", name)
        if key not in self._names:
            self._names[key] = f"{name}_T"
            self.setup.append(f"{name}_T = {name}.T")
        return self._names[key]

    def column(self, name: str) -> str:
        """The name of numbers that are the same in every lane, to be read beside lanes."""
        key = ("column", name)
        if key not in self._names:
            self._names[key] = f"{name}_column"
            self.setup.append(f"{name}_column = {name}.unsqueeze(-1).expand(*{name}.shape, B)")
        return self._names[key]

    def matrix(self, name: str, rows: int) -> str:
        """The name of values with their lanes side by side."""
        key = ("matrix", name)
        if key not in self._names:
            self._names[key] = f"{name}_matrix"
            self.setup.append(f"{name}_matrix = {name}.view({rows}, -1)")
        return self._names[key]

    def spread_weight(self, rows: int) -> str:
        """The name of the weights of the lanes, for a group of so many rows."""
        if rows == 1:
            return "weight"
        key = ("weight", rows)
        if key not in self._names:
            self._names[key] = f"weight_{rows}"
            self.setup.append(f"weight_{rows} = weight.expand({rows}, B)")
        return self._names[key]

    def scalar(self, name: str) -> str:
        """The name of the only number of a vector, as a tensor without axes."""
        key = ("scalar", name)
        if key not in self._names:
            self._names[key] = f"{name}_0"
            self.setup.append(f"{name}_0 = {name}[0]")
        return self._names[key]

    def constant(self, array: Array, hint: str = "c") -> str:
        """The name of a tensor of numbers, or of an index."""
        # Bits decide: -0 and 0 are two constants, and equal tables share one.
        key = (array.shape, array.dtype.str, array.tobytes())
        if key not in self._names:
            name = self.name(hint)
            self.setup.append(f"{name} = constants[{len(self.constants)}]  # {array.shape}")
            self.constants.append(array)
            self._names[key] = name
        return self._names[key]

    def temporary(self, shape: tuple[int, ...], varying: bool, *, form: str = "rows", kind: str = "t") -> str:
        """Scratch space until the end of ``borrowing``; ``kind`` is t (numbers) or m (a mask)."""
        key = (shape, varying, form, kind)
        # Calls run one after the other, so what was lent to an earlier one may be lent again.
        free = self._free.setdefault(key, [])
        if free:
            name = free.pop()
        else:
            name = self.name(kind)
            self.scratch[varying] += int(np.prod(shape))
            size = ", ".join(map(str, shape))
            if varying:
                size = f"{size}, B" if form == "rows" else f"{shape[0]}, {shape[1]} * B"
            made = f"empty({size}, dtype=bool)" if kind == "m" else f"empty({size})"
            self.setup.append(f"{name} = {made}")
        self._lent.append((key, name))
        return name

    def keep(self, shape: tuple[int, ...], varying: bool, hint: str) -> str:
        """Space of its own, for what is read again later."""
        self.scratch[varying] += int(np.prod(shape))
        name = self.name(hint)
        # Never lent again: a copy is read by whoever comes later.
        self.setup.append(f"{name} = empty({', '.join(map(str, shape))}{', B' if varying else ''})")
        return name

    @contextmanager
    def borrowing(self) -> Iterator[None]:
        """Scratch space asked for inside is free again afterwards."""
        # Borrowing nests: what was lent outside stays lent, what is lent inside goes back at the end.
        lent, self._lent = self._lent, []
        yield
        for key, name in self._lent:
            self._free[key].append(name)
        self._lent = lent


def _spelled(view: BufferView, buffer: str, form: str) -> str:
    """A view as Python: a slice where it is one block, else its strides."""
    shape, start = view.shape, view.offset
    if form == "scalar":
        return f"{buffer}[{start}]"
    sizes = ", ".join(map(str, shape))
    if view.dense and form != "spread":
        block = f"{buffer}[{start}:{start + int(np.prod(shape))}]"
        if view.varying and form != "rows":
            return f"{block}.view({shape[0]}, -1)" if form == "matrix" else f"{block}.view(-1)"
        return block if len(shape) == 1 else f"{block}.view({sizes}{', B' if view.varying else ''})"
    strides, place = ", ".join(map(str, view.strides)), str(start)
    if form == "spread":
        sizes, strides = f"{sizes}, B", f"{strides}, 0"
    elif view.varying:
        place = f"{start} * B"
        by_rows = form == "rows"
        sizes = f"{sizes}, B" if by_rows else f"{shape[0]}, {shape[1]} * B"
        rows = view.strides if by_rows else view.strides[:1]
        strides = ", ".join([*(f"{s} * B" for s in rows), "1"])
    return f"{buffer}.as_strided(({sizes},), ({strides},), {place})"
