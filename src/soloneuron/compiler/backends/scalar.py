"""The scalar backend: a graph as straight-line Python on floats, with the names of the user.

A line a node forward, a line a node back. The gradient of a node is written once, when all that read it have
been passed: a sum of what they send. So nothing is ever filled with zeros or added to later, and the text
grows with the edges of the graph and no faster. A gradient that is a number, or a multiple of another one,
needs no line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from soloneuron.compiler.backends.naming import Namer, literal
from soloneuron.compiler.graph.normal import Graph, Sum
from soloneuron.element.operations import OPERATIONS

LONGEST_SUM = 24
"""So many terms stand in one line; a longer sum goes on in the next."""

Multiple = tuple[float, tuple[str, ...]]
"""A number times names."""


@dataclass(frozen=True, eq=False)
class ScalarProgram:
    """A graph as Python on floats.

    Attributes:
        source: the text; it defines ``step``.
        parameters: how many numbers theta has.
        inputs: how many numbers a sample has.
        nodes: how many Elements it was made from.
        lines: how many lines compute something.
        idle: parameters that the loss does not depend on.
        varying: whether the loss varies by sample.
        outputs: how many values are asked for beside the loss.
    """

    source: str
    parameters: int
    inputs: int
    nodes: int
    lines: int
    idle: tuple[int, ...]
    varying: bool
    outputs: int


def write_scalar(graph: Graph) -> ScalarProgram:
    """The scalar program of a graph."""
    text = _ScalarText(graph)
    text.forward()
    text.backward()
    p, d = graph.parameters, graph.inputs
    head = ["def step(theta):", _unpacked(text.values[:p], "theta")]
    if d:
        head = ["def step(theta, sample):", head[1], _unpacked(text.values[p : p + d], "sample")]
    results = [text.values[graph.root], _listed(map(text.gradient, range(p)))]
    if graph.outputs:
        results.append(_listed(text.values[node] for node in graph.outputs))
    source = "\n".join(
        [
            f"# {graph.elements} scalar nodes became {len(text.lines)} lines of Python.",
            head[0],
            *(f"    {line}" for line in [*head[1:], "# forward", *text.lines[: text.border]]),
            *(f"    {line}" for line in ["# backward", *text.lines[text.border :]]),
            f"    return {', '.join(results)}",
            "",
        ]
    )
    idle = tuple(i for i in range(p) if i not in graph.used)
    return ScalarProgram(
        source, p, d, graph.elements, len(text.lines), idle, graph.varying[graph.root], len(graph.outputs)
    )


class _ScalarText:
    """Collects the lines of one program.

    Attributes:
        values: the name of every node's value.
        lines: forward, then from ``border`` on backward.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.namer = Namer()
        first = graph.parameters + graph.inputs
        # Labels first, so that no number is put into one's place.
        labels = {node: self.namer.label(label) for node, label in sorted(graph.names.items())}
        self.labels = labels
        self.values = [
            labels.get(node) or self.namer.numbered("w" if node < graph.parameters else "x")
            for node in range(first)
        ]
        self.lines: list[str] = []
        self.border = 0
        self.arrived: list[list[Multiple]] = [[] for _ in graph.ops]
        self.slopes: dict[int, Multiple] = {}

    def forward(self) -> None:
        """A line for the value of every node."""
        graph, values = self.graph, self.values
        for node in range(len(values), len(graph.ops)):
            op, arguments = graph.ops[node], graph.arguments[node]
            if op == "spread":
                values.append(values[arguments[0]])
                continue
            name = self.labels.get(node) or self.namer.numbered(op)
            values.append(name)
            if op == "sum":
                self._assign(name, self._terms(arguments))
            else:
                value = self._value(op, arguments)
                # A choice stands in brackets, which a line of its own does not need.
                self.lines.append(f"{name} = {value[1:-1] if value[0] + value[-1] == '()' else value}")
        self.border = len(self.lines)

    def backward(self) -> None:
        """A line for the gradient of every node that needs one, from the loss to the leaves."""
        graph = self.graph
        self.arrived[graph.root].append((1.0, ()))
        for node in range(len(graph.ops) - 1, -1, -1):
            if not graph.needed[node] or not self.arrived[node]:
                continue
            slope = self.slopes[node] = self._slope(node)
            if not graph.ops[node] or slope[0] == 0:
                continue
            if graph.ops[node] == "sum":
                self._through_sum(graph.arguments[node], slope, guarded=node in graph.guarded)
            else:
                self._through_operation(node, slope)

    def gradient(self, parameter: int) -> str:
        """The gradient of a parameter, as an expression."""
        factor, names = self.slopes.get(parameter, (0.0, ()))
        return _product((factor, names))

    def _slope(self, node: int) -> Multiple:
        """What has arrived at a node: as a number or a multiple of a name where that needs no line."""
        terms = self.arrived[node]
        constant = sum(factor for factor, names in terms if not names)
        others = [term for term in terms if term[1]]
        if not others:
            return constant, ()
        if len(others) == 1 and not constant and len(others[0][1]) == 1 and others[0][1][0].isidentifier():
            return others[0]
        name = self.namer.label(f"d_{self.values[node]}")
        self._assign(name, [*others, (constant, ())] if constant else others)
        return 1.0, (name,)

    def _through_sum(self, whole: Sum, slope: Multiple, *, guarded: bool) -> None:
        for coefficient, x in zip(whole.coefs, whole.ids, strict=True):
            self._send(x, _times(slope, coefficient))
        for scale, a, b in zip(whole.scales, whole.left, whole.right, strict=True):
            if a == b:
                self._send(a, _guard(_times(slope, 2 * scale, self.values[a]), slope, guarded=guarded))
                continue
            self._send(a, _guard(_times(slope, scale, self.values[b]), slope, guarded=guarded))
            self._send(b, _guard(_times(slope, scale, self.values[a]), slope, guarded=guarded))

    def _through_operation(self, node: int, slope: Multiple) -> None:
        op, arguments = self.graph.ops[node], self.graph.arguments[node]
        for entry, x, partial in zip(
            OPERATIONS[op].slopes, arguments, self._partials(node, op, arguments), strict=False
        ):
            if type(x) is int:
                guarded = entry.pole or node in self.graph.guarded
                self._send(x, _guard(_times(slope, 1.0, partial), slope, guarded=guarded))

    def _send(self, node: int, term: Multiple) -> None:
        if self.graph.needed[node]:
            self.arrived[node].append(term)

    # Expressions.

    def _terms(self, whole: Sum) -> list[Multiple]:
        values = self.values
        products = [
            (s, (values[a], values[b])) for s, a, b in zip(whole.scales, whole.left, whole.right, strict=True)
        ]
        linear = [(c, (values[x],)) for c, x in zip(whole.coefs, whole.ids, strict=True)]
        terms: list[Multiple] = [*products, *linear]
        return [*terms, (whole.constant, ())] if whole.constant != 0 or not terms else terms

    def _letters(self, arguments: list[float | int]) -> dict[str, str]:
        names = [self.values[x] if type(x) is int else _operand(x) for x in arguments]
        return dict(zip("abcd", names, strict=False))

    def _value(self, op: str, arguments: list[float | int]) -> str:
        if op == "largest":
            return f"largest({', '.join(self.values[int(x)] for x in arguments)})"
        letters = self._letters(arguments)
        if op == "**" and _whole(arguments[1]):
            return f"{letters['a']} ** {int(arguments[1])}"
        return OPERATIONS[op].python.format(**letters)

    def _partials(self, node: int, op: str, arguments: list[float | int]) -> Iterator[str]:
        letters = self._letters(arguments) | {"y": self.values[node]}
        if op == "**" and _whole(arguments[1]):
            n = int(arguments[1])
            yield f"{literal(float(n))} * {letters['a']} ** {n - 1}"
            return
        for slope in OPERATIONS[op].slopes:
            yield slope.python.format(**letters)

    def _assign(self, name: str, terms: list[Multiple]) -> None:
        self.lines.append(f"{name} = {_sum(terms[:LONGEST_SUM])}")
        for start in range(LONGEST_SUM, len(terms), LONGEST_SUM):
            more = _sum(terms[start : start + LONGEST_SUM])
            self.lines.append(f"{name} -= {more[1:]}" if _negated(more) else f"{name} += {more}")


