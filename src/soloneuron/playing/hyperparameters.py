"""The numbers of an optimizer that a link and the page can change, beside its rate."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.formula import letters_of, read_lines
from soloneuron.optimizers.settings import ends

OPEN_END = 1e-6
"""An end that a number may not reach is kept at this distance."""

FARTHEST_NUMBER = 1e6
"""Numbers without an end go this far."""

ORDERED_RANGES = {("rprop", "smallest"): (0.0, 1e-3), ("rprop", "largest"): (1e-3, FARTHEST_NUMBER)}
"""Numbers that one may not pass the other: no link is to be good word by word and bad as a whole."""


class NumberRange(NamedTuple):
    """Between which ends a number may be set, both included, and what it is unless it is."""

    least: float
    most: float
    default: float


@cache
def number_ranges(name: str) -> Mapping[str, NumberRange]:
    """The real numbers of a rule by name, in the order of its settings.

    Of a method that sees the whole objective those that stand in its formula: others stop its searches.

    Example:
        >>> number_ranges("momentum")["momentum"]
        NumberRange(least=0.0, most=0.999999, default=0.9)
    """
    kind = OPTIMIZERS.load(name)
    before, _, after = read_lines(kind().paper(2))
    letters = {letter for line in (*before, *after) for letter in letters_of(line.tree)}
    return {
        key: NumberRange(*ORDERED_RANGES.get((name, key)) or _within(setting.interval), setting.default)
        for key, setting in kind.hyperparameters.items()
        if setting.interval and setting.default is not None and key != "learning_rate"
        if kind.needs != "objective" or key in letters
    }


def _within(interval: str) -> tuple[float, float]:
    """The ends of an interval that a link may name."""
    low, high = ends(interval)
    low, high = low + OPEN_END * (interval[0] == "("), high - OPEN_END * (interval[-1] == ")")
    return max(low, -FARTHEST_NUMBER), min(high, FARTHEST_NUMBER)
