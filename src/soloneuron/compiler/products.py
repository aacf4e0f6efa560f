"""Matrix products: in how many pieces their operands lie, and which call computes each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soloneuron.compiler.graph.normal import ONE
from soloneuron.compiler.grids import Array, ProductGrid
from soloneuron.compiler.layout import MemoryLayout
from soloneuron.compiler.operands import Operands
from soloneuron.compiler.schedule import Group

MOST_SEGMENTS = 4
"""A matrix product whose operands lie in more pieces than this reads copies instead."""


@dataclass(frozen=True)
class Segment:
    """Some columns of a matrix product: left (P, k) times right (k, M), M being Q or Q lanes.

    Attributes:
        left: (P, k) nodes or numbers.
        right: (k, Q) nodes or numbers; None where all are the number 1.
        shape: (P, k, Q).
        varying: whether right has lanes.
    """

    left: Array
    right: Array | None
    shape: tuple[int, int, int]
    varying: bool

    @property
    def kind(self) -> str:
        """Of which form the result is: scalar, row (P is 1), column (M is 1) or matrix."""
        P, _, Q = self.shape
        if P == 1:
            return "scalar" if Q == 1 and not self.varying else "row"
        return "column" if Q == 1 and not self.varying else "matrix"


def segments(layout: MemoryLayout, grid: ProductGrid) -> list[Segment]:
    """The columns of a product in stretches that can be read as views; what stands beside ones comes last."""
    left, right = grid.left, grid.right
    if left.dtype.kind != right.dtype.kind:
        # By numbers, the order of the columns is free: that in which the values lie.
        nodes = left if left.dtype.kind == "i" else right
        order = np.argsort(layout.positions[nodes[0]], kind="stable")
        left, right = left[:, order], right[:, order]
    # Where ones stand on the right there is a bias on the left. Ones that lie behind values are read with
    # them as one matrix; others have no place in memory, and their column is added as it is.
    varying = right.dtype.kind != "f" and layout.is_varying(right)
    ones = (right == ONE).all(0) if right.dtype.kind != "f" else np.zeros(right.shape[1], dtype=bool)
    alone = ones & (layout.of(right)[0] < 0) if ones.any() else ones.copy()
    columns = np.flatnonzero(~alone)
    cuts = _cuts([layout.of(side) for side in (left, right) if side.dtype.kind != "f"], columns)
    stretches = np.split(columns, cuts) if len(cuts) < MOST_SEGMENTS else [columns]
    # Ones without the values that they lie behind are found nowhere either.
    alone[[k for ks in stretches if ones[ks].all() for k in ks]] = True
    P, Q = len(left), len(right)
    found = [
        Segment(left[:, ks], right[:, ks].T, (P, len(ks), Q), varying)
        for ks in stretches
        if len(ks) and not alone[ks].any()
    ]
    return found + [Segment(left[:, k : k + 1], None, (P, 1, Q), varying) for k in np.flatnonzero(alone)]


def _cuts(sides: list[Array], columns: Array) -> list[int]:
    """Where the step from column to column changes, or is not the same in all rows."""
    steps = [np.diff(side[:, columns], axis=1) for side in sides]
    cuts: list[int] = []
    start = 0
    for k in range(1, len(columns)):
        for step in steps:
            here = step[:, k - 1]
            if not (here == here[0]).all() or (k - 1 > start and here[0] != step[0, k - 2]):
                cuts.append(k)
                start = k
                break
    return cuts


def write_product(operands: Operands, group: Group) -> tuple[bool, Array | None]:
    """Write the matrix product of a group.

    Returns:
        Whether the values are begun, and the constant if it is still to be added.
    """
    grid, scale, constant = group.grid, group.scale, group.constant
    assert grid is not None
    writer, v = operands.writer, group.varying
    pieces = segments(operands.layout, grid)
    P, _, Q = pieces[0].shape
    kind = pieces[0].kind
    shape = (P, Q) if kind == "matrix" else (len(group.ids),)
    form = {"matrix": "matrix", "row": "flat"}.get(kind, "rows")
    y = out = operands.out(group, form=form, shape=shape)
    # Without lanes the scale is a constant of the product's shape, and a constant to be added goes into the
    # same call; with lanes y is scaled where it lies.
    if scale is not None and not v:
        out = writer.temporary(shape, False)
    for i, piece in enumerate(pieces):
        _write_segment(operands, piece, out, begun=i > 0)
    if scale is None:
        return True, constant
    if v:
        rows = operands.out(group)
        writer.call(f"{rows}.mul_({operands.read(scale, v)})", operands.shape(group))
        return True, constant
    factor = writer.constant(scale.reshape(shape))
    if constant is None:
        writer.call(f"mul({factor}, {out}, out={y})", str(shape))
    else:
        writer.call(
            f"addcmul({writer.constant(constant.reshape(shape))}, {factor}, {out}, out={y})", str(shape)
        )
    return True, None


def _write_segment(operands: Operands, piece: Segment, out: str, *, begun: bool) -> None:
    P, K, Q = piece.shape
    lanes = " B" if piece.varying else ""
    note = f"({P}, {Q}{lanes}) = ({P}, {K}) @ ({K}, {Q}{lanes})"
    call = operands.writer.call
    if piece.right is None:
        bias = operands.matrix(piece.left if piece.kind == "matrix" else piece.left[:, 0])
        call(f"{out}.add_({bias})" if begun else f"{out}.copy_({bias})", note)
        return
    left, right = side_names(operands, piece)
    if piece.kind == "matrix":
        call(f"{out}.addmm_({left}, {right})" if begun else f"mm({left}, {right}, out={out})", note)
    elif piece.kind == "column":
        call(f"{out}.addmv_({left}, {right})" if begun else f"mv({left}, {right}, out={out})", note)
    elif piece.kind == "row":
        if piece.left.dtype.kind == "f" and (piece.left == 1).all() and not begun:
            # A row of ones times a matrix.
            call(f"sum({right}, 0, out={out})", note)
            return
        right = operands.writer.transposed(right)
        call(f"{out}.addmv_({right}, {left})" if begun else f"mv({right}, {left}, out={out})", note)
    elif begun:
        call(f"{out}.addcmul_({left}, {right})" if K == 1 else f"{out}.add_(dot({left}, {right}))", note)
    else:
        call(f"dot({left}, {right}, out={operands.writer.scalar(out)})", note)


def side_names(operands: Operands, piece: Segment) -> tuple[str, str]:
    """The names of both operands: vectors where the result is a row, a column or a scalar."""
    assert piece.right is not None
    left = operands.matrix(piece.left if piece.kind in {"matrix", "column"} else piece.left[0])
    right = operands.matrix(piece.right if piece.kind in {"matrix", "row"} else piece.right[:, 0])
    return left, right
