"""What a training run leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from torch import Tensor

from soloneuron.brief import brief

OutcomeKind = Literal[
    "finished",
    "converged",
    "stopped",
    "plateau",
    "oscillating",
    "diverging",
    "worse_than_untrained",
    "overflow",
]

FAILED: frozenset[OutcomeKind] = frozenset(
    {"plateau", "oscillating", "diverging", "worse_than_untrained", "overflow"}
)
"""Bad ends: each names its cause, and what to do about it."""


@dataclass(frozen=True)
class RateLimits:
    """Where the learning rate of plain descent becomes too large.

    Attributes:
        guaranteed: 2 / L with L the largest curvature anywhere: below it every full-batch step goes
            downhill. None where the loss has no bounded curvature.
        local: 2 / lambda_max(H(theta)) where the run stands. None where next to nothing bends (the limit
            would be more than 10,000 times the guaranteed one), or the loss has no second derivative.
        full_batch: false if the run updates on parts of the data; then both are the limits that full-batch
            descent would have, a guide and not a law.
    """

    guaranteed: float | None
    local: float | None
    full_batch: bool = True


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and why.

    Attributes:
        kind: ``finished`` (all epochs done), ``converged`` (the gradient is zero to rounding, in whatever
            units the columns are), ``stopped`` (somebody stopped it), ``plateau`` (the loss stands still
            though it could be lower), ``oscillating`` (it goes up and down without getting lower),
            ``diverging`` (it rises), ``worse_than_untrained`` (it ends above that of weights of 0) or
            ``overflow`` (a number left the range of the dtype).
        epoch: the last epoch whose theta is finite and kept.
        reason: one English sentence.
        fields: the numbers of that sentence by name, and the ``cause`` of a bad end; with ``kind`` they are
            enough to say it in another language.
        separable: true if a line parts the classes without an error, so that a strictly decreasing loss
            without a penalty has no finite optimum; false if not, or if that cannot be known; None if nobody
            has asked yet: a run asks once, when its outcome is read or saved.
    """

    kind: OutcomeKind
    epoch: int
    reason: str
    fields: Mapping[str, float | int | str | bool | None] = field(default_factory=dict)
    separable: bool | None = None


@dataclass(frozen=True, eq=False)
class History:
    """The course of one run, or of many runs at once (leading axes ``runs`` in every tensor).

    Attributes:
        epochs: the K recorded epochs, from 0 (the start) to the last.
        theta: (K, runs..., d+1), the weights, then the bias if there is one, after each recorded epoch.
        loss: (E, runs...), for every epoch the mean of the losses taken before each update, in the unit of
            the loss, the penalty included.
        value: (K, runs...), the objective over all rows at each recorded theta, the penalty included.
        gradient_norm: (K, runs...), length of its gradient there.
        accuracy: (K, runs...), share of rows on the right side there, in [0, 1]; nan for an objective that is
            no neuron.
        outcomes: how each run ended, in the order of the flattened run axes.
        seeds: the seed of each run's order of rows; empty where rows were taken in file order.
        evaluations: (K), how often a gradient of the objective had been asked for, of each run alike.
        unit: what ``epochs`` counts; the page records single updates.
    """

    epochs: tuple[int, ...]
    theta: Tensor
    loss: Tensor
    value: Tensor
    gradient_norm: Tensor
    accuracy: Tensor
    outcomes: tuple[Outcome, ...]
    seeds: tuple[int, ...] = ()
    evaluations: tuple[int, ...] = ()
    unit: Literal["epoch", "update"] = "epoch"

    __repr__ = brief

    @property
    def outcome(self) -> Outcome:
        """How the first run ended; of a single run, the run."""
        return self.outcomes[0]
