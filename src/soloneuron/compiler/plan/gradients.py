"""Gradients: the calls that carry the gradient of every group to its operands, from the loss down."""

from __future__ import annotations

import numpy as np

from soloneuron.compiler.plan.calls import Derived, Operand, Scratch, Whole
from soloneuron.compiler.plan.grids import Array, RowProducts
from soloneuron.compiler.plan.operands import WEIGHT, Operands
from soloneuron.compiler.plan.operations import POWER_BY_NUMBER
from soloneuron.compiler.plan.product_gradients import ProductGradients
from soloneuron.compiler.plan.schedule import REDUCING, Group
from soloneuron.compiler.plan.slopes import GroupGradient, Slopes, Term
from soloneuron.compiler.plan.values import letters
from soloneuron.element.operation import Slope
from soloneuron.element.operations import OPERATIONS


class Gradients:
    """Plans the sweep back.

    Args:
        operands: finds what is read and written.
    """

    def __init__(self, operands: Operands) -> None:
        self.operands, self.layout = operands, operands.layout
        self.slopes = Slopes(operands)
        self.products = ProductGradients(operands, self.slopes)
        root = np.array([operands.graph.root])
        self.slopes.note(root, np.ones(1))

    def write(self, group: Group) -> None:
        """Pass the gradient of a group on to its operands."""
        if not group.needed:
            return
        gradient = self.gradient(group)
        # Where nothing arrives nothing is computed, but it must be known of the operands: what is neither
        # written nor known has no gradient at all.
        if gradient.numbers is not None and not gradient.numbers.any():
            for nodes in group.reads():
                self.slopes.note(nodes, np.zeros(1))
        elif group.op == "sum":
            for part in group.parts:
                self._part(group, gradient, part)
            if group.grid is not None:
                self.products.write(group, gradient)
        elif group.op in OPERATIONS:
            self._operation(group, gradient)
        elif group.op in REDUCING:
            self._reduction(group, gradient)

    def finish(self) -> None:
        """Add to the parameters what was known beforehand."""
        nodes = np.arange(self.layout.parameters)
        slopes = self.slopes
        known = slopes.numbered[nodes]
        if not known.any():
            return
        written = slopes.first.written
        fresh = bool((known & ~written[nodes]).any())
        if fresh and (not known.all() or written[nodes].any()):
            slopes.first.fill(nodes)
            fresh = False
        verb = "copy" if fresh else "add"
        put = f"{{o}}[:{len(nodes)}].{verb}_({{0}})"
        self.operands.call(put, Whole("slopes"), self.operands.constant(slopes.numbers[nodes]))

    def gradient(self, group: Group) -> GroupGradient:
        """What has arrived at a group."""
        slopes, operands, nodes, v = self.slopes, self.operands, group.ids, group.varying
        written, known = slopes.first.written[nodes], slopes.numbered[nodes]
        # Either calls have written to all of a group, or all that arrived is known now. Half of each needs a
        # gradient that begins with zeros.
        if not written.all() and (written.any() or not known.all()):
            slopes.first.fill(nodes)
            written = slopes.first.written[nodes]
        if written.all():
            out = operands.out(group, slopes=True)
            if known.any():
                self._add_known(group, out, slopes.numbers[nodes])
            return GroupGradient(1.0, out)
        numbers = slopes.numbers[nodes]
        if (numbers == numbers[0]).all():
            return GroupGradient(
                float(numbers[0]), operands.spread_weight(len(nodes)) if v else None, numbers
            )
        if not v:
            return GroupGradient(1.0, operands.constant(numbers), numbers)
        scratch = operands.scratch((len(nodes),), True)
        operands.call("mul({0}, {1}, out={o})", scratch, operands.constant(numbers[:, None]), WEIGHT)
        return GroupGradient(1.0, scratch, numbers)

    def _add_known(self, group: Group, out: Operand, numbers: Array) -> None:
        # What is known beforehand is the gradient of one sample, and counts as much as its lane.
        operands, note = self.operands, self.operands.shape(group)
        if group.varying:
            operands.call("{o}.addcmul_({0}, {1})", out, operands.read(numbers, True), WEIGHT, note=note)
            return
        verb = "sub" if (numbers <= 0).all() else "add"
        size = operands.setting(np.abs(numbers) if verb == "sub" else numbers, False)
        if isinstance(size, str):
            operands.call(f"{{o}}.{verb}_({size})", out, note=note)
        else:
            operands.call(f"{{o}}.{verb}_({{0}})", out, size, note=note)

    # Operations that are no sums.

    def _operation(self, group: Group, gradient: GroupGradient) -> None:
        names = letters(self.operands, group)
        for slope, operand in zip(OPERATIONS[group.op].slopes, group.operands, strict=False):
            if operand.dtype.kind == "i" and self.slopes.needed[operand].any():
                self._through(group, gradient, slope, names, operand)

    def _through(
        self,
        group: Group,
        gradient: GroupGradient,
        slope: Slope,
        names: dict[str, Operand | str],
        operand: Array,
    ) -> None:
        """gradient * partial, to one operand."""
        operands, slope = self.operands, _by_number(group, slope)
        names = dict(names) | self._numbers(group)
        scratch = operands.fill(slope.torch, names, group)
        partial = scratch if slope.at == "{t}" else names[slope.at[1:-1]]
        assert not isinstance(partial, str)
        term = gradient.times(operands, partial)
        if (slope.pole or group.guarded) and (gradient.numbers is None or not gradient.numbers.all()):
            # Where nothing arrives nothing is passed on, not even 0 * inf.
            term = self._guarded(group, gradient, term, group.ids.shape)
        self.slopes.write(operand, term, varying=group.varying)

    def _reduction(self, group: Group, gradient: GroupGradient) -> None:
        table = group.operands[0].T
        if group.op == "largest" or not self.slopes.needed[table].any():
            return
        operands, v = self.operands, group.varying
        values, partial = operands.read(table, v), operands.scratch(table.shape, v)
        if group.op == "prod":
            others(operands, values, partial)
        else:
            # Equals share the slope evenly.
            note, many = str(table.shape), operands.scratch((len(group.ids),), v)
            operands.call("eq({0}, {1}, out={o})", partial, values, operands.out(group), note=note)
            operands.call("sum({0}, 0, out={o})", many, partial, note=operands.shape(group))
            operands.call("{o}.div_({0})", partial, many, note=note)
        self.slopes.write(table, gradient.times(operands, partial), varying=v)

    def _guarded(self, group: Group, gradient: GroupGradient, term: Term, shape: tuple[int, ...]) -> Term:
        """A term that is 0 where the gradient is."""
        operands, v = self.operands, group.varying
        product, mask = operands.scratch(shape, v), operands.scratch((len(group.ids),), v, kind="m")
        assert gradient.tensor is not None
        operands.call(term.put, product, *term.reads, note=str(shape))
        operands.call("eq({0}, 0, out={o})", mask, gradient.tensor, note=operands.shape(group))
        operands.call("{o}.masked_fill_({0}, 0)", product, mask, note=str(shape))
        return Term("{o}.copy_({0})", "{o}.add_({0})", (product,))

    def _numbers(self, group: Group) -> dict[str, Operand | str]:
        """Partials that are numbers, for an operand that is one."""
        operands = self.operands
        if group.op == "**" and group.operands[0].dtype.kind == "f":
            # 0 at a base of 0, where the value does not move with the exponent.
            base = group.operands[0]
            logarithm = np.log(np.where(base == 0, 1.0, base))
            return {"logarithm": operands.read(logarithm, group.varying)}
        if group.op == "/" and group.operands[1].dtype.kind == "f":
            with np.errstate(divide="ignore", over="ignore"):
                return {"inverse": operands.read(1 / group.operands[1], group.varying)}
        return {}

    # Sums of products.

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
        operands = self.operands
        if scales is not None:
            scratch = operands.scratch(to.shape, v)
            factors = operands.read(factor, v), operands.read(scales, v)
            operands.call("mul({0}, {1}, out={o})", scratch, *factors, note=str(to.shape))
            term = gradient.times(operands, scratch)
        elif factor.dtype.kind == "f" and to.ndim == 1 and (factor == factor[0]).all():
            number = float(factor.flat[0])
            term = GroupGradient(gradient.factor * number, gradient.tensor).times(operands)
        elif factor.dtype.kind == "f":
            term = gradient.times(operands, operands.constant(factor[..., None] if v else factor))
        else:
            term = gradient.times(operands, operands.read(factor, v))
            if group.guarded and gradient.tensor is not None:
                term = self._guarded(group, gradient, term, to.shape)
        self.slopes.write(to, term, varying=v)


