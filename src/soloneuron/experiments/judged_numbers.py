"""What the protocol of ``compare`` says of a race, as numbers that a conclusion reads."""

from __future__ import annotations

from soloneuron.experiments.base import Numbers
from soloneuron.records.judged import JudgedComparison


def judged_numbers(found: JudgedComparison) -> Numbers:
    """Who is clearly faster than most, and whom it clearly beats.

    Returns:
        ``first``, its place among the methods, and for each method ``beaten.NAME``, 1 or 0.
    """
    names = [one.optimizer for one in found.methods]
    beaten = {name: {p.second for p in found.pairs if p.clear and p.first == name} for name in names}
    costs = {one.optimizer: one.median for one in found.methods}
    first = min(names, key=lambda name: (-len(beaten[name]), costs[name]))
    return {
        "first": float(names.index(first)),
        **{f"beaten.{name}": float(name in beaten[first]) for name in names},
    }
