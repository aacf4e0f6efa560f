"""Matrix products: in how many pieces their operands lie, and which call computes each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soloneuron.compiler.graph.normal import ONE
from soloneuron.compiler.plan.calls import Operand
from soloneuron.compiler.plan.grids import Array, ProductGrid
from soloneuron.compiler.plan.layout import MemoryLayout
from soloneuron.compiler.plan.operands import Operands
from soloneuron.compiler.plan.schedule import Group

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
    """The calls of the matrix product of a group.

    Returns:
        Whether the values are begun, and the constant if it is still to be added.
    """
    grid, scale, constant = group.grid, group.scale, group.constant
    assert grid is not None
    v = group.varying
    pieces = segments(operands.layout, grid)
    shape, form = result_shape(group, pieces[0])
    y = operands.out(group, form=form, shape=shape)
    # Without lanes the scale is a constant of the product's shape, and a constant to be added goes into the
    # same call; with lanes y is scaled where it lies.
    out: Operand = y if scale is None or v else operands.scratch(shape, False)
    for i, piece in enumerate(pieces):
        _write_segment(operands, piece, out, begun=i > 0)
    if scale is None:
        return True, constant
    if v:
        rows = operands.out(group)
        operands.call("{o}.mul_({0})", rows, operands.read(scale, v), note=operands.shape(group))
        return True, constant
    factor = operands.constant(scale.reshape(shape))
    if constant is None:
        operands.call("mul({0}, {1}, out={o})", y, factor, out, note=str(shape))
    else:
        added = operands.constant(constant.reshape(shape))
        operands.call("addcmul({0}, {1}, {2}, out={o})", y, added, factor, out, note=str(shape))
    return True, None


def result_shape(group: Group, piece: Segment) -> tuple[tuple[int, ...], str]:
    """The shape of a product's result, and the form in which its buffer is looked at."""
    P, _, Q = piece.shape
    shape = (P, Q) if piece.kind == "matrix" else (len(group.ids),)
    return shape, {"matrix": "matrix", "row": "flat"}.get(piece.kind, "rows")


def side_operands(operands: Operands, piece: Segment) -> tuple[Operand, Operand]:
    """Both operands: vectors where the result is a row, a column or a scalar."""
    assert piece.right is not None
    left = operands.matrix(piece.left if piece.kind in {"matrix", "column"} else piece.left[0])
    right = operands.matrix(piece.right if piece.kind in {"matrix", "row"} else piece.right[:, 0])
    return left, right


def _write_segment(operands: Operands, piece: Segment, out: Operand, *, begun: bool) -> None:
    P, K, Q = piece.shape
    lanes = " B" if piece.varying else ""
    note = f"({P}, {Q}{lanes}) = ({P}, {K}) @ ({K}, {Q}{lanes})"
    if piece.right is None:
        bias = operands.matrix(piece.left if piece.kind == "matrix" else piece.left[:, 0])
        operands.call("{o}.add_({0})" if begun else "{o}.copy_({0})", out, bias, note=note)
        return
    left, right = side_operands(operands, piece)
    if piece.kind == "row" and piece.left.dtype.kind == "f" and (piece.left == 1).all() and not begun:
        # A row of ones times a matrix.
        operands.call("sum({0}, 0, out={o})", out, right, note=note)
        return
    if piece.kind == "row":
        left, right = operands.transposed(right), left
    if piece.kind == "scalar" and not begun:
        out = operands.scalar(out)
    first, later = {
        "matrix": ("mm({0}, {1}, out={o})", "{o}.addmm_({0}, {1})"),
        "column": ("mv({0}, {1}, out={o})", "{o}.addmv_({0}, {1})"),
        "row": ("mv({0}, {1}, out={o})", "{o}.addmv_({0}, {1})"),
        "scalar": (
            "dot({0}, {1}, out={o})",
            "{o}.addcmul_({0}, {1})" if K == 1 else "{o}.add_(dot({0}, {1}))",
        ),
    }[piece.kind]
    operands.call(later if begun else first, out, left, right, note=note)
