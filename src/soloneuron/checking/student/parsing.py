"""The syntax tree of a cell, without the lines that only IPython understands."""

from __future__ import annotations

import ast
import re
import warnings

from soloneuron.checking.cells import CodeCell, Trouble

_OTHER_LANGUAGE = re.compile(
    r"%%(bash|cmd|html|javascript|js|latex|markdown|perl|pypy|ruby|script|sh|svg|system|writefile|file|!)\b|!!"
)
_OF_CELL = re.compile(r"\s*%%")
_OF_IPYTHON = re.compile(r"\s*[%!?]|\s*[\w, ]+=\s*[%!]\s*\w|[^#]*\w\?\??\s*$")


def parsed_cell(cell: CodeCell) -> tuple[str, ast.Module, Trouble | None]:
    r"""The source without lines of IPython, its tree, and what is wrong with it.

    Example:
        >>> source, tree, trouble = parsed_cell(CodeCell("cell 1", "%matplotlib inline\nx = 1"))
        >>> source, len(tree.body), trouble
        ('pass\nx = 1', 2, None)
    """
    source = cell.source.replace("\r\n", "\n").replace("\r", "\n")
    head = source.lstrip().partition("\n")[0]
    if _OTHER_LANGUAGE.match(head):
        return "", ast.Module([], []), None
    lines = source.split("\n")
    tree, trouble = _parsed(source, cell)
    while trouble is not None:
        place = _of_ipython(lines, trouble.line)
        if place is None:
            break
        lines[place] = _nothing_instead(lines[place])
        tree, trouble = _parsed("\n".join(lines), cell)
    return "\n".join(lines), tree, trouble


def _of_ipython(lines: list[str], line: int) -> int | None:
    """The index of the line at fault that is none of Python; of an earlier one if that is not it."""
    own = [number for number, text in enumerate(lines) if _OF_IPYTHON.match(text) or _OF_CELL.match(text)]
    before = [number for number in own if number < line]
    if before and before[-1] == line - 1:
        return before[-1]
    return before[0] if before else own[0] if own else None


def _nothing_instead(line: str) -> str:
    """A line that does nothing, with the same indentation."""
    return "" if _OF_CELL.match(line) else line[: len(line) - len(line.lstrip())] + "pass"


def _parsed(source: str, cell: CodeCell) -> tuple[ast.Module, Trouble | None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source), None
    except SyntaxError as fault:
        return ast.Module([], []), Trouble(cell.place, fault.lineno or 0, "SyntaxError", fault.msg)
    except (ValueError, RecursionError, MemoryError) as fault:
        return ast.Module([], []), Trouble(cell.place, 0, type(fault).__name__, str(fault))
