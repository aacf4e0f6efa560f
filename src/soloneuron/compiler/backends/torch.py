"""The torch backend: a plan as the text of a Python function that calls torch and nothing else.

The text binds every name once (views of the buffers, constants, scratch tensors) and returns a step without
branches, every call of which writes into memory that is already there.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

import numpy as np

from soloneuron.compiler.backends.naming import Namer
from soloneuron.compiler.graph.normal import Graph
from soloneuron.compiler.plan.calls import (
    BufferView,
    CallPlan,
    ConstantArray,
    Derived,
    Operand,
    Scratch,
    TorchCall,
    size_of,
)
from soloneuron.compiler.plan.grids import Array
from soloneuron.compiler.plan.planning import plan_calls

BIND = "def bind(values, slopes, constants, empty):"
BIND_LANES = "def bind(values, slopes, lanes, lane_slopes, weight, constants, empty, B):"

BUFFERS = {
    (False, False): "values",
    (True, False): "lanes",
    (False, True): "slopes",
    (True, True): "lane_slopes",
}


@dataclass(frozen=True, eq=False)
class Program:
    """A graph as text and data, without Elements and without torch.

    Attributes:
        source: the text; it defines ``bind``.
        constants: arrays that the text refers to.
        parameters: how many numbers theta has.
        inputs: how many numbers a sample has.
        fixed: the size of the buffer of values that do not vary.
        rows: of the buffer of lanes.
        ones: (varying, from, to): where the buffers hold ones.
        nodes: how many Elements it was made from.
        calls: how many calls of torch a step is.
        scratch: numbers of scratch space, and numbers a lane.
        idle: parameters that the loss does not depend on.
        varying: whether the loss varies by sample.
        split: how many inputs lie before the row of ones.
        outputs: (varying, position): where values lie that are asked for beside the loss.
        lines: for every group its nodes, and the lines of the source (from 0) that compute their values and
            that pass their gradients on.
    """

    source: str
    constants: tuple[Array, ...]
    parameters: int
    inputs: int
    fixed: int
    rows: int
    ones: tuple[tuple[bool, int, int], ...]
    nodes: int
    calls: int
    scratch: tuple[int, int]
    idle: tuple[int, ...]
    varying: bool
    split: int
    outputs: tuple[tuple[bool, int], ...]
    lines: tuple[tuple[Array, tuple[int, ...], tuple[int, ...]], ...]


def write_torch(graph: Graph, most: float) -> Program:
    """The torch program of a graph.

    Args:
        graph: the graph.
        most: the largest number of the precision that will compute.
    """
    plan, groups, layout = plan_calls(graph, most)
    text = _TorchText(plan)
    lanes, varying = layout.sizes[1] > 0, graph.varying[graph.root]
    calls = [text.line(call) for call in plan.calls]
    border = next((i for i, call in enumerate(plan.calls) if call.back), len(calls))
    loss = "loss = empty(())" if varying else f"loss = values[{layout.positions[graph.root]}]"
    head = [
        f"# {graph.elements} scalar nodes became {len(calls)} calls of torch.",
        BIND_LANES if lanes else BIND,
        indent("\n".join([*text.setup, loss]), "    "),
        "",
        "    def step():",
    ]
    steps = ["# forward", *calls[:border], "# backward", *calls[border:]]
    tail = [indent("\n".join(steps), "        "), "", "    return step, loss", ""]
    # Tracing wants lines of the text, those of the sweep back one further down, past "# backward".
    first = "\n".join(head).count("\n") + 2
    places: dict[tuple[int, bool], list[int]] = {}
    for i, call in enumerate(plan.calls):
        places.setdefault((call.group, call.back), []).append(first + i + call.back)
    return Program(
        "\n".join([*head, *tail]),
        tuple(plan.constants),
        graph.parameters,
        graph.inputs,
        *layout.sizes,
        tuple(layout.ones),
        graph.elements,
        len(calls),
        (text.scratch[0], text.scratch[1]),
        tuple(i for i in range(graph.parameters) if i not in graph.used),
        varying,
        layout.split,
        tuple((graph.varying[node], int(layout.positions[node])) for node in graph.outputs),
        tuple(
            (group.ids, *(tuple(places.get((i, back), ())) for back in (False, True)))  # type: ignore[misc]
            for i, group in enumerate(groups)
        ),
    )


class _TorchText:
    """Names everything that a plan refers to.

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
        self._namer = Namer()

    def line(self, call: TorchCall) -> str:
        """One call, with the shape of its result as a comment."""
        names = [self.name(operand) for operand in call.reads]
        text = (call.add if call.adds else call.put).format(*names, o=self.name(call.out))
        return f"{text:<58}  # {call.note}" if call.note else text

    def name(self, operand: Operand) -> str:
        """The name of an operand, bound where it is new."""
        if operand not in self._names:
            self._names[operand] = self._bound(operand)
        return self._names[operand]

    def _bound(self, operand: Operand) -> str:
        match operand:
            case BufferView():
                # The same piece of memory has one name, whoever asks first.
                spelled = _spelled(operand, BUFFERS[operand.varying, operand.slopes])
                if spelled not in self._spelled:
                    hint = f"d_{operand.hint}" if operand.slopes else operand.hint
                    self._spelled[spelled] = self._bind(hint, spelled)
                return self._spelled[spelled]
            case ConstantArray(index, hint):
                shape = self.plan.constants[index].shape
                return self._bind(hint, f"constants[{index}]  # {shape}")
            case Scratch():
                return self._bind(operand.hint or operand.kind, self._memory(operand))
            case Derived(base, how, suffix):
                name = self.name(base)
                return self._bind(name + suffix, how.replace("{}", name))
            case _:
                return operand.name

    def _bind(self, hint: str, spelled: str) -> str:
        name = self._namer.label(hint)
        self.setup.append(f"{name} = {spelled}")
        return name

    def _memory(self, scratch: Scratch) -> str:
        shape = scratch.shape
        self.scratch[scratch.varying] += size_of(scratch)
        size = ", ".join(map(str, shape))
        if scratch.varying:
            size = f"{size}, B" if scratch.form == "rows" else f"{shape[0]}, {shape[1]} * B"
        return f"empty({size}, dtype=bool)" if scratch.kind == "m" else f"empty({size})"


def _spelled(view: BufferView, buffer: str) -> str:
    """A view as Python: a slice where it is one block, else its strides."""
    shape, start, form = view.shape, view.offset, view.form
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
