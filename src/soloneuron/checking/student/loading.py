"""Execute a homework definition by definition; what fails hides nothing.

Functions, classes and the settings of libraries are executed in their order; an import, an assignment or a
loop is where a definition needs one of its names. What only shows something is passed over.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from soloneuron.checking.cells import CodeCell, Trouble
from soloneuron.checking.student.needs import binds, is_definition, is_setting, loads, main_part, patched
from soloneuron.checking.student.parsing import parsed_cell
from soloneuron.checking.student.running import faults_of
from soloneuron.checking.student.stand_ins import importing

MODULE = "homework"
STATEMENT_SECONDS = 5.0


@dataclass
class Loaded:
    """The names of a homework.

    Args:
        names: what is there after all cells, in the order of definition.
        places: for each name the places of its definitions, the last one last.
        troubles: statements that could not be executed, and cells that are no Python.
        missing: libraries that are not there.
    """

    names: dict[str, Any] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Statement:
    """A statement of a cell."""

    tree: ast.stmt
    cell: CodeCell
    file: str


def load(cells: Sequence[CodeCell]) -> Loaded:
    """Execute the definitions of some cells.

    Args:
        cells: sources in their order; lines for IPython alone are dropped.

    Returns:
        The names, and what could not be executed.
    """
    loaded = Loaded()
    statements = list(_statements(cells, loaded))
    module = ModuleType(MODULE)
    sys.modules[MODULE] = module
    space = vars(module)
    space["__builtins__"] = {**vars(builtins), "__import__": importing(loaded.missing)}
    loaded.names = space
    future = _future(statements)
    files = {one.file for one in statements}
    for one in _needed(statements):
        code = compile(ast.Module([one.tree], []), one.file, "exec", flags=future, dont_inherit=True)

        def run(code: Any = code) -> None:
            exec(code, space)

        _, fault = faults_of(run, files, STATEMENT_SECONDS)
        if fault is not None:
            line = fault.line or one.tree.lineno
            loaded.troubles.append(Trouble(one.cell.place, line, fault.kind, fault.message))
        elif isinstance(one.tree, ast.FunctionDef | ast.ClassDef):
            loaded.places.setdefault(one.tree.name, []).append(one.cell.place)
    return loaded


def _statements(cells: Sequence[CodeCell], loaded: Loaded) -> Iterator[Statement]:
    for cell in cells:
        file = cell.file or f"<{cell.place}>"
        source, tree, trouble = parsed_cell(cell)
        if trouble is not None:
            loaded.troubles.append(trouble)
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        for one in tree.body:
            for inner in main_part(one):
                yield Statement(inner, cell, file)


def _future(statements: Sequence[Statement]) -> int:
    """The flags of ``from __future__ import …``, which hold for all cells."""
    flags = 0
    for one in statements:
        if isinstance(one.tree, ast.ImportFrom) and one.tree.module == "__future__":
            code = compile(ast.Module([one.tree], []), one.file, "exec", dont_inherit=True)
            flags |= code.co_flags & ~0xFFF
    return flags


def _needed(statements: Sequence[Statement]) -> list[Statement]:
    """The definitions, and whatever they need; in their order."""
    trees = [one.tree for one in statements]
    bound = [binds(tree) for tree in trees]
    chosen = [is_definition(tree) for tree in trees]
    defined = {name for names, is_one in zip(bound, chosen, strict=True) if is_one for name in names}
    chosen = [
        is_one or is_setting(tree) or bool(patched(tree) & defined)
        for tree, is_one in zip(trees, chosen, strict=True)
    ]
    wanted: set[str] = set()
    asked: set[int] = set()
    while True:
        for number, is_one in enumerate(chosen):
            if is_one and number not in asked:
                asked.add(number)
                wanted |= loads(trees[number])
        more = [is_one or bool(names & wanted) for names, is_one in zip(bound, chosen, strict=True)]
        if more == chosen:
            return [one for one, is_one in zip(statements, chosen, strict=True) if is_one]
        chosen = more


def others_of(places: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    """Where a name is defined beside the last place."""
    return tuple(places.get(name, ())[:-1])
