"""Tables: sums of products of one form, one row a sum, and the matrix products in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soloneuron.compiler.graph.normal import ONE
from soloneuron.compiler.grids import Array, ProductGrid, find_grids


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
