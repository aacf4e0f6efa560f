"""Emit: groups become the text of a Python function that calls torch and nothing else.

The text binds every name once (views of the buffers, constants, scratch tensors) and returns a step
without loops or branches, every call of which writes into memory that is already there.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

import numpy as np

from soloneuron.compiler.backward import Backward
from soloneuron.compiler.forward import Forward
from soloneuron.compiler.graph.normal import Graph
from soloneuron.compiler.grids import Array
from soloneuron.compiler.layout import MemoryLayout
from soloneuron.compiler.operands import Operands
from soloneuron.compiler.schedule import Group, backward_order, schedule
from soloneuron.compiler.slopes import ZeroedFirst
from soloneuron.compiler.writer import Writer

BIND = "def bind(values, slopes, constants, empty):"
BIND_LANES = "def bind(values, slopes, lanes, lane_slopes, weight, constants, empty, B):"


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
    lines: tuple[tuple[Array, range, range], ...]


def emit(graph: Graph) -> Program:
    """The program of a graph."""
    groups = schedule(graph)
    layout = MemoryLayout(graph, groups)
    zeroed = np.zeros(0, dtype=np.int64)
    # The first write to a gradient assigns. Where writes overlap only in part, no order of them can begin all
    # that they touch, and the whole region is set to 0 first. It grows with every round, so this ends.
    while True:
        try:
            return _written(graph, groups, layout, zeroed)
        except ZeroedFirst as fault:
            more = np.union1d(zeroed, _regions(graph, groups, fault.nodes))
            if len(more) == len(zeroed):
                raise AssertionError("no order of writes was found") from fault
            zeroed = more


def _regions(graph: Graph, groups: list[Group], nodes: Array) -> Array:
    """All nodes of the groups to which some belong."""
    wanted = [group.ids for group in groups if np.isin(nodes, group.ids).any()]
    leaves = graph.parameters
    if (nodes < leaves).any():
        wanted.append(np.arange(leaves))
    if ((nodes >= leaves) & (nodes < leaves + graph.inputs)).any():
        wanted.append(np.arange(leaves, leaves + graph.inputs))
    return np.concatenate(wanted)


def _written(graph: Graph, groups: list[Group], layout: MemoryLayout, zeroed: Array) -> Program:
    writer = Writer()
    operands = Operands(graph, groups, layout, writer)
    forward = Forward(operands)
    forwards = [writer.during(forward.write, group) for group in groups]
    varying = graph.varying[graph.root]
    root = np.array([graph.root])
    if varying:
        # A sample's loss is one number a lane; the weights make a mean, or a sum, of them.
        value = writer.view(layout.view(layout.of(root), True), operands.hint(root), form="flat")  # type: ignore[arg-type]
        writer.call(f"dot({value}, weight_flat, out=loss)", "the mean or sum over the lanes")
    count = len(writer.calls)
    _zero(layout, writer, zeroed)
    backward = Backward(forward, zeroed)
    backwards = {id(group): writer.during(backward.write, group) for group in backward_order(graph, groups)}
    backward.finish()
    loss = "loss = empty(())" if varying else f"loss = values[{layout.positions[graph.root]}]"
    lanes = layout.sizes[1] > 0
    setup = [*(["weight_flat = weight.view(-1)"] if lanes else []), *writer.setup, loss]
    steps = ["# forward", *writer.calls[:count], "# backward", *writer.calls[count:]]
    source = "\n".join(
        [
            f"# {graph.elements} scalar nodes became {len(writer.calls)} calls of torch.",
            BIND_LANES if lanes else BIND,
            indent("\n".join(setup), "    "),
            "",
            "    def step():",
            indent("\n".join(steps), "        "),
            "",
            "    return step, loss",
            "",
        ]
    )
    # Calls are counted within a step; tracing wants lines of the text, one further down past "# backward".
    first = source.count("\n", 0, source.index("# forward")) + 1
    lines = tuple(
        (group.ids, shifted(made, first), shifted(backwards[id(group)], first + 1))
        for group, made in zip(groups, forwards, strict=True)
    )
    idle = tuple(i for i in range(graph.parameters) if i not in graph.used)
    return Program(
        source,
        tuple(writer.constants),
        graph.parameters,
        graph.inputs,
        *layout.sizes,
        tuple(layout.ones),
        graph.elements,
        len(writer.calls),
        (writer.scratch[0], writer.scratch[1]),
        idle,
        varying,
        layout.split,
        lines,
    )


def shifted(lines: range, by: int) -> range:
    """The same lines further down."""
    return range(lines.start + by, lines.stop + by)


def _zero(layout: MemoryLayout, writer: Writer, nodes: Array) -> None:
    """Set the gradients of some nodes to 0, block by block."""
    for varying in (False, True):
        positions = np.sort(layout.positions[nodes[layout.varying[nodes] == varying]])
        # Neighbors are cleared by one call.
        for block in np.split(positions, np.flatnonzero(np.diff(positions) != 1) + 1):
            if len(block):
                buffer = "lane_slopes" if varying else "slopes"
                writer.call(f"{buffer}[{block[0]}:{block[-1] + 1}].zero_()", str(block.shape))
