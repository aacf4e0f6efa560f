"""What experiments measure by: the optimum, the classes parted, the counts until a target."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count, islice
from typing import Any

import torch
from torch import Tensor

from soloneuron.experiments.base import shared
from soloneuron.formulas.curvature import curvatures
from soloneuron.formulas.newton import newton_points
from soloneuron.neuron import Neuron
from soloneuron.optimizers.base import Optimizer, ValueAndGradient
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.shapes import Theta
from soloneuron.texts.phrases import Phrase
from soloneuron.training.loop import Update, updates
from soloneuron.training.plan import State
from soloneuron.training.prepare import prepare
from soloneuron.training.separability import separable


def optimum(data: Dataset, neuron: Neuron | None = None, *, steps: int = 60) -> Tensor:
    """The theta where a convex loss is least, by Newton's method with halved steps; a measuring tool only.

    Example:
        >>> from soloneuron.data.synthetic import make_blobs
        >>> theta = optimum(make_blobs(60, seed=0))
        >>> theta.shape
        torch.Size([3])
    """
    neuron, batch = neuron or Neuron(), whole_batch(data)
    theta = torch.zeros(data.features.shape[1] + neuron.bias, dtype=torch.float64)
    points = newton_points(
        theta,
        value=partial(neuron.value, batch=batch),
        value_and_gradient=partial(neuron.value_and_gradient, batch=batch),
        hessian=partial(neuron.hessian, batch=batch),
    )
    # The start, and so many points after it.
    for best, gradient in islice(points, steps + 1):
        theta = best
        if float(torch.linalg.vector_norm(gradient)) < 1e-13:
            break
    return theta


def has_optimum(data: Dataset) -> bool:
    """Whether the likelihood of standardized rows has one finite optimum, with a curvature that is felt."""
    theta, neuron, batch = optimum(data), Neuron(), whole_batch(data)
    _, gradient = neuron.value_and_gradient(theta, batch)
    bend = curvatures(neuron.hessian(theta, batch))[0]
    return float(torch.linalg.vector_norm(gradient)) < 1e-8 < float(bend)


def is_separable(data: Dataset) -> bool:
    """Whether a line parts the classes without an error, be the columns hundreds."""
    z = Neuron().logits(optimum(data), data.features)
    return bool((z * (2 * data.labels - 1) > 0).all()) or separable(prepare(data, epochs=0).plan)


def whole_batch(data: Dataset) -> Batch:
    """All rows as one batch."""
    return Batch(data.features, data.labels)


def updates_on(
    neuron: Neuron, rule: Optimizer, theta: Theta, batch_of: Callable[[int], Batch]
) -> Iterator[Update]:
    """The updates of a rule on rows that are drawn for each.

    Args:
        neuron: the loss.
        rule: what moves theta.
        theta: where to start, (runs..., d+1).
        batch_of: the number of an update, from 0 -> its rows.
    """

    def evaluation(update: int) -> ValueAndGradient:
        return partial(neuron.value_and_gradient, batch=batch_of(update))

    return updates(rule, State(0, theta), evaluation)


def side_by_side(
    neuron: Neuron, rules: Sequence[Optimizer], start: Theta, batch_of: Callable[[int], Batch]
) -> Iterator[tuple[Theta, Tensor]]:
    """The updates of several rules on the same rows: one evaluation an update answers all of them.

    Args:
        neuron: the loss.
        rules: each wants the gradient at theta.
        start: where each starts, (runs..., d+1).
        batch_of: the number of an update, from 0 -> its rows.

    Yields:
        Theta after an update, (rules, runs..., d+1), which the next one changes, and the values that the
        update met, (rules, runs...).

    Example:
        >>> from soloneuron.data.assignment import assignment_data
        >>> from soloneuron.optimizers import Adagrad, GradientDescent
        >>> rows, start = whole_batch(assignment_data()), torch.zeros(3, dtype=torch.float64)
        >>> both = side_by_side(Neuron(), [GradientDescent(), Adagrad()], start, lambda _: rows)
        >>> next(both)[0].shape
        torch.Size([2, 3])
    """
    theta = start.repeat(len(rules), *[1] * start.dim())
    states = [rule.start(own) for rule, own in zip(rules, theta, strict=True)]
    for update in count():
        value, gradient = neuron.value_and_gradient(theta, batch_of(update))
        for rule, own, g, state in zip(rules, theta, gradient, states, strict=True):
            rule.step(own, g, state)
        yield theta, value


def run_column(values: Any) -> Tensor:
    """One number a run, (R, 1)."""
    return torch.tensor(list(values), dtype=torch.float64)[:, None]


def count_phrase(value: float, most: float, unit: str) -> Phrase:
    """A count of ``steps``, ``epochs``, ``updates``, ``rows`` or ``evaluations``; or more than were made."""
    if math.isfinite(value):
        return shared(f"counted.{unit}", count=value)
    return shared(f"beyond.{unit}", count=most)


def finite_or_none(value: float) -> float | None:
    """The number, or None for a table's dash."""
    return value if math.isfinite(value) else None
