"""Values: the calls that compute every group, operands before results."""

from __future__ import annotations

import numpy as np

from soloneuron.compiler.plan.calls import Operand
from soloneuron.compiler.plan.grids import Array, RowProducts
from soloneuron.compiler.plan.operands import Operands
from soloneuron.compiler.plan.operations import SETTINGS, VALUES, WHOLE
from soloneuron.compiler.plan.products import write_product
from soloneuron.compiler.plan.schedule import REDUCING, Group


def write_values(operands: Operands, group: Group) -> None:
    """The calls that compute a group."""
    if group.op == "sum":
        _write_sum(operands, group)
    else:
        operands.fill(VALUES[group.op], letters(operands, group), group)


def letters(operands: Operands, group: Group) -> dict[str, Operand | str]:
    """What the letters in the lines of an operation stand for."""
    op, v = group.op, group.varying
    names: dict[str, Operand | str] = {"y": operands.out(group)}
    if op in REDUCING:
        return names | {"a": operands.read(group.operands[0].T, v)}
    for letter, operand in zip("abcd", group.operands, strict=False):
        if op in SETTINGS and letter == "b":
            names[letter] = operands.setting(operand, v)
        else:
            names[letter] = operands.read(operand, v, whole=op in WHOLE)
    return names


def _write_sum(operands: Operands, group: Group) -> None:
    y, note = operands.out(group), operands.shape(group)
    # Until something has been written to y, the constant waits for a call that can take it along.
    begun = False
    constant = group.constant
    if group.grid is not None:
        begun, constant = write_product(operands, group)
    for part in group.parts:
        begun, constant = _write_part(operands, group, part, y, begun, constant)
    if constant is not None or not begun:
        numbers = np.zeros(1) if constant is None else constant
        put = "{o}.add_({0})" if begun else "{o}.copy_({0})"
        operands.call(put, y, operands.read(numbers, group.varying), note=note)


def _write_part(
    operands: Operands, group: Group, part: RowProducts, y: Operand, begun: bool, constant: Array | None
) -> tuple[bool, Array | None]:
    """Add products row by row; the constant goes into the same call where that can be."""
    v, note = group.varying, operands.shape(group)
    # Several products a node are laid out as a table and summed over its rows.
    if part.left.shape[1] > 1:
        table = _terms(operands, group, part)
        if not begun:
            operands.call("sum({0}, 0, out={o})", y, table, note=note)
            return True, constant
        scratch = operands.scratch((len(group.ids),), v)
        operands.call("sum({0}, 0, out={o})", scratch, table, note=note)
        operands.call("{o}.add_({0})", y, scratch, note=note)
        return True, constant
    left, right = (operands.read(side[:, 0], v) for side in (part.left, part.right))
    value = ""
    if part.scales is not None and (part.scales == part.scales[0]).all():
        value = f", value={operands.number(float(part.scales[0, 0]))}"
    elif part.scales is not None:
        scratch = operands.scratch((len(group.ids),), v)
        operands.call(
            "mul({0}, {1}, out={o})", scratch, right, operands.read(part.scales[:, 0], v), note=note
        )
        right = scratch
    if begun:
        operands.call(f"{{o}}.addcmul_({{0}}, {{1}}{value})", y, left, right, note=note)
        return True, constant
    if constant is None and not value:
        operands.call("mul({0}, {1}, out={o})", y, left, right, note=note)
        return True, None
    start = [] if constant is None else [operands.read(constant, v)]
    text = f"addcmul(zero, {{0}}, {{1}}{value}, out={{o}})" if constant is None else ""
    operands.call(
        text or f"addcmul({{2}}, {{0}}, {{1}}{value}, out={{o}})", y, left, right, *start, note=note
    )
    return True, None


def _terms(operands: Operands, group: Group, part: RowProducts) -> Operand:
    """Every term of a part, (K, n): what its sum over K adds up."""
    v = group.varying
    # A sum of plain nodes is read where it lies, without a multiplication by ones.
    if part.left.dtype.kind == "f" and (part.left == 1).all():
        right = part.right.T
        if operands.layout.is_varying(right) == v and not (right == right.flat[0]).all():
            return operands.read(right, v)
    shape = (part.left.shape[1], len(group.ids))
    scratch = operands.scratch(shape, v)
    operands.call(
        "mul({0}, {1}, out={o})",
        scratch,
        operands.read(part.left.T, v),
        operands.read(part.right.T, v),
        note=str(shape),
    )
    if part.scales is not None:
        operands.call("{o}.mul_({0})", scratch, operands.read(part.scales.T, v))
    return scratch
