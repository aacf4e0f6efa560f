"""The sentences that the code itself says in English, found in its syntax: what is refused and asked."""

import ast
from functools import cache
from pathlib import Path

import soloneuron

SOURCE = Path(soloneuron.__file__).parent
FAULTS = {"InputError", "ShapeError", "GraphError", "RecordError"}
SPEAKERS = {"ArgumentTypeError", "spoken", "error"}
"""Calls of the command line whose first argument a person reads."""


def template(node):
    """A sentence with ``{}`` for what is filled in; None where it is no sentence of its own."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("{", "{{").replace("}", "}}")
    if isinstance(node, ast.JoinedStr):
        return "".join(
            "{}" if isinstance(part, ast.FormattedValue) else template(part) for part in node.values
        )
    if isinstance(node, ast.BinOp):
        parts = [template(side) for side in (node.left, node.right)]
        return "".join("{}" if part is None else part for part in parts)
    return None


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def code_of(node):
    """The code that goes with a sentence, if it is written out."""
    codes = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
    return codes[0].value if codes and isinstance(codes[0], ast.Constant) else ""


@cache
def calls():
    """Every call in the code that might say something, with its file."""
    heard = FAULTS | SPEAKERS | {"warn"}
    return [
        (path, node)
        for path in sorted(SOURCE.rglob("*.py"))
        if any(name in (text := path.read_text(encoding="utf-8")) for name in heard)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and called(node) in heard
    ]


def sentences():
    """Every sentence, with its code and the line where it stands."""
    for path, node in calls():
        warned = called(node) == "warn" and any(
            isinstance(kind, ast.Name) and kind.id == "InputWarning" for kind in node.args
        )
        asked = path.parent.name == "cli" and called(node) in SPEAKERS
        coded = called(node) in FAULTS and any(keyword.arg == "code" for keyword in node.keywords)
        found = template(node.args[0]) if node.args and (coded or warned or asked) else None
        if found is not None and found.strip("{}; "):
            yield found, code_of(node), f"{path.relative_to(SOURCE)}:{node.lineno}"


def coded_faults():
    """Where a fault with a code is raised, the code, and the names of its fields; those that are listed."""
    for path, node in calls():
        names = {keyword.arg for keyword in node.keywords}
        if called(node) in FAULTS and code_of(node) and None not in names:
            yield f"{path.relative_to(SOURCE)}:{node.lineno}", code_of(node), names
