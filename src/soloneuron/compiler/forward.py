"""Forward: the calls that compute the value of every group, and how operands are read."""

from __future__ import annotations

import numpy as np

from soloneuron.compiler import products
from soloneuron.compiler.grids import Array
from soloneuron.compiler.layout import Layout
from soloneuron.compiler.operations import POWER_BY_NUMBER, RULES, Rule
from soloneuron.compiler.reading import Graph
from soloneuron.compiler.schedule import Group
from soloneuron.compiler.sums import ONE
from soloneuron.compiler.tables import Part
from soloneuron.compiler.writer import Writer

NICE = {"/": "ratio", "**": "power"}


class Forward:
    """Writes the values of groups.

    Args:
        graph: the graph.
        groups: its groups in order.
        layout: where they lie.
        writer: takes the lines.
    """

    def __init__(self, graph: Graph, groups: list[Group], layout: Layout, writer: Writer) -> None:
        self.graph, self.groups, self.layout, self.writer = graph, groups, layout, writer
        self.owner = np.full(len(graph.ops), -1)
        names: dict[str, int] = {}
        self.names: list[str] = []
        for i, group in enumerate(groups):
            base = NICE.get(group.op, group.op)
            names[base] = names.get(base, 0) + 1
            self.names.append(f"{base}{names[base]}")
            self.owner[group.ids] = i
        self._copies: dict[tuple[tuple[int, ...], bytes], str] = {}

    def hint(self, nodes: Array) -> str:
        """What to call a view of these nodes."""
        node = int(nodes[nodes != ONE].flat[0])
        if self.owner[node] >= 0:
            return self.names[int(self.owner[node])]
        return "w" if node < self.graph.parameters else "x"

    def write(self, group: Group) -> None:
        """The value of a group."""
        with self.writer.borrowing():
            if group.op == "sum":
                self._sum(group)
            else:
                self._operation(group)

    def out(
        self, group: Group, *, slopes: bool = False, form: str = "rows", shape: tuple[int, ...] = ()
    ) -> str:
        """The name of a group's values, or of their gradients."""
        positions = self.layout.of(group.ids).reshape(shape or (-1,))
        view = self.layout.view(positions, group.varying)
        assert view is not None
        return self.writer.view(view, self.hint(group.ids), slopes=slopes, form=form)

    def shape(self, group: Group) -> str:
        """A group's shape, for a comment."""
        return f"({len(group.ids)}, B)" if group.varying else f"({len(group.ids)})"

    def read(self, operand: Array, varying: bool, *, tensor: bool = True) -> str:
        """The name of an operand, to be broadcast against a group; numbers too, unless ``tensor`` is off."""
        if operand.dtype.kind == "f":
            if (operand == operand.flat[0]).all() or np.isnan(operand).all():
                number = operand.flat[0]
                return self.writer.constant(np.array(number)) if tensor else repr(float(number))
            return self.writer.constant(operand[..., None] if varying else operand)
        own = self.layout.is_varying(operand)
        view = self.layout.view(self.layout.of(operand), own)
        if view is None:
            name = self._copy(operand, own)
            return name if own == varying else self.writer.column(name)
        return self.writer.view(view, self.hint(operand), form="rows" if own == varying else "spread")

    def _copy(self, nodes: Array, varying: bool) -> str:
        """Values that lie scattered, gathered into a tensor of their own."""
        key = (nodes.shape, nodes.tobytes())
        if key not in self._copies:
            index = self.writer.constant(self.layout.of(nodes).ravel(), "index")
            name = self.writer.keep(nodes.shape, varying, f"{self.hint(nodes)}_copy")
            flat = f"{name}_flat" if nodes.ndim > 1 else name
            if nodes.ndim > 1:
                self.writer.setup.append(f"{flat} = {name}.view({nodes.size}, {'B' if varying else ''})")
            buffer = "lanes" if varying else "values"
            self.writer.call(f"index_select({buffer}, 0, {index}, out={flat})", str(nodes.shape))
            self._copies[key] = name
        return self._copies[key]

    def matrix(self, nodes: Array) -> str:
        """The name of a table of nodes or numbers as a matrix, lanes side by side; a vector for one row."""
        if nodes.dtype.kind == "f":
            return self.writer.constant(nodes)
        varying = self.layout.is_varying(nodes)
        view = self.layout.view(self.layout.of(nodes), varying)
        if view is not None and not (varying and view.strides[-1] != 1 and view.shape[-1] > 1):
            return self.writer.view(view, self.hint(nodes), form="matrix")
        name = self._copy(nodes, varying)
        return self.writer.matrix(name, nodes.shape[0]) if varying else name

    def rule(self, group: Group) -> tuple[Rule, dict[str, str]]:
        """The rule of an operation and the names that its templates need."""
        op, v = group.op, group.varying
        if op == "largest":
            return RULES[op], {"a": self.read(group.operands[0].T, v), "y": self.out(group)}
        scalar = op in {"leaky_relu", "**"}
        names = {"y": self.out(group), "a": self.read(group.operands[0], v, tensor=op != "**")}
        if len(group.operands) > 1:
            names["b"] = self.read(group.operands[1], v, tensor=not scalar)
            if op == "**" and group.operands[1].dtype.kind == "f":
                return POWER_BY_NUMBER, names
        return RULES[op], names

    def _operation(self, group: Group) -> None:
        rule, names = self.rule(group)
        self.fill(rule.value, names, group)

    def fill(self, templates: tuple[str, ...], names: dict[str, str], group: Group) -> None:
        """Write templates, with scratch space in the shape of the group as they ask for it."""
        for kind in "tm":
            if kind not in names and any(f"{{{kind}}}" in line for line in templates):
                names[kind] = self.writer.temporary((len(group.ids),), group.varying, kind=kind)
        for line in templates:
            self.writer.call(line.format(**names), self.shape(group))

    # Sums of products.

    def _sum(self, group: Group) -> None:
        y, shape = self.out(group), self.shape(group)
        begun = False
        constant = group.constant
        if group.grid is not None:
            begun, constant = products.write_product(self, group)
        for part in group.parts:
            begun, constant = self._part(group, part, y, begun, constant)
        if constant is not None or not begun:
            number = np.zeros(1) if constant is None else constant
            name = self.read(number, group.varying, tensor=begun)
            if begun:
                self.writer.call(f"{y}.add_({name})", shape)
            else:
                self.writer.call(f"{y}.copy_({self.read(number, group.varying)})", shape)

    def _part(
        self, group: Group, part: Part, y: str, begun: bool, constant: Array | None
    ) -> tuple[bool, Array | None]:
        """Add products row by row; the constant goes into the same call where that can be."""
        v, w = group.varying, self.writer
        if part.left.shape[1] == 1:
            left, right = (self.read(side[:, 0], v) for side in (part.left, part.right))
            value = ""
            if part.scales is not None and (part.scales == part.scales[0]).all():
                value = f", value={float(part.scales[0, 0])!r}"
            elif part.scales is not None:
                scratch = w.temporary((len(group.ids),), v)
                scale = self.read(part.scales[:, 0], v)
                w.call(f"mul({right}, {scale}, out={scratch})", self.shape(group))
                right = scratch
            if begun:
                w.call(f"{y}.addcmul_({left}, {right}{value})", self.shape(group))
            elif constant is not None or value:
                start = "zero" if constant is None else self.read(constant, v)
                w.call(f"addcmul({start}, {left}, {right}{value}, out={y})", self.shape(group))
                constant = None
            else:
                w.call(f"mul({left}, {right}, out={y})", self.shape(group))
            return True, constant
        table = self.terms(group, part)
        if begun:
            scratch = w.temporary((len(group.ids),), v)
            w.call(f"sum({table}, 0, out={scratch})", self.shape(group))
            w.call(f"{y}.add_({scratch})", self.shape(group))
        else:
            w.call(f"sum({table}, 0, out={y})", self.shape(group))
        return True, constant

    def terms(self, group: Group, part: Part) -> str:
        """Every term of a part, (K, n): what its sum over K adds up."""
        v, w = group.varying, self.writer
        if part.left.dtype.kind == "f" and (part.left == 1).all():
            right = part.right.T
            if self.layout.is_varying(right) == v and not (right == right.flat[0]).all():
                return self.read(right, v)
        left, right_name = self.read(part.left.T, v), self.read(part.right.T, v)
        scratch = w.temporary((part.left.shape[1], len(group.ids)), v)
        w.call(f"mul({left}, {right_name}, out={scratch})", f"({part.left.shape[1]}, {len(group.ids)})")
        if part.scales is not None:
            w.call(f"{scratch}.mul_({self.read(part.scales.T, v)})")
        return scratch