def others(operands: Operands, values: Operand, partial: Scratch) -> None:
    """Of every factor (K, ...) the product of all others, right with zeros among them: before times after."""
    K, v = partial.shape[0], partial.varying
    note, turn = str(partial.shape), operands.constant(np.arange(K)[::-1].copy(), "index")
    before, turned, ends, after = (operands.scratch(partial.shape, v) for _ in range(4))
    operands.call("cumprod({0}, 0, out={o})", before, values, note=note)
    operands.call("index_select({0}, 0, {1}, out={o})", turned, values, turn, note=note)
    operands.call("cumprod({0}, 0, out={o})", ends, turned, note=note)
    operands.call("index_select({0}, 0, {1}, out={o})", after, ends, turn, note=note)
    inside, left, right = (
        Derived(partial, "{}[1:-1]", "_i"),
        Derived(before, "{}[:-2]", "_b"),
        Derived(after, "{}[2:]", "_a"),
    )
    operands.call("mul({0}, {1}, out={o})", inside, left, right, note=note)
    operands.call("{o}.copy_({0})", Derived(partial, "{}[0]", "_first"), Derived(after, "{}[1]", "_first"))
    operands.call("{o}.copy_({0})", Derived(partial, "{}[-1]", "_last"), Derived(before, "{}[-2]", "_last"))


def _by_number(group: Group, slope: Slope) -> Slope:
    """The partial where the other operand is a number."""
    if group.op == "**" and group.operands[1].dtype.kind == "f":
        return POWER_BY_NUMBER
    if group.op == "**" and group.operands[0].dtype.kind == "f":
        return Slope("", ("mul({y}, {logarithm}, out={t})",))
    if group.op == "/" and group.operands[1].dtype.kind == "f":
        return Slope("", (), "{inverse}")
    return slope
