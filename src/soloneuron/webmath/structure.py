"""Which settings decide the lines of a rule: names of variants, and numbers whose part falls away at 0.

It is found by asking the rule, so that a new one needs no word here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import torch

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.formula import PaperLines, calls_of, read_lines

COMPARED_STEPS = (1, 2, 3, 10, 1000, 100_000)
"""Steps at which the lines must be the same."""


class Structure(NamedTuple):
    """The settings that decide, and which lines each of their values gives.

    Attributes:
        names: of the settings.
        cases: the values of the names, and the rule that has them. A number is 0, or stands for all others.
    """

    names: tuple[str, ...]
    cases: tuple[tuple[tuple[Any, ...], Optimizer], ...]


def structure_of(kind: type[Optimizer], **fixed: Any) -> Structure:
    """What decides the lines of a method.

    Args:
        kind: the method.
        fixed: settings that always hold.
    """
    asked = {"decay", "weight_decay", *(kind.hyperparameters.keys() - Optimizer.hyperparameters.keys())}
    own = {name: s for name, s in kind.hyperparameters.items() if name in asked}
    choices = {name: setting.options for name, setting in own.items() if setting.options}
    rules = [
        kind(**fixed, **dict(zip(choices, values, strict=True))) for values in product(*choices.values())
    ]
    numbers = {name: pair for name in own if (pair := _nothing_or_not(kind, rules, name))}
    options = {**choices, **numbers}
    cases = {
        values: kind(**fixed, **dict(zip(options, values, strict=True)))
        for values in product(*options.values())
    }
    # A choice that changes no line decides nothing here.
    names = [name for name in options if _decides(list(options).index(name), cases)]
    kept = {
        tuple(values[list(options).index(name)] for name in names): rule for values, rule in cases.items()
    }
    return Structure(tuple(names), tuple(kept.items()))


def lines_of(rule: Optimizer) -> PaperLines:
    """The lines of a rule, which are the same at every step.

    Raises:
        ValueError: lines that Python chooses by t, or none.
    """
    found = {rule.paper(t) for t in COMPARED_STEPS}
    if len(found) > 1:
        raise ValueError(f"the paper lines of {rule!r} must hold for every t: write a condition into them")
    (lines,) = found
    if not lines:
        raise ValueError(f"{rule!r} must declare its formula in paper(t): the page's rule is made from it")
    return read_lines(lines)


def kept_of(rule: Optimizer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a rule remembers of every coordinate, as letters of parts are, and what once for all of them."""
    if rule.parts:
        return tuple(rule.parts), rule.totals
    begun = rule.begin(torch.zeros(3, dtype=torch.float64))
    slots = tuple(name for name in rule.slots if begun[name].numel() > 1)
    return slots, tuple(name for name in (*rule.slots, *rule.totals) if name not in slots)


def asks_value(rule: Optimizer) -> bool:
    """Whether a rule takes the value of theta beside the gradient, and searches for nothing."""
    calls = set[str]().union(*(calls_of(tree) for _, tree in lines_of(rule).after))
    return "value" in calls and "search" not in calls


def signature(rule: Optimizer) -> tuple[Any, ...]:
    """What two rules with the same code have in common."""
    return rule.paper(1), rule.slots, rule.totals, tuple(rule.parts), tuple(rule.begins().items())


def _nothing_or_not(kind: type[Optimizer], rules: list[Optimizer], name: str) -> tuple[Any, ...]:
    """0 or None, and a number that stands for all others, if the lines differ between both."""
    default = kind.hyperparameters[name].default
    if not (default is None or isinstance(default, float)):
        return ()
    nothing = None if default is None else 0.0
    some = default or 0.5
    try:
        pairs = [(rule.replace(**{name: nothing}), rule.replace(**{name: some})) for rule in rules]
    except InputError:
        return ()
    return (nothing, some) if any(signature(a) != signature(b) for a, b in pairs) else ()


def _decides(place: int, cases: dict[tuple[Any, ...], Optimizer]) -> bool:
    return any(
        signature(cases[values]) != signature(cases[(*values[:place], other, *values[place + 1 :])])
        for values, other in _others(place, cases)
    )


def _others(place: int, cases: dict[tuple[Any, ...], Optimizer]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    for values in cases:
        for other in dict.fromkeys(case[place] for case in cases):
            yield values, other
