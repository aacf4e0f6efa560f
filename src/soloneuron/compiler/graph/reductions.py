"""Reductions: long chains of ``*``, of ``maximum`` and of ``minimum`` become one node each.

Only torch wants them: a line a factor is what the scalar backend would write anyway.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from soloneuron.compiler.graph.normal import Graph, Sum, operand_nodes

CHAIN_LENGTHS = {"prod": 8, "amax": 3, "amin": 3}
"""Chains shorter than this stay what they are."""

_CHOICES = {"maximum": "amax", "minimum": "amin"}

GONE = "gone"
"""The operation of a node that is part of a reduction, and is computed no more."""


def with_reductions(graph: Graph) -> Graph:
    """The graph in which chains that nobody reads in between are single nodes; nodes keep their numbers."""
    links = {node: link for node in range(len(graph.ops)) if (link := _link(graph, node)) is not None}
    if not links:
        return graph
    uses: Counter[int] = Counter(graph.outputs)
    for op, arguments in zip(graph.ops, graph.arguments, strict=True):
        if op:
            uses.update(operand_nodes(arguments))
    # A node goes on in its reader where it has only that one, of the same kind.
    inner = {
        x
        for node, (kind, sides) in links.items()
        for x in sides
        if uses[x] == 1 and x in links and links[x][0] == kind
    }
    ops, arguments = list(graph.ops), list(graph.arguments)
    for node, (kind, _) in links.items():
        if node in inner:
            continue
        parts, chain = _leaves(node, links, inner)
        # One table holds what varies by sample, or what does not: the two lie in two buffers.
        if len(parts) >= CHAIN_LENGTHS[kind] and len({graph.varying[x] for x in parts}) == 1:
            ops[node], arguments[node] = kind, parts
            for x in chain:
                ops[x], arguments[x] = GONE, []
    return replace(graph, ops=ops, arguments=arguments, level=_levels(ops, arguments))


def _link(graph: Graph, node: int) -> tuple[str, tuple[int, int]] | None:
    """Which chain a node could belong to, and its two sides."""
    op, arguments = graph.ops[node], graph.arguments[node]
    if op in _CHOICES and all(type(x) is int for x in arguments):
        return _CHOICES[op], (arguments[0], arguments[1])
    if type(arguments) is Sum and arguments.scales == [1.0] and not arguments.ids and arguments.constant == 0:
        return "prod", (arguments.left[0], arguments.right[0])
    return None


def _leaves(node: int, links: dict[int, Any], inner: set[int]) -> tuple[list[int], list[int]]:
    """What a chain is made of, in the order of the program, and its links below the last one."""
    parts, chain, stack = [], [], list(reversed(links[node][1]))
    while stack:
        x = stack.pop()
        if x in inner:
            chain.append(x)
            stack += reversed(links[x][1])
        else:
            parts.append(x)
    return parts, chain


def _levels(ops: list[str], arguments: list[Any]) -> list[int]:
    level: list[int] = []
    for op, own in zip(ops, arguments, strict=True):
        level.append(1 + max((level[x] for x in operand_nodes(own)), default=0) if op else 0)
    return level
