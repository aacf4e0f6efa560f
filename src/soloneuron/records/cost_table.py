"""What optimizers cost at every rate of one grid."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from soloneuron.brief import brief


@dataclass(frozen=True, eq=False)
class Entry:
    """One optimizer at every rate of the grid, for every seed or every start; below both are called seeds.

    Attributes:
        optimizer: its name, or the rule as it would be written.
        steps: (S, G) gradient evaluations after which the value stays at or below the target until the budget
            is spent, inf where it does not: who passes by and leaves has not arrived.
        gaps: (S, G) last value minus the lowest, inf or nan where a run overflowed.
        share: share of the grid's rates that reach the target for every seed, in [0, 1].
        best_rate: the rate with the least median of steps; where every median is inf the rate that reaches
            the target for most seeds, or None if none reaches it for any.
        best_steps: the median over seeds at that rate, inf if the target is reached for half of them at most.
        band: the least and largest over seeds at that rate.
        best_gap: the least median over seeds of the gaps.
        costs: the steps of each seed at that rate, (S,): what is compared with another's, seed by seed.
    """

    optimizer: str
    steps: Tensor
    gaps: Tensor
    share: float
    best_rate: float | None
    best_steps: float
    band: tuple[float, float]
    best_gap: float
    costs: tuple[float, ...] = ()

    __repr__ = brief


@dataclass(frozen=True, eq=False)
class CostTable:
    """Optimizers on one task: same start, same batches, the same grid of rates, as many evaluations.

    Attributes:
        task: what was minimized.
        rates: (G,), the grid.
        seeds: of the batch orders; () where nothing is random.
        steps: the budget: so many gradient evaluations every run could ask for.
        start: the value at the start.
        lowest: the least value: the known one of a surface, else the least that any run saw.
        target: the value that counts as reached.
        entries: in the order they were given.
    """

    task: str
    rates: tuple[float, ...]
    seeds: tuple[int, ...]
    steps: int
    start: float
    lowest: float
    target: float
    entries: tuple[Entry, ...]

    __repr__ = brief
