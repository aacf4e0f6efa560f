"""The syntax tree of a cell, without the lines that only IPython understands."""

from __future__ import annotations

import ast
import re
import warnings

from soloneuron.checking.cells import Cell, Trouble

_OTHER_LANGUAGE = re.compile(
    r"%%(bash|cmd|html|javascript|js|latex|markdown|perl|pypy|ruby|script|sh|svg|system|writefile|file|!)\b|!!"
)
_OF_CELL = re.compile(r"\s*%%")
_OF_IPYTHON = re.compile(r"\s*[%!?]|\s*[\w, ]+=\s*[%!]\s*\w|.*\w\?\??\s*$")


def parsed_cell(cell: Cell) -> tuple[str, ast.Module, Trouble | None]:
    """The source without lines of IPython, its tree, and what is wrong with it.

    Example:
        >>> source, tree, trouble = parsed_cell(Cell("cell 1", "%matplotlib inline\\nx = 1"))
        >>> source, len(tree.body), trouble
        ('pass\\nx = 1', 2, None)
    """
    source = cell.source.replace("\r\n", "\n").replace("\r", "\n")
    head = source.lstrip().partition("\n")[0]
    if _OTHER_LANGUAGE.match(head):
        return "", ast.Module([], []), None
    tree, trouble = _parsed(source, cell)
    if trouble is None:
        return source, tree, None
    plainer = "\n".join(_without_ipython(source.split("\n")))
    if plainer != source:
        tree, trouble = _parsed(plainer, cell)
    return plainer, tree, trouble


def _without_ipython(lines: list[str]) -> list[str]:
    """The lines, a statement that does nothing for each that is none of Python."""
    kept = []
    for line in lines:
        if _OF_CELL.match(line):
            kept.append("")
        elif _OF_IPYTHON.match(line) and not line.lstrip().startswith("#"):
            kept.append(line[: len(line) - len(line.lstrip())] + "pass")
        else:
            kept.append(line)
    return kept


def _parsed(source: str, cell: Cell) -> tuple[ast.Module, Trouble | None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source), None
    except SyntaxError as fault:
        return ast.Module([], []), Trouble(cell.place, fault.lineno or 0, "SyntaxError", fault.msg)
    except (ValueError, RecursionError, MemoryError) as fault:
        return ast.Module([], []), Trouble(cell.place, 0, type(fault).__name__, str(fault))
