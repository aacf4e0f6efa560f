"""An autograd class: what its parts are called, and how a program is run on it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from soloneuron.checking.exchange import CheckAnswer, CheckTrial, Fault
from soloneuron.checking.student.plain import plain_value
from soloneuron.checking.student.roles import parameters_of, required
from soloneuron.checking.student.running import faults_of

ELEMENT_NAMES = {
    "data": ("data", "value", "val", "number", "x", "v", "_data", "_value"),
    "grad": ("grad", "gradient", "g", "derivative", "_grad", "der", "dx"),
    "backward": ("backward", "backprop", "back", "backpropagate", "backpropagation", "run_backward"),
    "relu": ("relu", "ReLU", "Relu", "RELU", "reLU", "re_lu"),
}
"""Our names, and what they are called elsewhere, the usual ones first."""

FILLERS = {
    "label": "", "name": "", "tag": "", "op": "", "operation": "",
    "children": (), "child": (), "prev": (), "parents": (), "inputs": (), "deps": (),
    "grad": 0.0, "gradient": 0.0, "requires_grad": True, "backward": None,
}  # fmt: skip
"""What stands for a required argument of a constructor, by its name without underscores."""

PROBED_NUMBER = 3.25


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
            self.run(CheckTrial("element", f"{one}; x.backward()", ("a.grad",), seconds=1.0))
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


def found_element(cls: type, around: Mapping[str, Any]) -> ElementClass | None:
    """The autograd class that a class is; None where it is none.

    Args:
        cls: any class.
        around: the names of its module, among which functions such as ``relu`` may be.
    """
    backward = _named(cls, "backward") or next(
        (name for name in dir(cls) if not name.startswith("_") and "backw" in name.lower()), ""
    )
    if not backward:
        return None
    files = code_files(cls)
    classes = tuple(base for base in cls.__mro__ if base is not object and code_files(base) & files)
    best: tuple[int, ElementClass] | None = None
    for form in (_as_it_is, _as_tensor, _as_array):
        filled = _filled(cls, form)
        if filled is None:
            continue
        spellings = _spellings(cls, filled, backward, around)
        if spellings is None:
            continue
        functions = {
            word.removesuffix("()"): around[word.removesuffix("()")]
            for word in spellings.values()
            if word.endswith("()")
        }
        found = ElementClass(filled, spellings, functions, files, classes)
        first, rest, _ = _constructor(cls) or ("", {}, False)
        found.first, found.rest = first, "".join(f", {name}={held!r}" for name, held in rest.items())
        found.missing = tuple(
            sign
            for sign, method in (("+", "__add__"), ("*", "__mul__"), ("relu", "relu"))
            if not hasattr(cls, spellings.get(sign, method)) and not spellings.get(sign, "").endswith("()")
        )
        failures = found.failures()
        if best is None or failures < best[0]:
            best = failures, found
        if not failures:
            break
    return best[1] if best else None


def _named(cls: type, role: str) -> str:
    return next((name for name in ELEMENT_NAMES[role] if callable(getattr(cls, name, None))), "")


def _spellings(
    cls: type, made: Callable[[Any], Any], backward: str, around: Mapping[str, Any]
) -> dict[str, str] | None:
    """Our names and the student's; None where an object has no number or no gradient."""
    one, fault = faults_of(lambda: made(PROBED_NUMBER), set(), 2.0)
    if fault is not None:
        return None
    data = _attribute(one, "data", lambda held: plain_value(held) in (PROBED_NUMBER, [PROBED_NUMBER]))
    grad = _attribute(one, "grad", lambda held: plain_value(held) in (0, None, [0.0], [0]))
    if not data or not grad or data == grad:
        return None
    spellings = {"data": data, "grad": grad, "backward": backward, "relu": _named(cls, "relu") or "relu"}
    if not _named(cls, "relu"):
        functions = [name for name in ELEMENT_NAMES["relu"] if inspect.isfunction(around.get(name))]
        if functions:
            spellings["relu"] = f"{functions[0]}()"
    for sign, method, words in (
        ("+", "__add__", ("add", "plus", "sum")),
        ("*", "__mul__", ("mul", "multiply", "times", "mult")),
    ):
        if not hasattr(cls, method):
            named = [word for word in words if callable(getattr(cls, word, None))]
            functions = [f"{word}()" for word in words if inspect.isfunction(around.get(word))]
            spellings |= {sign: (named or functions)[0]} if named or functions else {}
    return spellings


def _attribute(one: Any, role: str, suits: Callable[[Any], bool]) -> str:
    """The name under which an object keeps its number, or its gradient."""
    others = [name for name in getattr(one, "__dict__", {}) if name not in ELEMENT_NAMES[role]]
    for name in (*ELEMENT_NAMES[role], *others):
        try:
            if suits(getattr(one, name)):
                return str(name)
        except Exception:
            continue
    return ""


def _as_it_is(number: Any) -> Any:
    return number


def _as_tensor(number: Any) -> Any:
    import torch

    return torch.tensor(float(number))


def _as_array(number: Any) -> Any:
    import numpy as np

    return np.array(float(number))


def _constructor(cls: type) -> tuple[str, dict[str, Any], bool] | None:
    """The parameter for the number, what other required ones are given, and whether by position."""
    parameters = parameters_of(cls)
    if not parameters:
        return None
    needed = required(parameters)
    named = [one for one in parameters if one.name.strip("_") in (*ELEMENT_NAMES["data"], "a", "scalar")]
    wanted = [one for one in parameters if one.name in needed]
    first = (named or wanted or parameters)[0]
    rest = {name: FILLERS.get(name.strip("_").lower()) for name in needed if name != first.name}
    return first.name, rest, first.kind is first.POSITIONAL_ONLY


def _filled(cls: type, form: Callable[[Any], Any]) -> Callable[[Any], Any] | None:
    """Makes an object of a number, whatever else the constructor requires; None where that is not plain."""
    found = _constructor(cls)
    if found is None:
        return None
    first, rest, positional = found
    if positional:
        return lambda number: cls(form(number), *rest.values())
    return lambda number: cls(**{first: form(number)}, **rest)


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
