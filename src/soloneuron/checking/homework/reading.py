"""The code of a file as cells: a notebook, a Python file, or Markdown with blocks of code."""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from soloneuron.checking.cells import ADAPTER, CodeCell
from soloneuron.checking.homework.refusals import refusal
from soloneuron.errors import RecordError
from soloneuron.storage.files import read_bytes

ENDINGS = (".ipynb", ".py", ".md")

MOST_FILE_BYTES = 32 << 20
"""A larger file is not read; outputs of a notebook are most of it."""

MOST_CODE = 2_000_000
"""More code than this nobody has written."""

ADAPTER_FILE = "check_adapter.py"

_FENCE = re.compile(
    r"^( {0,3})(`{3,}|~{3,})[ \t]*\{?\.?([\w+-]*)[^\n]*\n(.*?)(?:^ {0,3}\2[`~]*[ \t]*$|\Z)", re.M | re.S
)
_PYTHON = ("python", "py", "python3", "ipython", "ipython3", "pycon")
_REMARK = re.compile(r"^[ \t]*#[ \t]?check:[ ]?(.*)$", re.M)


def read_homework(path: str | Path, folder: str | Path | None = None) -> tuple[CodeCell, ...]:
    """The cells of code of a file, and the adapter that it holds or that lies beside it.

    Args:
        path: ``.ipynb``, ``.py`` or ``.md``.
        folder: of the class, which may hold an adapter for all; None looks beside the file only.

    Raises:
        InputError: there is no such file, or no code in it.
    """
    place = Path(path)
    kind = place.suffix.lower()
    if kind not in ENDINGS:
        raise refusal("ending", path=str(path))
    content = _content(place)
    cells = {".ipynb": _of_notebook, ".py": _of_python, ".md": _of_markdown}[kind](place, content)
    found = tuple(cell for cell in cells if cell.source.strip())
    if not found:
        raise refusal("empty", path=str(path))
    if sum(len(cell.source) for cell in found) > MOST_CODE:
        raise refusal("long", path=str(path), most=MOST_CODE // 1_000_000)
    return (*found, *_adapters(place, found, folder))


def is_homework(path: Path) -> bool:
    """Whether a file of a folder is looked at."""
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    return path.suffix.lower() in ENDINGS and not hidden and path.name != ADAPTER_FILE


def _content(path: Path) -> bytes:
    try:
        return read_bytes(path, MOST_FILE_BYTES)
    except RecordError:
        raise refusal("size", path=str(path), most=MOST_FILE_BYTES >> 20) from None


def _of_notebook(path: Path, content: bytes) -> Iterator[CodeCell]:
    """The cells of code, counted among all cells, from 1."""
    try:
        notebook = json.loads(_decoded(path, content))
        sheets = notebook.get("worksheets", [notebook])
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        for number, cell in enumerate(cells, 1):
            if cell.get("cell_type") == "code":
                yield CodeCell(f"cell {number}", _joined(cell.get("source", cell.get("input", ""))))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise refusal("notebook", path=str(path)) from None


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(str(line) for line in source)


def _of_python(path: Path, content: bytes) -> Iterator[CodeCell]:
    text = _decoded(path, content)
    if text.lstrip().startswith("{") and '"cell_type"' in text[:100_000]:
        raise refusal("is_notebook", path=str(path))
    yield CodeCell("", text, str(path.name))


def _of_markdown(path: Path, content: bytes) -> Iterator[CodeCell]:
    """The blocks of Python, counted from 1."""
    text = _decoded(path, content)
    blocks = [match for match in _FENCE.finditer(text) if match[3].lower() in (*_PYTHON, "")]
    named = [match for match in blocks if match[3]]
    if not blocks:
        raise refusal("markdown", path=str(path))
    for number, match in enumerate(named or blocks, 1):
        yield CodeCell(f"block {number}", _unquoted(match[4]))


def _unquoted(block: str) -> str:
    """A block without the marks of an interactive session."""
    lines = block.splitlines()
    if not any(line.startswith(">>> ") for line in lines):
        return block
    return "\n".join(line[4:] for line in lines if line.startswith((">>> ", "... ")))


def _decoded(path: Path, content: bytes) -> str:
    """The text of a file: UTF-8, the encoding that a Python file names, or Cyrillic of Windows."""
    names = ["utf-8-sig"]
    if path.suffix == ".py":
        with suppress(SyntaxError):
            names.insert(0, tokenize.detect_encoding(io.BytesIO(content).readline)[0])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        names.insert(0, "utf-16")
    for name in (*names, "cp1251"):
        try:
            text = content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text
    raise refusal("text", path=str(path))


def _adapters(path: Path, cells: tuple[CodeCell, ...], folder: str | Path | None) -> Iterator[CodeCell]:
    """What lies beside the file or nearest above it, then its own lines that begin with ``# check:``."""
    around = [path.parent]
    while folder is not None and around[-1] != Path(folder) and around[-1] != around[-1].parent:
        around.append(around[-1].parent)
    beside = next((place / ADAPTER_FILE for place in around if (place / ADAPTER_FILE).is_file()), None)
    if beside is not None:
        yield CodeCell(ADAPTER, _decoded(beside, _content(beside)), ADAPTER_FILE)
    lines = [line for cell in cells for line in _REMARK.findall(cell.source)]
    if lines:
        yield CodeCell(ADAPTER, "\n".join(lines), "<adapter>")
