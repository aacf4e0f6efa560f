"""Operands: where the values of groups, and of whatever they read, are found, and the calls that use them.

What lies in one strided piece of a buffer is read as a view. Everything else is gathered into a copy first,
once for all who read it: values do not change any more when their group has been written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from soloneuron.compiler.backends.naming import PRONOUNCED, literal
from soloneuron.compiler.graph.normal import ONE, Graph
from soloneuron.compiler.plan.calls import (
    BufferView,
    CallPlan,
    ConstantArray,
    Derived,
    Operand,
    Scratch,
    TorchCall,
    Whole,
)
from soloneuron.compiler.plan.grids import Array
from soloneuron.compiler.plan.layout import MemoryLayout
from soloneuron.compiler.plan.schedule import Group

WEIGHT = Whole("weight")
"""How much each lane counts, (1, B)."""


class Operands:
    """Finds operands, and collects the calls of a plan.

    Args:
        graph: the graph.
        groups: its groups in order.
        layout: where they lie.
        most: the largest number of the precision that will compute; larger ones are infinite there.

    Attributes:
        plan: what was collected.
        group: for which group calls are collected now.
        back: whether they belong to the sweep back.
    """

    def __init__(self, graph: Graph, groups: list[Group], layout: MemoryLayout, most: float) -> None:
        self.graph, self.groups, self.layout, self.most = graph, groups, layout, most
        self.plan = CallPlan()
        self.group, self.back = -1, False
        self.owner = np.full(len(graph.ops), -1)
        names: dict[str, int] = {}
        self.names: list[str] = []
        for i, group in enumerate(groups):
            base = PRONOUNCED.get(group.op, group.op)
            names[base] = names.get(base, 0) + 1
            self.names.append(f"{base}{names[base]}")
            self.owner[group.ids] = i
        self._copies: dict[tuple[tuple[int, ...], bytes], Scratch] = {}
        self._constants: dict[object, ConstantArray] = {}
        self._scratch = 0

    def call(self, put: str, out: Operand, *reads: Operand, note: str = "") -> None:
        """A call that writes values."""
        self.plan.calls.append(TorchCall(put, out, reads, note, group=self.group, back=self.back))

    def fill(self, templates: tuple[str, ...], names: Mapping[str, Operand | str], group: Group) -> Operand:
        """The calls of an operation's lines, in which letters stand for operands or for numbers as text.

        Returns:
            The scratch space ``t`` of these lines; of no meaning if they have none.
        """
        own = dict(names)
        for letter in "tm":
            if letter not in own and any(f"{{{letter}}}" in line for line in templates):
                own[letter] = self.scratch((len(group.ids),), group.varying, kind=letter)
        for line in templates:
            # The result stands behind out=, or in front of what is done in place.
            result = line[1] if line[0] == "{" else line[line.index("out={") + 5]
            letters = [x for x, name in own.items() if f"{{{x}}}" in line and not isinstance(name, str)]
            holes = {x: f"{{{i}}}" for i, x in enumerate(letters)}
            text = line.format(**(own | holes))
            reads = [own[x] for x in letters]
            self.call(text, own[result], *reads, note=self.shape(group))  # type: ignore[arg-type]
        return own.get("t", WEIGHT)  # type: ignore[return-value]

    def number(self, x: float) -> str:
        """A number as it stands in a call."""
        return literal(x if abs(x) <= self.most else float(np.copysign(np.inf, x)))

    def constant(self, array: Array, hint: str = "c") -> ConstantArray:
        """A tensor of numbers, or of an index."""
        # Bits decide: -0 and 0 are two constants, and equal tables share one.
        key = (array.shape, array.dtype.str, array.tobytes())
        if key not in self._constants:
            self._constants[key] = ConstantArray(len(self.plan.constants), hint)
            self.plan.constants.append(array)
        return self._constants[key]

    def scratch(
        self, shape: tuple[int, ...], varying: bool, *, form: str = "rows", kind: str = "t", hint: str = ""
    ) -> Scratch:
        """Memory of its own; passes find out how long it lives."""
        self._scratch += 1
        return Scratch(self._scratch, shape, varying, form, kind, hint)

    def hint(self, nodes: Array) -> str:
        """What to call a view of these nodes."""
        node = int(nodes[nodes != ONE].flat[0])
        if self.owner[node] >= 0:
            return self.names[int(self.owner[node])]
        return "w" if node < self.graph.parameters else "x"

    def out(
        self, group: Group, *, slopes: bool = False, form: str = "rows", shape: tuple[int, ...] = ()
    ) -> BufferView:
        """A group's values, or their gradients."""
        positions = self.layout.of(group.ids).reshape(shape or (-1,))
        view = self.layout.view(positions, group.varying)
        assert view is not None
        return replace(view, slopes=slopes, form=form, hint=self.hint(group.ids))

    def slope_view(self, view: BufferView, nodes: Array, form: str) -> BufferView:
        """The gradients of nodes whose values lie in a view."""
        return replace(view, slopes=True, form=form, hint=self.hint(nodes))

    def shape(self, group: Group) -> str:
        """A group's shape, for a comment."""
        return f"({len(group.ids)}, B)" if group.varying else f"({len(group.ids)})"

    def setting(self, operand: Array, varying: bool) -> Operand | str:
        """An operand that is written into the call where it is one number."""
        if operand.dtype.kind == "f" and ((operand == operand.flat[0]).all() or np.isnan(operand).all()):
            return self.number(float(operand.flat[0]))
        return self.read(operand, varying)

    def read(self, operand: Array, varying: bool, *, whole: bool = False) -> Operand:
        """An operand, to be broadcast against a group; with ``whole``, numbers in the shape of the group."""
        # Numbers that are all alike, NaN included, are one number, which needs no memory for each node.
        if operand.dtype.kind == "f":
            if whole:
                return self.column(self.constant(operand)) if varying else self.constant(operand)
            if (operand == operand.flat[0]).all() or np.isnan(operand).all():
                return self.constant(np.array(operand.flat[0]))
            return self.constant(operand[..., None] if varying else operand)
        # The operand may be the same in all lanes where the group is not; then it is spread, not copied.
        own = self.layout.is_varying(operand)
        view = self.layout.view(self.layout.of(operand), own)
        if view is None:
            copy = self._copy(operand, own)
            return copy if own == varying else self.column(copy)
        return replace(view, hint=self.hint(operand), form="rows" if own == varying else "spread")

    def matrix(self, nodes: Array) -> Operand:
        """A table of nodes or numbers as a matrix, lanes side by side; a vector for one row."""
        if nodes.dtype.kind == "f":
            return self.constant(nodes)
        varying = self.layout.is_varying(nodes)
        view = self.layout.view(self.layout.of(nodes), varying)
        # Lanes lie side by side in a row of a matrix only if the nodes of that row are neighbors.
        if view is not None and not (varying and view.strides[-1] != 1 and view.shape[-1] > 1):
            return replace(view, hint=self.hint(nodes), form="matrix")
        copy = self._copy(nodes, varying)
        return Derived(copy, f"{{}}.view({nodes.shape[0]}, -1)", "_matrix") if varying else copy

    def _copy(self, nodes: Array, varying: bool) -> Scratch:
        """Values that lie scattered, gathered into a tensor of their own."""
        # Several groups may read the same scattered nodes; whoever comes first has them gathered.
        key = (nodes.shape, nodes.tobytes())
        if key not in self._copies:
            index = self.constant(self.layout.of(nodes).ravel(), "index")
            copy = self.scratch(nodes.shape, varying, hint=f"{self.hint(nodes)}_copy")
            flat: Operand = copy
            if nodes.ndim > 1:
                flat = Derived(copy, f"{{}}.view({nodes.size}{', B' if varying else ''})", "_flat")
            buffer = Whole("lanes" if varying else "values")
            self.call("index_select({0}, 0, {1}, out={o})", flat, buffer, index, note=str(nodes.shape))
            self._copies[key] = copy
        return self._copies[key]

    # Other looks at an operand.

    @staticmethod
    def column(operand: Operand) -> Derived:
        """Numbers that are the same in every lane, to be read beside lanes."""
        return Derived(operand, "{}.unsqueeze(-1).expand(*{}.shape, B)", "_column")

    @staticmethod
    def transposed(operand: Operand) -> Derived:
        """The transpose of a matrix."""
        return Derived(operand, "{}.T", "_T")

    @staticmethod
    def scalar(operand: Operand) -> Derived:
        """The only number of a vector, as a tensor without axes."""
        return Derived(operand, "{}[0]", "_0")

    @staticmethod
    def flat(operand: Operand) -> Derived:
        """The lanes of one node, as a vector."""
        return Derived(operand, "{}.view(-1)", "_flat")

    @staticmethod
    def spread_weight(rows: int) -> Operand:
        """The weights of the lanes, for a group of so many rows."""
        return WEIGHT if rows == 1 else Derived(WEIGHT, f"{{}}.expand({rows}, B)", f"_{rows}")
