"""Both sweeps of a graph as lines of scalar code: a line a node forward, a line a node back."""

from __future__ import annotations

from collections.abc import Iterator

from soloneuron.compiler.backends.naming import Namer, literal
from soloneuron.compiler.backends.scalar_lines import (
    Multiple,
    ScalarLine,
    assigned,
    guarded,
    multiplied,
    operand,
    times,
)
from soloneuron.compiler.graph.normal import Graph, Sum
from soloneuron.element.operations import OPERATIONS


class ScalarSweeps:
    """Collects the lines of one program.

    Args:
        graph: the graph.
        sums: nodes whose terms are added up as soon as their operands are known.
        gradients: nodes whose gradients are added up as they arrive.

    Attributes:
        values: the name of every node's value.
        lines: forward, then from ``border`` on backward.
        collected: the names of what is added up, with what each begins with.
    """

    def __init__(self, graph: Graph, sums: set[int], gradients: set[int]) -> None:
        self.graph, self.sums, self.gradients = graph, sums, gradients
        self.namer = Namer()
        first = graph.parameters + graph.inputs
        # Labels first, so that no number is put into one's place.
        labels = {node: self.namer.label(label) for node, label in sorted(graph.names.items())}
        self.labels = labels
        self.values = [
            labels.get(node) or self.namer.numbered("w" if node < graph.parameters else "x")
            for node in range(first)
        ]
        self.lines: list[ScalarLine] = []
        self.border = 0
        self.collected: dict[str, float] = {}
        self.arrived: list[list[Multiple]] = [[] for _ in graph.ops]
        self.slopes: dict[int, Multiple] = {}
        self._due: dict[int, list[tuple[int, int]]] = {}

    def forward(self) -> None:
        """A line for the value of every node."""
        graph, values = self.graph, self.values
        self._expect()
        for node in range(len(values), len(graph.ops)):
            op, arguments = graph.ops[node], graph.arguments[node]
            if op == "spread":
                values.append(values[arguments[0]])
                continue
            name = self.labels.get(node) or self.namer.numbered(op)
            values.append(name)
            if op == "sum":
                if node not in self.sums:
                    self.lines += assigned(name, self._terms(arguments))
            else:
                value = self._value(op, arguments)
                # A choice stands in brackets, which a line of its own does not need.
                value = value[1:-1] if value[0] + value[-1] == "()" else value
                self.lines.append(ScalarLine(name, ((1.0, (value,)),)))
            for whole, term in self._due.pop(node, ()):
                self._collect(self.labels[whole], self._term(graph.arguments[whole], term))
        self.border = len(self.lines)

    def _expect(self) -> None:
        """Note after which node each term of a collecting sum can be added."""
        first = len(self.values)
        for node in sorted(self.sums):
            whole = self.graph.arguments[node]
            if node not in self.labels:
                self.labels[node] = self.namer.numbered("sum")
            self.collected[self.labels[node]] = whole.constant
            ends = [max(a, b) for a, b in zip(whole.left, whole.right, strict=True)]
            for term, end in enumerate([*ends, *whole.ids]):
                self._due.setdefault(end if end >= first else node, []).append((node, term))

    def _collect(self, name: str, term: Multiple) -> None:
        self.lines.append(ScalarLine(name, (term,), adds=True))

    def backward(self) -> None:
        """A line for the gradient of every node that needs one, from the loss to the leaves."""
        graph = self.graph
        self._send(graph.root, (1.0, ()))
        for node in range(len(graph.ops) - 1, -1, -1):
            if not graph.needed[node] or not (self.arrived[node] or node in self.slopes):
                continue
            if node not in self.gradients:
                self.slopes[node] = self._slope(node)
            slope = self.slopes[node]
            if not graph.ops[node] or slope[0] == 0:
                continue
            if graph.ops[node] == "sum":
                self._through_sum(graph.arguments[node], slope, wanted=node in graph.guarded)
            else:
                self._through_operation(node, slope)

    def gradient(self, parameter: int) -> str:
        """The gradient of a parameter, as an expression."""
        return multiplied(self.slopes.get(parameter, (0.0, ())))

    def _slope(self, node: int) -> Multiple:
        """What has arrived at a node: as a number or a multiple of a name where that needs no line."""
        terms = self.arrived[node]
        constant = sum(factor for factor, names in terms if not names and not isinstance(factor, str))
        others = [term for term in terms if term[1]]
        if not others:
            return constant, ()
        factor, names = others[0]
        # In a loop the factors of several repetitions would be multiplied, and each would be another number.
        plain = factor in (1.0, -1.0) or not self.gradients
        if len(others) == 1 and not constant and len(names) == 1 and names[0].isidentifier() and plain:
            return others[0]
        name = self.namer.label(f"d_{self.values[node]}")
        self.lines += assigned(name, [*others, (constant, ())] if constant else others)
        return 1.0, (name,)

    def _through_sum(self, whole: Sum, slope: Multiple, *, wanted: bool) -> None:
        for coefficient, x in zip(whole.coefs, whole.ids, strict=True):
            self._send(x, times(slope, coefficient))
        for scale, a, b in zip(whole.scales, whole.left, whole.right, strict=True):
            if a == b:
                self._send(a, guarded(times(slope, 2 * scale, self.values[a]), slope, wanted=wanted))
                continue
            self._send(a, guarded(times(slope, scale, self.values[b]), slope, wanted=wanted))
            self._send(b, guarded(times(slope, scale, self.values[a]), slope, wanted=wanted))

    def _through_operation(self, node: int, slope: Multiple) -> None:
        op, arguments = self.graph.ops[node], self.graph.arguments[node]
        if op == "/" and slope[1] and node not in self.graph.guarded and self._needs(arguments):
            # d/b goes to a, and times -y to b: one division for both.
            share = self.namer.numbered("share")
            self.lines += assigned(share, [times(slope, 1.0, f"1.0 / {self.values[arguments[1]]}")])
            self._send(arguments[0], (1.0, (share,)))
            self._send(arguments[1], (-1.0, (share, self.values[node])))
            return
        for entry, x, partial in zip(
            OPERATIONS[op].slopes, arguments, self._partials(node, op, arguments), strict=False
        ):
            if type(x) is int:
                wanted = entry.pole or node in self.graph.guarded
                self._send(x, guarded(times(slope, 1.0, partial), slope, wanted=wanted))

    def _needs(self, arguments: list[float | int]) -> bool:
        """Whether gradients are asked for at both of two nodes."""
        return all(type(x) is int and self.graph.needed[x] for x in arguments)

    def _send(self, node: int, term: Multiple) -> None:
        if not self.graph.needed[node]:
            return
        if node not in self.gradients:
            self.arrived[node].append(term)
            return
        if node not in self.slopes:
            name = self.namer.label(f"d_{self.values[node]}")
            self.collected[name] = 0.0
            self.slopes[node] = 1.0, (name,)
        self._collect(self.slopes[node][1][0], term)

    # Expressions.

    def _terms(self, whole: Sum) -> list[Multiple]:
        terms = [self._term(whole, i) for i in range(len(whole))]
        return [*terms, (whole.constant, ())] if whole.constant != 0 or not terms else terms

    def _term(self, whole: Sum, term: int) -> Multiple:
        """A term of a sum: products first, then multiples."""
        values, products = self.values, len(whole.left)
        if term < products:
            return whole.scales[term], (values[whole.left[term]], values[whole.right[term]])
        return whole.coefs[term - products], (values[whole.ids[term - products]],)

    def _letters(self, arguments: list[float | int]) -> dict[str, str]:
        names = [self.values[x] if type(x) is int else operand(x) for x in arguments]
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


def _whole(exponent: float | int) -> bool:
    """Whether an exponent is a number that is written as an int."""
    return type(exponent) is float and exponent == int(exponent) and abs(exponent) <= 64
