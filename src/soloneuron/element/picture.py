"""The geometry of a picture of a graph: boxes for nodes, curves for edges; who paints it is somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from soloneuron.element.collapsing import NodeGroup, collapsed
from soloneuron.element.layout import Layout, arrange
from soloneuron.element.node import Node, edges, operands, topological_order
from soloneuron.element.scalars import Scalar, bottom
from soloneuron.errors import GraphError

MOST_NODES = 300
"""More cannot be read in one picture."""

MOST_GROUPS = 24
"""Into so many boxes a larger graph is collapsed."""

ORDERED = ("-", "/", "**")
"""In these the first operand's edge stays above the second's; in others the edges end as they come."""

ROW, BOX_HEIGHT, BOX_WIDTH, GAP, MARGIN, LETTER = 66, 46, 96, 44, 16, 7.4
"""In pixels, for letters of 12 pixels that are all alike."""


@dataclass(frozen=True)
class Box:
    """Where a node stands; its operation stands in a pill at its left, of width 0 for a leaf."""

    left: float
    top: float
    width: float
    pill: float


@dataclass(frozen=True)
class EdgeCurve:
    """An edge from an operand to a result, both by number, as the path of an SVG, with its partial."""

    operand: int
    result: int
    path: str
    partial: Scalar


@dataclass(frozen=True)
class Places:
    """A whole picture in pixels; boxes in the order of the nodes."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[EdgeCurve, ...]


@dataclass(frozen=True)
class Picture:
    """What all pictures of one graph share: its nodes (leaves first, the result last), edges and layout."""

    nodes: list[Node]
    edges: list[tuple[int, int, Scalar]]
    layout: Layout

    @classmethod
    def of(cls, root: Node) -> Picture:
        """The picture of a result and all it was computed from, node by node.

        Raises:
            GraphError: more nodes than a picture can show.
        """
        computed, leaves = topological_order(root)
        nodes = [*leaves, *computed]
        if len(nodes) > MOST_NODES:
            raise GraphError(
                f"a picture shows at most {MOST_NODES} nodes, this graph has {len(nodes)}; draw a part of it",
                code="drawing.size",
                nodes=len(nodes),
            )
        number = {node: i for i, node in enumerate(nodes)}
        links = [(number[x], number[node], partial) for node in computed for x, partial in edges(node)]
        return cls(nodes, links, arrange(len(nodes), [link[:2] for link in links]))

    @classmethod
    def overview(cls, root: Node) -> Picture:
        """The picture of a result; of more nodes than can be read, one box holds those of a layer."""
        computed, leaves = topological_order(root)
        if len(computed) + len(leaves) <= MOST_NODES:
            return cls.of(root)
        groups, links = collapsed(computed, leaves, MOST_GROUPS)
        return cls([*groups], links, arrange(len(groups), [link[:2] for link in links]))

    def places(self, texts: Sequence[Sequence[str]]) -> Places:
        """Boxes and curves, with room for some lines of text in every node."""
        columns = self.layout.columns
        pills = [(len(operation_text(node)) * LETTER + 14) if node._op else 0.0 for node in self.nodes]
        sizes = [max(BOX_WIDTH, max(map(len, lines)) * LETTER + 16) for lines in texts]
        widths = [
            max((p + b for p, b, c in zip(pills, sizes, columns, strict=True) if c == i), default=0)
            for i in range(max(columns) + 1)
        ]
        starts = list(accumulate((width + GAP for width in widths), initial=float(MARGIN)))
        ends = [start + width for start, width in zip(starts, widths, strict=False)]
        boxes = tuple(
            Box(ends[c] - size, _y(height) - BOX_HEIGHT / 2, size, pill)
            for c, height, size, pill in zip(columns, self.layout.heights, sizes, pills, strict=True)
        )
        curves = tuple(self._curve(i, starts, ends, boxes) for i in range(len(self.edges)))
        bottom = max([height for route in self.layout.routes for _, height in route] + [*self.layout.heights])
        return Places(ends[-1] + MARGIN, _y(bottom) + BOX_HEIGHT / 2 + MARGIN, boxes, curves)

    def _curve(self, index: int, starts: list[float], ends: list[float], boxes: Sequence[Box]) -> EdgeCurve:
        operand, result, partial = self.edges[index]
        _, *middle, (_, height) = self.layout.routes[index]
        points = [(ends[self.layout.columns[operand]], _y(self.layout.heights[operand]))]
        for waypoint, level in middle:
            points += [(starts[waypoint], _y(level)), (ends[waypoint], _y(level))]
        rivals = [i for i, edge in enumerate(self.edges) if edge[1] == result]
        if self.nodes[result]._op not in ORDERED:
            rivals.sort(key=lambda i: self.layout.routes[i][-2][1])
        port = (rivals.index(index) - (len(rivals) - 1) / 2) * min(8, 32 / len(rivals))
        points.append((boxes[result].left - boxes[result].pill, _y(height) + port))
        return EdgeCurve(operand, result, _smooth(points), partial)


def gradients(root: Node, seed: Scalar = 1) -> Iterator[tuple[Node, dict[Node, Scalar]]]:
    """The backward sweep, one node at a time; the Elements themselves are left as they are.

    Args:
        root: the result.
        seed: what the gradient of the result itself is.

    Yields:
        First the result, when only it has its gradient; then every computed Element from the result down,
        when its gradient was just passed on; each with all gradients so far, in one table that goes on.
    """
    computed, leaves = topological_order(root)
    grads: dict[Node, Scalar] = dict.fromkeys([*leaves, *computed], 0)
    grads[root] = seed
    yield root, grads
    for node in reversed(computed):
        for operand, partial in edges(node) if isinstance(grads[node], Node) or grads[node] != 0 else ():
            grads[operand] = grads[operand] + grads[node] * partial
        yield node, grads


def node_texts(node: Node, grads: Mapping[Node, Scalar]) -> tuple[str, str]:
    """The two lines in a node's box: its name with its value, and its gradient."""
    if isinstance(node, NodeGroup):
        return node.texts(number_text)
    label = "" if node.label is None else f"{node.label} = "
    return label + number_text(node.data), f"grad {number_text(grads[node])}"


def number_text(x: Scalar) -> str:
    """A number as a picture shows it: short, four digits."""
    x = bottom(x)
    return str(x) if isinstance(x, int) and abs(x) < 10**6 else f"{float(x) + 0.0:.4g}"


def operation_text(node: Node) -> str:
    """The operation with the number that was written in it, such as ``2 -``; nothing for a leaf."""
    name: str = node._op
    written = operands(node)
    if name not in {"dot", "total"}:
        first, *others = [None if isinstance(x, Node) else number_text(x) for x in written] or [None]
        name = " ".join(part for part in (first, name, *others) if part is not None)
    return name


def _y(height: float) -> float:
    return MARGIN + BOX_HEIGHT / 2 + height * ROW


def _smooth(points: list[tuple[float, float]]) -> str:
    """A smooth line that is level at every point."""
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        path.append(f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}")
    return "".join(path)
