"""The gradients of both operands of a matrix product, which are matrix products again."""

from __future__ import annotations

import numpy as np

from soloneuron.compiler.plan.calls import Derived, Operand
from soloneuron.compiler.plan.grids import Array
from soloneuron.compiler.plan.operands import WEIGHT, Operands
from soloneuron.compiler.plan.products import Segment, result_shape, segments, side_operands
from soloneuron.compiler.plan.schedule import Group
from soloneuron.compiler.plan.slopes import GroupGradient, Slopes, Term, multiple

WEIGHT_FLAT = Derived(WEIGHT, "{}.view(-1)", "_flat")


class ProductGradients:
    """Writes them, with D the gradient of the product: D right^T and left^T D.

    Args:
        operands: finds what is read and written.
        slopes: takes the gradients.
    """

    def __init__(self, operands: Operands, slopes: Slopes) -> None:
        self.operands, self.slopes = operands, slopes

    def write(self, group: Group, gradient: GroupGradient) -> None:
        """Pass the gradient of a group with a matrix product on to both operands of it."""
        assert group.grid is not None
        pieces = segments(self.operands.layout, group.grid)
        # With D known now and numbers on the other side, the product is done here, once, not in every step.
        if gradient.numbers is not None and self._known(group, pieces, gradient.numbers):
            return
        d = self._matrix(group, gradient, pieces[0])
        for piece in pieces:
            if piece.right is None:
                self._bias(piece, d)
            else:
                self._left(piece, d)
                self._right(piece, d)

    def _known(self, group: Group, pieces: list[Segment], numbers: Array) -> bool:
        """Numbers times numbers are known beforehand."""
        if any(piece.right is None or piece.varying != group.varying for piece in pieces):
            return False
        D = numbers.reshape(pieces[0].shape[0], -1)
        if all(piece.left.dtype.kind == "f" for piece in pieces):
            for piece in pieces:
                self.slopes.note(piece.right, piece.left.T @ D)  # type: ignore[arg-type]
            return True
        if not group.varying and all(piece.right.dtype.kind == "f" for piece in pieces):  # type: ignore[union-attr]
            for piece in pieces:
                self.slopes.note(piece.left, D @ piece.right.T)  # type: ignore[union-attr]
            return True
        return False

    def _matrix(self, group: Group, gradient: GroupGradient, piece: Segment) -> GroupGradient:
        """The gradient of the product alone, as a matrix (P, M), a vector or a number."""
        shape, form = result_shape(group, piece)
        v, operands = group.varying, self.operands
        if gradient.numbers is not None and not v:
            numbers = gradient.numbers if group.scale is None else gradient.numbers * group.scale
            if piece.kind == "scalar":
                return GroupGradient(float(numbers[0]), None)
            return GroupGradient(1.0, operands.constant(numbers.reshape(shape)))
        if v:
            return self._lanes(group, gradient, shape, form)
        out = operands.out(group, slopes=True, form=form, shape=shape)
        if group.scale is None:
            return GroupGradient(1.0, out)
        scratch = operands.scratch(shape, False)
        scale = operands.constant(group.scale.reshape(shape))
        operands.call("mul({0}, {1}, out={o})", scratch, out, scale, note=str(shape))
        return GroupGradient(1.0, scratch)

    def _lanes(
        self, group: Group, gradient: GroupGradient, shape: tuple[int, ...], form: str
    ) -> GroupGradient:
        operands, known = self.operands, gradient.numbers is not None
        if known and len(group.ids) == 1:
            factor = gradient.factor * (1.0 if group.scale is None else float(group.scale[0]))
            # The gradient of a single node that enters the loss plainly is the weight of the lane itself.
            if factor == 1:
                return GroupGradient(1.0, WEIGHT_FLAT if form == "flat" else WEIGHT)
        if not known and group.scale is None:
            return GroupGradient(1.0, operands.out(group, slopes=True, form=form, shape=shape))
        scratch = operands.scratch((len(group.ids),), True)
        scale = np.ones(len(group.ids)) if group.scale is None else group.scale
        assert gradient.tensor is not None
        operands.call(
            "mul({0}, {1}, out={o})",
            scratch,
            gradient.tensor,
            operands.read(scale * gradient.factor, True),
            note=operands.shape(group),
        )
        if form == "flat":
            return GroupGradient(1.0, Derived(scratch, "{}.view(-1)", "_flat"))
        return GroupGradient(1.0, Derived(scratch, f"{{}}.view({shape[0]}, -1)", f"_{shape[0]}"))

    def _bias(self, piece: Segment, d: GroupGradient) -> None:
        if piece.kind in {"matrix", "row"}:
            axis, left = (1, piece.left) if piece.kind == "matrix" else (0, piece.left[:, 0])
            self.slopes.write(
                left, self._term(f"sum({{0}}, {axis}, keepdim=True, out={{o}})", "", d), varying=False
            )
        else:
            self.slopes.write(piece.left[:, 0], d.times(self.operands), varying=False)

    @staticmethod
    def _term(put: str, add: str, d: GroupGradient, *others: Operand) -> Term:
        assert d.tensor is not None
        return Term(put, add, (d.tensor, *others))

    def _left(self, piece: Segment, d: GroupGradient) -> None:
        """The gradient of the left operands: (P, M) times (M, k)."""
        if piece.left.dtype.kind != "i" or not self.slopes.needed[piece.left].any():
            return
        assert piece.right is not None
        _, right = side_operands(self.operands, piece)
        if piece.kind == "matrix":
            right = self.operands.transposed(right)
            term = self._term("mm({0}, {1}, out={o})", "{o}.addmm_({0}, {1})", d, right)
            self.slopes.write(piece.left, term, varying=False)
        elif piece.kind == "row":
            term = self._term("mv({1}, {0}, out={o})", "{o}.addmv_({1}, {0})", d, right)
            self.slopes.write(piece.left[0], term, varying=False)
        elif piece.kind == "column":
            self.slopes.write(piece.left, self._outer(d, right), varying=False)
        else:
            # x x has one operand on both sides: it gets 2 x at once, and ``_right`` leaves it alone.
            twice = np.array_equal(piece.left[0], piece.right[:, 0])
            term = GroupGradient(2 * d.factor if twice else d.factor, d.tensor).times(self.operands, right)
            self.slopes.write(piece.left[0], term, varying=False)

    def _outer(self, d: GroupGradient, right: Operand) -> Term:
        assert d.tensor is not None
        return multiple(self.operands, 1.0, Derived(d.tensor, "{}.unsqueeze(1)", "_1"), right)

    def _right(self, piece: Segment, d: GroupGradient) -> None:
        """The gradient of the right operands: (k, P) times (P, M). The ones behind them have none."""
        right = piece.right
        if right is None or right.dtype.kind != "i":
            return
        # Ones stand for a bias; they come last, and no gradient is wanted for them.
        rows = int((right >= 0).all(1).sum())
        right = right[:rows]
        piece = Segment(piece.left[:, :rows], right, (piece.shape[0], rows, piece.shape[2]), piece.varying)
        if not rows or not self.slopes.needed[right].any():
            return
        left, _ = side_operands(self.operands, piece)
        if piece.kind == "matrix":
            left = self.operands.transposed(left)
            term = self._term("mm({1}, {0}, out={o})", "{o}.addmm_({1}, {0})", d, left)
            self.slopes.write(right, term, varying=piece.varying, form="matrix")
        elif piece.kind == "row":
            assert d.tensor is not None
            term = multiple(self.operands, 1.0, self.operands.matrix(piece.left.T), d.tensor)
            self.slopes.write(right, term, varying=piece.varying, form="matrix")
        elif piece.kind == "column":
            left = self.operands.transposed(left)
            term = self._term("mv({1}, {0}, out={o})", "{o}.addmv_({1}, {0})", d, left)
            self.slopes.write(right[:, 0], term, varying=False)
        elif piece.left.dtype.kind == "f" or not np.array_equal(piece.left[0], right[:, 0]):
            self.slopes.write(right[:, 0], d.times(self.operands, left), varying=False)
