"""Mistakes planted into the syntax tree of a module: layout, comments and local names do not matter.

A pattern is Python. A name that begins with an underscore stands for any expression, the same wherever it
stands again; it means that expression in what is written instead, too. Where pattern and replacement are one
expression each, expressions are replaced; else, statements that follow each other.
"""

import ast
from copy import deepcopy

IGNORED = {"ctx", "kind", "type_comment"}


def planted(source, scope, pattern, replacement):
    """The tree of a module with a mistake in one of its classes or functions (``Adam.direction``)."""
    tree = ast.parse(source)
    place = tree
    for name in scope.split("."):
        place = next(part for part in place.body if getattr(part, "name", None) == name)
    old, new = ast.parse(pattern).body, ast.parse(replacement).body
    if all(len(code) == 1 and isinstance(code[0], ast.Expr) for code in (old, new)):
        planter = _Expressions(old[0].value, new[0].value)
    else:
        planter = _Statements(old, new)
    planter.visit(place)
    if planter.count != 1:
        raise LookupError(f"{scope} has {planter.count} places like {pattern!r}, must have one")
    return ast.fix_missing_locations(tree)


def _matches(pattern, node, bound):
    """Whether a piece of code has the form of a pattern; ``bound`` learns what stands for its names."""
    if isinstance(pattern, list):
        same = isinstance(node, list) and len(pattern) == len(node)
        return same and all(_matches(one, other, bound) for one, other in zip(pattern, node, strict=True))
    if not isinstance(pattern, ast.AST):
        return pattern == node
    if isinstance(pattern, ast.Name) and pattern.id.startswith("_"):
        known = bound.setdefault(pattern.id, node)
        return isinstance(node, ast.expr) and ast.unparse(known) == ast.unparse(node)
    return type(pattern) is type(node) and all(
        _matches(getattr(pattern, field), getattr(node, field), bound)
        for field in pattern._fields
        if field not in IGNORED
    )


class _Filled(ast.NodeTransformer):
    """Puts what the names of a pattern stand for into a replacement."""

    def __init__(self, bound):
        self.bound = bound

    def visit_Name(self, node):
        found = deepcopy(self.bound.get(node.id, node))
        if hasattr(found, "ctx"):
            found.ctx = node.ctx
        return found


class _Expressions(ast.NodeTransformer):
    """Replaces expressions of one form, the outermost first."""

    def __init__(self, old, new):
        self.old, self.new, self.count = old, new, 0

    def visit(self, node):
        bound = {}
        if _matches(self.old, node, bound):
            self.count += 1
            return _Filled(bound).visit(deepcopy(self.new))
        return self.generic_visit(node)


class _Statements(ast.NodeTransformer):
    """Replaces statements that follow each other."""

    def __init__(self, old, new):
        self.old, self.new, self.count = old, new, 0

    def visit(self, node):
        for field in ("body", "orelse"):
            body = getattr(node, field, None)
            for k in range(len(body) if isinstance(body, list) else 0):
                bound = {}
                if _matches(self.old, body[k : k + len(self.old)], bound):
                    self.count += 1
                    body[k : k + len(self.old)] = [
                        _Filled(bound).visit(deepcopy(statement)) for statement in self.new
                    ]
                    break
        return self.generic_visit(node)
