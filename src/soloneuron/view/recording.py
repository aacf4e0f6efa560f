"""Saved runs as one race: checked against each other, and laid on one axis of steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.formulas.terms import terms_of
from soloneuron.records.dataset import Dataset
from soloneuron.records.run import RunRecord
from soloneuron.view.losses import DRAWN_LOSSES

MOST_RUNS = 24

LARGEST_DRAWN = 1e30
"""A replay is in float32; numbers beyond this are lost in it, and mean nothing anyway."""


@dataclass(frozen=True, eq=False)
class Track:
    """One run up to its last finite step.

    Attributes:
        name: what it is called.
        loss: the name of its loss.
        run: the record it was made from.
        steps: (K,), the recorded epochs, rising.
        table: (K, 4 + weights), theta (two weights, those of further terms, and the bias if some run has
            one; zeros where there is no plane to draw), loss, length of the gradient, share of rows on the
            right side, and length of a step since the last record.
        lost: the last finite step of a run that left the range of numbers, else None.
    """

    name: str
    loss: str
    run: RunRecord
    steps: Tensor
    table: Tensor
    lost: int | None

    @property
    def losses(self) -> Tensor:
        """The value at every recorded theta, the penalty included, (K,)."""
        losses: Tensor = self.table[:, -4]
        return losses

    @property
    def accuracy(self) -> Tensor:
        """The share of rows on the right side, (K,)."""
        share: Tensor = self.table[:, -2]
        return share


@dataclass(frozen=True, eq=False)
class Recording:
    """A race.

    Attributes:
        tracks: those of the first loss, then those of the second.
        losses: one name or two.
        flat: whether there is a plane to draw: two features, labels 0 and 1, losses that the page knows.
        data: the rows that all runs keep.
        terms: what the columns behind the two of the plane are.
    """

    tracks: tuple[Track, ...]
    losses: tuple[str, ...]
    flat: bool
    data: Dataset
    terms: tuple[str, ...] = ()

    def steps(self) -> Tensor:
        """Every step that some run recorded, (T,), rising."""
        steps: Tensor = torch.cat([track.steps for track in self.tracks]).unique()
        return steps

    def table(self, steps: Tensor) -> Tensor:
        """All runs at these steps, (T, R, columns); between two records, and after its end, a run stands."""
        rows = [
            track.table[(torch.searchsorted(track.steps, steps, right=True) - 1).clamp(min=0)]
            for track in self.tracks
        ]
        return torch.stack(rows, 1)


def record_race(runs: Mapping[str, RunRecord]) -> Recording:
    """Check that runs can race, and lay them side by side.

    Args:
        runs: single trainings of a neuron on the same rows, with one loss or two.

    Raises:
        InputError: no runs, too many, or runs that cannot be compared; the sentence says why.
    """
    if not 0 < len(runs) <= MOST_RUNS:
        raise InputError(
            f"a replay shows 1 to {MOST_RUNS} runs, got {len(runs) or 'none'}", code="replay.count"
        )
    for name, run in runs.items():
        _check(name, run)
    losses = tuple(dict.fromkeys(loss_of(run) for run in runs.values()))
    if len(losses) > 2:
        raise InputError(
            f"a replay shows two losses side by side at most, got {', '.join(losses)}", code="replay.losses"
        )
    for (one, first), (other, second) in pairwise(runs.items()):
        _compare(one, first, other, second)
    data = next(iter(runs.values())).data
    hard = bool(((data.labels == 0) | (data.labels == 1)).all())
    further = terms_of(data.features, data.feature_names)
    flat = further is not None and hard and DRAWN_LOSSES.issuperset(losses)
    terms = further or ()
    bias = any(_has_bias(run) for run in runs.values())
    ordered = sorted(runs.items(), key=lambda item: losses.index(loss_of(item[1])))
    tracks = tuple(_track(name, run, flat=flat, size=2 + len(terms) + bias) for name, run in ordered)
    return Recording(tracks, losses, flat, data, terms)


def loss_of(run: RunRecord) -> str:
    """The name of a run's loss."""
    return run.recipe.loss.name


