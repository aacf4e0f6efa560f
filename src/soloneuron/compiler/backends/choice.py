"""Which backend a graph is for: many alike nodes for torch, a long thin chain for single floats."""

from __future__ import annotations

from soloneuron.compiler.graph.normal import Graph, Sum
from soloneuron.errors import GraphError

LEAST_GROUPS = 12
"""A graph of fewer groups is short in torch anyhow, and reads as the textbook does."""

GROUP, TERM, NODE = 8.0, 0.12, 0.25
"""Microseconds of both sweeps: a group in torch; in Python a term of a sum, and another operation."""


MOST_CODE_LINES = 300_000
"""Larger texts take gigabytes, or minutes, to be compiled by Python; what becomes loops does not count."""

MOST_CALL_GROUPS = 20_000
"""Groups are counted before any loop is found: a group costs half a millisecond to plan, rolled up or not."""


def choose_backend(graph: Graph, wish: str) -> str:
    """The backend of a graph, by a count of what each would do.

    A graph with inputs is torch's: a batch shares its calls.

    Args:
        graph: the graph, with its reductions.
        wish: "torch" or "scalar", which are granted, or "auto".

    Returns:
        "torch" or "scalar".

    Raises:
        GraphError: a graph without a repeating structure that is too large for either.
    """
    groups, microseconds = _counted(graph)
    thin = groups >= LEAST_GROUPS and microseconds < GROUP * groups and not graph.inputs
    backend = wish if wish != "auto" else "scalar" if thin else "torch"
    if backend == "torch":
        check_size(graph, groups, backend)
    return backend


def check_size(graph: Graph, size: int, backend: str) -> None:
    """Refuse a graph that comes to more than Python's own compiler can take.

    Raises:
        GraphError: it says how large the graph is, and how large it may be.
    """
    what, most = {
        "scalar": ("different lines", MOST_CODE_LINES),
        "torch": ("groups of like nodes", MOST_CALL_GROUPS),
    }[backend]
    if size > most:
        raise GraphError(
            f"this graph of {graph.elements} nodes comes to {size} {what}, of which at most {most} can be "
            "compiled: compile fewer steps at once, or trace one sample with inputs=[...]",
            code="compile.size",
            nodes=graph.elements,
            size=size,
            most=most,
        )


def _counted(graph: Graph) -> tuple[int, float]:
    """How many groups torch would make, and how long Python's floats would take."""
    groups, scalar = set(), 0.0
    for op, level, arguments in zip(graph.ops, graph.level, graph.arguments, strict=True):
        if type(arguments) is Sum:
            groups.add((level, op, len(arguments.ids), len(arguments.left)))
            scalar += TERM * len(arguments)
        elif op:
            groups.add((level, op, 0, 0))
            scalar += NODE
    return len(groups), scalar
