"""The lines of rules for reading, as the page fills them with numbers."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.descent import GradientDescent
from soloneuron.optimizers.formula import FORMULA_FUNCTIONS, PaperLine, calls_of, letters_of, read_line
from soloneuron.optimizers.formula_cases import lines_of_case
from soloneuron.optimizers.formula_trace import SIGNS, decays_itself, formula_words, usual_lines
from soloneuron.webmath.expression import printed
from soloneuron.webmath.structure import lines_of

USUAL_SETTINGS: dict[str, dict[str, Any]] = {
    "CLIPPED": {"clip_norm": 1.0},
    "TURNED": {"maximize": True},
    "SHRUNK": {"weight_decay": 0.1, "decay": "decoupled"},
}
"""What every rule may be asked for, besides the line of coupled decay, which knows the point."""


class Readings:
    """The distinct lines of all rules: each is written once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, rule: Optimizer) -> str:
        """The lines of a rule in TypeScript: up to the gradient, of coupled decay, and after it."""
        before, point, after = lines_of(rule)
        lines = [*before, read_line(f"g = grad({point})"), *after]
        said = [self._named(text) for text in _texts(lines, rule)]
        decay = GradientDescent(weight_decay=0.1, decay="coupled")
        coupled = "null" if decays_itself(rule) else self._named(*_texts(_usual(decay, point), rule))
        place = len(before) + 1
        return f"[[{', '.join(said[:place])}], {coupled}, [{', '.join(said[place:])}]]"

    def text(self) -> Iterator[str]:
        """The definitions of all lines, and how letters are written."""
        yield "/** How letters are written. */"
        yield "export const SIGNS: Readonly<Record<string, string>> = {"
        yield from (f'  {letter}: "{sign}",' for letter, sign in SIGNS.items())
        yield "};"
        yield ""
        for name, settings in USUAL_SETTINGS.items():
            rule = GradientDescent(**settings)
            yield from (f"const {name}: PaperLine = {text};" for text in _texts(_usual(rule, "theta"), rule))
        for text, name in self._names.items():
            yield f"const {name}: PaperLine = {text};"

    def _named(self, text: str) -> str:
        return self._names.setdefault(text, f"line_{len(self._names) + 1}")


def _usual(rule: Optimizer, point: str) -> list[PaperLine]:
    return [read_line(line) for line in usual_lines(rule, point)]


def _texts(lines: Sequence[PaperLine], rule: Optimizer) -> Iterator[str]:
    """Every line as an object: its letter, its words by the case that holds, and its value."""
    tests = _tests(lines, rule)
    cases = list(product((True, False), repeat=len(tests)))
    words = [
        lines_of_case(lines, rule.settings, lambda _, test, case=case: case[tests.index(ast.unparse(test))])  # type: ignore[misc]
        for case in cases
    ]
    for i, (letter, tree) in enumerate(lines):
        shown = _chosen(tests, [_words(case[i]) for case in words])
        said = f"letter: {json.dumps(letter)}, text: (n) => {shown}"
        if shown.startswith('"'):
            said = said.replace("(n) => ", "() => ")
        match tree:
            case ast.Call(func=ast.Name(id=name), args=arguments) if name not in FORMULA_FUNCTIONS:
                given = ", ".join(f"(n) => {printed(x, _asked)}" for x in arguments)
                yield f'{{ {said}, call: {{ name: "{name}", of: [{given}] }} }}'
                continue
        value = printed(tree, _asked)
        yield f"{{ {said}, value: {'(n)' if letters_of(tree) else '()'} => {value} }}"


def _tests(lines: Sequence[PaperLine], rule: Optimizer) -> list[str]:
    """The conditions that settings and t decide."""
    asked: dict[str, None] = {}

    def note(_: int, test: ast.expr) -> bool:
        asked[ast.unparse(test)] = None
        return True

    lines_of_case(lines, rule.settings, note)
    return list(asked)


def _chosen(tests: Sequence[str], words: Sequence[str]) -> str:
    """The words of the case that holds, the first test being the slowest to turn."""
    if len(set(words)) == 1:
        return words[0]
    half = len(words) // 2
    yes, no = _chosen(tests[1:], words[:half]), _chosen(tests[1:], words[half:])
    return f"({printed(ast.parse(tests[0], mode='eval').body, _asked)} ? {yes} : {no})"


def _words(tree: ast.expr | None) -> str:
    """An expression in the paper's words, its letters in braces where numbers may stand."""
    if tree is None:
        return "null"
    # What another function found is no arithmetic: its letter stays one.
    plain = bool(calls_of(tree) - set(FORMULA_FUNCTIONS))
    text = formula_words(
        tree, (lambda name: SIGNS.get(name, name)) if plain else (lambda name: f"{{{name}}}")
    )
    return json.dumps(text, ensure_ascii=False)


def _asked(name: str) -> str:
    return f'n("{name}")'
