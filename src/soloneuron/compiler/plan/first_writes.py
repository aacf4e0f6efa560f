"""First writes: which write begins a gradient and assigns, and what must be set to 0 before the sweep back.

A region is the gradient of one group, of all parameters or of all inputs. Most regions are begun as a whole
by their first write. Where a write finds a part begun and a part not, or one position several times, no order
of writes can begin all of them: those regions are filled with zeros, and every write to them adds.

This is decided in one pass, while the writes are recorded in order. What a zero fill changes about writes
that were recorded before it is only their verb, which is chosen at the end.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from soloneuron.compiler.graph.normal import Graph
from soloneuron.compiler.plan.calls import BufferView, CallPlan, Scratch, TorchCall, Whole
from soloneuron.compiler.plan.grids import Array
from soloneuron.compiler.plan.layout import MemoryLayout
from soloneuron.compiler.plan.schedule import Group

MOST_CLEARED = {False: 1024, True: 8}
"""So many numbers, or rows of lanes, may lie between two blocks that one call clears."""


class FirstWrites:
    """Keeps what has been begun.

    Args:
        graph: the graph.
        groups: its groups.

    Attributes:
        written: of every node, whether its gradient has been begun, be it by a fill.
        filled: of every node, whether it is filled with zeros first.
    """

    def __init__(self, graph: Graph, groups: list[Group]) -> None:
        count, p, d = len(graph.ops), graph.parameters, graph.inputs
        self.written = np.zeros(count, dtype=bool)
        self.filled = np.zeros(count, dtype=bool)
        self._members = [np.arange(p), np.arange(p, p + d), *(group.ids for group in groups)]
        self._region = np.zeros(count, dtype=np.int64)
        for number, members in enumerate(self._members):
            self._region[members] = number
        # Regions that one write has begun together: where one of them is filled, all are. Every set is named
        # by one of its regions, and the smaller of two joins the larger.
        self._set = list(range(len(self._members)))
        self._together = {number: [number] for number in self._set}

    def record(self, nodes: Array, *, distinct: bool) -> None:
        """A write to the gradients of some nodes, after all that were recorded before."""
        begun = self.written[nodes]
        if begun.all():
            return
        if begun.any() or not distinct:
            self.fill(nodes)
        else:
            self._join(np.unique(self._region[nodes]).tolist())
            self.written[nodes] = True

    def fill(self, nodes: Array) -> None:
        """The regions of some nodes are filled with zeros."""
        for name in {self._set[region] for region in np.unique(self._region[nodes]).tolist()}:
            for region in self._together[name]:
                self.filled[self._members[region]] = self.written[self._members[region]] = True

    def _join(self, regions: list[int]) -> None:
        first, *others = {self._set[region] for region in regions}
        for other in others:
            small, large = sorted((first, other), key=lambda name: len(self._together[name]))
            for region in self._together[small]:
                self._set[region] = large
            self._together[large] += self._together.pop(small)
            first = large


def choose_verbs(plan: CallPlan, first: FirstWrites, layout: MemoryLayout) -> CallPlan:
    """The plan with its zero fills, in which every write to a gradient assigns or adds."""
    begun = first.filled.copy()
    calls: list[TorchCall] = []
    number = -1
    border = next((i for i, call in enumerate(plan.calls) if call.back), len(plan.calls))
    for i, call in enumerate(plan.calls):
        if i == border:
            calls += _fills(first, layout)
        if call.nodes is None:
            calls.append(call)
            continue
        adds = bool(begun[call.nodes].all())
        begun[call.nodes] = True
        if adds and not call.add:
            shape = call.nodes.shape
            form = call.out.form if isinstance(call.out, BufferView) else "rows"
            scratch = Scratch(number, shape, bool(layout.varying[call.nodes.flat[0]]), form)
            number -= 1
            calls.append(TorchCall(call.put, scratch, call.reads, call.note, group=call.group, back=True))
            calls.append(replace(call, add="{o}.add_({0})", reads=(scratch,), adds=True))
        else:
            calls.append(replace(call, adds=adds))
    return CallPlan(calls, plan.constants)


def _fills(first: FirstWrites, layout: MemoryLayout) -> list[TorchCall]:
    """Set the gradients of filled nodes to 0, block by block."""
    calls = []
    for varying in (False, True):
        positions = np.sort(layout.positions[first.filled & (layout.varying == varying)])
        # Neighbors are cleared by one call, and so is what lies in a gap between them: a call costs more, and
        # whatever else lies there is assigned before it is read.
        gap = MOST_CLEARED[varying]
        for block in np.split(positions, np.flatnonzero(np.diff(positions) > gap) + 1):
            if len(block):
                buffer = Whole("lane_slopes" if varying else "slopes")
                put = f"{{o}}[{block[0]}:{block[-1] + 1}].zero_()"
                calls.append(TorchCall(put, buffer, note=f"({block[-1] + 1 - block[0]},)", back=True))
    return calls
