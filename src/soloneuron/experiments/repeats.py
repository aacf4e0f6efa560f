"""Measurements that are repeated with other rows or starts: what can be told from a few, and what cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from soloneuron.experiments.base import Numbers
from soloneuron.formulas.ordering import Order, paired

TEST_SEEDS = 1_000_000
"""Made rows that test have seeds so far from those of rows learned from, also under another ``--seed``."""

ANSWER_OF_ORDER: Mapping[Order, str] = {
    "less": "yes",
    "more": "reversed",
    "unclear": "no",
    "unknown": "unknown",
}
"""The answer to "is the first the less?" by what pairs say."""

FEWEST_TEST_ROWS = 15
"""So many rows somebody's smaller class must have for a third of them to test anything."""


def difference_range(claim: str, one: Sequence[float], other: Sequence[float]) -> Numbers:
    """By how much one is above the other, from repeat to repeat: the least and the most."""
    differences = [a - b for a, b in zip(one, other, strict=True)]
    return {f"{claim}.low": min(differences), f"{claim}.high": max(differences)}


def negligible(claim: str, numbers: Numbers, least: float) -> str:
    """Whether two differ by less than is felt in every repeat; no if one leads in all, else unclear."""
    low, high = numbers[f"{claim}.low"], numbers[f"{claim}.high"]
    if max(abs(low), abs(high)) < least:
        return "yes"
    return "no" if low > 0 or high < 0 else "unclear"


def range_fields(claim: str, numbers: Numbers) -> Mapping[str, float]:
    """The least and the most of a difference, and over how many repeats, for a sentence."""
    low, high = numbers[f"{claim}.low"], numbers[f"{claim}.high"]
    return {"low": low, "high": high, "repeats": int(numbers["repeats"])}


def repeated(key: str, values: Sequence[float]) -> Numbers:
    """What was measured in each repeat, by name: the pairs of a comparison."""
    return {f"{key}.{k}": value for k, value in enumerate(values)}


def repeats_of(key: str, numbers: Numbers) -> list[float]:
    """The same from the numbers, in the order of the repeats."""
    found: list[float] = []
    while f"{key}.{len(found)}" in numbers:
        found.append(numbers[f"{key}.{len(found)}"])
    return found


def order_of(one: str, other: str, numbers: Numbers, *, plus: float = 0.0) -> Order:
    """Which of two was the less, repeat by repeat."""
    return paired(repeats_of(one, numbers), repeats_of(other, numbers), plus=plus)
