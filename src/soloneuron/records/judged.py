"""What a comparison by the protocol found."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from soloneuron.brief import brief


@dataclass(frozen=True, eq=False)
class JudgedMethod:
    """One optimizer: what it was tuned on, and what it then needed on seeds that did not tune it.

    Attributes:
        optimizer: its name, or the rule as it would be written.
        settings: what the tuning chose, by name; nothing where a line search finds the rate, or nothing ran.
        rates: (N,), the rates that were tried, rising.
        tuning: (N, T), what each needed to the target on each of T seeds that tune; inf where it did not
            arrive within the budget.
        costs: (J, K), what the chosen setting needed on each of J seeds that judge, to each of K targets.
        second: (2, J), the same to the last target, of what each half of the settings would have chosen.
        works: share of the settings that reach the target on all seeds that tune, in [0, 1].
        edge: "low" or "high" if the best rate still stands at an end of the grid, widened as far as it may;
            else "".
        by_trials: pairs of a number of random settings and the share of runs that arrive with the best of
            them.
        fault: why it could not be run to the end; "" where it could.
    """

    optimizer: str
    settings: Mapping[str, Any]
    rates: tuple[float, ...]
    tuning: Tensor
    costs: Tensor
    second: Tensor
    works: float
    edge: str
    by_trials: tuple[tuple[int, float], ...]
    fault: str = ""

    __repr__ = brief

    @property
    def best_rate(self) -> float | None:
        """The rate that was chosen, or None."""
        rate = self.settings.get("learning_rate")
        return None if rate is None else float(rate)

    @property
    def median(self) -> float:
        """What it needed in the median of the seeds that judge; inf if half of them did not arrive."""
        return float(self.costs[:, -1].quantile(0.5, interpolation="higher")) if len(self.costs) else math.inf

    @property
    def band(self) -> tuple[float, float]:
        """The least and the most that it needed."""
        costs = self.costs[:, -1].tolist() or [math.inf]
        return min(costs), max(costs)

    @property
    def arrived(self) -> float:
        """Share of the seeds that judge on which it arrived."""
        return float(self.costs[:, -1].isfinite().double().mean()) if len(self.costs) else 0.0


@dataclass(frozen=True)
class JudgedPair:
    """Two methods, by their costs on the same seeds.

    Attributes:
        first: the one that needs less.
        second: the other.
        ratio: how many times as much the other needs: of the seeds the geometric mean.
        low: the lower end of its 95 % interval.
        high: the upper end.
        p_pair: of a sign-flip test of this pair by itself.
        p: the same, adjusted by Holm for all pairs.
        clear: whether the first is called faster: it is the winner, or p <= 0.05 and the ratio is 1.2 at
            least, with what each grid alone chose as well.
    """

    first: str
    second: str
    ratio: float
    low: float
    high: float
    p_pair: float
    p: float
    clear: bool


@dataclass(frozen=True, eq=False)
class JudgedComparison:
    """Optimizers on one task, by the protocol of ``compare``.

    Attributes:
        task: what was minimized.
        budget: so many gradient evaluations every run could ask for.
        seeds: all of them; those that tune and those that judge take turns.
        start: the value where a descent usually begins.
        lowest: the value that targets were made from: known, or found before the race by other means.
        targets: (K,), falling; the last is the one that decides.
        methods: in the order they were given.
        pairs: every two methods that ran, the one that needs less first.
        winner: who is faster than every other, on both grids; or None.
        verdict: one English sentence.
        fields: the numbers and words of that sentence by name.
    """

    task: str
    budget: int
    seeds: tuple[int, ...]
    start: float
    lowest: float
    targets: tuple[float, ...]
    methods: tuple[JudgedMethod, ...]
    pairs: tuple[JudgedPair, ...]
    winner: str | None
    verdict: str
    fields: dict[str, Any] = field(default_factory=dict)

    __repr__ = brief

    @property
    def target(self) -> float:
        """The value that counts as reached."""
        return self.targets[-1]
