"""An autograd class: what its parts are called, and how a program is run on it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from soloneuron.checking.exchange import CheckAnswer, CheckTrial, Fault
from soloneuron.checking.student.plain import plain_value
from soloneuron.checking.student.running import faults_of


class ElementClass:
    """A class found to be an autograd class.

    Args:
        made: the class, or a function that makes one of its objects from a number.
        spellings: our names and its own.
        functions: what its programs may call beside methods, by name.
        files: the files of its code.
        classes: the class and its bases that are the student's.
    """

    def __init__(
        self,
        made: Callable[[Any], Any],
        spellings: Mapping[str, str],
        functions: Mapping[str, Any],
        files: set[str],
        classes: tuple[type, ...],
    ) -> None:
        self.made, self.spellings, self.functions = made, dict(spellings), dict(functions)
        self.files, self.classes = files, classes
        self.first, self.rest = "data", ""
        self.missing: tuple[str, ...] = ()
        self.failing = 0

    def run(self, trial: CheckTrial) -> CheckAnswer:
        """Run the program of a trial as often as it says, each time with another order of hashes."""
        code = compile(respelled(trial.source, self._spelled()), "<program>", "exec")
        first: CheckAnswer | None = None
        others: list[dict[str, Any]] = []
        for turn in range(max(1, trial.repeats)):
            values, kinds, fault = self._once(code, trial, turn)
            if first is None:
                first = CheckAnswer(values, fault, kinds=kinds)
                if fault is not None and fault.kind == "Timeout":
                    break
            elif fault is None and values != first.values and values not in others:
                others.append(values)
        assert first is not None
        return CheckAnswer(first.values, first.fault, tuple(others), kinds=first.kinds)

    def failures(self) -> int:
        """How many of the operations that the task asks for raise."""
        programs = (
            "a = Element(2.0); x = a + a",
            "a = Element(2.0); x = a * a",
            "a = Element(2.0); x = a.relu()",
        )
        answers = [
            self.run(CheckTrial("element", f"{one}; x.backward()", ("a.grad",), seconds=0.5))
            for one in programs
        ]
        return sum(answer.fault is not None for answer in answers)

    def _spelled(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(self.spellings.items()))

    def _once(
        self, code: Any, trial: CheckTrial, turn: int
    ) -> tuple[dict[str, Any], dict[str, str], Fault | None]:
        space: dict[str, Any] = {**self.functions, "Element": self.made}
        values: dict[str, Any] = {}
        kinds: dict[str, str] = {}

        def read() -> None:
            for name in trial.reads:
                owner, _, attribute = name.partition(".")
                if owner in space:
                    found = space[owner]
                    if attribute:
                        found = getattr(found, self.spellings.get(attribute, attribute))
                    values[name], kinds[name] = plain_value(found), type(found).__name__

        def run() -> None:
            exec(code, space)
            read()

        with ordered_hashes(self.classes, turn):
            _, fault = faults_of(run, self.files, trial.seconds)
            if fault is not None and fault.kind != "Timeout":
                faults_of(read, self.files, trial.seconds)
        return values, kinds, fault


@contextmanager
def ordered_hashes(classes: tuple[type, ...], turn: int) -> Iterator[None]:
    """Objects of a class hash in the order in which they were first asked; in the next turns in another one.

    The order of a set of objects follows their addresses, and so changes from run to run. Here it is the same
    in every process, and every turn has another.
    """
    kept: dict[int, tuple[int, Any]] = {}

    def hashed(self: Any) -> int:
        if id(self) not in kept:
            count = len(kept)
            kept[id(self)] = (
                count if turn == 0 else -2 - count if turn == 1 else scattered(count, turn),
                self,
            )
        return kept[id(self)][0]

    changed = []
    for cls in classes:
        if cls.__hash__ is object.__hash__:  # type: ignore[comparison-overlap]
            try:
                cls.__hash__ = hashed  # type: ignore[method-assign,assignment]
            except (TypeError, AttributeError):
                continue
            changed.append(cls)
    try:
        yield
    finally:
        for cls in changed:
            with_own = "__hash__" in vars(cls)
            if with_own:
                del cls.__hash__


def scattered(count: int, turn: int) -> int:
    """A number that looks random, the same for the same arguments."""
    mixed = (count * 2654435761 + turn * 40503 + 12345) & 0xFFFFFFFF
    mixed ^= mixed >> 15
    return (mixed * 2246822519) & 0x7FFFFFFF


@lru_cache(maxsize=512)
def respelled(source: str, spellings: tuple[tuple[str, str], ...]) -> str:
    """A program in the student's words.

    Example:
        >>> print(respelled("a = Element(3); x = a.relu() + 2", (("relu", "ReLU"), ("Element", "Value"))))
        a = Value(3)
        x = a.ReLU() + 2
    """
    words = dict(spellings)
    if all(ours == theirs for ours, theirs in spellings):
        return source
    return ast.unparse(ast.fix_missing_locations(_Respelling(words).visit(ast.parse(source))))


RESPELLED_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Mult: "*"}


class _Respelling(ast.NodeTransformer):
    """Attributes, names and operators in other words; a spelling that ends with () is a function."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        node.attr = self.words.get(node.attr, node.attr)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.words.get(node.id, node.id) if node.id == "Element" else node.id
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        called = node.func
        if isinstance(called, ast.Attribute) and self.words.get(called.attr, "").endswith("()"):
            name = self.words[called.attr].removesuffix("()")
            self.generic_visit(node)
            return ast.Call(ast.Name(name, ast.Load()), [called.value, *node.args], node.keywords)
        self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        theirs = self.words.get(RESPELLED_OPERATORS.get(type(node.op), ""), "")
        if theirs.endswith("()"):
            return ast.Call(ast.Name(theirs.removesuffix("()"), ast.Load()), [node.left, node.right], [])
        if theirs:
            return ast.Call(ast.Attribute(node.left, theirs, ast.Load()), [node.right], [])
        return node
