"""The study on somebody's own data: their rows made ready, and the questions that cannot be asked of them."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from soloneuron.data.preparation import measure_scaling, standardize
from soloneuron.data.seeding import generator_for
from soloneuron.errors import InputError
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.measuring import has_optimum, is_separable
from soloneuron.experiments.own_rows import OwnData, named
from soloneuron.formulas.penalties import L2
from soloneuron.records.dataset import Dataset
from soloneuron.texts.phrases import Phrase

_MOST = 1000
"""So many rows are asked; of a longer file a seeded sample."""

_FEWEST = 20
"""A sample keeps so many rows of the rarer class, if there are as many."""

_FELT = 1e-6
"""Standardized classes whose means differ by less than about this leave nothing to measure above rounding."""

HOLD = 0.001
"""The L2 penalty on rows that have no optimum of their own."""


def own_data(data: Dataset, *, seed: int = 0) -> OwnData:
    """Make somebody's rows ready for the study.

    Args:
        data: rows as they came from a file, X (n, d) with labels 0 and 1.
        seed: of the sample.

    Returns:
        At most 1,000 rows, raw and standardized, and in words what was done to them.

    Raises:
        InputError: one class only, no column that changes, or none whose mean differs between the classes.

    Example:
        >>> from soloneuron.data.synthetic import make_narrow_gap
        >>> own_data(make_narrow_gap(60)).penalty
        L2(strength=0.001)
    """
    ones = float(data.labels.mean())
    if not 0 < ones < 1:
        only = data.classes[int(ones)]
        raise InputError(
            f"the label {data.label_name!r} must hold both classes, got {only!r} in every row: "
            "add rows of the other class, or choose another label",
            code="own.classes",
        )
    kept = _sampled(data, seed)
    raw, still = _changing(kept)
    even = _standardized(_standardized(raw))
    if float((even.features * even.labels[:, None]).mean(0).abs().max()) < _FELT:
        raise InputError(
            f"the classes must differ in the mean of a column, got the same in {named(raw.feature_names)}: "
            "weights of 0 are the best a neuron can have here; add a column that tells the classes apart",
            code="own.alike",
        )
    free = has_optimum(even)
    notes = [Phrase("study.own.standardized")]
    if len(kept.labels) < len(data.labels):
        notes.append(Phrase("study.own.sampled", {"rows": len(kept.labels), "all": len(data.labels)}))
    if still:
        key = "still" if len(kept.labels) == len(data.labels) else "still_sampled"
        notes.append(Phrase(f"study.own.{key}", {"names": ", ".join(still), "count": len(still)}))
    if not free:
        why = "apart" if is_separable(even) else "collinear"
        notes.append(Phrase(f"study.own.held_{why}", {"alpha": HOLD}))
    return OwnData(raw, even, None if free else L2(HOLD), tuple(notes))


def refused(own: OwnData) -> dict[str, Phrase]:
    """The questions that cannot be asked of these rows, each with the reason."""
    answers = {name: EXPERIMENTS.load(name).refusal(own) for name in EXPERIMENTS}
    return {name: reason for name, reason in answers.items() if reason is not None}


def _sampled(data: Dataset, seed: int) -> Dataset:
    """At most MOST rows, each class in proportion, in the order of the file."""
    if len(data.labels) <= _MOST:
        return data
    generator, chosen = generator_for(seed), []
    for label in (0, 1):
        mine = (data.labels == label).nonzero()[:, 0]
        count = max(_FEWEST, round(_MOST * len(mine) / len(data.labels)))
        chosen.append(mine[torch.randperm(len(mine), generator=generator)[:count]])
    return _part(data, torch.cat(chosen).sort().values)


def _standardized(data: Dataset) -> Dataset:
    """The rows standardized; twice makes good what a scaling of tiny or far columns has no bits to tell."""
    return replace(data, features=standardize(data.features, measure_scaling(data)))


def _part(data: Dataset, rows: Tensor) -> Dataset:
    return replace(data, features=data.features[rows], labels=data.labels[rows])


def _changing(data: Dataset) -> tuple[Dataset, list[str]]:
    """The columns that hold more than one value, and the names of the others."""
    X = data.features
    if not data.feature_names:
        raise InputError(
            f"there must be a column to learn from beside the label {data.label_name!r}, got none",
            code="own.columns",
        )
    changes = (X[:1] != X).any(0)
    if not changes.any():
        raise InputError(
            "every column holds one value only: there is nothing to learn from", code="own.still"
        )
    with_names = list(zip(data.feature_names, changes.tolist(), strict=True))
    names = tuple(name for name, kept in with_names if kept)
    return replace(data, features=X[:, changes], feature_names=names), [
        n for n, kept in with_names if not kept
    ]
