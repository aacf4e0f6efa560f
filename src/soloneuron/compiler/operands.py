"""Operands: how the values of groups, and of whatever they read, are named in the generated code.

What lies in one strided piece of a buffer is read as a view. Everything else is gathered into a copy first,
once for all who read it: values do not change any more when their group has been written.
"""

from __future__ import annotations

import numpy as np

from soloneuron.compiler.backends.naming import PRONOUNCED
from soloneuron.compiler.graph.normal import ONE, Graph
from soloneuron.compiler.grids import Array
from soloneuron.compiler.layout import MemoryLayout
from soloneuron.compiler.schedule import Group
from soloneuron.compiler.writer import Writer


class Operands:
    """Names tables of nodes and numbers, and writes the copies that they need.

    Args:
        graph: the graph.
        groups: its groups in order.
        layout: where they lie.
        writer: takes the lines.
    """

    def __init__(self, graph: Graph, groups: list[Group], layout: MemoryLayout, writer: Writer) -> None:
        self.graph, self.groups, self.layout, self.writer = graph, groups, layout, writer
        self.owner = np.full(len(graph.ops), -1)
        names: dict[str, int] = {}
        self.names: list[str] = []
        for i, group in enumerate(groups):
            base = PRONOUNCED.get(group.op, group.op)
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
        # Numbers that are all alike, NaN included, are one number, which needs no memory for each node.
        if operand.dtype.kind == "f":
            if (operand == operand.flat[0]).all() or np.isnan(operand).all():
                number = operand.flat[0]
                return self.writer.constant(np.array(number)) if tensor else repr(float(number))
            return self.writer.constant(operand[..., None] if varying else operand)
        # The operand may be the same in all lanes where the group is not; then it is spread, not copied.
        own = self.layout.is_varying(operand)
        view = self.layout.view(self.layout.of(operand), own)
        if view is None:
            name = self._copy(operand, own)
            return name if own == varying else self.writer.column(name)
        return self.writer.view(view, self.hint(operand), form="rows" if own == varying else "spread")

    def _copy(self, nodes: Array, varying: bool) -> str:
        """Values that lie scattered, gathered into a tensor of their own."""
        # Several groups may read the same scattered nodes; whoever comes first has them gathered.
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
        # Lanes lie side by side in a row of a matrix only if the nodes of that row are neighbors.
        if view is not None and not (varying and view.strides[-1] != 1 and view.shape[-1] > 1):
            return self.writer.view(view, self.hint(nodes), form="matrix")
        name = self._copy(nodes, varying)
        return self.writer.matrix(name, nodes.shape[0]) if varying else name
