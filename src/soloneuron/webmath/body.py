"""A rule's lines as straight-line code: numbers, a loop over the coordinates, numbers of its sums, a loop.

Every letter gets a value once (a second one gets another name), so a line stands as early as what it reads
allows, wherever it stood in the paper. Slots and theta are written at the end of the last loop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import NamedTuple

from soloneuron.optimizers.formula import SETTING_LETTERS, SUMS, PaperLine, calls_of, letters_of

VECTORS = ("theta", "g")

CODE_WORDS = {"theta0", "rate0", "settings", "bias", "width", "weights", "prepared", "point", "ahead", "i"}
"""Names that the code has beside those of a rule."""


class CoordinateSum(NamedTuple):
    """A sum over the coordinates.

    Attributes:
        name: the letter that gets it.
        function: its name among ``SUMS``.
        factors: those of each of its terms.
    """

    name: str
    function: str
    factors: tuple[ast.expr, ast.expr]


@dataclass
class LoopStage:
    """Numbers, then a loop.

    Attributes:
        lengths: letters that get the length of a part of theta, and whose.
        numbers: letters of numbers, computed before the loop.
        lines: letters of one coordinate, computed in it.
        sums: what the loop adds up; the next stage knows them.
    """

    lengths: list[tuple[str, str]] = field(default_factory=list)
    numbers: list[PaperLine] = field(default_factory=list)
    lines: list[PaperLine] = field(default_factory=list)
    sums: list[CoordinateSum] = field(default_factory=list)

    def read(self) -> set[str]:
        """The names that are read here."""
        trees = [tree for _, tree in (*self.numbers, *self.lines)]
        trees += [factor for _, _, factors in self.sums for factor in factors]
        return {of for _, of in self.lengths}.union(*map(letters_of, trees))


class Body:
    """Lines with every letter defined once, in stages.

    Args:
        lines: those to be computed.
        slots: what is remembered of every coordinate.
        totals: what is remembered once.
        by_parts: lengths are those of parts of theta, one for every coordinate.
    """

    def __init__(
        self,
        lines: Iterable[PaperLine],
        slots: Iterable[str],
        totals: Iterable[str],
        *,
        by_parts: bool = False,
    ) -> None:
        self.slots, self.totals = tuple(slots), tuple(totals)
        if clash := {*self.slots, *self.totals} & CODE_WORDS:
            raise ValueError(f"slots must not be called as the code's own words are, got {sorted(clash)}")
        self.stages = [LoopStage()]
        self.last: dict[str, str] = {}
        """Of every letter the name of its latest value."""
        self._by_parts = by_parts
        self._vectors = {*VECTORS, *self.slots}
        self._known_from: dict[str, int] = {}
        self._often: dict[str, int] = {}
        self._parts: dict[str, str] = {}
        for line in lines:
            self._add(line)

    @property
    def read(self) -> set[str]:
        """The names that are read."""
        return set[str]().union(*(stage.read() for stage in self.stages))

    @property
    def settings(self) -> set[str]:
        """Those that nobody here gives a value: settings."""
        return self.read - {*self._vectors, *self.totals, *self._known_from, "t", "rate"}

    def crossing(self) -> set[str]:
        """Letters of one loop that a later one reads, or that are written after it."""
        found, before = set[str](), set[str]()
        for stage in self.stages:
            found |= before & stage.read()
            before |= {name for name, _ in stage.lines}
        earlier = {name for stage in self.stages[:-1] for name, _ in stage.lines}
        return found | (earlier & {self.last.get(name, "") for name in ("theta", *self.slots)})

    def is_vector(self, tree: ast.expr) -> bool:
        """Whether an expression differs from coordinate to coordinate."""
        return bool(letters_of(tree) & self._vectors)

    def _add(self, line: PaperLine) -> None:
        tree = _Renamed(self.last).visit(deepcopy(line.tree))
        match tree:
            case ast.Call(func=ast.Name(id="norm"), args=[ast.Name(id=of)]) if self._by_parts:
                made = of not in (*VECTORS, *self.slots)
                name = self._define(line.name, self._stage(tree) + made, vector=True)
                self.stages[self._known_from[name]].lengths.append((name, of))
            case ast.Call(func=ast.Name(id=function), args=arguments) if function in SUMS:
                factors = [self._named(self._simple(x, inside=True)) for x in arguments]
                stage = max(map(self._stage, factors))
                name = self._define(line.name, stage + 1, vector=False)
                self.stages[stage].sums.append(CoordinateSum(name, function, (factors[0], factors[-1])))
            case _:
                vector = self.is_vector(tree)
                tree = self._simple(tree, inside=vector)
                self._place(PaperLine(self._define(line.name, self._stage(tree), vector=vector), tree))

    def _place(self, line: PaperLine) -> None:
        stage = self.stages[self._known_from[line.name]]
        (stage.lines if line.name in self._vectors else stage.numbers).append(line)

    def _stage(self, tree: ast.expr) -> int:
        """The first stage in which all is known that an expression reads."""
        return max((self._known_from.get(name, 0) for name in letters_of(tree)), default=0)

    def _define(self, letter: str, stage: int, *, vector: bool) -> str:
        often = self._often[letter] = self._often.get(letter, 0) + 1
        name = self.last[letter] = f"${letter}{often if often > 1 else ''}"
        return self._known(name, stage, vector=vector)

    def _known(self, name: str, stage: int, *, vector: bool) -> str:
        self._known_from[name] = stage
        self.stages += [LoopStage() for _ in range(stage + 1 - len(self.stages))]
        if vector:
            self._vectors.add(name)
        return name

    def _simple(self, tree: ast.expr, *, inside: bool) -> ast.expr:
        """The expression with numbers taken out of the loop, and squares as products."""
        if calls_of(tree) & SUMS.keys():
            raise ValueError(f"a sum over coordinates must have a line of its own, got {ast.unparse(tree)!r}")
        # A total too: the loop runs when it has its next value.
        leaf = isinstance(tree, ast.Constant) or (isinstance(tree, ast.Name) and tree.id not in self.totals)
        if inside and not leaf and not self.is_vector(tree):
            return self._named(self._simple(tree, inside=False))
        for name, part in ast.iter_fields(tree):
            if isinstance(part, ast.expr) and not (isinstance(tree, ast.Call) and name == "func"):
                setattr(tree, name, self._simple(part, inside=inside))
            elif isinstance(part, list) and part and isinstance(part[0], ast.expr):
                setattr(tree, name, [self._simple(x, inside=inside) for x in part])
        match tree:
            case ast.BinOp(left=x, op=ast.Pow(), right=ast.Constant(value=2)):
                x = x if isinstance(x, ast.Name) else self._named(x)
                return ast.BinOp(x, ast.Mult(), x)
        return tree

    def _named(self, tree: ast.expr) -> ast.Name:
        """A name for a part; the same part has the same name."""
        if isinstance(tree, ast.Name) and tree.id not in self.totals:
            return tree
        text = ast.unparse(tree)
        if text not in self._parts:
            name = self._parts[text] = f"${len(self._parts)}"
            self._place(PaperLine(self._known(name, self._stage(tree), vector=self.is_vector(tree)), tree))
        return ast.Name(self._parts[text])


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
