"""Schedule: nodes of equal level, operation and arity become groups, and every group chooses its order.

A sum of products whose rows of left operands and rows of right operands form a full grid is a matrix
product. The groups are visited from the loss down: who reads a group says in which order it would like to
find the values, so that most operands are plain views.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from soloneuron.compiler.graph.normal import ONE, Graph
from soloneuron.compiler.graph.reductions import GONE
from soloneuron.compiler.plan.grids import Array, ProductGrid, RowProducts, Table, in_order

REDUCING = {"largest", "prod", "amax", "amin"}
"""Operations of as many operands as there are, laid out as a table."""


@dataclass(eq=False)
class Group:
    """Nodes that are computed together.

    Attributes:
        op: the operation.
        ids: the nodes, in the order in which their values lie.
        varying: whether each has one value a lane.
        needed: whether gradients go through.
        guarded: whether some stand above a branch of ``where``.
        operands: of an operation that is no sum, one array (n,) each; a reduction has one (n, K).
        grid: of a sum, the matrix product in it, or None.
        scale: (n,) multiplies the matrix product, or None.
        parts: of a sum, what comes beside the matrix product.
        constant: (n,) of a sum, or None.
        ones: how many ones lie behind the values.
    """

    op: str
    ids: Array
    varying: bool
    needed: bool
    guarded: bool = False
    operands: list[Array] = field(default_factory=list)
    grid: ProductGrid | None = None
    scale: Array | None = None
    parts: list[RowProducts] = field(default_factory=list)
    constant: Array | None = None
    ones: int = 0
    wishes: list[tuple[int, int, Array]] = field(default_factory=list)

    def reads(self) -> list[Array]:
        """The nodes among its operands."""
        sides = [*self.operands, *(side for part in self.parts for side in (part.left, part.right))]
        if self.grid is not None:
            sides += [self.grid.left, self.grid.right]
        return [side[side != ONE] for side in sides if side.dtype.kind == "i"]

    def reorder(self, order: Array) -> None:
        """Put the nodes in another order."""
        self.ids = self.ids[order]
        self.operands = [x[order] for x in self.operands]
        self.parts = [part.take(order) for part in self.parts]
        self.constant = None if self.constant is None else self.constant[order]
        self.scale = None if self.scale is None else self.scale[order]


def schedule(graph: Graph) -> list[Group]:
    """The groups, each after those it reads, with their orders chosen."""
    buckets: dict[Any, list[int]] = {}
    for node in range(graph.parameters + graph.inputs, len(graph.ops)):
        if graph.ops[node] == GONE:
            continue
        buckets.setdefault(_key(graph, node), []).append(node)
    groups = []
    # By level, so that all operands come first; within one by the first node, so that the order is the
    # graph's.
    for _, members in sorted(buckets.items(), key=lambda item: (item[0][0], item[1][0])):
        groups += _sums(graph, members) if graph.ops[members[0]] == "sum" else [_operation(graph, members)]
    owner = np.full(len(graph.ops), -1)
    guarded = np.zeros(len(graph.ops), dtype=bool)
    guarded[list(graph.guarded)] = True
    for i, group in enumerate(groups):
        owner[group.ids] = i
        group.guarded = bool(guarded[group.ids].any())
    for group in reversed(groups):
        # Readers come later in the list and have said their wishes when a group chooses; its own go further
        # down.
        _choose_order(group)
        for weight, wish in _wishes(group):
            _pass_on(groups, owner, wish, weight)
    return groups


def backward_order(graph: Graph, groups: list[Group]) -> list[Group]:
    """The groups, each after all that read it, as near to the loss as may be.

    What reaches theta on a short way (a penalty on all of it) then comes before what reaches parts of it.
    """
    distance = np.zeros(len(graph.ops), dtype=np.int64)
    far = []
    for group in reversed(groups):
        d = int(distance[group.ids].max())
        far.append(d)
        for nodes in group.reads():
            distance[nodes] = np.maximum(distance[nodes], d + 1)
    order = np.argsort(np.array(far), kind="stable")
    return [groups[len(groups) - 1 - i] for i in order]


def _key(graph: Graph, node: int) -> tuple[Any, ...]:
    arguments, op, varying = graph.arguments[node], graph.ops[node], graph.varying
    if op == "sum":
        # Only sums of one form fit into one table: as many terms, and as many of them with lanes.
        kinds: tuple[Any, ...] = (len(arguments.ids), len(arguments.left))
        if varying[node]:
            kinds += (
                sum(map(varying.__getitem__, arguments.ids)),
                sum(map(varying.__getitem__, arguments.left)),
            )
    else:
        kinds = tuple("number" if type(x) is float else varying[x] for x in arguments)
    return graph.level[node], op, kinds, varying[node], graph.needed[node]


def _operation(graph: Graph, members: list[int]) -> Group:
    rows = [graph.arguments[node] for node in members]
    first = members[0]
    group = Group(graph.ops[first], np.array(members), graph.varying[first], graph.needed[first])
    if group.op in REDUCING:
        group.operands = [np.array(rows)]
    else:
        group.operands = [np.array(column) for column in zip(*rows, strict=True)]
    return group


def _sums(graph: Graph, members: list[int]) -> list[Group]:
    """The groups of sums of one form: one, or several where it falls apart into matrix products."""
    sums = [graph.arguments[node] for node in members]
    n, first = len(members), members[0]
    constant = np.array([s.constant for s in sums])
    left, right, ids = (
        np.array([getattr(s, name) for s in sums], dtype=np.int64).reshape(n, -1)
        for name in ("left", "right", "ids")
    )
    scales, coefs = (
        np.array([getattr(s, name) for s in sums], dtype=float).reshape(n, -1) for name in ("scales", "coefs")
    )
    varying = np.array(graph.varying)
    left, right, scales = in_order(varying, left, right, scales)
    ids, coefs = in_order(varying, ids, coefs)
    table = Table(np.array(members), left, right, scales, ids, coefs)
    if graph.varying[first]:
        # In every row of the group what varies stands last, in as many columns.
        table.fixed = int((~varying[left[0]]).sum())
        table.fixed_linear = int((~varying[ids[0]]).sum())
    groups = []
    for piece in table.decompose():
        rows = np.arange(n) if piece.grid is None else piece.grid.cells.ravel()
        group = Group("sum", table.members[rows], graph.varying[first], graph.needed[first])
        group.grid, group.scale = piece.grid, None if piece.scale is None else piece.scale[rows]
        group.parts = [part.take(rows) for part in piece.parts]
        group.constant = constant[rows] if constant[rows].any() else None
        groups.append(group)
    return groups


def _choose_order(group: Group) -> None:
    """Choose the order: the heaviest wish that the form of the group allows."""
    sorter = np.argsort(group.ids)
    for _, ones, wish in sorted(group.wishes, key=lambda wish: -wish[0]):
        if len(wish) != len(group.ids):
            continue
        # Where each wished node stands now. A stranger finds some place too (the remainder keeps it inside);
        # the next line sees that.
        order = sorter[np.searchsorted(group.ids, wish, sorter=sorter) % len(wish)]
        if (group.ids[order] == wish).all() and len(np.unique(wish)) == len(wish):
            # A matrix product can be ordered by its rows and columns only.
            if group.grid is not None and not group.grid.arrange(order, transposable=not group.varying):
                continue
            group.reorder(order)
            group.ones = ones
            return


def _wishes(group: Group) -> list[tuple[int, Array]]:
    """In which orders a group would like to find its operands, each with its weight."""
    wishes = [(len(x) if x.ndim == 1 else x.size, x.T.ravel()) for x in group.operands]
    for part in group.parts:
        wishes += [(side.size, side.T.ravel()) for side in (part.left, part.right)]
    if group.grid is not None:
        size = len(group.ids) * group.grid.left.shape[1]
        wishes += [(size, side.T.ravel()) for side in (group.grid.left, group.grid.right)]
    return [(weight, wish) for weight, wish in wishes if wish.dtype.kind == "i"]


def _pass_on(groups: list[Group], owner: Array, wish: Array, weight: int) -> None:
    """Pass a wish on to the group whose nodes it names, if it is one."""
    nodes = wish[wish != ONE]
    ones = len(wish) - len(nodes)
    if len(nodes) and owner[nodes[0]] >= 0 and (owner[nodes] == owner[nodes[0]]).all():
        if ones and (wish[: len(nodes)] == ONE).any():
            return
        groups[owner[nodes[0]]].wishes.append((weight, ones, nodes))
