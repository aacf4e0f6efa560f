"""Which backend a graph is for: many alike nodes for torch, a long thin chain for single floats."""

from __future__ import annotations

from soloneuron.compiler.graph.normal import Graph, Sum

LEAST_GROUPS = 12
"""A graph of fewer groups is short in torch anyhow, and reads as the textbook does."""

GROUP, TERM, NODE = 8.0, 0.12, 0.25
"""Microseconds of both sweeps: a group in torch; in Python a term of a sum, and another operation."""


def is_thin(graph: Graph) -> bool:
    """Whether Python's floats are faster than calls of torch, by a count of what each would do.

    A graph with inputs is torch's: a batch shares its calls.
    """
    if graph.inputs:
        return False
    groups, scalar = set(), 0.0
    for op, level, arguments in zip(graph.ops, graph.level, graph.arguments, strict=True):
        if type(arguments) is Sum:
            terms = len(arguments.ids) + len(arguments.left)
            groups.add((level, op, len(arguments.ids), len(arguments.left)))
            scalar += TERM * terms
        elif op:
            groups.add((level, op, 0, 0))
            scalar += NODE
    return len(groups) >= LEAST_GROUPS and scalar < GROUP * len(groups)
