"""Backward: the calls that carry the gradient from every group to its operands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soloneuron.compiler.forward import Forward
from soloneuron.compiler.grids import Array
from soloneuron.compiler.operations import RIGHT, Rule
from soloneuron.compiler.products import Segment, segments, side_names
from soloneuron.compiler.schedule import Group, Part
from soloneuron.compiler.slopes import Slopes, Term, ZeroedFirst, multiple


@dataclass(frozen=True)
class Gradient:
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


class Backward:
    """Writes the gradients of groups, from the loss down.

    Args:
        forward: wrote their values.
        zeroed: nodes whose gradients are set to 0 first.
    """

    def __init__(self, forward: Forward, zeroed: Array) -> None:
        self.forward, self.writer, self.layout = forward, forward.writer, forward.layout
        self.slopes = Slopes(forward, zeroed)
        root = np.array([forward.graph.root])
        self.slopes.note(root, np.ones(1))

    def write(self, group: Group) -> None:
        """Pass the gradient of a group on to its operands."""
        if not group.needed:
            return
        with self.writer.borrowing():
            gradient = self.gradient(group)
            if gradient.numbers is not None and not gradient.numbers.any():
                for nodes in group.reads():
                    self.slopes.note(nodes, np.zeros(1))
            elif group.op == "sum":
                self._sum(group, gradient)
            else:
                self._operation(group, gradient)

    def finish(self) -> None:
        """Add to the parameters what was known beforehand."""
        nodes = np.arange(self.layout.parameters)
        slopes = self.slopes
        known = slopes.numbered[nodes]
        if not known.any():
            return
        if (known & ~slopes.written[nodes]).any():
            if not known.all() or slopes.written[nodes].any():
                raise ZeroedFirst(nodes)
            self.writer.call(f"slopes[:{len(nodes)}].copy_({self.writer.constant(slopes.numbers[nodes])})")
        else:
            self.writer.call(f"slopes[:{len(nodes)}].add_({self.writer.constant(slopes.numbers[nodes])})")

    def gradient(self, group: Group) -> Gradient:
        """What has arrived at a group."""
        slopes, nodes, v = self.slopes, group.ids, group.varying
        written, known = slopes.written[nodes], slopes.numbered[nodes]
        if written.all():
            name = self.forward.out(group, slopes=True)
            if known.any():
                self._add_known(group, name, slopes.numbers[nodes])
            return Gradient(1.0, name)
        if written.any() or not known.all():
            raise ZeroedFirst(nodes)
        numbers = slopes.numbers[nodes]
        if (numbers == numbers[0]).all():
            return Gradient(float(numbers[0]), self.writer.spread_weight(len(nodes)) if v else None, numbers)
        if not v:
            return Gradient(1.0, self.writer.constant(numbers), numbers)
        scratch = self.writer.temporary((len(nodes),), True)
        self.writer.call(f"mul({self.writer.constant(numbers[:, None])}, weight, out={scratch})")
        return Gradient(1.0, scratch, numbers)

    def _add_known(self, group: Group, name: str, numbers: Array) -> None:
        sign = "sub" if (numbers <= 0).all() else "add"
        size = self.forward.read(np.abs(numbers) if sign == "sub" else numbers, group.varying, tensor=group.varying)
        line = f"{name}.{sign}_({size})" if not group.varying else (
            f"{name}.addcmul_({self.forward.read(numbers, True)}, weight)"
        )
        self.writer.call(line, self.forward.shape(group))

    # Operations that are no sums.

    def _operation(self, group: Group, gradient: Gradient) -> None:
        rule, names = self.forward.rule(group)
        for side, operand in enumerate(group.operands):
            if operand.dtype.kind != "i" or not self.slopes.needed[operand].any():
                continue
            with self.writer.borrowing():
                self._through(group, gradient, RIGHT[group.op] if side else rule, dict(names), operand)

    def _through(
        self, group: Group, gradient: Gradient, rule: Rule, names: dict[str, str], operand: Array
    ) -> None:
        """gradient * partial, to one operand."""
        if group.op == "**" and group.operands[0].dtype.kind == "f":
            base = group.operands[0]
            slope = np.log(np.where(base == 0, 1.0, base))
            names["logarithm"] = self.forward.read(slope, group.varying)
            rule = Rule((), ("mul({y}, {logarithm}, out={t})",))
        self.forward.fill(rule.partial, names, group)
        partial = rule.slope.format(**names)
        if rule.kink and (gradient.numbers is None or not gradient.numbers.all()):
            # Where nothing arrives nothing is passed on, not even 0 * inf.
            still = ("eq({d}, 0, out={m})", f"{partial}.masked_fill_({{m}}, 0)")
            self.forward.fill(still, names | {"d": str(gradient.tensor)}, group)
        self.slopes.write(operand, gradient.times(partial), varying=group.varying)

    # Sums of products.

    def _sum(self, group: Group, gradient: Gradient) -> None:
        for part in group.parts:
            with self.writer.borrowing():
                self._part(group, gradient, part)
        if group.grid is not None:
            self._product(group, gradient)

    def _part(self, group: Group, gradient: Gradient, part: Part) -> None:
        left, right, v = part.left.T, part.right.T, group.varying
        if left.dtype.kind == "f":
            if gradient.numbers is not None and self.layout.is_varying(right) == v:
                self.slopes.note(right, left * gradient.numbers)
            else:
                self._send(group, gradient, right, left, part.scales)
            return
        if np.array_equal(left, right) and part.scales is None:
            # d(x x) = 2 x dx.
            gradient = Gradient(2 * gradient.factor, gradient.tensor, gradient.numbers)
            self._send(group, gradient, right, left, None)
            return
        self._send(group, gradient, right, left, part.scales)
        self._send(group, gradient, left, right, part.scales)

    def _send(self, group: Group, gradient: Gradient, to: Array, factor: Array, scales: Array | None) -> None:
        """gradient * factor * scale to a table of operands (K, n)."""
        if to.dtype.kind != "i" or not self.slopes.needed[to].any():
            return
        v = group.varying
        if len(to) == 1:
            to, factor = to[0], factor[0]
            scales = None if scales is None else scales[:, 0]
        else:
            scales = None if scales is None else scales.T
        with self.writer.borrowing():
            if scales is not None:
                scratch = self.writer.temporary(to.shape, v)
                self.writer.call(f"mul({self.forward.read(factor, v)}, {self.forward.read(scales, v)}, out={scratch})")
                term = gradient.times(scratch)
            elif factor.dtype.kind == "f" and to.ndim == 1 and (factor == factor[0]).all():
                number = float(factor.flat[0])
                term = Gradient(gradient.factor * number, gradient.tensor).times()
            elif factor.dtype.kind == "f":
                term = gradient.times(self.writer.constant(factor[..., None] if v else factor))
            else:
                term = gradient.times(self.forward.read(factor, v))
            self.slopes.write(to, term, varying=v)

    # Matrix products.

    def _product(self, group: Group, gradient: Gradient) -> None:
        assert group.grid is not None
        pieces = segments(self.forward, group.grid)
        if gradient.numbers is not None:
            numbers = gradient.numbers if group.scale is None else gradient.numbers * group.scale
            if self._known(group, pieces, numbers):
                return
            gradient = Gradient(gradient.factor, gradient.tensor, gradient.numbers)
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

    def _matrix(self, group: Group, gradient: Gradient, piece: Segment) -> Gradient:
        """The gradient of the product alone, as a matrix (P, M), a vector or a number."""
        P, _, Q = piece.shape
        shape = (P, Q) if piece.kind == "matrix" else (len(group.ids),)
        form = {"matrix": "matrix", "row": "flat"}.get(piece.kind, "rows")
        v, w = group.varying, self.writer
        if gradient.numbers is not None and not v:
            numbers = gradient.numbers if group.scale is None else gradient.numbers * group.scale
            if piece.kind == "scalar":
                return Gradient(float(numbers[0]), None)
            return Gradient(1.0, w.constant(numbers.reshape(shape)))
        if not v:
            name = self.forward.out(group, slopes=True, form=form, shape=shape)
            if group.scale is None:
                return Gradient(1.0, name)
            scratch = w.temporary(shape, False)
            w.call(f"mul({name}, {w.constant(group.scale.reshape(shape))}, out={scratch})", str(shape))
            return Gradient(1.0, scratch)
        return self._lanes(group, gradient, shape, form)

    def _lanes(self, group: Group, gradient: Gradient, shape: tuple[int, ...], form: str) -> Gradient:
        w, known = self.writer, gradient.numbers is not None
        if known and len(group.ids) == 1:
            factor = gradient.factor * (1.0 if group.scale is None else float(group.scale[0]))
            if factor == 1:
                return Gradient(1.0, "weight_flat" if form == "flat" else "weight")
        if not known and group.scale is None:
            return Gradient(1.0, self.forward.out(group, slopes=True, form=form, shape=shape))
        scratch = w.temporary((len(group.ids),), True)
        scale = np.ones(len(group.ids)) if group.scale is None else group.scale
        factor_name = self.forward.read(scale * gradient.factor, True)
        w.call(f"mul({gradient.tensor}, {factor_name}, out={scratch})", self.forward.shape(group))
        if form == "flat":
            return Gradient(1.0, f"{scratch}.view(-1)")
        return Gradient(1.0, f"{scratch}.view({shape[0]}, -1)")

    def _bias(self, piece: Segment, d: Gradient) -> None:
        name = str(d.tensor)
        if piece.kind == "matrix":
            term = Term(lambda o: f"sum({name}, 1, keepdim=True, out={o})")
            self.slopes.write(piece.left, term, varying=False)
        elif piece.kind == "row":
            term = Term(lambda o: f"sum({name}, 0, keepdim=True, out={o})")
            self.slopes.write(piece.left[:, 0], term, varying=False)
        else:
            self.slopes.write(piece.left[:, 0], d.times(), varying=False)

    def _left(self, piece: Segment, d: Gradient) -> None:
        """The gradient of the left operands: (P, M) times (M, k)."""
        if piece.left.dtype.kind != "i" or not self.slopes.needed[piece.left].any():
            return
        assert piece.right is not None
        _, right = side_names(self.forward, piece)
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
            twice = np.array_equal(piece.left[0], piece.right[:, 0])
            term = Gradient(2 * d.factor if twice else d.factor, d.tensor).times(right)
            self.slopes.write(piece.left[0], term, varying=False)

    def _right(self, piece: Segment, d: Gradient) -> None:
        """The gradient of the right operands: (k, P) times (P, M). The ones behind them have none."""
        right = piece.right
        if right is None or right.dtype.kind != "i":
            return
        rows = int((right >= 0).all(1).sum())
        right = right[:rows]
        piece = Segment(piece.left[:, :rows], right, (piece.shape[0], rows, piece.shape[2]), piece.varying)
        if not rows or not self.slopes.needed[right].any():
            return
        left, _ = side_names(self.forward, piece)
        D = str(d.tensor)
        if piece.kind == "matrix":
            left = self.writer.transposed(left)
            term = Term(lambda o: f"mm({left}, {D}, out={o})", lambda o: f"{o}.addmm_({left}, {D})")
            self.slopes.write(right, term, varying=piece.varying, form="matrix")
        elif piece.kind == "row":
            term = multiple(1.0, self.forward.matrix(piece.left.T), D)
            self.slopes.write(right, term, varying=piece.varying, form="matrix")
        elif piece.kind == "column":
            left = self.writer.transposed(left)
            term = Term(lambda o: f"mv({left}, {D}, out={o})", lambda o: f"{o}.addmv_({left}, {D})")
            self.slopes.write(right[:, 0], term, varying=False)
        elif piece.left.dtype.kind == "f" or not np.array_equal(piece.left[0], right[:, 0]):
            self.slopes.write(right[:, 0], d.times(left), varying=False)
