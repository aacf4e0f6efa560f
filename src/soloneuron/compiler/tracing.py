"""Tracing: which lines of the generated code belong to which Element.

Many Elements become one line: products and sums are collected, and what several samples compute is one call.
So the relation goes one way, from an Element to the lines that do its work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from soloneuron.compiler.backends.torch import Program
from soloneuron.compiler.compiled import Compiled
from soloneuron.compiler.graph.normal import Form
from soloneuron.compiler.graph.normalise import normalise
from soloneuron.compiler.graph.reading import Reader
from soloneuron.compiler.interface import compile_graph
from soloneuron.element.element import Element
from soloneuron.element.node import Node, edges, topological_order

Lines = tuple[int, ...]


@dataclass(frozen=True)
class Trace:
    """A compiled graph, and where in its source each Element is.

    Attributes:
        compiled: what ``compile_graph`` gives.
        forward: of every computed Element, the lines of ``compiled.source`` (from 0) that compute it.
        backward: of every computed Element, the lines that pass its gradient on; none where that is a number
            that was known when the code was written, or where nobody asks for it.
    """

    compiled: Compiled
    forward: Mapping[Node, Lines]
    backward: Mapping[Node, Lines]


class _Noting(Reader):
    """A reader that remembers which node every form became."""

    def __init__(self, parameters: list[Element], inputs: list[Element]) -> None:
        super().__init__(parameters, inputs)
        self.noted: list[tuple[Form, int]] = []

    def node(self, form: Form, *, alias: bool = True) -> int:
        node = super().node(form, alias=alias)
        # Keeping the form keeps its id its own.
        self.noted.append((form, node))
        return node


def trace(loss: Element, parameters: Iterable[Element], inputs: Iterable[Element] = ()) -> Trace:
    """Compile a graph and say which lines belong to which Element.

    Args:
        loss: the result.
        parameters: as for ``compile_graph``.
        inputs: as for ``compile_graph``.

    Returns:
        A Trace.

    Raises:
        InputError: what ``compile_graph`` refuses.

    Example:
        >>> w, x = Element(3.0, "w"), Element(2.0, "x")
        >>> error = w * x - 1
        >>> found = trace(error**2, [w], [x])
        >>> text = found.compiled.source.splitlines()
        >>> [text[line].split(",")[0].strip() for line in found.forward[error]]
        ['addcmul(c']
    """
    own, varying = list(parameters), list(inputs)
    compiled = compile_graph(loss, own, varying or None, backend="torch")
    reader = _Noting(own, varying)
    graph = normalise(loss, reader)
    nodes = _nodes(loss, reader, graph.root)
    forward: dict[int, Lines] = {}
    backward: dict[int, Lines] = {}
    program = compiled.program
    assert isinstance(program, Program)
    for ids, made, passed in program.lines:
        forward |= dict.fromkeys(ids.tolist(), made)
        backward |= dict.fromkeys(ids.tolist(), passed)
    return Trace(compiled, _lines(nodes, forward), _lines(nodes, backward))


def _nodes(loss: Element, reader: _Noting, root: int) -> dict[Node, set[int]]:
    """The nodes that every computed Element became part of."""
    became = {id(form): node for form, node in reader.noted}
    computed, _ = topological_order(loss)
    nodes: dict[Node, set[int]] = {x: set() for x in computed}
    for x in reversed(computed):
        form = reader.forms[x]
        if isinstance(form, int):
            nodes[x] = {form}
        elif id(form) in became:
            nodes[x] = {became[id(form)]}
        elif x is loss:
            nodes[x] = {root}
        # A form that became no node of its own went into those of its readers.
        for operand, _ in edges(x):
            mine = reader.forms[operand]
            if operand in nodes and not isinstance(mine, int) and id(mine) not in became:
                nodes[operand] |= nodes[x]
    return nodes


def _lines(nodes: Mapping[Node, set[int]], lines: Mapping[int, Lines]) -> dict[Node, Lines]:
    return {
        x: tuple(sorted({line for node in mine for line in lines.get(node, ())})) for x, mine in nodes.items()
    }
