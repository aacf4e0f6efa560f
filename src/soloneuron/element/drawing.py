"""Pictures of a graph: SVG without any tool, and DOT text for those who have Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import accumulate, pairwise

from soloneuron.element.element import Element
from soloneuron.element.graph import edges, operands, walk
from soloneuron.element.layout import Layout, arrange
from soloneuron.element.scalars import Scalar
from soloneuron.errors import GraphError

MOST_NODES = 300
"""More cannot be read in one picture."""

ORDERED = ("-", "/", "**")
"""In these the first operand's edge stays above the second's; in others the edges end as they come."""

ROW, BOX_HEIGHT, BOX_WIDTH, GAP, MARGIN, LETTER = 66, 46, 96, 44, 16, 7.4
INK, FAINT, VALUE, GRADIENT, OPERATION, LIT = "#1b1f24", "#8b95a3", "#ffffff", "#882255", "#332288", "#fdf0c8"


@dataclass(frozen=True)
class Drawing:
    """One picture in two forms; Jupyter shows it by itself.

    Args:
        svg: the text of a complete SVG image.
        dot: the same graph in Graphviz's language.
    """

    svg: str
    dot: str

    def _repr_svg_(self) -> str:
        return self.svg


def draw(root: Element) -> Drawing:
    """Draw a result and all it was computed from, operands left, the result right.

    Every box holds a value and its gradient; the operation stands at its left, with its number if it has
    one. An edge tells its partial derivative when the mouse rests on it.

    Args:
        root: the result.

    Returns:
        A Drawing.

    Raises:
        GraphError: more nodes than a picture can show.

    Example:
        >>> drawing = draw(Element(2, "a") * Element(3, "b"))
        >>> drawing.svg.count("<rect")
        5
    """
    picture = _Picture.of(root)
    return picture.drawing({node: node.grad for node in picture.nodes}, None)


def backward_steps(root: Element, seed: Scalar = 1) -> Iterator[Drawing]:
    """Draw the backward sweep, one picture a step; the Elements themselves are left as they are.

    In the first picture only the result has its gradient. Every next one lights the node whose gradient was
    just passed on to its operands. The last one shows what ``backward`` gives after ``zero_grad``.

    Args:
        root: the result.
        seed: what the gradient of the result itself is.

    Returns:
        The pictures, in order.

    Raises:
        GraphError: more nodes than a picture can show.
    """
    picture = _Picture.of(root)
    grads: dict[Element, Scalar] = dict.fromkeys(picture.nodes, 0)
    grads[root] = seed
    yield picture.drawing(grads, root)
    for node in reversed(picture.nodes):
        if edges(node):
            for operand, partial in edges(node) if grads[node] != 0 else ():
                grads[operand] = grads[operand] + grads[node] * partial
            yield picture.drawing(grads, node)


def number_text(x: Scalar) -> str:
    """A number as a picture shows it: short, four digits."""
    x = x.real
    return str(x) if isinstance(x, int) and abs(x) < 10**6 else f"{float(x):.4g}"


def operation_text(node: Element) -> str:
    """The operation with the number that was written in it, such as ``2 -``; nothing for a leaf."""
    name: str = node._op
    written = operands(node)
    if name not in {"dot", "total"}:
        first, *others = [None if isinstance(x, Element) else number_text(x) for x in written] or [None]
        name = " ".join(part for part in (first, name, *others) if part is not None)
    return name


@dataclass(frozen=True)
class _Picture:
    """What all pictures of one graph share: its nodes, edges and places."""

    nodes: list[Element]
    edges: list[tuple[int, int, Scalar]]
    layout: Layout

    @classmethod
    def of(cls, root: Element) -> _Picture:
        computed, leaves = walk(root)
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

    def drawing(self, grads: Mapping[Element, Scalar], lit: Element | None) -> Drawing:
        return Drawing(self.svg(grads, lit), self.dot(grads))

    def svg(self, grads: Mapping[Element, Scalar], lit: Element | None) -> str:
        texts = [self.texts(node, grads) for node in self.nodes]
        pills = [(len(operation_text(node)) * LETTER + 14) if node._op else 0.0 for node in self.nodes]
        boxes = [max(BOX_WIDTH, max(map(len, lines)) * LETTER + 16) for lines in texts]
        last = max(self.layout.columns)
        widths = [
            max(
                (p + b for p, b, c in zip(pills, boxes, self.layout.columns, strict=True) if c == i),
                default=0,
            )
            for i in range(last + 1)
        ]
        starts = list(accumulate((width + GAP for width in widths), initial=float(MARGIN)))
        ends = [start + width for start, width in zip(starts, widths, strict=False)]
        parts = [self._edge(i, starts, ends, pills, boxes) for i in range(len(self.edges))]
        for i, node in enumerate(self.nodes):
            left = ends[self.layout.columns[i]] - boxes[i]
            top = self._y(self.layout.heights[i]) - BOX_HEIGHT / 2
            parts.append(_box(left, top, boxes[i], texts[i], LIT if node is lit else VALUE))
            if node._op:
                parts.append(_pill(left - pills[i], top + BOX_HEIGHT / 2, pills[i], operation_text(node)))
        width, height = ends[-1] + MARGIN, self._y(max(self._all_heights())) + BOX_HEIGHT / 2 + MARGIN
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" role="img" '
            'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">'
            f"<title>{escape(repr(self.nodes[-1]))}</title>"
            f'<rect width="100%" height="100%" fill="#f7f8fa"/>{"".join(parts)}</svg>'
        )

    def dot(self, grads: Mapping[Element, Scalar]) -> str:
        lines = ["digraph {", "  rankdir=LR;", '  node [shape=box, fontname="monospace"];']
        for i, node in enumerate(self.nodes):
            lines.append(f"  n{i} [label={_quoted(*self.texts(node, grads))}];")
            if node._op:
                lines.append(f"  op{i} [label={_quoted(operation_text(node))}, shape=ellipse];")
                lines.append(f"  op{i} -> n{i};")
        lines += [f"  n{operand} -> op{result};" for operand, result, _ in self.edges]
        return "\n".join([*lines, "}", ""])

    @staticmethod
    def texts(node: Element, grads: Mapping[Element, Scalar]) -> tuple[str, str]:
        label = "" if node.label is None else f"{node.label} = "
        return label + number_text(node.data), f"grad {number_text(grads[node])}"

    def _edge(
        self, index: int, starts: list[float], ends: list[float], pills: list[float], boxes: list[float]
    ) -> str:
        operand, result, partial = self.edges[index]
        _, *middle, (column, height) = self.layout.routes[index]
        x, y = ends[self.layout.columns[operand]], self._y(self.layout.heights[operand])
        points = [(x, y)]
        for waypoint, level in middle:
            points += [(starts[waypoint], self._y(level)), (ends[waypoint], self._y(level))]
        rivals = [i for i, edge in enumerate(self.edges) if edge[1] == result]
        if self.nodes[result]._op not in ORDERED:
            rivals.sort(key=lambda i: self.layout.routes[i][-2][1])
        port = (rivals.index(index) - (len(rivals) - 1) / 2) * min(8, 32 / len(rivals))
        points.append((ends[column] - boxes[result] - pills[result], self._y(height) + port))
        return (
            f'<path d="{_curve(points)}" fill="none" stroke="{FAINT}" stroke-width="1.5">'
            f"<title>{escape(number_text(partial))}</title></path>"
        )

    def _y(self, height: float) -> float:
        return MARGIN + BOX_HEIGHT / 2 + height * ROW

    def _all_heights(self) -> list[float]:
        return [height for route in self.layout.routes for _, height in route] + list(self.layout.heights)


def _curve(points: list[tuple[float, float]]) -> str:
    """A smooth line that is level at every point."""
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        path.append(f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}")
    return "".join(path)


def _box(left: float, top: float, width: float, texts: tuple[str, str], fill: str) -> str:
    value, grad = map(escape, texts)
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{BOX_HEIGHT}" rx="6" '
        f'fill="{fill}" stroke="{INK}"/>'
        f'<text x="{left + 8:.1f}" y="{top + 19:.1f}" fill="{INK}" font-weight="bold">{value}</text>'
        f'<text x="{left + 8:.1f}" y="{top + 37:.1f}" fill="{GRADIENT}">{grad}</text>'
    )


def _pill(left: float, middle: float, width: float, text: str) -> str:
    return (
        f'<rect x="{left:.1f}" y="{middle - 11:.1f}" width="{width:.1f}" height="22" rx="11" '
        f'fill="{OPERATION}"/>'
        f'<text x="{left + width / 2:.1f}" y="{middle + 4:.1f}" fill="#ffffff" '
        f'text-anchor="middle">{escape(text)}</text>'
    )


def _quoted(*lines: str) -> str:
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
