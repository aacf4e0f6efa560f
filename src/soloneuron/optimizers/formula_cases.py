"""Conditions in a formula that settings and t decide: where it is shown, only the part that holds is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy

from soloneuron.optimizers.formula import SETTING_LETTERS, PaperLine, letters_of

Decide = Callable[[int, ast.expr], bool | None]
"""What a condition in a line, counted from 0, comes to; None where it differs between coordinates."""


def lines_of_case(
    lines: Sequence[PaperLine], settings: Iterable[str], decide: Decide
) -> list[ast.expr | None]:
    """What is shown of every line.

    Args:
        lines: the formula.
        settings: the names of the rule's settings.
        decide: asked for conditions of settings, t and what follows from them.

    Returns:
        The expressions, each without the cases that do not hold; None where nothing is left to say: a number
        that no other line asks for in this case.
    """
    beforehand = {*settings, *SETTING_LETTERS, "rate", "t"}
    shown, cut = list[ast.expr](), list[bool]()
    for i, (name, tree) in enumerate(lines):
        visitor = _CaseChooser(beforehand, lambda test, i=i: decide(i, test))  # type: ignore[misc]
        shown.append(visitor.visit(deepcopy(tree)))
        if letters_of(tree) <= beforehand:
            beforehand.add(name)
        cut.append(visitor.changed and name in beforehand)
    return [
        None
        if cut[i] and not any(lines[i].name in letters_of(later) for later in shown[i + 1 :])
        else shown[i]
        for i in range(len(lines))
    ]


class _CaseChooser(ast.NodeTransformer):
    """Puts the part that holds in the place of a condition."""

    def __init__(self, beforehand: set[str], decide: Callable[[ast.expr], bool | None]) -> None:
        self._beforehand, self._decide = beforehand, decide
        self.changed = False

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        holds = self._decide(node.test) if letters_of(node.test) <= self._beforehand else None
        if holds is None:
            return node
        self.changed = True
        return node.body if holds else node.orelse
