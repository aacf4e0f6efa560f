"""The lines of the student's methods, and those that use what the task forbids."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any

from soloneuron.checking.exchange import ForbiddenUse, Method

FORBIDDEN = ("torch.autograd", "torch.nn", "torch.optim", "torch.func")
ASKING = ("requires_grad", "requires_grad_", "retain_grad")
PASSED_LIBRARIES = (
    "torch",
    "numpy",
    "builtins",
    "typing",
    "abc",
    "collections",
    "dataclasses",
    "math",
    "soloneuron",
)


def functions_of(owner: Any) -> dict[str, FunctionType]:
    """The functions of a class with its bases, or a function with those of its module that it calls."""
    found: dict[str, FunctionType] = {}
    if isinstance(owner, type):
        for base in owner.__mro__:
            if base is not object and base.__module__.partition(".")[0] not in PASSED_LIBRARIES:
                for name, member in vars(base).items():
                    called = getattr(member, "__func__", None) or getattr(member, "fget", None) or member
                    if isinstance(called, FunctionType):
                        found.setdefault(name, called)
    elif isinstance(owner, FunctionType):
        found[owner.__name__] = owner
    waiting = [*found.values()]
    while waiting:
        function = waiting.pop()
        for name in function.__code__.co_names:
            other = function.__globals__.get(name)
            if not isinstance(other, FunctionType) or name in found:
                continue
            if other.__module__ == function.__module__:
                found[name] = other
                waiting.append(other)
    return found


def methods_of(functions: Mapping[str, FunctionType]) -> tuple[Method, ...]:
    """Their lines, where they can be had."""
    methods = []
    for name, function in functions.items():
        try:
            lines, first = inspect.getsourcelines(function)
        except (OSError, TypeError, SyntaxError, IndentationError):
            continue
        methods.append(Method(name, max(1, first), textwrap.dedent("".join(lines)).expandtabs(4).rstrip()))
    return tuple(methods)


def forbidden_uses(methods: Iterable[Method], names: Mapping[str, Any]) -> tuple[ForbiddenUse, ...]:
    """The lines of some methods that use torch's own learning machinery.

    Args:
        methods: their lines.
        names: of their module, by which an alias such as ``nn`` is understood.
    """
    known = {name: tool for name, held in names.items() if (tool := tool_of(held))}
    found: dict[tuple[int, str], ForbiddenUse] = {}
    for method in methods:
        try:
            tree = ast.parse(method.text)
        except SyntaxError:
            continue
        for use in uses_in(tree, known):
            line = method.line + use[0] - 1
            text = method.text.splitlines()[use[0] - 1].strip()
            found.setdefault((line, use[1]), ForbiddenUse(use[1], line, text))
    return tuple(found[key] for key in sorted(found))


def tool_of(held: Any) -> str:
    """Which forbidden tool a module, a class or a function belongs to; nothing for all others."""
    name = held.__name__ if isinstance(held, ModuleType) else getattr(held, "__module__", "")
    if isinstance(name, str):
        for tool in FORBIDDEN:
            if name == tool or name.startswith(f"{tool}."):
                return tool
    return ""


def uses_in(tree: ast.AST, known: Mapping[str, str]) -> Iterable[tuple[int, str]]:
    r"""Lines and tools: imports, dotted names, aliases, and tensors that are asked for gradients.

    Example:
        >>> list(uses_in(ast.parse("import torch.nn as nn\nnn.Linear(2, 1)"), {}))
        [(1, 'torch.nn'), (2, 'torch.nn')]
    """
    known = dict(known)
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                tools = {alias.asname or alias.name: _tool(f"{prefix}{alias.name}") for alias in aliases}
                known |= {name: tool for name, tool in tools.items() if tool}
                yield from ((node.lineno, tool) for tool in tools.values() if tool)
            case ast.Attribute():
                if tool := _tool(_dotted(node)):
                    yield node.lineno, tool
                elif node.attr in ASKING:
                    yield node.lineno, "torch.autograd"
            case ast.Name(id=name) if name in known:
                yield node.lineno, known[name]
            case ast.keyword(arg="requires_grad", value=ast.Constant(value=True)):
                yield node.value.lineno, "torch.autograd"
            case _:
                pass


def _tool(name: str) -> str:
    return next((tool for tool in FORBIDDEN if name == tool or name.startswith(f"{tool}.")), "")


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def code_files(owner: Any) -> set[str]:
    """The files of the code of a class, or of a function."""
    members = [*vars(owner).values()] if isinstance(owner, type) else [owner]
    bases = owner.__mro__[1:-1] if isinstance(owner, type) else ()
    own = set()
    for member in members:
        called = inspect.unwrap(member) if callable(member) else getattr(member, "fget", None) or member
        called = getattr(called, "__func__", called)
        code = getattr(called, "__code__", None)
        if code is not None:
            own.add(code.co_filename)
    for base in bases:
        if not base.__module__.startswith(("torch", "numpy", "builtins", "abc", "typing")):
            own |= code_files(base)
    return own
