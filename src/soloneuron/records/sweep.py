"""What a sweep found: one line for each run of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from torch import Tensor

from soloneuron.brief import brief
from soloneuron.records.history import Outcome, OutcomeKind
from soloneuron.records.recipe import Value


@dataclass(frozen=True)
class SweepRow:
    """One run of a sweep.

    Attributes:
        run: its number, from 0.
        settings: what the grid gave it, by keyword.
        value: the objective over all rows at the end, the penalty included.
        accuracy: share of rows on the right side at the end, in [0, 1].
        gradient_norm: length of the gradient at the end.
        outcome: how it ended, in a word.
        epochs: the last epoch whose theta is finite and kept.
        evaluations: how often a gradient was asked for.
    """

    run: int
    settings: Mapping[str, Value]
    value: float
    accuracy: float
    gradient_norm: float
    outcome: OutcomeKind
    epochs: int
    evaluations: int

    __repr__ = brief


@dataclass(frozen=True, eq=False)
class SweepRecord:
    """All runs of a grid, N in number, in row-major order: the last axis changes fastest.

    Attributes:
        axes: the values of every keyword that had several, in the order of the keywords.
        value: (N,), the objective over all rows at the end of each run.
        accuracy: (N,), share of rows on the right side there.
        gradient_norm: (N,), length of the gradient there.
        outcomes: how each run ended.
        evaluations: how often each asked for a gradient.

    Example:
        >>> import torch
        >>> from soloneuron.records.history import Outcome
        >>> zeros, end = torch.zeros(2), Outcome("finished", 3, "")
        >>> found = SweepRecord({"learning_rate": (0.1, 0.2)}, zeros, zeros, zeros, (end, end), (3, 3))
        >>> found.row(1).settings
        {'learning_rate': 0.2}
    """

    axes: Mapping[str, tuple[Value, ...]]
    value: Tensor
    accuracy: Tensor
    gradient_norm: Tensor
    outcomes: tuple[Outcome, ...]
    evaluations: tuple[int, ...]

    __repr__ = brief

    @property
    def runs(self) -> int:
        """N, how many there are."""
        return prod(len(values) for values in self.axes.values())

    def settings(self, run: int) -> dict[str, Value]:
        """What the grid gave a run, by keyword."""
        own: dict[str, Value] = {}
        for name, values in reversed(list(self.axes.items())):
            run, place = divmod(run, len(values))
            own[name] = values[place]
        return {name: own[name] for name in self.axes}

    def row(self, run: int) -> SweepRow:
        """One run."""
        outcome = self.outcomes[run]
        return SweepRow(
            run,
            self.settings(run),
            float(self.value[run]),
            float(self.accuracy[run]),
            float(self.gradient_norm[run]),
            outcome.kind,
            outcome.epoch,
            self.evaluations[run],
        )
