"""A rule's lines as straight-line code: numbers first, then loops over the coordinates.

Every letter gets a value once (a second one gets another name), so numbers can be computed before the loop
wherever their line stood. Slots and theta are written at the end of the last loop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from soloneuron.optimizers.formula import SETTING_LETTERS, PaperLine, calls_of, letters_of
from soloneuron.webmath.expression import printed

VECTORS = ("theta", "g")
WHOLE_VECTOR_CALLS = ("norm",)
"""What is called with all coordinates at once; between two loops."""


@dataclass
class CoordinateLoop:
    """Code between two calls that look at all coordinates.

    Attributes:
        lines: letters and their expressions, each of one coordinate.
        call: the call before them: the letter that it fills, its function and its argument.
    """

    lines: list[PaperLine] = field(default_factory=list)
    call: tuple[str, str, str] | None = None


class Body:
    """Lines with every letter defined once, parted into numbers and loops.

    Args:
        lines: those to be computed.
        slots: what is remembered of every coordinate.
        totals: what is remembered once.
    """

    def __init__(self, lines: Iterable[PaperLine], slots: Iterable[str], totals: Iterable[str]) -> None:
        self.slots, self.totals = tuple(slots), tuple(totals)
        self.numbers: list[PaperLine] = []
        self.loops = [CoordinateLoop()]
        self.last: dict[str, str] = {}
        """Of every letter the name of its latest value."""
        self._vectors = {*VECTORS, *self.slots}
        self._written: dict[str, int] = {}
        self._known: dict[str, str] = {}
        for line in lines:
            self._add(line)

    @property
    def read(self) -> set[str]:
        """The names that are read."""
        lines = [*self.numbers, *(line for loop in self.loops for line in loop.lines)]
        return {name for _, tree in lines for name in letters_of(tree)}

    @property
    def settings(self) -> set[str]:
        """Those that nobody here gives a value: settings."""
        return self.read - {*self._vectors, *self.totals, "t", "rate", *(line.name for line in self.numbers)}

    def crossing(self) -> set[str]:
        """Letters of one loop that a later one reads, or a call between them."""
        found, before = set[str](), set[str]()
        for loop in self.loops:
            if loop.call:
                found |= before & {loop.call[2]}
            own = {name for name, _ in loop.lines}
            found |= before & set().union(*(letters_of(tree) for _, tree in loop.lines), set())
            before |= own
        # Those that are written at the end are read in the last loop.
        earlier = {name for loop in self.loops[:-1] for name, _ in loop.lines}
        return found | (earlier & {self.last.get(name, "") for name in ("theta", *self.slots)})

    def is_vector(self, tree: ast.expr) -> bool:
        """Whether an expression differs from coordinate to coordinate."""
        return bool(calls_of(tree) & set(WHOLE_VECTOR_CALLS)) or bool(letters_of(tree) & self._vectors)

    def _add(self, line: PaperLine) -> None:
        tree = _Renamed(self.last).visit(deepcopy(line.tree))
        match tree:
            case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=of)]) if name in WHOLE_VECTOR_CALLS:
                self._define(line.name, vector=True)
                self.loops.append(CoordinateLoop(call=(self.last[line.name], name, of)))
                return
        vector = self.is_vector(tree)
        tree = self._simple(tree, inside=vector)
        self._define(line.name, vector=vector)
        self._place(PaperLine(self.last[line.name], tree), vector=vector)

    def _place(self, line: PaperLine, *, vector: bool) -> None:
        (self.loops[-1].lines if vector else self.numbers).append(line)

    def _define(self, letter: str, *, vector: bool) -> None:
        often = self._written[letter] = self._written.get(letter, 0) + 1
        name = f"${letter}{often if often > 1 else ''}"
        self.last[letter] = name
        if vector:
            self._vectors.add(name)

    def _simple(self, tree: ast.expr, *, inside: bool) -> ast.expr:
        """The expression with numbers taken out of the loop, and squares as products."""
        # A total too: the loop runs when it has its next value.
        leaf = isinstance(tree, ast.Constant) or (isinstance(tree, ast.Name) and tree.id not in self.totals)
        if inside and not leaf and not self.is_vector(tree):
            return self._named(self._simple(tree, inside=False), vector=False)
        for name, part in ast.iter_fields(tree):
            if isinstance(part, ast.expr) and not (isinstance(tree, ast.Call) and name == "func"):
                setattr(tree, name, self._simple(part, inside=inside))
            elif isinstance(part, list) and part and isinstance(part[0], ast.expr):
                setattr(tree, name, [self._simple(x, inside=inside) for x in part])
        match tree:
            case ast.BinOp(left=x, op=ast.Pow(), right=ast.Constant(value=2)):
                x = x if isinstance(x, ast.Name) else self._named(x, vector=self.is_vector(x))
                return ast.BinOp(x, ast.Mult(), x)
        return tree

    def _named(self, tree: ast.expr, *, vector: bool) -> ast.Name:
        """A name for a part; the same part has the same name."""
        text = ast.unparse(tree)
        if text not in self._known:
            name = self._known[text] = f"${len(self._known)}"
            if vector:
                self._vectors.add(name)
            self._place(PaperLine(name, tree), vector=vector)
        return ast.Name(self._known[text])


class _Renamed(ast.NodeTransformer):
    """Letters by the names of their latest values, settings by their own."""

    def __init__(self, latest: Mapping[str, str]) -> None:
        self._latest = latest

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.args = [self.visit(x) for x in node.args]
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self._latest.get(node.id, SETTING_LETTERS.get(node.id, node.id)))


def wanted(lines: Iterable[PaperLine], results: Iterable[str]) -> list[PaperLine]:
    """The lines without those that nothing of the results depends on."""
    needed, kept = set(results), list[PaperLine]()
    for line in reversed(list(lines)):
        if line.name in needed:
            needed = (needed - {line.name}) | letters_of(line.tree)
            kept.append(line)
    return kept[::-1]


def body_code(body: Body, ends: Mapping[str, str]) -> Iterator[str]:
    """The code of a body.

    Args:
        body: the lines.
        ends: what the last loop writes: arrays, and the letters whose latest values they get.
    """
    crossing = body.crossing()
    for name, tree in body.numbers:
        yield f"const {name} = {printed(tree, lambda x: _place(x, body, {}))};"
    for x in body.totals:
        if x in body.last:
            yield f"{x}[0] = {body.last[x]};"
    spread = {loop.call[0] for loop in body.loops if loop.call} | crossing
    for i, loop in enumerate(body.loops):
        if loop.call:
            filled, function, of = loop.call
            yield f"{function}({_array(of, crossing)}, {_array(filled, spread)}, first);"
        inside = [line for name, tree in loop.lines for line in _line(name, tree, body, spread, loop)]
        if i == len(body.loops) - 1:
            own = {name for name, _ in loop.lines}
            for array, letter in ends.items():
                if letter in body.last:
                    inside.append(f"{array}[i] = {_read(body.last[letter], body, spread - own)};")
        if inside:
            yield "for (let i = 0; i < d; i++) {"
            yield from (f"  {line}" for line in inside)
            yield "}"


def scratch(body: Body) -> list[str]:
    """The arrays that a body needs between its loops."""
    names = {loop.call[0] for loop in body.loops if loop.call} | body.crossing()
    return [_array(name, names) for name in sorted(names)]


def _line(name: str, tree: ast.expr, body: Body, spread: set[str], loop: CoordinateLoop) -> Iterator[str]:
    own = {line.name for line in loop.lines}
    yield f"const {name} = {printed(tree, lambda x: _read(x, body, spread - own))};"
    if name in spread:
        yield f"{_array(name, spread)}[i] = {name};"


def _array(name: str, spread: set[str]) -> str:
    return f"all{name}" if name in spread else name


def _read(name: str, body: Body, spread: set[str]) -> str:
    """A name as one coordinate reads it."""
    if name in spread:
        return f"{_array(name, spread)}[i]!"
    return _place(name, body, {*VECTORS, *body.slots})


def _place(name: str, body: Body, arrays: Iterable[str]) -> str:
    if name in body.totals:
        return f"{name}[0]!"
    return f"{name}[i]!" if name in arrays else name
