"""Normalise: a graph of Elements becomes fewer, larger nodes, numbered and without Python objects.

Chains of ``+``, ``-``, unary minus, constant multiples and products that nobody else reads collapse into
one node, the sum of products::

    constant + sum of coefficient * x + sum of coefficient * x * y

Every other operation stays itself. What depends on numbers only is folded into a number. Numbers come from
leaves that are neither parameter nor input, and from constants written in the expression.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import isfinite

from soloneuron.compiler.graph.building import DOUBLE_LIMITS
from soloneuron.compiler.graph.normal import Graph, Sum, operand_nodes
from soloneuron.compiler.graph.reading import Reader
from soloneuron.element.branches import Frozen
from soloneuron.element.element import Element, computed_element
from soloneuron.element.functions import Largest
from soloneuron.element.node import edges, topological_order
from soloneuron.errors import GraphError, InputError


def normalise(loss: Element, reader: Reader, outputs: Sequence[Element] = ()) -> Graph:
    """Read a graph.

    Args:
        loss: the result.
        reader: a fresh one; its parameters become the nodes 0, 1, …, its inputs come next.
        outputs: Elements whose values are asked for as well; the loss need not depend on them.

    Returns:
        The graph in normal form.
    """
    graph, forms = reader.graph, reader.forms
    computed, leaves = topological_order(loss)
    graph.used = {forms[x] for x in leaves if x in forms}  # type: ignore[misc]
    if outputs:
        # One walk over all that is asked for, in which the result that holds them together is left out.
        whole = computed_element(0.0, "total", (loss, *outputs), (0,) * (1 + len(outputs)), (), ())
        computed, leaves = topological_order(whole)
        computed.pop()
        graph.used |= {i for x in leaves if (i := forms.get(x, -1)) >= graph.parameters}  # type: ignore[misc, operator]
    if any(type(x._db) is Largest for x in computed):
        computed = _after_their_largest(computed)
    # Parameters and inputs have their numbers already; every other leaf is a constant.
    for x in leaves:
        number = _number(x)
        forms.setdefault(x, number)
    looked = {x._op.place: x for x in chain(computed, leaves) if type(x._op) is Frozen}
    graph.frozen = list(looked.values())
    reader.read_all(computed, set(outputs))
    graph.outputs = [reader.node(forms[x]) for x in outputs]
    form = forms[loss]
    if type(form) is int and form < graph.parameters + graph.inputs:
        # A loss that is a bare leaf must still be computed, so that it has a place that is no parameter's.
        form = (1.0, form, None)
    graph.root = reader.node(form, alias=False)
    graph.elements = len(computed) + len(leaves)
    if outputs:
        _ask_for_the_loss_only(graph)
    graph.guarded = _above_branches(graph)
    if reader.most < DOUBLE_LIMITS[1]:
        _check_range(graph, reader.least, reader.most)
    return graph


def _ask_for_the_loss_only(graph: Graph) -> None:
    """Gradients go through what the loss was computed from, and not through what is only an output."""
    above = {graph.root}
    for node in range(len(graph.ops) - 1, -1, -1):
        if node in above and graph.ops[node]:
            above.update(operand_nodes(graph.arguments[node]))
    graph.needed = [needed and node in above for node, needed in enumerate(graph.needed)]


def _above_branches(graph: Graph) -> set[int]:
    """The nodes from which a branch of ``where`` was computed."""
    above: set[int] = set()
    for node in range(len(graph.ops) - 1, -1, -1):
        op, arguments = graph.ops[node], graph.arguments[node]
        if op.startswith("where"):
            above.update(x for x in arguments[:2] if type(x) is int)
        if node in above and op:
            above.update(operand_nodes(arguments))
    return above


def _check_range(graph: Graph, least: float, most: float) -> None:
    """Every number of a graph can be held by the precision that will compute with it."""
    for argument in graph.arguments:
        if type(argument) is Sum:
            numbers = [argument.constant, *argument.coefs, *argument.scales]
        else:
            numbers = [x for x in argument or () if type(x) is float]
        for number in numbers:
            if number and isfinite(number) and not least <= abs(number) <= most:
                raise InputError(
                    f"the graph holds the number {number:g}, which float32 cannot hold (numbers from "
                    f"{least:.1e} to {most:.1e}): compile it with dtype=torch.float64",
                    code="compile.range",
                    number=number,
                )


def _after_their_largest(computed: list[Element]) -> list[Element]:
    """Computed Elements in an order in which each also follows those whose largest it takes off."""
    inside, done, order = set(computed), set(), []
    stack = list(reversed(computed))
    while stack:
        x = stack[-1]
        if x in done:
            stack.pop()
            continue
        reads = [y for y, _ in edges(x)] + list(x._db.of if type(x._db) is Largest else ())
        waiting = [y for y in reads if y in inside and y not in done]
        if waiting:
            stack += waiting
        else:
            done.add(x)
            order.append(stack.pop())
    return order


def _number(x: Element) -> float:
    if isinstance(x.data, int | float):
        return float(x.data)
    raise GraphError(
        f"compile_graph takes graphs of plain numbers; a leaf holds {type(x.data).__name__}",
        code="compile.number",
    )
