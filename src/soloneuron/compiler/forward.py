"""Forward: the calls that compute the value of every group."""

from __future__ import annotations

import numpy as np

from soloneuron.compiler.grids import Array
from soloneuron.compiler.operands import Operands
from soloneuron.compiler.operations import SETTINGS, VALUES, WHOLE
from soloneuron.compiler.products import write_product
from soloneuron.compiler.schedule import Group
from soloneuron.compiler.tables import RowProducts


class Forward:
    """Writes the values of groups.

    Args:
        operands: names what is read and written.
    """

    def __init__(self, operands: Operands) -> None:
        self.operands, self.layout, self.writer = operands, operands.layout, operands.writer

    def write(self, group: Group) -> None:
        """The value of a group."""
        with self.writer.borrowing():
            if group.op == "sum":
                self._sum(group)
            else:
                self._operation(group)

    def names(self, group: Group) -> dict[str, str]:
        """The names that the templates of an operation need."""
        op, v, read = group.op, group.varying, self.operands.read
        names = {"y": self.operands.out(group)}
        if op == "largest":
            return names | {"a": read(group.operands[0].T, v)}
        for letter, operand in zip("abcd", group.operands, strict=False):
            if op in WHOLE and operand.dtype.kind == "f":
                name = self.writer.constant(operand)
                names[letter] = self.writer.column(name) if v else name
            else:
                names[letter] = read(operand, v, tensor=op not in SETTINGS or (op != "**" and letter == "a"))
        return names

    def _operation(self, group: Group) -> None:
        self.fill(VALUES[group.op], self.names(group), group)

    def fill(self, templates: tuple[str, ...], names: dict[str, str], group: Group) -> None:
        """Write templates, with scratch space in the shape of the group as they ask for it."""
        for kind in "tm":
            if kind not in names and any(f"{{{kind}}}" in line for line in templates):
                names[kind] = self.writer.temporary((len(group.ids),), group.varying, kind=kind)
        for line in templates:
            self.writer.call(line.format(**names), self.operands.shape(group))

    # Sums of products.

    def _sum(self, group: Group) -> None:
        y, shape = self.operands.out(group), self.operands.shape(group)
        # Until something has been written to y, the constant waits for a call that can take it along.
        begun = False
        constant = group.constant
        if group.grid is not None:
            begun, constant = write_product(self.operands, group)
        for part in group.parts:
            begun, constant = self._part(group, part, y, begun, constant)
        if constant is not None or not begun:
            number = np.zeros(1) if constant is None else constant
            name = self.operands.read(number, group.varying, tensor=begun)
            if begun:
                self.writer.call(f"{y}.add_({name})", shape)
            else:
                self.writer.call(f"{y}.copy_({self.operands.read(number, group.varying)})", shape)

    def _part(
        self, group: Group, part: RowProducts, y: str, begun: bool, constant: Array | None
    ) -> tuple[bool, Array | None]:
        """Add products row by row; the constant goes into the same call where that can be."""
        v, w = group.varying, self.writer
        # One product a node: a single addcmul; several are laid out as a table and summed over its rows.
        if part.left.shape[1] == 1:
            left, right = (self.operands.read(side[:, 0], v) for side in (part.left, part.right))
            value = ""
            if part.scales is not None and (part.scales == part.scales[0]).all():
                value = f", value={float(part.scales[0, 0])!r}"
            elif part.scales is not None:
                scratch = w.temporary((len(group.ids),), v)
                scale = self.operands.read(part.scales[:, 0], v)
                w.call(f"mul({right}, {scale}, out={scratch})", self.operands.shape(group))
                right = scratch
            if begun:
                w.call(f"{y}.addcmul_({left}, {right}{value})", self.operands.shape(group))
            elif constant is not None or value:
                start = "zero" if constant is None else self.operands.read(constant, v)
                w.call(f"addcmul({start}, {left}, {right}{value}, out={y})", self.operands.shape(group))
                constant = None
            else:
                w.call(f"mul({left}, {right}, out={y})", self.operands.shape(group))
            return True, constant
        table = self.terms(group, part)
        if begun:
            scratch = w.temporary((len(group.ids),), v)
            w.call(f"sum({table}, 0, out={scratch})", self.operands.shape(group))
            w.call(f"{y}.add_({scratch})", self.operands.shape(group))
        else:
            w.call(f"sum({table}, 0, out={y})", self.operands.shape(group))
        return True, constant

    def terms(self, group: Group, part: RowProducts) -> str:
        """Every term of a part, (K, n): what its sum over K adds up."""
        v, w = group.varying, self.writer
        # A sum of plain nodes is read where it lies, without a multiplication by ones.
        if part.left.dtype.kind == "f" and (part.left == 1).all():
            right = part.right.T
            if self.layout.is_varying(right) == v and not (right == right.flat[0]).all():
                return self.operands.read(right, v)
        left, right_name = self.operands.read(part.left.T, v), self.operands.read(part.right.T, v)
        scratch = w.temporary((part.left.shape[1], len(group.ids)), v)
        w.call(f"mul({left}, {right_name}, out={scratch})", f"({part.left.shape[1]}, {len(group.ids)})")
        if part.scales is not None:
            w.call(f"{scratch}.mul_({self.operands.read(part.scales.T, v)})")
        return scratch
