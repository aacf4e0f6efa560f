"""The scalar backend: a graph as plain Python on floats, with the names of the user.

A line a node forward, a line a node back. The gradient of a node is written once, when all that read it have
been passed: a sum of what they send. So nothing is ever filled with zeros or added to later, and the text
grows with the edges of the graph and no faster. A gradient that is a number, or a multiple of another one,
needs no line.

Where nodes come again and again, the lines become loops (``scalar_loops``). A sum that collects from many
repetitions, and the gradients of parameters, are then added up as they come: the one place of ``+=``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from soloneuron.compiler.backends.choice import check_size
from soloneuron.compiler.backends.scalar_loops import Loops
from soloneuron.compiler.backends.scalar_sweeps import ScalarSweeps
from soloneuron.compiler.backends.scalar_text import ScalarText
from soloneuron.compiler.backends.streams import NumberTable
from soloneuron.compiler.graph.normal import Graph, Sum
from soloneuron.compiler.plan.repetition import RepeatedStretch, find_stretches

LEAST_NODES = 32
"""In a graph of which less is repeated no loop is looked for."""

MOST_COLLECTED = 8
"""A node outside of all repetitions that collects more terms than this adds them up as they come."""


@dataclass(frozen=True, eq=False)
class ScalarProgram:
    """A graph as Python on floats.

    Attributes:
        source: the text; it defines ``step``.
        parameters: how many numbers theta has.
        inputs: how many numbers a sample has.
        nodes: how many Elements it was made from.
        lines: how many lines compute something.
        kept: how many numbers a step keeps.
        idle: parameters that the loss does not depend on.
        varying: whether the loss varies by sample.
        outputs: how many values are asked for beside the loss.
        tables: numbers that loops go through, by the names that they have in the text.
    """

    source: str
    parameters: int
    inputs: int
    nodes: int
    lines: int
    kept: int
    idle: tuple[int, ...]
    varying: bool
    outputs: int
    tables: dict[str, NumberTable]


def write_scalar(graph: Graph) -> ScalarProgram:
    """The scalar program of a graph.

    Raises:
        GraphError: a graph of too many lines that are no loops.
    """
    p, d = graph.parameters, graph.inputs
    stretches = find_stretches(_keys(graph), LEAST_NODES)
    # What will be no loop at all is known before any line is written.
    check_size(graph, len(graph.ops) - sum(map(_saved, stretches)), "scalar")
    sweeps = _swept(graph, *(_collecting(graph, stretches) if stretches else (set(), set())))
    loops = _loops(sweeps)
    if stretches:
        loops.find()
        if not loops.shorten():
            sweeps = _swept(graph, set(), set())
            loops = _loops(sweeps)
    names, text = sweeps.values, ScalarText(loops, sweeps.namer)
    body, lines = text.write(
        names[graph.root],
        [sweeps.gradient(i) for i in range(p)],
        [names[node] for node in graph.outputs],
    )
    check_size(graph, lines, "scalar")
    head = [
        f"# {graph.elements} scalar nodes became {lines} lines of Python.",
        "def step(theta, sample):" if d else "def step(theta):",
    ]
    source = "\n".join([*head, *(f"    {line}" for line in body), ""])
    idle = tuple(i for i in range(p) if i not in graph.used)
    return ScalarProgram(
        source,
        p,
        d,
        graph.elements,
        lines,
        len(sweeps.lines),
        idle,
        graph.varying[graph.root],
        len(graph.outputs),
        text.lists.tables,
    )


def _saved(stretch: RepeatedStretch) -> int:
    return stretch.period * (stretch.count - 1)


def _swept(graph: Graph, sums: set[int], gradients: set[int]) -> ScalarSweeps:
    sweeps = ScalarSweeps(graph, sums, gradients)
    sweeps.forward()
    sweeps.backward()
    return sweeps


def _loops(sweeps: ScalarSweeps) -> Loops:
    p, d = sweeps.graph.parameters, sweeps.graph.inputs
    leaves = sweeps.values[:p], sweeps.values[p : p + d]
    gradients = {i: sweeps.gradient(i) for i in range(p)}
    return Loops(sweeps.lines, sweeps.border, *leaves, sweeps.collected, gradients)


def _keys(graph: Graph) -> Iterator[Hashable]:
    """What is alike about nodes that could be computed by the same lines."""
    for node in range(graph.parameters + graph.inputs, len(graph.ops)):
        op, arguments = graph.ops[node], graph.arguments[node]
        if type(arguments) is Sum:
            yield op, len(arguments.ids), len(arguments.left), arguments.constant != 0
        else:
            yield op, *(type(x) for x in arguments)


def _collecting(graph: Graph, stretches: list[RepeatedStretch]) -> tuple[set[int], set[int]]:
    """The sums, and the nodes with gradients, that collect from many repetitions."""
    first = graph.parameters + graph.inputs
    repeated = [False] * len(graph.ops)
    for stretch in stretches:
        a, b = first + stretch.start, first + stretch.stop
        repeated[a:b] = [True] * (b - a)
    sums, arrivals = set(), Counter[int]()
    for node, (op, arguments) in enumerate(zip(graph.ops, graph.arguments, strict=True)):
        if type(arguments) is Sum:
            if len(arguments) > MOST_COLLECTED and not repeated[node]:
                sums.add(node)
            arrivals.update((*arguments.ids, *arguments.left, *arguments.right))
        elif op:
            arrivals.update(x for x in arguments if type(x) is int)
    gradients = {node for node, count in arrivals.items() if count > MOST_COLLECTED and not repeated[node]}
    return sums, {x for x in gradients if graph.needed[x]} | set(range(graph.parameters))
