"""Building the normal form: terms and sums become nodes, and numbers are merged where that is safe."""

from __future__ import annotations

from math import isfinite
from typing import Any

from soloneuron.compiler.graph.normal import Form, Graph, Sum
from soloneuron.element.element import Element
from soloneuron.element.operations import OPERATIONS

DOUBLE_LIMITS = (2.0**-1022, 2.0**1023 * (2 - 2**-52))
"""The least and the largest normal number of float64."""

UNMOVED = {"largest", "spread"}
"""Operations of the compiler itself; no gradient goes through: the largest is taken off and put back."""


MOST_REWORKED = 4
"""So often all terms of a sum are gone through again before it becomes a node: a chain that goes on
multiplying or turning its sum around costs as many steps as it has links, not their square."""


class Builder:
    """Builds one graph.

    Coefficients are merged only while the result is a normal number of the precision that will compute with
    it: what would overflow, or lose digits, stays a node, and the numbers meet in the order of the program.

    Args:
        parameters: become the first nodes.
        inputs: become the next ones.
        limits: the least and the largest normal number of that precision.
        keeps_labels: whether every labelled Element becomes a node, for a text in the names of the user.
    """

    def __init__(
        self,
        parameters: list[Element],
        inputs: list[Element],
        limits: tuple[float, float] = DOUBLE_LIMITS,
        *,
        keeps_labels: bool = False,
    ) -> None:
        self.least, self.most = limits
        self.keeps_labels = keeps_labels
        p, d = len(parameters), len(inputs)
        self.graph = Graph(
            p,
            d,
            [""] * (p + d),
            [None] * (p + d),
            [0] * (p + d),
            [False] * p + [True] * d,
            [True] * p + [False] * d,
        )
        leaves = [*parameters, *inputs]
        self.graph.names = {i: x.label for i, x in enumerate(leaves) if x.label}
        self.forms: dict[Element, Form] = {x: i for i, x in enumerate(leaves)}
        self.shifts: dict[int, int] = {}

    def grown(self, p: Form, q: Form, sign: float) -> Form:
        """The sum of p and a form, or its opposite; constants are added up only while that is finite."""
        if type(q) is Sum and (type(p) is not Sum or len(q) > len(p)):
            # All of q is gone through, and may be again in the next difference.
            if q.reworked >= MOST_REWORKED:
                q = self.node(q)
            else:
                q.reworked += 1
        if type(p) is Sum:
            added = q if type(q) is float else q.constant if type(q) is Sum else 0.0
            if abs(p.constant + sign * added) <= self.most or not isfinite(added):
                p.add(q, sign)
                return p
            p = self.node(p)
        whole = Sum()
        whole.reworked = q.reworked if type(q) is Sum else 0
        whole.add(p, 1.0)
        if type(q) is Sum and type(p) is float and not abs(p + sign * q.constant) <= self.most:
            q = self.node(q)
        whole.add(q, sign)
        return whole

    def merges(self, p: float, q: float) -> bool:
        """Whether the product of two coefficients may stand for them."""
        return self.least <= abs(p * q) <= self.most or p == 0 or q == 0

    def product(self, p: Form, q: Form) -> Form:
        """A product in which at least one factor is not a plain node."""
        if type(q) is float:
            p, q = q, p
        if type(p) is float:
            if type(q) is float:
                return p * q
            if type(q) is int:
                return (p, q, None)
            if type(q) is tuple:
                c = p * q[0]
                return (c, q[1], q[2]) if self.merges(p, q[0]) else (p, self.node(q), None)
            if self.scales(p, q):  # type: ignore[arg-type]
                q.scale(p)  # type: ignore[union-attr]
                return q
            # A multiple of a product stays a multiple: the product alone may be a matrix product.
            return (p, self.node(q), None)
        (c, a), (k, b) = self.multiple(p), self.multiple(q)
        if not self.merges(c, k):
            k, b = 1.0, self.node((k, b, None))
        return self.pair(c * k, a, b)

    def scales(self, p: float, q: Sum) -> bool:
        """Whether a number is multiplied into a sum; else it stands before the node of the sum."""
        if q.reworked >= MOST_REWORKED:
            return False
        return p in (1.0, -1.0) or (not q.left and all(self.merges(p, c) for c in (q.constant, *q.coefs)))

    def multiple(self, form: Form) -> tuple[float, int]:
        """A form as a number times a node."""
        if type(form) is tuple and form[2] is None:
            return form[0], form[1]
        return 1.0, self.node(form)

    def pair(self, scale: float, a: int, b: int) -> Form:
        """A product of two nodes: what does not vary on the left, and parameters before the rest."""
        varying, leaves = self.graph.varying, self.graph.parameters
        if (varying[a], a >= leaves) > (varying[b], b >= leaves):
            a, b = b, a
        return (scale, a, b)

    def node(self, form: Form, *, alias: bool = True) -> int:
        """The node of a form; a new one where the form is not a node yet."""
        if type(form) is int:
            return form
        # Once a node is just that node.
        if alias and type(form) is tuple and form[0] == 1 and form[2] is None:
            return form[1]
        if type(form) is not Sum:
            whole = Sum()
            whole.add(form, 1.0)
            form = whole
        if self.graph.inputs:
            self.sort(form)
        self.append("sum", form, [*form.ids, *form.left, *form.right])
        return len(self.graph.ops) - 1

    def append(self, op: str, arguments: Any, operands: list[int] | None = None) -> int:
        """A new node of the graph."""
        graph = self.graph
        if operands is None:
            operands = [x for x in arguments if type(x) is int]
        graph.ops.append(op)
        graph.arguments.append(arguments)
        graph.level.append(1 + max(map(graph.level.__getitem__, operands), default=0))
        graph.varying.append(graph.inputs > 0 and any(map(graph.varying.__getitem__, operands)))
        # Operands without a slope (the condition of ``where``) are looked at, and no gradient asks for them.
        moved = operands if op == "sum" else arguments[: 0 if op in UNMOVED else len(OPERATIONS[op].slopes)]
        graph.needed.append(any(graph.needed[x] for x in moved if type(x) is int))
        return len(graph.ops) - 1

    def sort(self, whole: Sum) -> None:
        """In a sum that varies: products of parameters become a node, what varies comes last."""
        varying = self.graph.varying
        fixed = [i for i, b in enumerate(whole.right) if not varying[b]]
        if not any(map(varying.__getitem__, whole.ids + whole.right)):
            return
        if fixed:
            apart = Sum()
            for i in fixed:
                apart.add((whole.scales[i], whole.left[i], whole.right[i]), 1.0)
            keep = [i for i in range(len(whole.right)) if varying[whole.right[i]]]
            for name in ("left", "right", "scales"):
                setattr(whole, name, [getattr(whole, name)[i] for i in keep])
            whole.add(self.node(apart), 1.0)

    def spread(self, node: int) -> int:
        """A node with a value in every lane; it is only looked at, so no gradient goes through."""
        if self.graph.varying[node]:
            return node
        copy = self.append("spread", [node])
        self.graph.varying[copy] = True
        return copy
