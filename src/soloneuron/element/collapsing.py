"""A large graph as a small one: nodes of a layer become one, layers become bands, until it can be read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from soloneuron.element.node import Node, edges
from soloneuron.element.scalars import bottom

LINEAR = {"+", "-", "*", "dot", "total"}
"""Operations that follow each other inside of one layer."""

Link = tuple[int, int, Any]
"""An operand, a result, both by number, and what is told of the edge."""


class NodeGroup(Node):
    """Many nodes in one box: how many, in which range their values lie, and how large their gradient is."""

    __slots__ = ("nodes",)

    def __init__(self, nodes: Sequence[Node], operation: str) -> None:
        self.nodes = tuple(nodes)
        self.data = self.grad = 0
        self.label = None
        self._op = operation
        self._a = self._b = self._da = self._db = None

    def texts(self, short: Callable[[Any], str]) -> tuple[str, str]:
        """Its two lines; a label that all nodes share, or that the only one has, comes first."""
        values = [bottom(node.data) for node in self.nodes]
        norm = math.sqrt(sum(bottom(node.grad) ** 2 for node in self.nodes))
        names = {node.label for node in self.nodes}
        name = f"{next(iter(names))}: " if len(names) == 1 and None not in names else ""
        first, last = short(min(values)), short(max(values))
        span = first if first == last else f"{first} … {last}"
        return f"{name}{len(self.nodes)} × {span}", f"|grad| {short(norm)}"


def collapsed(
    computed: Sequence[Node], leaves: Sequence[Node], most: int
) -> tuple[list[NodeGroup], list[Link]]:
    """Groups of nodes and the edges between them.

    Args:
        computed: nodes, each after its operands.
        leaves: the others.
        most: so many groups at most, >= 4; bands, which have longer texts, half as many.

    Returns:
        Groups, operands before results, and for every pair of them how many edges lead from one to the other.
    """
    layer = _layers(computed, leaves)
    groups: dict[tuple[int, str], list[Node]] = {}
    for node in (*leaves, *computed):
        groups.setdefault((layer[node], _kind(node)), []).append(node)
    if len(groups) > most:
        # Layers side by side become one band; the leaves stay apart.
        width = -(-max(layer.values()) // (most // 2 - 1))
        bands: dict[tuple[int, str], list[Node]] = {}
        for node in (*leaves, *computed):
            bands.setdefault((-(-layer[node] // width), ""), []).append(node)
        groups = bands
    ordered = [nodes for _, nodes in sorted(groups.items())]
    number = {node: i for i, nodes in enumerate(ordered) for node in nodes}
    counts = Counter((number[x], number[node]) for node in computed for x, _ in edges(node))
    links: list[Link] = [(a, b, count) for (a, b), count in sorted(counts.items()) if a != b]
    return [NodeGroup(nodes, _operations(nodes)) for nodes in ordered], links


def _layers(computed: Sequence[Node], leaves: Sequence[Node]) -> dict[Node, int]:
    """The layer of every node: sums and products that follow each other are one, as in a layer of neurons."""
    layer: dict[Node, int] = dict.fromkeys(leaves, 0)
    for node in computed:
        kind = _kind(node)
        layer[node] = max(layer[x] + (_kind(x) != kind or not x._op) for x, _ in edges(node))
    return layer


def _kind(node: Node) -> str:
    return "linear" if node._op in LINEAR else str(node._op)


def _operations(nodes: Sequence[Node]) -> str:
    counts = Counter(str(node._op) for node in nodes)
    if len(counts) == 1:
        return next(iter(counts))
    most = " ".join(f"{count} {op}" for op, count in counts.most_common(3))
    return most + " …" * (len(counts) > 3)
