"""Pictures of a graph: SVG without any tool, and DOT text for those who have Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from soloneuron.element.node import Node
from soloneuron.element.picture import (
    BOX_HEIGHT,
    Box,
    Picture,
    gradients,
    node_texts,
    number_text,
    operation_text,
)
from soloneuron.element.scalars import Scalar

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


def draw(root: Node) -> Drawing:
    """Draw a result and all it was computed from, operands left, the result right.

    Every box holds a value and its gradient; the operation stands at its left, with its number if it has
    one. An edge tells its partial derivative when the mouse rests on it. A graph of more than 300 nodes is
    collapsed: a box holds the nodes of a layer, or of several layers, and tells how many there are, in which
    range their values lie and how large their gradient is; an edge tells how many it stands for.

    Args:
        root: the result.

    Returns:
        A Drawing.

    Example:
        >>> from soloneuron.element.element import Element
        >>> drawing = draw(Element(2, "a") * Element(3, "b"))
        >>> drawing.svg.count("<rect")
        5
    """
    picture = Picture.overview(root)
    return _drawing(picture, {node: node.grad for node in picture.nodes}, None)


def backward_steps(root: Node, seed: Scalar = 1) -> Iterator[Drawing]:
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
    picture = Picture.of(root)
    for node, grads in gradients(root, seed):
        yield _drawing(picture, grads, node)


def bare_svg(picture: Picture, texts: Sequence[Sequence[str]]) -> str:
    """A picture without colors and numbers, for a page that styles and fills it.

    Args:
        picture: the graph.
        texts: for every node, what may be written into its box.

    Returns:
        An SVG image: the edges, then a group ``g`` a node with its box, two empty texts for value and
        gradient, and the operation.
    """
    places = picture.places(texts)
    parts = [f'<path d="{curve.path}"/>' for curve in places.curves]
    for node, box in zip(picture.nodes, places.boxes, strict=True):
        left, top, pill = box.left, box.top, box.left - box.pill
        parts.append(
            f'<g role="img"><rect class="box" x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" '
            f'height="{BOX_HEIGHT}" rx="6"/><text class="value" x="{left + 8:.1f}" y="{top + 19:.1f}"></text>'
            f'<text class="grad" x="{left + 8:.1f}" y="{top + 37:.1f}"></text>'
        )
        if node._op:
            parts.append(
                f'<rect class="pill" x="{pill:.1f}" y="{top + BOX_HEIGHT / 2 - 11:.1f}" '
                f'width="{box.pill:.1f}" height="22" rx="11"/>'
                f'<text class="operation" x="{pill + box.pill / 2:.1f}" y="{top + BOX_HEIGHT / 2 + 4:.1f}" '
                f'text-anchor="middle">{escape(operation_text(node))}</text>'
            )
        parts.append("</g>")
    width, height = f"{places.width:.0f}", f"{places.height:.0f}"
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}">{"".join(parts)}</svg>'


def _drawing(picture: Picture, grads: Mapping[Node, Scalar], lit: Node | None) -> Drawing:
    return Drawing(_svg(picture, grads, lit), _dot(picture, grads))


def _svg(picture: Picture, grads: Mapping[Node, Scalar], lit: Node | None) -> str:
    texts = [node_texts(node, grads) for node in picture.nodes]
    places = picture.places(texts)
    parts = [
        f'<path d="{curve.path}" fill="none" stroke="{FAINT}" stroke-width="1.5">'
        f"<title>{escape(number_text(curve.partial))}</title></path>"
        for curve in places.curves
    ]
    for node, box, lines in zip(picture.nodes, places.boxes, texts, strict=True):
        parts.append(_box(box, lines, LIT if node is lit else VALUE))
        if node._op:
            parts.append(_pill(box, operation_text(node)))
    width, height = places.width, places.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" '
        'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">'
        f"<title>{escape(repr(picture.nodes[-1]))}</title>"
        f'<rect width="100%" height="100%" fill="#f7f8fa"/>{"".join(parts)}</svg>'
    )


def _dot(picture: Picture, grads: Mapping[Node, Scalar]) -> str:
    lines = ["digraph {", "  rankdir=LR;", '  node [shape=box, fontname="monospace"];']
    for i, node in enumerate(picture.nodes):
        lines.append(f"  n{i} [label={_quoted(*node_texts(node, grads))}];")
        if node._op:
            lines.append(f"  op{i} [label={_quoted(operation_text(node))}, shape=ellipse];")
            lines.append(f"  op{i} -> n{i};")
    lines += [f"  n{operand} -> op{result};" for operand, result, _ in picture.edges]
    return "\n".join([*lines, "}", ""])


def _box(box: Box, texts: tuple[str, str], fill: str) -> str:
    left, top, (value, grad) = box.left, box.top, map(escape, texts)
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{BOX_HEIGHT}" rx="6" '
        f'fill="{fill}" stroke="{INK}"/>'
        f'<text x="{left + 8:.1f}" y="{top + 19:.1f}" fill="{INK}" font-weight="bold">{value}</text>'
        f'<text x="{left + 8:.1f}" y="{top + 37:.1f}" fill="{GRADIENT}">{grad}</text>'
    )


def _pill(box: Box, text: str) -> str:
    left, width, middle = box.left - box.pill, box.pill, box.top + BOX_HEIGHT / 2
    return (
        f'<rect x="{left:.1f}" y="{middle - 11:.1f}" width="{width:.1f}" height="22" rx="11" '
        f'fill="{OPERATION}"/>'
        f'<text x="{left + width / 2:.1f}" y="{middle + 4:.1f}" fill="#ffffff" '
        f'text-anchor="middle">{escape(text)}</text>'
    )


def _quoted(*lines: str) -> str:
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
