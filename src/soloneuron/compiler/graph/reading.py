"""Reading a graph: how each operation of an Element becomes a number, a term, a sum or a node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from math import inf
from typing import Any

from soloneuron.compiler.graph.building import Builder
from soloneuron.compiler.graph.normal import Form, Sum
from soloneuron.element.element import Element
from soloneuron.element.functions import Largest

OF_MANY = {"dot", "total", "where>", "where>="}
"""Operations whose operands are tuples."""


class Reader(Builder):
    """Reads the Elements of one graph, operands first; what ``Builder`` takes, it takes."""

    def read_all(self, computed: list[Element], kept: Set[Element]) -> None:
        """Read computed Elements, each after its operands; those to be kept become nodes."""
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
            # A hand-made node of a template has operands and no rule: its number is a constant.
            made = type(x._b) is tuple and x._op not in OF_MANY
            form: Any = float(x.data) if made else readers.get(x._op, other)(x)
            kind = type(form)
            # What several read must be one node; a multiple of a node is as good as the node.
            if (kind is Sum or (kind is tuple and form[2] is not None)) and uses[x] > 1:
                form = self.node(form)
            if x in kept:
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
        # place, the shorter into the longer. So a chain of n additions costs n steps, not n squared.
        if type(q) is Sum and (type(p) is not Sum or len(p) < len(q)):
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

    def times(self, x: Element) -> Form:
        """A product."""
        a, b = x._a, x._b
        p = self.forms[a] if a is not None else float(x._da)
        q = self.forms[b] if b is not None else float(x._db)
        if type(p) is int and type(q) is int:
            return self.pair(1.0, p, q)
        return self.product(p, q)

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
