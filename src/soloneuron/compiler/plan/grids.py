"""Tables of sums of products, one row a sum, and the matrix products in them.

A matrix product is found where left rows and right rows meet each other exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from soloneuron.compiler.graph.normal import ONE

Array: TypeAlias = "np.ndarray[Any, Any]"
"""Operands: nodes (integers) or numbers (floats)."""

MOST_GRIDS = 16
"""Sums that fall apart into more matrix products than this are computed row by row."""


@dataclass(eq=False)
class ProductGrid:
    """A matrix product: node (p, q) is the sum over k of left[p, k] right[q, k].

    Attributes:
        left: (P, K) nodes or numbers.
        right: (Q, K) nodes or numbers.
        cells: (P, Q), which row of the table each node is.
    """

    left: Array
    right: Array
    cells: Array

    def arrange(self, order: Array, *, transposable: bool) -> bool:
        """Order rows and columns so that the nodes come in a given order, if that can be.

        Args:
            order: the nodes, counted row by row.
            transposable: whether left and right may change their places.

        Returns:
            Whether it could be done.
        """
        P, Q = len(self.left), len(self.right)
        # The order counts cells row by row: cell c is row c // Q and column c % Q. A full grid shows when all
        # cells of a row agree on p and all of a column on q.
        p, q = (x.reshape(P, Q) for x in np.divmod(order, Q))
        if (p == p[:, :1]).all() and (q == q[:1]).all():
            self.left, self.right = self.left[p[:, 0]], self.right[q[0]]
            return True
        p, q = (x.reshape(Q, P) for x in np.divmod(order, Q))
        if transposable and not (self.right[0] == ONE).any() and (p == p[:1]).all() and (q == q[:, :1]).all():
            self.left, self.right = self.right[q[:, 0]], self.left[p[0]]
            return True
        return False


def find_grids(left: Array, right: Array) -> list[ProductGrid]:
    """The matrix products that a table of rows (n, K) times rows (n, K) is made of.

    Returns:
        Grids that have every row of the table once; none if the rows do not fit into full grids.
    """
    n = len(left)
    if n == 1:
        return [ProductGrid(left, right, np.zeros((1, 1), dtype=np.int64))]
    p, q = row_numbers(left), row_numbers(right)
    # Equal rows on both sides (the same sample twice) count as different ones.
    twins = occurrences(p * n + q)
    if twins.any():
        p = row_numbers(np.column_stack([p, twins]))
    # Rows of the table are edges from a left row to a right row. A matrix product is a connected part that
    # has every possible edge, P times Q.
    component = components(p, q)
    count = component.max() + 1
    if count > MOST_GRIDS:
        return []
    grids = []
    for c in range(count):
        rows = np.flatnonzero(component == c)
        ps, qs = row_numbers(p[rows, None]), row_numbers(q[rows, None])
        P, Q = ps.max() + 1, qs.max() + 1
        if len(rows) != P * Q:
            return []
        cells = np.empty((P, Q), dtype=np.int64)
        cells[ps, qs] = rows
        grids.append(ProductGrid(left[cells[:, 0]], right[cells[0]], cells))
    return grids


def row_numbers(table: Array) -> Array:
    """The number of each row among the different rows, in the order in which they first appear."""
    table = np.ascontiguousarray(table)
    if table.dtype.kind == "f":
        # Bits are compared: NaN is equal to itself, and -0 is not 0, which a quotient would tell apart.
        table = table.view(np.int64)
    # A random hash of each row; what follows checks that equal hashes are equal rows.
    generator = np.random.default_rng(0)
    factors = generator.integers(-(2**62), 2**62, table.shape[1])
    with np.errstate(over="ignore"):
        hashes = (table * (2 * factors + 1)).sum(1)
    _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    if (table[first[inverse]] != table).any():
        _, first, inverse = np.unique(table, axis=0, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    numbers: Array = rank[inverse.reshape(-1)]
    return numbers


def occurrences(keys: Array) -> Array:
    """How often each key has come before."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    start = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[start, len(keys)])
    counts = np.empty(len(keys), dtype=np.int64)
    counts[order] = np.arange(len(keys)) - np.repeat(start, lengths)
    return counts


def components(p: Array, q: Array) -> Array:
    """Numbers of the connected parts of the graph whose edges join left row p to right row q."""
    label = np.arange(p.max() + 1)
    # The least label runs along the edges, and each label follows its own: on a path of n edges the way
    # left is halved in every round. Labels only fall, so this ends.
    while True:
        smallest = np.full(q.max() + 1, len(label))
        np.minimum.at(smallest, q, label[p])
        better = label.copy()
        np.minimum.at(better, p, smallest[q])
        better = better[better]
        if (better == label).all():
            return row_numbers(label[p, None])
        label = better


