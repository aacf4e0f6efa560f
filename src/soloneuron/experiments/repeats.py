"""Measurements that are repeated with other rows: what can be told from a few of them, and what cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from soloneuron.experiments.base import Numbers

TEST_SEEDS = 1_000_000
"""Made rows that test have seeds so far from those of rows learned from, also under another ``--seed``."""

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
