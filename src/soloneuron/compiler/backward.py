"""Backward: the calls that carry the gradient from every group to its operands."""

from __future__ import annotations

import numpy as np

from soloneuron.compiler.forward import Forward
from soloneuron.compiler.grids import Array
from soloneuron.compiler.operations import POWER_BY_NUMBER
from soloneuron.compiler.product_gradients import ProductGradients
from soloneuron.compiler.schedule import Group
from soloneuron.compiler.slopes import GroupGradient, Slopes, ZeroedFirst
from soloneuron.compiler.tables import RowProducts
from soloneuron.element.operation import Slope
from soloneuron.element.operations import OPERATIONS


class Backward:
    """Writes the gradients of groups, from the loss down.

    Args:
        forward: wrote their values.
        zeroed: nodes whose gradients are set to 0 first.
    """

    def __init__(self, forward: Forward, zeroed: Array) -> None:
        self.forward, self.operands = forward, forward.operands
        self.writer, self.layout = forward.writer, forward.layout
        self.slopes = Slopes(self.operands, zeroed)
        self.products = ProductGradients(self.operands, self.slopes)
        root = np.array([self.operands.graph.root])
        self.slopes.note(root, np.ones(1))

    def write(self, group: Group) -> None:
        """Pass the gradient of a group on to its operands."""
        if not group.needed:
            return
        with self.writer.borrowing():
            gradient = self.gradient(group)
            # Where nothing arrives nothing is computed, but it must be known of the operands: what is neither
            # written nor known has no gradient at all.
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

    def gradient(self, group: Group) -> GroupGradient:
        """What has arrived at a group."""
        slopes, nodes, v = self.slopes, group.ids, group.varying
        written, known = slopes.written[nodes], slopes.numbered[nodes]
        # Either calls have written to all of a group, or all that arrived is known now. Half of each would
        # need a buffer that begins with zeros.
        if written.all():
            name = self.operands.out(group, slopes=True)
            if known.any():
                self._add_known(group, name, slopes.numbers[nodes])
            return GroupGradient(1.0, name)
        if written.any() or not known.all():
            raise ZeroedFirst(nodes)
        numbers = slopes.numbers[nodes]
        if (numbers == numbers[0]).all():
            return GroupGradient(
                float(numbers[0]), self.writer.spread_weight(len(nodes)) if v else None, numbers
            )
        if not v:
            return GroupGradient(1.0, self.writer.constant(numbers), numbers)
        scratch = self.writer.temporary((len(nodes),), True)
        self.writer.call(f"mul({self.writer.constant(numbers[:, None])}, weight, out={scratch})")
        return GroupGradient(1.0, scratch, numbers)

    def _add_known(self, group: Group, name: str, numbers: Array) -> None:
        # What is known beforehand is the gradient of one sample, and counts as much as its lane.
        sign = "sub" if (numbers <= 0).all() else "add"
        size = self.operands.read(
            np.abs(numbers) if sign == "sub" else numbers, group.varying, tensor=group.varying
        )
        line = (
            f"{name}.{sign}_({size})"
            if not group.varying
            else (f"{name}.addcmul_({self.operands.read(numbers, True)}, weight)")
        )
        self.writer.call(line, self.operands.shape(group))

    # Operations that are no sums.

    def _operation(self, group: Group, gradient: GroupGradient) -> None:
        if group.op not in OPERATIONS:
            return
        names = self.forward.names(group)
        for slope, operand in zip(OPERATIONS[group.op].slopes, group.operands, strict=False):
            if operand.dtype.kind != "i" or not self.slopes.needed[operand].any():
                continue
            with self.writer.borrowing():
                self._through(group, gradient, self._slope(group, slope), dict(names), operand)

    @staticmethod
    def _slope(group: Group, slope: Slope) -> Slope:
        if group.op == "**" and group.operands[1].dtype.kind == "f":
            return POWER_BY_NUMBER
        if group.op == "**" and group.operands[0].dtype.kind == "f":
            return Slope("", ("mul({y}, {logarithm}, out={t})",))
        if group.op == "/" and group.operands[1].dtype.kind == "f":
            return Slope("", (), "{inverse}")
        return slope

    def _through(
        self, group: Group, gradient: GroupGradient, slope: Slope, names: dict[str, str], operand: Array
    ) -> None:
        """gradient * partial, to one operand."""
        if group.op == "**" and group.operands[0].dtype.kind == "f":
            # The base is a number, so its logarithm is one too; 0 in its place at a base of 0, where the
            # value does not move with the exponent.
            base = group.operands[0]
            logarithm = np.log(np.where(base == 0, 1.0, base))
            names["logarithm"] = self.operands.read(logarithm, group.varying)
        if group.op == "/" and group.operands[1].dtype.kind == "f":
            with np.errstate(divide="ignore", over="ignore"):
                names["inverse"] = self.operands.read(1 / group.operands[1], group.varying)
        self.forward.fill(slope.torch, names, group)
        partial = slope.at.format(**names)
        if slope.pole and (gradient.numbers is None or not gradient.numbers.all()):
            # Where nothing arrives nothing is passed on, not even 0 * inf.
            still = ("eq({d}, 0, out={m})", f"{partial}.masked_fill_({{m}}, 0)")
            self.forward.fill(still, names | {"d": str(gradient.tensor)}, group)
        self.slopes.write(operand, gradient.times(partial), varying=group.varying)

    # Sums of products.

    def _sum(self, group: Group, gradient: GroupGradient) -> None:
        for part in group.parts:
            with self.writer.borrowing():
                self._part(group, gradient, part)
        if group.grid is not None:
            self.products.write(group, gradient)

    def _part(self, group: Group, gradient: GroupGradient, part: RowProducts) -> None:
        left, right, v = part.left.T, part.right.T, group.varying
        if left.dtype.kind == "f":
            # Numbers times numbers need no call; only where lanes are to be added up one is written.
            if gradient.numbers is not None and self.layout.is_varying(right) == v:
                self.slopes.note(right, left * gradient.numbers)
            else:
                self._send(group, gradient, right, left, part.scales)
            return
        if np.array_equal(left, right) and part.scales is None:
            # d(x x) = 2 x dx.
            gradient = GroupGradient(2 * gradient.factor, gradient.tensor, gradient.numbers)
            self._send(group, gradient, right, left, None)
            return
        self._send(group, gradient, right, left, part.scales)
        self._send(group, gradient, left, right, part.scales)

    def _send(
        self, group: Group, gradient: GroupGradient, to: Array, factor: Array, scales: Array | None
    ) -> None:
        """gradient * factor * scale to a table of operands (K, n)."""
        if to.dtype.kind != "i" or not self.slopes.needed[to].any():
            return
        v = group.varying
        if scales is not None and (scales == scales.flat[0]).all():
            gradient = GroupGradient(gradient.factor * float(scales.flat[0]), gradient.tensor)
            scales = None
        # One term a node: a vector does, and reads more often as a plain view than a table of one row.
        if len(to) == 1:
            to, factor = to[0], factor[0]
            scales = None if scales is None else scales[:, 0]
        else:
            scales = None if scales is None else scales.T
        with self.writer.borrowing():
            if scales is not None:
                scratch = self.writer.temporary(to.shape, v)
                self.writer.call(
                    f"mul({self.operands.read(factor, v)}, {self.operands.read(scales, v)}, out={scratch})"
                )
                term = gradient.times(scratch)
            elif factor.dtype.kind == "f" and to.ndim == 1 and (factor == factor[0]).all():
                number = float(factor.flat[0])
                term = GroupGradient(gradient.factor * number, gradient.tensor).times()
            elif factor.dtype.kind == "f":
                term = gradient.times(self.writer.constant(factor[..., None] if v else factor))
            else:
                term = gradient.times(self.operands.read(factor, v))
            self.slopes.write(to, term, varying=v)
