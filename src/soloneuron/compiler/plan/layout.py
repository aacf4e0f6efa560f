"""Layout: where every value lies, and how a group of values is read as one tensor.

There are two buffers of values: one for numbers that are the same for all samples (theta first), one with a
row a node and a column a sample ("lane") for what varies. The buffers of gradients are laid out alike.
"""

from __future__ import annotations

import numpy as np

from soloneuron.compiler.graph.normal import ONE, Graph
from soloneuron.compiler.plan.calls import BufferView
from soloneuron.compiler.plan.grids import Array
from soloneuron.compiler.plan.schedule import Group


class MemoryLayout:
    """The position of every node.

    Attributes:
        positions: of every node in its buffer.
        sizes: of the buffer of fixed values, and the rows of that of lanes.
        ones: (varying, from, to): where ones are kept.
        split: how many inputs lie before a row of ones, with which they are multiplied as one matrix.
    """

    def __init__(self, graph: Graph, groups: list[Group]) -> None:
        p, d = graph.parameters, graph.inputs
        self.parameters = p
        self.positions = np.zeros(len(graph.ops), dtype=np.int64)
        # Theta comes first, so that it is one slice of the buffer.
        self.positions[:p] = np.arange(p)
        self.split = _features(graph, groups)
        self.positions[p : p + self.split] = np.arange(self.split)
        # The row of ones stands between features and the rest: (x, 1) is then one block for w x + b.
        self.positions[p + self.split : p + d] = np.arange(self.split + 1, d + 1)
        self.varying = np.array(graph.varying, dtype=bool)
        self._ends: dict[int, tuple[int, int]] = {}
        self.ones = [(True, self.split, self.split + 1)] if d else []
        sizes = [p, d + 1 if d else 0]
        for group in groups:
            # A group is one block of its buffer; what is read beside ones has them right behind it.
            start = sizes[group.varying]
            end = start + len(group.ids)
            self.positions[group.ids] = np.arange(start, end)
            self._ends |= dict.fromkeys(group.ids[-1:].tolist(), (end, group.ones))
            if group.ones:
                self.ones.append((group.varying, end, end + group.ones))
            sizes[group.varying] = end + group.ones
        if d:
            self._ends[p + self.split - 1] = (self.split, 1)
        self.sizes = (sizes[0], sizes[1])

    def of(self, nodes: Array) -> Array:
        """The positions of a table of nodes; -1 for a one that lies nowhere near.

        The ones behind a group count as the next column of a table (Q, k), or as the next row of its
        transpose.
        """
        if nodes.ndim == 1:
            return self.of(nodes[None])[0] if (nodes == ONE).any() else self.positions[nodes]
        if (nodes == ONE).all(1).any() and not (nodes == ONE).all(0).any():
            return self.of(nodes.T).T
        # A one is no node and lies nowhere, but a column of ones may be the ones behind the column before.
        positions = np.where(nodes == ONE, -1, self.positions[nodes])
        if (positions < 0).any():
            for k in np.flatnonzero((nodes == ONE).all(0)):
                end, ones = self._ends.get(int(nodes[-1, k - 1]), (0, 0)) if k else (0, 0)
                if ones == len(nodes):
                    positions[:, k] = end + np.arange(ones)
        return positions

    def view(self, positions: Array, varying: bool) -> BufferView | None:
        """The strided view that has these positions, if there is one."""
        strides = []
        for axis in range(positions.ndim):
            step = np.diff(positions, axis=axis)
            first = step.flat[0] if step.size else 0
            if step.size and not (step == first).all():
                return None
            strides.append(int(first))
        # torch has no strides below 0.
        offset = int(positions.flat[0])
        if offset < 0 or min(strides, default=0) < 0:
            return None
        return BufferView(varying, offset, positions.shape, tuple(strides))

    def is_varying(self, nodes: Array) -> bool:
        """Whether these nodes, all alike, have one value a lane."""
        named = nodes[nodes != ONE]
        return bool(named.size) and bool(self.varying[named.flat[0]])


def _features(graph: Graph, groups: list[Group]) -> int:
    """How many inputs, from the first on, stand beside a one in a matrix product; else all of them."""
    first, last = graph.parameters, graph.parameters + graph.inputs
    for group in groups:
        if group.grid is not None and group.grid.right.dtype.kind == "i":
            row = group.grid.right[0]
            nodes = row[row != ONE]
            k = min(len(nodes), last - first)
            if len(nodes) < len(row) and np.array_equal(nodes, np.arange(first, first + k)):
                return k
    return graph.inputs
