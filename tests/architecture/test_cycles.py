"""Files import each other in one direction only, also where the import is for types alone."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"


def modules(source):
    """Every file of the package by the name under which it is imported."""
    named = {}
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def imports(name, path, known):
    """The files that a file imports, anywhere in it: at its top, in a function, under TYPE_CHECKING."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            place = ".".join([*above, *([node.module] if node.module else [])])
            inside = {f"{place}.{alias.name}" for alias in node.names}
            found |= {one if one in known else place for one in inside}
    return found & known.keys()


def circles(graph):
    """Groups of nodes that all lead to each other, by Tarjan's algorithm; a loop at one node counts too."""
    number, least, stack, found = {}, {}, [], []

    def visit(node):
        number[node] = least[node] = len(number)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in number:
                visit(other)
            if other in stack:
                least[node] = min(least[node], least[other])
        if least[node] == number[node]:
            group = [stack.pop()]
            while group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1 or node in graph[node]:
                found.append(sorted(group))

    for node in graph:
        if node not in number:
            visit(node)
    return found


def circles_of(source):
    """The circles among the files below a folder."""
    known = modules(source)
    return circles({name: imports(name, path, known) for name, path in known.items()})


def test_no_two_files_import_each_other():
    assert circles_of(SOURCE) == []


MUTUAL = {
    "at the top": "from house.b import B",
    "in the package": "import house.b",
    "of a module": "from house import b",
    "relative": "from .b import B",
    "relative, of a module": "from . import b",
    "for types alone": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.b import B",
    "in a function": "def f():\n    from house.b import B",
}


@pytest.mark.parametrize("line", MUTUAL.values(), ids=MUTUAL)
def test_a_circle_is_found_wherever_the_import_stands(tmp_path, line):
    """Three files in a ring, and one beside it that only reads."""
    house = tmp_path / "house"
    house.mkdir()
    ring = {"a": line, "b": "from house.c import C", "c": "import house.a"}
    for name, text in {"__init__": "", **ring, "beside": "import house.a"}.items():
        (house / f"{name}.py").write_text(text, encoding="utf-8")
    assert circles_of(tmp_path) == [["house.a", "house.b", "house.c"]]
