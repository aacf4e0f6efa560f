"""Find matrix products: sums whose left rows and right rows meet each other exactly once."""

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
    # The least label runs along the edges. Labels only fall, so this ends.
    while True:
        smallest = np.full(q.max() + 1, len(label))
        np.minimum.at(smallest, q, label[p])
        better = label.copy()
        np.minimum.at(better, p, smallest[q])
        if (better == label).all():
            return row_numbers(label[p, None])
        label = better