def strength_of(run: RunRecord) -> float:
    """The strength of a run's L2 penalty on the weights, which the map knows; 0 is none."""
    penalty = run.recipe.penalty
    drawn = penalty is not None and penalty.name == "l2" and not penalty.own
    return float(penalty.settings.get("strength", 0.0)) if drawn else 0.0  # type: ignore[union-attr, arg-type]


def rate_of(run: RunRecord) -> float:
    """A run's learning rate where it is one number; 0 for a schedule or a rate a coordinate."""
    rate = run.recipe.learning_rate
    return float(rate) if isinstance(rate, int | float) else 0.0


def unit_of(run: RunRecord) -> str:
    """What a step of a run is: an epoch, or one update of the playground."""
    return run.history.unit


def _has_bias(run: RunRecord) -> bool:
    return run.history.theta.shape[-1] > run.data.features.shape[1]


def _check(name: str, run: RunRecord) -> None:
    """Refuse what is no single training of a neuron."""
    history, d = run.history, run.data.features.shape[1]
    if history.theta.dim() != 2:
        raise InputError(
            f"a replay shows single runs, but {name} holds {history.theta[0, ..., 0].numel()} at once: save "
            "them one by one",
            code="replay.many",
        )
    if history.theta.shape[1] not in (d, d + 1):
        raise InputError(
            f"{name} is no run of a neuron: it has {history.theta.shape[1]} parameters and {d} features",
            code="replay.neuron",
        )
    if loss_of(run) not in tuple(LOSSES):
        raise InputError(
            f"the loss of {name} must be one of {', '.join(LOSSES)}, got {loss_of(run)!r}", code="replay.loss"
        )
    epochs = history.epochs
    if not epochs or epochs[0] < 0 or epochs[-1] >= 2**32 or any(b <= a for a, b in pairwise(epochs)):
        raise InputError(f"the epochs of {name} must be whole numbers that rise", code="replay.epochs")


def _compare(one: str, first: RunRecord, other: str, second: RunRecord) -> None:
    """Refuse a race on different rows, or in different steps."""
    a, b = first.data, second.data
    same = (
        a.features.shape == b.features.shape
        and first.source.rows == second.source.rows
        and torch.equal(a.features, b.features)
        and torch.equal(a.labels, b.labels)
    )
    if not same:
        rows = [f"{run.source.rows} rows of {run.data.name or 'no name'}" for run in (first, second)]
        raise InputError(
            f"runs race on the same data only, but {one} and {other} do not have the same rows ({rows[0]}, "
            f"{rows[1]})",
            code="replay.data",
        )
    if unit_of(first) != unit_of(second):
        raise InputError(
            f"runs race in the same steps only, but {one} counts by {unit_of(first)} and {other} by "
            f"{unit_of(second)}",
            code="replay.unit",
        )


def _track(name: str, run: RunRecord, *, flat: bool, size: int) -> Track:
    """One run, with so many numbers of theta."""
    history = run.history
    theta, steps = history.theta.double(), torch.tensor(history.epochs)
    far = torch.linalg.vector_norm(theta.diff(dim=0), dim=1) / steps.diff()
    moved = torch.cat([far.new_zeros(1), far])
    shown = theta.new_zeros(len(theta), size)
    if flat:
        shown[:, : theta.shape[1]] = theta
    measured = torch.stack(
        [history.value.double(), history.gradient_norm.double(), history.accuracy.double(), moved], 1
    )
    table = torch.cat([shown, measured], 1)
    fine = (table.abs() < LARGEST_DRAWN).all(1) & (theta.abs() < LARGEST_DRAWN).all(1)
    count = int(fine.long().cumprod(0).sum())
    if count == 0:
        raise InputError(
            f"{name} has no step with all numbers within {LARGEST_DRAWN:g}: there is nothing to play",
            code="replay.finite",
        )
    overflow = history.outcome.kind == "overflow" or count < len(steps)
    lost = int(steps[count - 1]) if overflow else None
    return Track(name, loss_of(run), run, steps[:count], table[:count], lost)
