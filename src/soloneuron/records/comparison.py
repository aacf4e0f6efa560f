"""What a fair comparison of optimizers found."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True, eq=False)
class Entry:
    """One optimizer at every rate of the grid, for every seed or every start; below both are called seeds.

    Attributes:
        optimizer: its name, or the rule as it would be written.
        steps: (S, G) gradient evaluations until the target was first reached, inf where it was not.
        gaps: (S, G) last value minus the lowest, inf or nan where a run overflowed.
        share: share of the grid's rates that reach the target for every seed, in [0, 1].
        best_rate: the rate with the least median of steps, or None if none reaches the target.
        best_steps: the median over seeds at that rate, inf if there is none.
        band: the least and largest over seeds at that rate.
        best_gap: the least median over seeds of the gaps.
    """

    optimizer: str
    steps: Tensor
    gaps: Tensor
    share: float
    best_rate: float | None
    best_steps: float
    band: tuple[float, float]
    best_gap: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """Optimizers on one task: same start, same batches, the same grid of rates.

    Attributes:
        task: what was minimized.
        rates: (G,), the grid.
        seeds: of the batch orders; () where nothing is random.
        steps: gradient evaluations that every run had.
        start: the value at the start.
        lowest: the least value: the known one of a surface, else the least that any run saw.
        target: the value that counts as reached.
        entries: in the order they were given.
        winner: the optimizer that is clearly the fastest at its best rate, or None.
        verdict: one English sentence.
        fields: the numbers and words of that sentence by name.
    """

    task: str
    rates: tuple[float, ...]
    seeds: tuple[int, ...]
    steps: int
    start: float
    lowest: float
    target: float
    entries: tuple[Entry, ...]
    winner: str | None
    verdict: str
    fields: dict[str, float | int | str | None] = field(default_factory=dict)
