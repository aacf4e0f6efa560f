"""Every optimizer as lines of Python over numpy arrays, from its paper lines: the page copies them.

``theta``, the gradient ``g`` and the slots are arrays, everything else is one number. Rules that search along
a line have no such lines.
"""

from __future__ import annotations

import ast
import json
from copy import deepcopy
from typing import Any

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.formula import SETTING_LETTERS, SUMS, PaperLine, letters_of, parsed, read_lines
from soloneuron.webmath.typescript import GENERATED_HEAD

NUMPY = {name: name for name in ("sqrt", "exp", "log", "abs", "sign")} | {
    "max": "maximum",
    "min": "minimum",
    "clamp": "clip",
    "dot": "dot",
    "norm": "linalg.norm",
}
"""The functions of the formulas' language as numpy calls them."""

ANY_STEP = 2
"""The step whose lines are read: from the second on they are those of every step."""


def python_source() -> str:
    """The file ``python.ts``."""
    rules = {name: _rule(OPTIMIZERS.load(name)()) for name in OPTIMIZERS if _is_written(name)}
    said = json.dumps(rules, ensure_ascii=False, indent=1)
    return "\n".join([
        GENERATED_HEAD, 'import type { PythonRule } from "../session/data";', "",
        "/** Rules that take a gradient, as lines of Python. */",
        f"export const PYTHON_RULES: Readonly<Record<string, PythonRule>> = {said};", "",
    ])  # fmt: skip


def _is_written(name: str) -> bool:
    return bool(OPTIMIZERS.load(name).needs != "objective")


def _rule(rule: Optimizer) -> dict[str, Any]:
    """The lines of a rule with its usual settings, before and after the gradient is asked for."""
    before, point, after = read_lines(rule.paper(ANY_STEP))
    lines = [*before, *after]
    slots = [*rule.slots, *rule.totals]
    begins = rule.begins()
    known = {letter for line in lines for letter in letters_of(line.tree)}
    known |= {letter for begun in begins.values() for letter in letters_of(parsed(begun))}
    slots = [slot for slot in [*rule.parts, *slots] if slot in known]
    arrays = _arrays(lines, {"theta", "g", *rule.parts, *(slot for slot in rule.slots if slot in known)})
    numpy = _Numpy(
        arrays, {letter for letter in known if rule.settings.get(letter) == 0}, parted=bool(rule.parts)
    )
    own = rule.replace(weight_decay=0.5).paper(ANY_STEP) != rule.replace(weight_decay=0.0).paper(ANY_STEP)
    return {
        **({"decays": True} if own else {}),
        "settings": {
            letter: setting
            for letter in sorted(known)
            if (setting := SETTING_LETTERS.get(letter, letter)) in rule.settings
        },
        "begins": {slot: _begun(begins.get(slot, "0"), numpy, array=slot in arrays) for slot in slots},
        "before": [_written(line, numpy) for line in before],
        "point": point,
        "after": [_written(line, numpy) for line in after],
    }


def _arrays(lines: list[PaperLine], known: set[str]) -> set[str]:
    """All letters that are arrays: those given, and what is computed from them."""
    found = set(known)
    for name, tree in lines * 2:
        if _letters_of_coordinates(tree) & found or name in found:
            found.add(name)
    return found


def _letters_of_coordinates(tree: ast.expr) -> set[str]:
    """The letters of an expression without those of which only a sum over all coordinates is taken."""
    if isinstance(tree, ast.Call) and tree.func.id in SUMS:  # type: ignore[attr-defined]
        return set()
    inner = [child for child in ast.iter_child_nodes(tree) if isinstance(child, ast.expr)]
    own = letters_of(tree) if isinstance(tree, ast.Name) else set()
    return own.union(*map(_letters_of_coordinates, inner))


def _begun(expression: str, numpy: _Numpy, *, array: bool) -> str:
    """What a slot begins with; an array gets a number for every coordinate."""
    if not array or "theta" in letters_of(parsed(expression)):
        return ast.unparse(numpy.visit(deepcopy(parsed(expression))))
    return "np.zeros(len(theta))" if expression == "0" else f"np.full(len(theta), {expression})"


def _written(line: PaperLine, numpy: _Numpy) -> str:
    """A line as Python; whoever adds to an array gets a new one, so that no letter changes behind another."""
    return f"{line.name} = {ast.unparse(numpy.visit(deepcopy(line.tree)))}"


class _Numpy(ast.NodeTransformer):
    """Calls numpy's functions; a condition on coordinates is a choice for each.

    Args:
        arrays: letters that are arrays.
        zeros: settings that are 0; by them numpy divides, for Python's numbers refuse to.
        parted: whether ``norm`` is that of the weights and of the bias, each by itself.
    """

    def __init__(self, arrays: set[str], zeros: set[str], *, parted: bool) -> None:
        self._arrays, self._zeros = arrays, zeros
        self._names = {name: called for name, called in NUMPY.items() if not (parted and name == "norm")}

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Div) and letters_of(node.right) & self._zeros:
            return ast.Call(ast.Attribute(ast.Name("np"), "divide"), [node.left, node.right], [])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.id  # type: ignore[attr-defined]
        known = self._names.get(name)
        called = ast.Name(name) if known is None else ast.Attribute(ast.Name("np"), known)
        return ast.Call(called, node.args, [])

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        apart = _letters_of_coordinates(node.test) & self._arrays
        self.generic_visit(node)
        if not apart:
            return node
        return ast.Call(ast.Attribute(ast.Name("np"), "where"), [node.test, node.body, node.orelse], [])
