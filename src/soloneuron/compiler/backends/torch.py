"""The torch backend: a plan as the text of a Python function that calls torch and nothing else.

The text binds every name once (views of the buffers, constants, scratch tensors) and returns a step without
branches, every call of which writes into memory that is already there.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

from soloneuron.compiler.backends.torch_text import TorchText
from soloneuron.compiler.graph.normal import Graph
from soloneuron.compiler.plan.grids import Array
from soloneuron.compiler.plan.planning import plan_calls

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
    text = TorchText(plan)
    lanes, varying = layout.sizes[1] > 0, graph.varying[graph.root]
    steps, places = text.steps()
    loss = "loss = empty(())" if varying else f"loss = values[{layout.positions[graph.root]}]"
    calls = len(plan.calls) + sum((loop.stop - loop.start) * (loop.count - 1) for loop in plan.loops)
    head = [
        f"# {graph.elements} scalar nodes became {calls} calls of torch.",
        BIND_LANES if lanes else BIND,
        indent("\n".join([*text.setup, loss]), "    "),
        "",
        "    def step():",
    ]
    tail = [indent("\n".join(steps), "        "), "", "    return step, loss", ""]
    # Tracing wants lines of the text.
    first = "\n".join(head).count("\n") + 1

    def text_lines(group: int, *, back: bool) -> tuple[int, ...]:
        return tuple(first + line for line in places.get((group, back), ()))

    return Program(
        "\n".join([*head, *tail]),
        tuple(plan.constants),
        graph.parameters,
        graph.inputs,
        *layout.sizes,
        tuple(layout.ones),
        graph.elements,
        calls,
        (text.scratch[0], text.scratch[1]),
        tuple(i for i in range(graph.parameters) if i not in graph.used),
        varying,
        layout.split,
        tuple((graph.varying[node], int(layout.positions[node])) for node in graph.outputs),
        tuple(
            (group.ids, text_lines(i, back=False), text_lines(i, back=True)) for i, group in enumerate(groups)
        ),
    )
