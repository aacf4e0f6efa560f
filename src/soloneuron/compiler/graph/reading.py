"""Reading a graph: how each operation of an Element becomes a number, a term, a sum or a node."""

from __future__ import annotations

from collections import Counter
from math import inf, isfinite
from typing import Any

from soloneuron.compiler.graph.normal import Form, Graph, Sum
from soloneuron.element.element import Element
from soloneuron.element.functions import Largest
from soloneuron.element.operations import OPERATIONS

DOUBLE_LIMITS = (2.0**-1022, 2.0**1023 * (2 - 2**-52))
"""The least and the largest normal number of float64."""

UNMOVED = {"largest", "spread"}
"""Operations of the compiler itself; no gradient goes through: the largest is taken off and put back."""


class Reader:
    """Reads the Elements of one graph, operands first.

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

    def read_all(self, computed: list[Element]) -> None:
        """Read computed Elements, each after its operands."""
        forms, readers = self.forms, self.readers()
        # How many read each Element; None, in the place of a number, is counted along and never asked for.
        uses: Counter[Element] = Counter()
        uses.update([x._a for x in computed if type(x._b) is not tuple])
        uses.update([x._b for x in computed if type(x._b) is not tuple])
        for x in computed:
            if type(x._b) is tuple:
                uses.update(x._a)
                uses.update(x._b)
            elif type(x._db) is Largest:
                uses.update(x._db.of)
        other = self.operation
        for x in computed:
            form = readers.get(x._op, other)(x)
            kind = type(form)
            # What several read must be one node; a multiple of a node is as good as the node.
            if (kind is Sum or (kind is tuple and form[2] is not None)) and uses[x] > 1:
                form = self.node(form)
            if x.label is not None and type(form) is not float:
                self.graph.labelled = True
                if self.keeps_labels:
                    form = self.node(form)
                    self.graph.names.setdefault(form, x.label)
            forms[x] = form

    def readers(self) -> dict[str, Any]:
        """Who reads which operation."""
        return {
            "+": self.plus,
            "-": self.minus,
            "*": self.times,
            "/": self.over,
            "**": self.power,
            "dot": self.dot,
            "total": self.total,
        }

    def operand(self, x: Element | None, number: Any) -> Form:
        """The form of an operand: of the Element, or of the number written in its place."""
        if x is not None:
            return self.forms[x]
        return self.largest(number) if type(number) is Largest else float(number)

    def plus(self, x: Element) -> Form:
        """A sum; it goes on where an operand is a sum that nobody else reads."""
        a, b = x._a, x._b
        p, q = self.operand(a, x._da), self.operand(b, x._db)
        if type(p) is float and type(q) is float:
            return float(x.data)
        # A sum that is still open has one reader (``read_all`` made nodes of the others), so it may grow in
        # place. That makes a chain of n additions cost n steps, not n squared.
        if type(p) is not Sum and type(q) is Sum:
            p, q = q, p
        return self.grown(p, q, 1.0)

    def minus(self, x: Element) -> Form:
        """A difference, or the opposite."""
        a, b = x._a, x._b
        if b is None and x._db is None:
            return self.product(-1.0, self.forms[a])
        p, q = self.operand(a, x._da), self.operand(b, x._db)
        if type(p) is float and type(q) is float:
            return float(x.data)
        return self.grown(p, q, -1.0)

    def grown(self, p: Form, q: Form, sign: float) -> Form:
        """The sum of p and a form, or its opposite; constants are added up only while that is finite."""
        if type(p) is Sum:
            added = q if type(q) is float else q.constant if type(q) is Sum else 0.0
            if abs(p.constant + sign * added) <= self.most or not isfinite(added):
                p.add(q, sign)
                return p
            p = self.node(p)
        whole = Sum()
        whole.add(p, 1.0)
        if type(q) is Sum and type(p) is float and not abs(p + sign * q.constant) <= self.most:
            q = self.node(q)
        whole.add(q, sign)
        return whole

    def merges(self, p: float, q: float) -> bool:
        """Whether the product of two coefficients may stand for them."""
        return self.least <= abs(p * q) <= self.most or p == 0 or q == 0

    def times(self, x: Element) -> Form:
        """A product."""
        a, b = x._a, x._b
        p = self.forms[a] if a is not None else float(x._da)
        q = self.forms[b] if b is not None else float(x._db)
        if type(p) is int and type(q) is int:
            return self.pair(1.0, p, q)
        return self.product(p, q)

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
            if p in (1.0, -1.0) or (not q.left and all(self.merges(p, c) for c in (q.constant, *q.coefs))):  # type: ignore[union-attr]
                q.scale(p)  # type: ignore[union-attr]
                return q
            # A multiple of a product stays a multiple: the product alone may be a matrix product.
            return (p, self.node(q), None)
        (c, a), (k, b) = self.multiple(p), self.multiple(q)
        if not self.merges(c, k):
            k, b = 1.0, self.node((k, b, None))
        return self.pair(c * k, a, b)

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

    def over(self, x: Element) -> Form:
        """A quotient; by a number, a multiple."""
        p, q = self.operand(x._a, x._da), self.operand(x._b, x._db)
        if x._b is None:
            p, q = self.forms[x._a], float(x._db)
        elif x._a is None:
            p = float(x._da)
        # A multiple joins sums and products, a quotient does not; the price is one rounding more.
        if type(q) is float and type(p) is not float and abs(q) not in (0, inf) and self.merges(1 / q, 1.0):
            return self.product(1 / q, p)
        return self.build("/", [p, q], x)

    def power(self, x: Element) -> Form:
        """A power; a square is a product."""
        p = float(x._da) if x._a is None else self.forms[x._a]
        q = float(x._db) if x._b is None else self.forms[x._b]
        if type(q) is float:
            if q == 0:
                return 1.0
            if q == 1:
                return p
            # So squares become matrix products and sums of squares a dot.
            if q == 2 and type(p) is not float:
                c, a = self.multiple(p)
                if not self.merges(c, c):
                    c, a = 1.0, self.node((c, a, None))
                return (c * c, a, a)
        return self.build("**", [p, q], x)

    def dot(self, x: Element) -> Form:
        """A sum of products in one node."""
        whole, numbers = Sum(), x._b == ()
        for a, b in zip(x._a, x._da if numbers else x._b, strict=True):
            p = self.forms[a]
            q = float(b) if numbers else self.forms[b]
            whole.add(self.pair(1.0, p, q) if type(p) is int and type(q) is int else self.product(p, q), 1.0)
        return whole if whole.ids or whole.left else whole.constant

    def total(self, x: Element) -> Form:
        """A sum in one node."""
        whole = Sum()
        for a in x._a:
            whole.add(self.forms[a], 1.0)
        return whole if whole.ids or whole.left else whole.constant

    def operation(self, x: Element) -> Form:
        """Every operation that stays itself."""
        if type(x._b) is tuple:
            # A hand-made node of a template has operands and no rule: its number is a constant.
            if x._op not in OPERATIONS:
                return float(x.data)
            return self.build(str(x._op), [self.forms[y] for y in (*x._a, *x._b)], x)
        forms: list[Form] = [self.forms[x._a]]
        if x._b is not None:
            forms.append(self.forms[x._b])
        elif x._db is not None:
            forms.append(float(x._db))
        return self.build(str(x._op), forms, x)

    def build(self, op: str, forms: list[Form], x: Element) -> Form:
        """A node of its own, or a number if it depends on numbers only."""
        if all(type(form) is float for form in forms):
            return float(x.data)
        return self.append(op, [form if type(form) is float else self.node(form) for form in forms])

    def largest(self, number: Largest) -> Form:
        """The node of a number that is the largest of some Elements, at run time as well."""
        if id(number) not in self.shifts:
            forms = [self.forms[x] for x in number.of]
            if all(type(form) is float for form in forms):
                return float(number)
            nodes = [self.node(form) for form in forms]
            # amax is taken over a table of one kind: what is the same in all lanes is spread over them.
            if any(map(self.graph.varying.__getitem__, nodes)):
                nodes = [self.spread(node) for node in nodes]
            self.shifts[id(number)] = self.append("largest", nodes)
        return self.shifts[id(number)]

    def spread(self, node: int) -> int:
        """A node with a value in every lane; it is only looked at, so no gradient goes through."""
        if self.graph.varying[node]:
            return node
        copy = self.append("spread", [node])
        self.graph.varying[copy] = True
        return copy

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
