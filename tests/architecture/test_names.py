"""Names are words of the field, and each means one thing in the whole package."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import soloneuron

ROOT = Path(soloneuron.__file__).parent
FILES = [path for path in sorted(ROOT.rglob("*.py")) if "node_modules" not in path.parts]

METAPHORS = {
    "door", "desk", "room", "told", "settled", "reel", "course", "courses", "walk", "look", "hearing",
    "ground", "terrain", "dice", "chance",
}  # fmt: skip


def defined(tree):
    """The public names that a module defines itself."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def identifiers(tree):
    """Every name that a module gives: to functions, classes, parameters, variables and attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr


def words(name):
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def test_a_public_name_is_defined_in_one_module():
    places = defaultdict(list)
    for path in FILES:
        for name in defined(ast.parse(path.read_text(encoding="utf-8"))):
            if not name.startswith("_"):
                places[name].append(path.relative_to(ROOT).as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_identifier_and_no_file_is_a_metaphor():
    found = defaultdict(set)
    for path in FILES:
        place = path.relative_to(ROOT).as_posix()
        for name in {*identifiers(ast.parse(path.read_text(encoding="utf-8"))), path.stem}:
            if METAPHORS & words(name):
                found[place].add(name)
    assert dict(found) == {}
