"""Where gradients are collected: every write is recorded, and whether it begins or adds is decided later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soloneuron.compiler.plan.calls import Derived, Operand, TorchCall, Whole
from soloneuron.compiler.plan.first_writes import FirstWrites
from soloneuron.compiler.plan.grids import Array
from soloneuron.compiler.plan.operands import Operands


@dataclass(frozen=True)
class Term:
    """What is written to gradients.

    Attributes:
        put: the text that assigns it.
        add: the text that adds it; "" if it must be put into scratch space first.
        reads: the operands.
    """

    put: str
    add: str
    reads: tuple[Operand, ...] = ()


def multiple(operands: Operands, factor: float, *reads: Operand) -> Term:
    """The term factor * product of at most two tensors."""
    number = operands.number(factor)
    if not reads:
        return Term(f"{{o}}.fill_({number})", f"{{o}}.add_({number})")
    if len(reads) == 1:
        put = f"mul({{0}}, {number}, out={{o}})" if factor != 1 else "{o}.copy_({0})"
        alpha = "" if factor == 1 else f", alpha={number}"
        return Term(put, f"{{o}}.add_({{0}}{alpha})", reads)
    value = "" if factor == 1 else f", value={number}"
    # addcmul takes a factor along where mul does not, and adding to 0 changes nothing.
    put = "mul({0}, {1}, out={o})" if factor == 1 else f"addcmul(zero, {{0}}, {{1}}{value}, out={{o}})"
    return Term(put, f"{{o}}.addcmul_({{0}}, {{1}}{value})", reads)


@dataclass(frozen=True)
class GroupGradient:
    """The gradient of a group as it is used: factor * tensor.

    Attributes:
        factor: a number.
        tensor: an operand that broadcasts against the group, or None for 1.
        numbers: (n,), what it is where it was known beforehand (times the weight of the lane), or None.
    """

    factor: float
    tensor: Operand | None
    numbers: Array | None = None

    def times(self, operands: Operands, *reads: Operand) -> Term:
        """The term gradient * product of at most one tensor."""
        return multiple(operands, self.factor, *([self.tensor] if self.tensor else []), *reads)


class Slopes:
    """The gradients of nodes while the sweep back is planned.

    Args:
        operands: knows where everything lies.
    """

    def __init__(self, operands: Operands) -> None:
        self.operands, self.layout = operands, operands.layout
        count = len(self.layout.positions)
        self.needed = np.array(operands.graph.needed)
        self.first = FirstWrites(operands.graph, operands.groups)
        self.numbers = np.zeros(count)
        """Contributions that are numbers, not yet added."""
        self.numbered = np.zeros(count, dtype=bool)

    def note(self, nodes: Array, numbers: Array) -> None:
        """Contributions known now: they are added up here, and written together."""
        # A node may come several times in one table, and each time counts.
        np.add.at(self.numbers, nodes.ravel(), np.broadcast_to(numbers, nodes.shape).ravel())
        self.numbered[nodes] = True

    def write(self, nodes: Array, term: Term, *, varying: bool, form: str = "rows") -> None:
        """Add a term, shaped like a table of nodes, to their gradients.

        Args:
            nodes: (n,) or (k, n).
            term: what to add.
            varying: whether it has lanes.
            form: rows, or matrix where the lanes lie side by side.
        """
        if not self.needed[nodes].any():
            return
        own = self.layout.is_varying(nodes)
        if varying and not own:
            # What is the same in all lanes collects from all of them.
            term, varying, form = self._over_lanes(nodes.shape, term, form), False, "rows"
        if nodes.size > 1 and (nodes == nodes.flat[0]).all() and form == "rows":
            # One node in every place: add the table up first, rather than into one position again and again.
            scratch = self._flat(self._put(nodes.shape, term, varying), nodes, varying)
            term = Term("sum({0}, 0, keepdim=True, out={o})", "", (scratch,))
            nodes = nodes.reshape(-1)[:1]
        self._place(nodes, term, varying, form)

    def _over_lanes(self, shape: tuple[int, ...], term: Term, form: str) -> Term:
        scratch = self._put(shape, term, True, form)
        if form == "matrix":
            scratch = Derived(scratch, f"{{}}.view({shape[0]}, {shape[1]}, B)", "_lanes")
        return Term("sum({0}, -1, out={o})", "", (scratch,))

    def _put(self, shape: tuple[int, ...], term: Term, varying: bool, form: str = "rows") -> Operand:
        scratch = self.operands.scratch(shape, varying, form=form)
        self.operands.call(term.put, scratch, *term.reads, note=str(shape))
        return scratch

    def _place(self, nodes: Array, term: Term, varying: bool, form: str) -> None:
        positions = self.layout.of(nodes)
        # A view in which a position comes twice would keep the last write only.
        distinct = len(np.unique(positions)) == positions.size
        view = self.layout.view(positions, varying) if distinct else None
        if view is not None and form == "matrix" and varying and view.strides[-1] != 1 and view.shape[-1] > 1:
            view = None
        if view is None:
            # Gradients that lie scattered, or of which some come more than once.
            scratch = self._flat(self._put(nodes.shape, term, varying, form), nodes, varying)
            index = self.operands.constant(positions.ravel(), "index")
            put, add = (f"{{o}}.index_{verb}_(0, {{0}}, {{1}})" for verb in ("copy", "add"))
            out: Operand = Whole("lane_slopes" if varying else "slopes")
            term = Term(put, add, (index, scratch))
        else:
            out = self.operands.slope_view(view, nodes, form)
        self.first.record(nodes, distinct=distinct)
        operands = self.operands
        operands.plan.calls.append(
            TorchCall(
                term.put, out, term.reads, str(nodes.shape), term.add, nodes, group=operands.group, back=True
            )
        )

    @staticmethod
    def _flat(operand: Operand, nodes: Array, varying: bool) -> Operand:
        if nodes.ndim == 1:
            return operand
        return Derived(operand, f"{{}}.view({nodes.size}{', B' if varying else ''})", "_flat")
