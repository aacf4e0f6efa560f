"""Triangles: products that fill half of a grid, as in causal attention, become whole grids with a mask.

Scores of queries and keys that meet only where the key is no later than the query make a triangle, and rows
of every length. The missing scores are put in as ``-inf``. What an exponential makes of them is 0, so sums
over rows may go over whole rows: their values and gradients are those of the triangle, and every row has one
form.
Only torch wants it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from soloneuron.compiler.graph.normal import Graph, Sum, operand_nodes
from soloneuron.compiler.graph.padding import Holes, Padding, ScoreGrid
from soloneuron.compiler.plan.grids import components, occurrences, row_numbers

LEAST_TRIANGLE = 4
"""Grids of fewer rows stay as they are."""

LEAST_SHARE = 0.5
"""So much of a grid must be there."""


def with_whole_grids(graph: Graph) -> Graph:
    """The graph in which triangles that end in an exponential are whole; nodes keep their numbers."""
    grids = _triangles(graph)
    if not grids:
        return graph
    padded = replace(
        graph,
        ops=list(graph.ops),
        arguments=list(graph.arguments),
        level=list(graph.level),
        varying=list(graph.varying),
        needed=list(graph.needed),
    )
    readers: list[list[int]] = [[] for _ in graph.ops]
    for node, arguments in enumerate(graph.arguments):
        for x in set(operand_nodes(arguments)):
            readers[x].append(node)
    padding = Padding(padded, readers)
    changed = [padding.whole(*grid) for grid in grids]
    if not any(changed):
        return graph
    padded.level = _levels(padded)
    return padded


def _triangles(
    graph: Graph,
) -> list[tuple[ScoreGrid, Holes]]:
    """Grids of products with holes, and what would be in the holes: left and right nodes, and scales."""
    alike: dict[Any, list[int]] = {}
    for node, arguments in enumerate(graph.arguments):
        if (
            type(arguments) is Sum
            and len(arguments.left) > 1
            and not arguments.ids
            and not arguments.constant
        ):
            key = graph.level[node], graph.varying[node], tuple(arguments.scales)
            alike.setdefault(key, []).append(node)
    found = []
    for nodes in alike.values():
        if len(nodes) < LEAST_TRIANGLE * (LEAST_TRIANGLE + 1) // 2:
            continue
        sums = [graph.arguments[node] for node in nodes]
        left, right = np.array([s.left for s in sums]), np.array([s.right for s in sums])
        p, q = row_numbers(left), row_numbers(right)
        if occurrences(p * len(nodes) + q).any():
            continue
        component = components(p, q)
        for c in range(component.max() + 1):
            members = np.flatnonzero(component == c)
            ps, qs = row_numbers(p[members, None]), row_numbers(q[members, None])
            P, Q = int(ps.max()) + 1, int(qs.max()) + 1
            if P < LEAST_TRIANGLE or not LEAST_SHARE * P * Q <= len(members) < P * Q:
                continue
            grid = ScoreGrid([{} for _ in range(P)], Q)
            sides: tuple[dict[int, list[int]], dict[int, list[int]]] = {}, {}
            for i, row, column in zip(members.tolist(), ps.tolist(), qs.tolist(), strict=True):
                grid.rows[row][column] = nodes[i]
                sides[0][row], sides[1][column] = sums[i].left, sums[i].right
            holes = {
                (row, column): (sides[0][row], sides[1][column], sums[0].scales)
                for row in range(P)
                for column in grid.missing(row)
            }
            found.append((grid, holes))
    return found


def _levels(graph: Graph) -> list[int]:
    """The longest way from a leaf, where operands may have larger numbers."""
    level = [-1] * len(graph.ops)
    stack = list(range(len(graph.ops)))
    while stack:
        node = stack[-1]
        if level[node] >= 0:
            stack.pop()
            continue
        operands = operand_nodes(graph.arguments[node]) if graph.ops[node] else []
        waiting = [x for x in operands if level[x] < 0]
        if waiting:
            stack += waiting
        else:
            level[stack.pop()] = 1 + max((level[x] for x in operands), default=0) if graph.ops[node] else 0
    return level
