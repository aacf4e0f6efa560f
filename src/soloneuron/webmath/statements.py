"""Python that reckons with plain numbers, as TypeScript: the line search, statement by statement.

It reads what the line search is written in and no more: typed functions, one class, one dataclass, ``if``,
``while`` and numbers. Whatever else comes is refused by name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

STATEMENT_OPERATORS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Or: ("||", 1),
    ast.And: ("&&", 2),
    ast.Eq: ("===", 3),
    ast.Lt: ("<", 4),
    ast.LtE: ("<=", 4),
    ast.Gt: (">", 4),
    ast.GtE: (">=", 4),
    ast.Add: ("+", 5),
    ast.Sub: ("-", 5),
    ast.Mult: ("*", 6),
    ast.Div: ("/", 6),
    ast.USub: ("-", 7),
    ast.Not: ("!", 7),
}
"""How an operator is written, and how tightly it binds."""

CHOICE, ATOM = 0, 9
"""How tightly a condition and a single word bind."""

TYPESCRIPT_NAMES = {
    "math.sqrt": "Math.sqrt", "math.inf": "Infinity", "abs": "Math.abs", "min": "Math.min", "max": "Math.max",
    "int": "Number", "self": "this", "new": "trial", "float": "number", "bool": "boolean",
}  # fmt: skip
"""What is called otherwise; ``new`` is a word of TypeScript."""


def module_source(tree: ast.Module) -> Iterator[str]:
    """The constants, classes and functions of a module; its imports are left to whoever writes the head."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value):
                yield f"const {name} = {ast.unparse(value)};"
            case ast.ClassDef(decorator_list=[_]):
                yield from ("", *_interface(node))
            case ast.ClassDef():
                yield from ("", *_class(node))
            case ast.FunctionDef():
                word = "function" if node.name.startswith("_") else "export function"
                yield from ("", *_documented(node), *_function(node, f"{word} {node.name.lstrip('_')}"))


def _documented(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    said = (ast.get_docstring(node) or "").partition("\n\n")[0].replace("\n", " ")
    if said:
        yield f"/** {said} */"


def _interface(node: ast.ClassDef) -> Iterator[str]:
    """A dataclass: its fields."""
    yield from _documented(node)
    yield f"export interface {node.name}<Notes> {{"
    for line in node.body:
        if isinstance(line, ast.AnnAssign):
            yield f"  readonly {_expression(line.target)}: {_type(line.annotation)};"
    yield "}"


def _class(node: ast.ClassDef) -> Iterator[str]:
    """A class: what its constructor sets, its methods and its properties."""
    yield from _documented(node)
    yield f"class {node.name.lstrip('_')}<Notes> {{"
    for method in node.body:
        if not isinstance(method, ast.FunctionDef):
            continue
        if method.name == "__init__":
            yield from (f"  {line}" for line in _constructor(method))
            continue
        head = f"get {method.name}" if method.decorator_list else method.name
        yield from ("", *(f"  {line}" for line in _function(method, head, generic=False)))
    yield "}"


def _constructor(node: ast.FunctionDef) -> Iterator[str]:
    given = {arg.arg: _type(arg.annotation) for arg in node.args.args[1:]}
    for line in node.body:
        match line:
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Constant() as number):
                yield f"{name.lstrip('_')} = {_expression(number)};"
    fields = ", ".join(f"private readonly {name}: {kind}" for name, kind in given.items())
    yield f"constructor({fields}) {{}}"


def _function(node: ast.FunctionDef, head: str, *, generic: bool = True) -> Iterator[str]:
    given = [arg for arg in (*node.args.args, *node.args.kwonlyargs) if arg.arg != "self"]
    types = [_type(arg.annotation) for arg in given]
    for i, default in enumerate(reversed(node.args.kw_defaults), 1):
        types[-i] += f" = {_expression(default)}" if default else ""
    result = _type(node.returns)
    letters = "<Notes>" if generic and any("Notes" in kind for kind in (*types, result)) else ""
    arguments = ", ".join(f"{_word(arg.arg)}: {kind}" for arg, kind in zip(given, types, strict=True))
    yield f"{head}{letters}({arguments}): {result} {{"
    block = _Block(node.body, {arg.arg for arg in given}, node)
    yield from (f"  {line}" for line in block.lines())
    yield "}"


