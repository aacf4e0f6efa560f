"""Where gradients are collected: the first write assigns, later writes add."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from soloneuron.compiler.grids import Array
from soloneuron.compiler.operands import Operands


@dataclass(frozen=True)
class Term:
    """What is written to gradients: how to put it into a tensor, and how to add it to one.

    Attributes:
        put: name -> call.
        add: name -> call; None if it must be put into scratch space first.
    """

    put: Callable[[str], str]
    add: Callable[[str], str] | None = None


class ZeroedFirst(Exception):  # noqa: N818
    """Some positions are written before others: begin again, with these nodes' gradients set to 0 first."""

    def __init__(self, nodes: Array) -> None:
        super().__init__()
        self.nodes = nodes


def multiple(factor: float, *names: str) -> Term:
    """The term factor * product of at most two tensors."""
    if not names:
        return Term(lambda o: f"{o}.fill_({factor!r})", lambda o: f"{o}.add_({factor!r})")
    alpha = "" if factor == 1 else f", alpha={factor!r}"
    if len(names) == 1:
        (x,) = names
        put = f"mul({x}, {factor!r}, out={{o}})" if factor != 1 else f"{{o}}.copy_({x})"
        return Term(lambda o: put.replace("{o}", o), lambda o: f"{o}.add_({x}{alpha})")
    x, y = names
    value = "" if factor == 1 else f", value={factor!r}"
    # addcmul takes a factor along where mul does not, and adding to 0 changes nothing.
    put = f"mul({x}, {y}, out={{o}})" if factor == 1 else f"addcmul(zero, {x}, {y}{value}, out={{o}})"
    return Term(lambda o: put.replace("{o}", o), lambda o: f"{o}.addcmul_({x}, {y}{value})")


@dataclass(frozen=True)
class GroupGradient:
    """The gradient of a group as it is used: factor * tensor.

    Attributes:
        factor: a number.
        tensor: the name of a tensor that broadcasts against the group, or None for 1.
        numbers: (n,), what it is where it was known beforehand (times the weight of the lane), or None.
    """

    factor: float
    tensor: str | None
    numbers: Array | None = None

    def times(self, *names: str) -> Term:
        """The term gradient * product of at most one tensor."""
        return multiple(self.factor, *([self.tensor] if self.tensor else []), *names)


class Slopes:
    """The gradients of nodes while the backward pass is written.

    Args:
        operands: knows where everything lies, and its name.
        zeroed: nodes whose gradients are 0 at the start.
    """

    def __init__(self, operands: Operands, zeroed: Array) -> None:
        self.operands, self.layout, self.writer = operands, operands.layout, operands.writer
        count = len(self.layout.positions)
        self.needed = np.array(operands.graph.needed)
        self.written = np.zeros(count, dtype=bool)
        self.written[zeroed] = True
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
            term = Term(lambda o: f"sum({scratch}, 0, keepdim=True, out={o})")
            nodes = nodes.reshape(-1)[:1]
        self._place(nodes, term, varying, form)

    def _over_lanes(self, shape: tuple[int, ...], term: Term, form: str) -> Term:
        scratch = self._put(shape, term, True, form)
        if form == "matrix":
            scratch = f"{scratch}.view({shape[0]}, {shape[1]}, B)"
        return Term(lambda o: f"sum({scratch}, -1, out={o})")

    def _put(self, shape: tuple[int, ...], term: Term, varying: bool, form: str = "rows") -> str:
        scratch = self.writer.temporary(shape, varying, form=form)
        self.writer.call(term.put(scratch), str(shape))
        return scratch

    def _place(self, nodes: Array, term: Term, varying: bool, form: str) -> None:
        positions = self.layout.of(nodes)
        # A view in which a position comes twice would keep the last write only.
        distinct = len(np.unique(positions)) == positions.size
        view = self.layout.view(positions, varying) if distinct else None
        if view is not None and form == "matrix" and varying and view.strides[-1] != 1 and view.shape[-1] > 1:
            view = None
        # The invariant of this class: a region is begun as a whole, by assignment, and added to afterwards.
        written = self.written[nodes]
        if written.any() and not written.all():
            raise ZeroedFirst(nodes.ravel())
        if view is None:
            self._scatter(nodes, positions, term, varying, form, distinct=distinct)
        else:
            name = self.writer.view(view, self.operands.hint(nodes), slopes=True, form=form)
            if not written.any():
                self.writer.call(term.put(name), str(nodes.shape))
            elif term.add is not None:
                self.writer.call(term.add(name), str(nodes.shape))
            else:
                scratch = self._put(nodes.shape, term, varying, form)
                self.writer.call(f"{name}.add_({scratch})", str(nodes.shape))
        self.written[nodes] = True

    def _scatter(
        self, nodes: Array, positions: Array, term: Term, varying: bool, form: str, *, distinct: bool
    ) -> None:
        """Add to gradients that lie scattered, or of which some come more than once."""
        begun = bool(self.written[nodes].all())
        if not begun and not distinct:
            raise ZeroedFirst(nodes.ravel())
        scratch = self._put(nodes.shape, term, varying, form)
        index = self.writer.constant(positions.ravel(), "index")
        buffer = "lane_slopes" if varying else "slopes"
        flat = self._flat(scratch, nodes, varying)
        self.writer.call(
            f"{buffer}.index_{'add' if begun else 'copy'}_(0, {index}, {flat})", str(nodes.shape)
        )

    @staticmethod
    def _flat(name: str, nodes: Array, varying: bool) -> str:
        return name if nodes.ndim == 1 else f"{name}.view({nodes.size}{', B' if varying else ''})"