@dataclass(eq=False)
class RowProducts:
    """A part of a sum for all n nodes of a group: row by row, left (n, K) times right (n, K), summed."""

    left: Array
    right: Array
    scales: Array | None = None

    def take(self, rows: Array) -> RowProducts:
        """Some rows, in some order."""
        scales = None if self.scales is None else self.scales[rows]
        return RowProducts(self.left[rows], self.right[rows], scales)


@dataclass(eq=False)
class Piece:
    """What some rows of a table turned out to be; without a grid, all rows."""

    grid: ProductGrid | None
    scale: Array | None
    parts: list[RowProducts]


@dataclass(eq=False)
class Table:
    """Sums of one form as matrices; for those that vary, ``fixed`` columns have a left that does not."""

    members: Array
    left: Array
    right: Array
    scales: Array
    ids: Array
    coefs: Array
    fixed: int = -1
    fixed_linear: int = 0

    def decompose(self) -> list[Piece]:
        """Matrix products as far as there are any; the rest row by row."""
        fixed = self.left.shape[1] if self.fixed < 0 else self.fixed
        parts = self._rows(slice(fixed, None))
        left, right, scales = self.left[:, :fixed], self.right[:, :fixed], self.scales[:, :fixed]
        if not fixed:
            return self._linear(parts)
        # One scale a sum can be taken out of its products; only plain products are matrix products.
        if left.size > 1 and (scales == scales[:, :1]).all():
            found = find_grids(left, right)
            if found:
                scale = None if (scales == 1).all() else scales[:, 0]
                # In several grids the biases would have to be split among them; they are added beside
                # instead.
                linear = self._columns(self._biases(found[0], scales[:, 0]) if len(found) == 1 else [])
                return [Piece(grid, scale, [*parts, *linear]) for grid in found]
        return [Piece(None, None, [*self._rows(slice(0, fixed)), *parts, *self._columns([])])]

    def _biases(self, grid: ProductGrid, scale: Array) -> list[int]:
        """Move into the product what is added with it for the same left: w x + b is (w, b) (x, 1)."""
        moved = []
        for j in range(self.ids.shape[1] if self.fixed < 0 else self.fixed_linear):
            per_row = self.ids[grid.cells[:, 0], j]
            # The bias must hang on the left row alone, and be scaled like the products it joins.
            if (self.coefs[:, j] == scale).all() and (self.ids[grid.cells, j] == per_row[:, None]).all():
                grid.left = np.column_stack([grid.left, per_row])
                grid.right = np.column_stack([grid.right, np.full(len(grid.right), ONE)])
                moved.append(j)
        return moved

    def _linear(self, parts: list[RowProducts]) -> list[Piece]:
        """A sum without products that could be a matrix product: multiples, by a matrix of numbers."""
        f = self.fixed_linear
        # Equal rows of numbers against equal rows of nodes: a matrix of constants times a matrix of nodes.
        if self.ids.shape[1] - f > 1:
            found = find_grids(self.coefs[:, f:], self.ids[:, f:])
            fixed = self._columns(list(range(f, self.ids.shape[1])))
            if found:
                return [Piece(grid, None, [*parts, *fixed]) for grid in found]
        return [Piece(None, None, [*parts, *self._columns([])])]

    def _columns(self, moved: list[int]) -> list[RowProducts]:
        """Linear terms row by row, but those that were moved: what varies apart from what does not."""
        columns = [j for j in range(self.ids.shape[1]) if j not in moved]
        sides = [[j for j in columns if (j < self.fixed_linear) is side] for side in (True, False)]
        return [RowProducts(self.coefs[:, side], self.ids[:, side]) for side in sides if side]

    def _rows(self, columns: slice) -> list[RowProducts]:
        left, right, scales = self.left[:, columns], self.right[:, columns], self.scales[:, columns]
        return [RowProducts(left, right, None if (scales == 1).all() else scales)] if left.shape[1] else []


def in_order(varying: Array, nodes: Array, *others: Array) -> list[Array]:
    """Columns of terms, in each row what varies last; else in the order of the first row.

    So most operands are views as they are.
    """
    tables = [nodes, *others]
    if (varying[nodes] != varying[nodes[:1]]).any():
        # Stable, so that terms keep the order in which they were written and rows stay comparable.
        order = np.argsort(varying[nodes], axis=1, kind="stable")
        tables = [np.take_along_axis(table, order, 1) for table in tables]
    first, second = tables[0][0], tables[1][0]
    columns = np.lexsort((second, first, varying[first]))
    return [table[:, columns] for table in tables]