class _Block:
    """Statements in braces, and the names that they declare.

    Args:
        body: the statements.
        declared: the names that are known already.
        within: the function, all of whose uses of a name decide where it is declared.
    """

    def __init__(self, body: list[ast.stmt], declared: set[str], within: ast.FunctionDef) -> None:
        self._body, self._declared, self._within = body, set(declared), within

    def lines(self) -> Iterator[str]:
        """The statements."""
        for node in self._body:
            yield from self._statement(node)

    def _statement(self, node: ast.stmt) -> Iterator[str]:
        match node:
            case ast.Expr(value=ast.Constant()):
                return
            case ast.Return(value=ast.expr() as value):
                yield f"return {_expression(value)};"
            case ast.Continue():
                yield "continue;"
            case ast.Assign(targets=[target], value=value):
                yield from self._assigned(target, value)
            case ast.AugAssign(target=target, op=op, value=value):
                yield f"{_expression(target)} {STATEMENT_OPERATORS[type(op)][0]}= {_expression(value)};"
            case ast.If(test=test, body=body, orelse=[]):
                yield f"if ({_expression(test)}) {{"
                yield from self._inner(body)
            case ast.While(test=test, body=body):
                yield f"while ({_expression(test)}) {{"
                yield from self._inner(body)
            case _:
                raise ValueError(f"no translation is known for {ast.unparse(node)!r}")

    def _inner(self, body: list[ast.stmt]) -> Iterator[str]:
        yield from (f"  {line}" for line in _Block(body, self._declared, self._within).lines())
        yield "}"

    def _assigned(self, target: ast.expr, value: ast.expr) -> Iterator[str]:
        names = [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
        fresh = [
            name for name in names if name not in self._declared and isinstance(target, ast.Name | ast.Tuple)
        ]
        self._declared |= set(fresh)
        word = "const " if all(self._often(name) == 1 for name in names) else "let "
        if fresh and len(fresh) < len(names):
            yield f"let {', '.join(map(_word, fresh))};"
        yield f"{word if fresh and fresh == names else ''}{_expression(target)} = {_expression(value)};"

    def _often(self, name: str) -> int:
        return sum(
            node.id == name and isinstance(node.ctx, ast.Store)
            for node in ast.walk(self._within)
            if isinstance(node, ast.Name)
        )


def _word(name: str) -> str:
    return TYPESCRIPT_NAMES.get(name, name.lstrip("_"))


def _expression(node: ast.expr) -> str:
    return _atom(node) or _bound(node)[0]


def _atom(node: ast.expr) -> str | None:
    """What binds most tightly; None for the rest."""
    match node:
        case ast.Constant(value=value):
            return str(value).lower()
        case ast.Name() | ast.Attribute():
            return _named(node)
        case ast.Subscript(value=x, slice=place):
            return f"{_expression(x)}[{_expression(place)}]{'' if isinstance(node.ctx, ast.Store) else '!'}"
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return f"[{', '.join(map(_expression, parts))}]"
        case ast.Call(func=called, args=arguments):
            made = isinstance(called, ast.Name) and called.id.lstrip("_")[0].isupper()
            return f"{'new ' * made}{_expression(called)}({', '.join(map(_expression, arguments))})"
    return None


def _named(node: ast.Name | ast.Attribute) -> str:
    """A name, perhaps of something's part."""
    if isinstance(node, ast.Name):
        return _word(node.id)
    return TYPESCRIPT_NAMES.get(ast.unparse(node), f"{_expression(node.value)}.{node.attr.lstrip('_')}")


def _bound(node: ast.expr) -> tuple[str, int]:
    """An expression, and how tightly its outermost operator binds."""
    text = _atom(node)
    if text is not None:
        return text, ATOM
    match node:
        case ast.UnaryOp(op=op, operand=x):
            sign, binding = STATEMENT_OPERATORS[type(op)]
            return sign + _within(x, binding), binding
        case ast.BinOp(left=a, op=op, right=b) | ast.Compare(left=a, ops=[op], comparators=[b]):
            sign, binding = STATEMENT_OPERATORS[type(op)]
            return f"{_within(a, binding)} {sign} {_within(b, binding + 1)}", binding
        case ast.Compare(left=a, ops=[first, second], comparators=[b, c]):
            return _bound(
                ast.BoolOp(ast.And(), [ast.Compare(a, [first], [b]), ast.Compare(b, [second], [c])])
            )
        case ast.BoolOp(op=op, values=parts):
            sign, binding = STATEMENT_OPERATORS[type(op)]
            return f" {sign} ".join(_within(part, binding) for part in parts), binding
        case ast.IfExp(test=test, body=yes, orelse=no):
            return f"{_within(test, 1)} ? {_within(yes, 1)} : {_within(no, CHOICE)}", CHOICE
    raise ValueError(f"no translation is known for {ast.unparse(node)!r}")


def _within(node: ast.expr, least: int) -> str:
    text, binding = _bound(node)
    return text if binding >= least else f"({text})"


def _type(node: ast.expr | None) -> str:
    """An annotation."""
    match node:
        case ast.Name(id=name):
            return "number" if name == "int" else _word(name)
        case ast.Subscript(value=ast.Name(id="list"), slice=of):
            return f"{_type(of)}[]"
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=parts)):
            return f"[{', '.join(map(_type, parts))}]"
        case ast.Subscript(
            value=ast.Name(id="Callable"), slice=ast.Tuple(elts=[ast.List(elts=given), result])
        ):
            arguments = ", ".join(f"{'xyz'[i]}: {_type(kind)}" for i, kind in enumerate(given))
            return f"({arguments}) => {_type(result)}"
        case ast.Subscript(value=ast.Name(id=name), slice=of):
            return f"{_word(name)}<{_type(of)}>"
    raise ValueError(f"no translation is known for the type {ast.unparse(node) if node else node!r}")