def _operand(x: float) -> str:
    """A number inside of an expression."""
    text = literal(x)
    return f"({text})" if text[0] == "-" else text


def _whole(exponent: float | int) -> bool:
    """Whether an exponent is a number that is written as an int."""
    return type(exponent) is float and exponent == int(exponent) and abs(exponent) <= 64


def _times(term: Multiple, factor: float, *names: str) -> Multiple:
    """A term times a number and names; two numbers that leave the range together stay two."""
    mine, own = term
    product = mine * factor
    if 1e-290 < abs(product) < 1e290 or 0 in (mine, factor) or 1 in (mine, factor):
        return product, (*own, *names)
    return mine, (*own, literal(factor), *names)


def _guard(term: Multiple, slope: Multiple, *, guarded: bool) -> Multiple:
    """Where nothing arrives nothing is passed on, not even 0 * inf."""
    if not guarded or not slope[1]:
        return term
    return 1.0, (f"({_product(term)} if {slope[1][0]} else 0.0)",)


def _product(term: Multiple) -> str:
    factor, names = term
    if not names:
        return literal(factor)
    product = " * ".join(names).replace(" * 1.0 / ", " / ")
    if product[0] == "-":
        factor, product = -factor, product[1:]
    if abs(factor) == 1:
        return product if factor > 0 else f"-{product}"
    return f"{literal(factor)} * {product}"


def _sum(terms: list[Multiple]) -> str:
    text = _product(terms[0])
    for term in terms[1:]:
        product = _product(term)
        text += f" - {product[1:]}" if product[0] == "-" else f" + {product}"
    return text


def _negated(text: str) -> bool:
    return text[0] == "-" and " + " not in text and " - " not in text


def _unpacked(names: list[str], whole: str) -> str:
    return f"[{', '.join(names)}] = {whole}"


def _listed(parts: Iterable[str]) -> str:
    return f"[{', '.join(parts)}]"
