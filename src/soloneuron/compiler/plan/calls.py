"""What a plan consists of: operands, which are pieces of memory, and calls that read some and write one.

Everything here is plain data. An operand says where something lies and how it is looked at, not what it is
called; a call has its text with holes in it. Passes add, change and drop calls; the names come last.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod
from typing import TypeAlias

import numpy as np

from soloneuron.compiler.plan.grids import Array


@dataclass(frozen=True)
class BufferView:
    """A strided view of a buffer of values or gradients; a stride counts numbers, or rows of lanes.

    Attributes:
        varying: whether it has lanes.
        offset: where it begins.
        shape: without the lanes.
        strides: one for every axis of the shape.
        slopes: whether it is one of gradients.
        form: rows; spread over lanes; a matrix, with its lanes side by side; flat; or a scalar.
        hint: what somebody who reads the text would call it.
    """

    varying: bool
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    slopes: bool = False
    form: str = "rows"
    hint: str = field(default="", compare=False)

    @property
    def dense(self) -> bool:
        """Whether it is one block, row by row."""
        wanted = tuple(prod(self.shape[i + 1 :]) for i in range(len(self.shape)))
        return all(s == w or n == 1 for s, w, n in zip(self.strides, wanted, self.shape, strict=True))


@dataclass(frozen=True)
class Whole:
    """A buffer as a whole, or what the text is given by a name: ``lanes``, ``weight``, ``loss``."""

    name: str


@dataclass(frozen=True)
class ConstantArray:
    """One of the plan's arrays."""

    index: int
    hint: str = field(default="c", compare=False)


@dataclass(frozen=True)
class Scratch:
    """Memory that lives from its first call to its last.

    Attributes:
        number: which one.
        shape: without the lanes.
        varying: whether it has lanes.
        form: rows, or matrix where the lanes lie side by side.
        kind: t (numbers) or m (a mask).
        hint: a name of its own, for what is gathered; others are called by their kind.
    """

    number: int
    shape: tuple[int, ...]
    varying: bool
    form: str = "rows"
    kind: str = "t"
    hint: str = field(default="", compare=False)


@dataclass(frozen=True)
class Derived:
    """Another look at an operand.

    Attributes:
        base: the operand.
        how: the expression, with ``{}`` in the place of its name.
        suffix: what its own name ends with.
    """

    base: Operand
    how: str
    suffix: str


@dataclass(frozen=True)
class Moving:
    """In a loop, an operand that is another one in every repetition: views, constants, scratch, or numbers.

    Attributes:
        turns: one a repetition.
    """

    turns: tuple[Operand, ...] | tuple[float, ...]


Operand: TypeAlias = "BufferView | Whole | ConstantArray | Scratch | Derived | Moving"


@dataclass(frozen=True, eq=False)
class TorchCall:
    """One line of the step.

    Attributes:
        put: the text: ``{o}`` is the result, ``{0}``, ``{1}`` … the operands.
        out: what is written.
        reads: what is read.
        note: the shape of the result, for a comment.
        add: for a gradient, the text that adds in the place of assigning; "" if the result must be put
            into scratch space first.
        nodes: for a gradient, the nodes it belongs to; None for every other call.
        adds: whether the gradient was begun before.
        group: for which group it works; -1 for all of them.
        back: whether it belongs to the sweep back.
    """

    put: str
    out: Operand
    reads: tuple[Operand, ...] = ()
    note: str = ""
    add: str = ""
    nodes: Array | None = None
    adds: bool = False
    group: int = -1
    back: bool = False

    @property
    def operands(self) -> tuple[Operand, ...]:
        """All that it touches."""
        return (self.out, *self.reads)


@dataclass(frozen=True)
class CallLoop:
    """Calls ``start`` to ``stop`` of a plan, which run ``count`` times.

    Attributes:
        start: the first call.
        stop: behind the last one.
        count: how many repetitions.
        groups: for which group each call works, in every repetition.
    """

    start: int
    stop: int
    count: int
    groups: tuple[int, ...]


@dataclass(eq=False)
class CallPlan:
    """The calls of both sweeps in order, the arrays that they refer to, and the loops among them."""

    calls: list[TorchCall] = field(default_factory=list)
    constants: list[Array] = field(default_factory=list)
    loops: list[CallLoop] = field(default_factory=list)


def base_of(operand: Operand) -> Operand:
    """The piece of memory that an operand looks at."""
    while isinstance(operand, Derived):
        operand = operand.base
    return operand


def renamed(operand: Operand, scratch: dict[Scratch, Scratch]) -> Operand:
    """The same look at other scratch space."""
    if isinstance(operand, Derived):
        return replace(operand, base=renamed(operand.base, scratch))
    return scratch.get(operand, operand) if isinstance(operand, Scratch) else operand


def size_of(scratch: Scratch) -> int:
    """How many numbers it holds, a lane."""
    return int(np.prod(scratch.shape))
