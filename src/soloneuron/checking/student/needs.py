"""What a statement of a homework gives names to, and which names it needs."""

from __future__ import annotations

import ast
import dis
import re
from types import CodeType

_LOADING = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_GLOBALS")
_SETTING = re.compile(r"set|seed|manual_seed|filterwarnings|simplefilter|register|patch")
_BODIES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def main_part(tree: ast.stmt) -> list[ast.stmt]:
    r"""What stands under ``if __name__ == "__main__":``, which a notebook executes; else itself.

    Example:
        >>> len(main_part(ast.parse("if __name__ == '__main__':\n    x = 1\n    y = 2").body[0]))
        2
    """
    match tree:
        case ast.If(
            test=ast.Compare(left=ast.Name(id="__name__"), comparators=[ast.Constant(value="__main__")])
        ):
            return tree.body
        case _:
            return [tree]


def is_definition(tree: ast.stmt) -> bool:
    r"""Whether a statement defines functions or classes, perhaps under a condition.

    Example:
        >>> [is_definition(one) for one in ast.parse("def f(): pass\ng = lambda: 1\nx = f()").body]
        [True, True, False]
    """
    match tree:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(value=ast.Lambda()) | ast.AnnAssign(value=ast.Lambda()):
            return True
        case ast.ImportFrom(names=[ast.alias(name="*")]) | ast.ImportFrom(module="__future__"):
            return True
        case ast.If(body=body, orelse=other) | ast.Try(body=body, orelse=other):
            return any(is_definition(one) for one in (*body, *other))
        case ast.With(body=body):
            return any(is_definition(one) for one in body)
        case _:
            return False


def is_setting(tree: ast.stmt) -> bool:
    r"""Whether a statement changes how a library behaves, as ``torch.set_default_dtype(torch.float64)`` does.

    Example:
        >>> [is_setting(one) for one in ast.parse("np.random.seed(1)\nplt.show()\nsetattr(A, 'f', f)").body]
        [True, False, True]
    """
    match tree:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return _SETTING.match(name) is not None and "title" not in name and "label" not in name
        case ast.Expr(value=ast.Call(func=ast.Name(id="setattr"))):
            return True
        case _:
            return False


def patched(tree: ast.stmt) -> set[str]:
    """The names whose attributes or members a statement assigns, as ``Element.relu = relu`` does."""
    found = set()
    for target in getattr(tree, "targets", [getattr(tree, "target", None)]):
        one = target
        while isinstance(one, ast.Attribute | ast.Subscript):
            one = one.value
        if isinstance(one, ast.Name) and one is not target:
            found.add(one.id)
    return found


def binds(tree: ast.stmt) -> set[str]:
    """The names that a statement gives to something, outside of functions.

    Example:
        >>> sorted(binds(ast.parse("import torch.nn as nn").body[0]))
        ['nn']
        >>> sorted(binds(ast.parse("a, b = f(c := 1)").body[0]))
        ['a', 'b', 'c']
    """
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {(one.asname or one.name).partition(".")[0] for one in names}
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case _:
                pass
        if not isinstance(node, _BODIES):
            waiting += ast.iter_child_nodes(node)
    return found


def loads(tree: ast.stmt) -> set[str]:
    r"""The names of the module that a statement reads, now or when its functions are called.

    Example:
        >>> sorted(loads(ast.parse("def f(x):\n    y = x + rate\n    return np.sum(y)").body[0]))
        ['np', 'rate']
    """
    try:
        code = compile(ast.Module([tree], []), "<needs>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return set()
    found: set[str] = set()
    waiting: list[CodeType] = [code]
    while waiting:
        one = waiting.pop()
        found |= {str(step.argval) for step in dis.get_instructions(one) if step.opname in _LOADING}
        waiting += [inner for inner in one.co_consts if isinstance(inner, CodeType)]
    return found
