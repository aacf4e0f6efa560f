"""The gradients of both operands of a matrix product, which are matrix products again."""

from __future__ import annotations

import numpy as np

from soloneuron.compiler.grids import Array
from soloneuron.compiler.operands import Operands
from soloneuron.compiler.products import Segment, segments, side_names
from soloneuron.compiler.schedule import Group
from soloneuron.compiler.slopes import GroupGradient, Slopes, Term, multiple


class ProductGradients:
    """Writes them, with D the gradient of the product: D right^T and left^T D.

    Args:
        operands: names what is read and written.
        slopes: takes the gradients.
    """

    def __init__(self, operands: Operands, slopes: Slopes) -> None:
        self.operands, self.writer, self.slopes = operands, operands.writer, slopes

    def write(self, group: Group, gradient: GroupGradient) -> None:
        """Pass the gradient of a group with a matrix product on to both operands of it."""
        assert group.grid is not None
        pieces = segments(self.operands.layout, group.grid)
        # With D known now and numbers on the other side, the product is done here, once, not in every step.
        if gradient.numbers is not None and self._known(group, pieces, gradient.numbers):
            return
        d = self._matrix(group, gradient, pieces[0])
        for piece in pieces:
            with self.writer.borrowing():
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
        P, _, Q = piece.shape
        shape = (P, Q) if piece.kind == "matrix" else (len(group.ids),)
        form = {"matrix": "matrix", "row": "flat"}.get(piece.kind, "rows")
        v, w = group.varying, self.writer
        if gradient.numbers is not None and not v:
            numbers = gradient.numbers if group.scale is None else gradient.numbers * group.scale
            if piece.kind == "scalar":
                return GroupGradient(float(numbers[0]), None)
            return GroupGradient(1.0, w.constant(numbers.reshape(shape)))
        if not v:
            name = self.operands.out(group, slopes=True, form=form, shape=shape)
            if group.scale is None:
                return GroupGradient(1.0, name)
            scratch = w.temporary(shape, False)
            w.call(f"mul({name}, {w.constant(group.scale.reshape(shape))}, out={scratch})", str(shape))
            return GroupGradient(1.0, scratch)
        return self._lanes(group, gradient, shape, form)

    def _lanes(
        self, group: Group, gradient: GroupGradient, shape: tuple[int, ...], form: str
    ) -> GroupGradient:
        w, known = self.writer, gradient.numbers is not None
        if known and len(group.ids) == 1:
            factor = gradient.factor * (1.0 if group.scale is None else float(group.scale[0]))
            # The gradient of a single node that enters the loss plainly is the weight of the lane itself.
            if factor == 1:
                return GroupGradient(1.0, "weight_flat" if form == "flat" else "weight")
        if not known and group.scale is None:
            return GroupGradient(1.0, self.operands.out(group, slopes=True, form=form, shape=shape))
        scratch = w.temporary((len(group.ids),), True)
        scale = np.ones(len(group.ids)) if group.scale is None else group.scale
        factor_name = self.operands.read(scale * gradient.factor, True)
        w.call(f"mul({gradient.tensor}, {factor_name}, out={scratch})", self.operands.shape(group))
        if form == "flat":
            return GroupGradient(1.0, f"{scratch}.view(-1)")
        return GroupGradient(1.0, f"{scratch}.view({shape[0]}, -1)")

    def _bias(self, piece: Segment, d: GroupGradient) -> None:
        name = str(d.tensor)
        if piece.kind == "matrix":
            term = Term(lambda o: f"sum({name}, 1, keepdim=True, out={o})")
            self.slopes.write(piece.left, term, varying=False)
        elif piece.kind == "row":
            term = Term(lambda o: f"sum({name}, 0, keepdim=True, out={o})")
            self.slopes.write(piece.left[:, 0], term, varying=False)
        else:
            self.slopes.write(piece.left[:, 0], d.times(), varying=False)

    def _left(self, piece: Segment, d: GroupGradient) -> None:
        """The gradient of the left operands: (P, M) times (M, k)."""
        if piece.left.dtype.kind != "i" or not self.slopes.needed[piece.left].any():
            return
        assert piece.right is not None
        _, right = side_names(self.operands, piece)
        D = str(d.tensor)
        if piece.kind == "matrix":
            right = self.writer.transposed(right)
            term = Term(lambda o: f"mm({D}, {right}, out={o})", lambda o: f"{o}.addmm_({D}, {right})")
            self.slopes.write(piece.left, term, varying=False)
        elif piece.kind == "row":
            term = Term(lambda o: f"mv({right}, {D}, out={o})", lambda o: f"{o}.addmv_({right}, {D})")
            self.slopes.write(piece.left[0], term, varying=False)
        elif piece.kind == "column":
            term = multiple(1.0, f"{D}.unsqueeze(1)", right)
            self.slopes.write(piece.left, term, varying=False)
        else:
            # x x has one operand on both sides: it gets 2 x at once, and ``_right`` leaves it alone.
            twice = np.array_equal(piece.left[0], piece.right[:, 0])
            term = GroupGradient(2 * d.factor if twice else d.factor, d.tensor).times(right)
            self.slopes.write(piece.left[0], term, varying=False)

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
        left, _ = side_names(self.operands, piece)
        D = str(d.tensor)
        if piece.kind == "matrix":
            left = self.writer.transposed(left)
            term = Term(lambda o: f"mm({left}, {D}, out={o})", lambda o: f"{o}.addmm_({left}, {D})")
            self.slopes.write(right, term, varying=piece.varying, form="matrix")
        elif piece.kind == "row":
            term = multiple(1.0, self.operands.matrix(piece.left.T), D)
            self.slopes.write(right, term, varying=piece.varying, form="matrix")
        elif piece.kind == "column":
            left = self.writer.transposed(left)
            term = Term(lambda o: f"mv({left}, {D}, out={o})", lambda o: f"{o}.addmv_({left}, {D})")
            self.slopes.write(right[:, 0], term, varying=False)
        elif piece.left.dtype.kind == "f" or not np.array_equal(piece.left[0], right[:, 0]):
            self.slopes.write(right[:, 0], d.times(left), varying=False)
