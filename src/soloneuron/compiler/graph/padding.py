"""Padding: what is put into the holes of a grid of scores, and into everything that is computed of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Any

from soloneuron.compiler.graph.normal import Graph, Sum

GridCell = tuple[int, int]
"""A row and a column."""

Holes = dict[GridCell, tuple[list[int], list[int], list[float]]]
"""What a score in a hole would be made of: left nodes, right nodes, and scales."""


@dataclass(eq=False)
class ScoreGrid:
    """Nodes that lie in rows and columns.

    Attributes:
        rows: of every row its nodes, by column.
        columns: how many there are.
        masked: whether what is put in is 0; else it is -inf.
        padding: nodes that were put in.
    """

    rows: list[dict[int, int]]
    columns: int
    masked: bool = False
    padding: dict[GridCell, int] = field(default_factory=dict)

    def row(self, p: int) -> list[int]:
        """All nodes of a row, in the order of the columns."""
        own = self.rows[p]
        return [own[q] if q in own else self.padding[p, q] for q in range(self.columns)]

    def missing(self, p: int) -> list[int]:
        """The columns that a row does not have."""
        return [q for q in range(self.columns) if q not in self.rows[p]]


class Padding:
    """Puts nodes into the holes of grids, from scores to sums over rows."""

    def __init__(self, graph: Graph, readers: list[list[int]]) -> None:
        self.graph, self.readers = graph, readers

    def whole(self, grid: ScoreGrid, holes: Holes) -> bool:
        """Make a grid of scores whole, and what is computed of it; whether any sum over its rows was one."""
        if not any(len(row) == grid.columns for row in grid.rows) or not self._reaches_exponential(grid):
            return False
        for (p, q), (left, right, scales) in holes.items():
            score = Sum(-inf)
            score.left, score.right, score.scales = list(left), list(right), list(scales)
            grid.padding[p, q] = self._append(next(iter(grid.rows[p].values())), score)
        waiting, reduced = [grid], False
        while waiting:
            now = waiting.pop()
            reduced |= self._reduce(now)
            waiting += self._followers(now)
        return reduced

    def _reaches_exponential(self, grid: ScoreGrid) -> bool:
        """Whether scores go into exponentials, as they are or after something was taken off."""
        node = next(iter(grid.rows[0].values()))
        near = self.readers[node] + [r for x in self.readers[node] for r in self.readers[x]]
        return any(self.graph.ops[x] == "exp" for x in near)

    def _append(self, like: int, arguments: Any) -> int:
        graph = self.graph
        graph.ops.append(graph.ops[like])
        graph.level.append(graph.level[like])
        graph.varying.append(graph.varying[like])
        graph.needed.append(graph.needed[like])
        graph.arguments.append(arguments)
        return len(graph.ops) - 1

    # What is computed of one node of a grid is a grid as well.

    def _followers(self, grid: ScoreGrid) -> list[ScoreGrid]:
        forms = [
            {
                q: {form: r for r in self.readers[node] if (form := self._form(grid, node, r)) is not None}
                for q, node in row.items()
            }
            for row in grid.rows
        ]
        full = next(p for p, row in enumerate(grid.rows) if len(row) == grid.columns)
        followers = []
        for form in forms[full][0]:
            if not all(form in cell for row in forms for cell in row.values()):
                continue
            follower = ScoreGrid(
                [{q: cell[form] for q, cell in row.items()} for row in forms],
                grid.columns,
                grid.masked or form[0] == "exp",
            )
            for (p, q), node in grid.padding.items():
                own, like = next((grid.rows[p][x], y) for x, y in follower.rows[p].items())
                follower.padding[p, q] = self._append(like, self._copied(like, own, node))
            followers.append(follower)
        return followers

    def _form(self, grid: ScoreGrid, node: int, reader: int) -> tuple[Any, ...] | None:
        """What a reader does to one node of a grid, if a hole is then known: -inf, and 0 behind exp."""
        op, arguments = self.graph.ops[reader], self.graph.arguments[reader]
        if type(arguments) is not Sum:
            if op == "exp" and not grid.masked:
                return (op,)
            if op == "/" and grid.masked and arguments[0] == node and type(arguments[1]) is int:
                return (op,)
            return None
        if grid.masked or arguments.left or arguments.ids.count(node) != 1 or len(arguments.ids) > 2:
            return None
        at = arguments.ids.index(node)
        others = [c for i, c in enumerate(arguments.coefs) if i != at]
        # A positive multiple of -inf is -inf, whatever is taken off.
        return ("sum", arguments.coefs[at], *others) if arguments.coefs[at] > 0 else None

    def _copied(self, like: int, own: int, node: int) -> Any:
        arguments = self.graph.arguments[like]
        if type(arguments) is not Sum:
            return [node if x == own else x for x in arguments[:1]] + arguments[1:]
        copy = Sum(arguments.constant)
        copy.ids, copy.coefs = [node if x == own else x for x in arguments.ids], list(arguments.coefs)
        return copy

    # Sums over rows.

    def _reduce(self, grid: ScoreGrid) -> bool:
        full = next(row for row in grid.rows if len(row) == grid.columns)
        partners = self._partners(full) if grid.masked else {}
        reduced = False
        for p, row in enumerate(grid.rows):
            holes = grid.missing(p)
            if not holes:
                continue
            whole, pads = grid.row(p), [grid.padding[p, q] for q in holes]
            for reader in set(self.readers[next(iter(row.values()))]):
                op, arguments = self.graph.ops[reader], self.graph.arguments[reader]
                if op == "largest" and not grid.masked and set(arguments) == set(row.values()):
                    self.graph.arguments[reader] = whole
                elif type(arguments) is Sum and grid.masked:
                    reduced |= self._pad_sum(reader, arguments, row, holes, pads, partners)
                elif op == "/" and grid.masked and len(row) == 1 and arguments[0] == arguments[1]:
                    # A row of one node is its own sum, which was never written.
                    self.graph.arguments[reader] = [arguments[0], self._row_sum(full, whole)]
        return reduced

    def _row_sum(self, full: dict[int, int], whole: list[int]) -> int:
        sums = [
            r
            for r in self.readers[full[0]]
            if type(s := self.graph.arguments[r]) is Sum and set(s.ids) == set(full.values())
        ]
        total = Sum()
        total.ids, total.coefs = list(whole), [1.0] * len(whole)
        return self._append(sums[0] if sums else whole[0], total)

    def _partners(self, full: dict[int, int]) -> dict[tuple[int, int], dict[int, int]]:
        """Of every sum of products over a whole row what stands beside each column, by the first of these."""
        columns = {node: q for q, node in full.items()}
        found = {}
        for reader in self.readers[full[0]]:
            arguments = self.graph.arguments[reader]
            if type(arguments) is Sum:
                beside = _beside(arguments, columns)
                if len(beside) == len(columns):
                    for pair in beside.items():
                        found[pair] = beside
        return found

    def _pad_sum(
        self,
        reader: int,
        whole: Sum,
        row: dict[int, int],
        holes: list[int],
        pads: list[int],
        partners: dict[tuple[int, int], dict[int, int]],
    ) -> bool:
        padded = Sum(whole.constant)
        for name in ("ids", "coefs", "left", "right", "scales"):
            setattr(padded, name, list(getattr(whole, name)))
        columns = {node: q for q, node in row.items()}
        coefs = [c for x, c in zip(whole.ids, whole.coefs, strict=True) if x in columns]
        if len(coefs) == len(row) and len(set(coefs)) == 1:
            padded.ids += pads
            padded.coefs += coefs[:1] * len(pads)
        beside = _beside(whole, columns)
        known = partners.get(next(iter(beside.items()), (-1, -1)), {})
        if len(beside) == len(row) and all(known.get(q) == x for q, x in beside.items()):
            at = next(
                i for i, pair in enumerate(zip(whole.left, whole.right, strict=True)) if {*pair} & {*columns}
            )
            for q, pad in zip(holes, pads, strict=True):
                a, b = (pad, known[q]) if whole.left[at] in columns else (known[q], pad)
                padded.left.append(a)
                padded.right.append(b)
                padded.scales.append(whole.scales[at])
        if len(padded) == len(whole):
            return False
        self.graph.arguments[reader] = padded
        return True


def _beside(whole: Sum, columns: dict[int, int]) -> dict[int, int]:
    """What the nodes of a row are multiplied with, by their columns; nothing where one comes twice."""
    beside: dict[int, int] = {}
    scales = set()
    for a, b, scale in zip(whole.left, whole.right, whole.scales, strict=True):
        for cell, other in ((a, b), (b, a)):
            if cell in columns:
                if columns[cell] in beside or other in columns:
                    return {}
                beside[columns[cell]] = other
                scales.add(scale)
    return beside if len(scales) == 1 else {}
