"""A gradient beside the scale of the data: what it is worth, whatever the units of the columns."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.data.arrays import is_hard
from soloneuron.formulas.columns import ColumnMoments
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Labels, Logits
from soloneuron.training.measures import slopes_at
from soloneuron.training.plan import Plan
from soloneuron.training.row_parts import parts_of, share_of
from soloneuron.training.run_axes import of_runs

UNEVEN = 100.0
"""Columns whose scales differ by more than this explain why a run is slow or wild."""

ROUNDINGS = 64
"""So many roundings of a residual are no gradient."""


class Untrained(NamedTuple):
    """What weights of 0 cost, (R,) each.

    Attributes:
        value: the mean loss.
        slope: the root mean square of the loss's derivative by the logit.
    """

    value: Tensor
    slope: Tensor


class Reach(NamedTuple):
    """What the gradient at the end of R runs says, (R,) each.

    Attributes:
        steepness: the largest slope along a column of deviation 1, as a share of ``Untrained.slope``, what
            rounding may have made taken off: at most about 1, and the same in all units.
        gain: by how much the objective can fall along one column at least; 0 where that is not known.
        column: the scale of that column.
        slope: the root mean square of the loss's derivative by the logit, as a share of ``Untrained.slope``.
    """

    steepness: Tensor
    gain: Tensor
    column: Tensor
    slope: Tensor


def untrained(plan: Plan) -> Untrained:
    """The loss of weights that are all 0: no pass over the features, and no penalty."""
    neuron, data = plan.objective, plan.data
    assert isinstance(neuron, Neuron), "only a neuron has a loss"
    assert data is not None, "a neuron has rows"
    loss = neuron.loss
    value = _mean_at_zero(loss.value, data)
    square = _mean_at_zero(lambda z, y: loss.derivative(z, y).square(), data)
    return Untrained(_each(plan, value), _each(plan, square).sqrt())


def untrained_loss(neuron: Neuron, rows: Batch) -> float:
    """The mean loss of rows of one run where all weights are 0, which no penalty adds to.

    Example:
        >>> rows = Batch(torch.zeros(2, 1), torch.tensor([0.0, 1.0]))
        >>> round(untrained_loss(Neuron(), rows), 4)
        0.6931
    """
    return float(_mean_at_zero(neuron.loss.value, rows))


def _mean_at_zero(of: Callable[[Logits, Labels], Logits], rows: Batch) -> Tensor:
    """The mean over the rows of something of logits that are all 0, (1,) or one for each set of weights."""
    means = [_part_at_zero(of, part) * share_of(part, rows) for part in parts_of(rows)]
    return means[0] if len(means) == 1 else torch.stack(means).sum(0)


def _part_at_zero(of: Callable[[Logits, Labels], Logits], rows: Batch) -> Tensor:
    y, s = rows.labels, rows.weights
    if is_hard(y) and (s is None or s.dim() == 1):
        # Two values say all.
        low, high = of(y.new_zeros(2), y.new_tensor([0.0, 1.0])).double()
        ones = y.double().mean() if s is None else (y * s).double().mean()
        zeros = 1 - ones if s is None else s.double().mean() - ones
        mean: Tensor = low * zeros + high * ones
        return mean[None]
    if s is None:
        return of(torch.zeros_like(y), y).double().mean()[None]
    return s.double().reshape(-1, len(y)) @ of(torch.zeros_like(y), y).double() / len(y)


def best_constant(plan: Plan) -> float:
    """The least mean loss of one answer for all rows; what weights of 0 cost where labels are shares."""
    neuron, data = plan.objective, plan.data
    assert isinstance(neuron, Neuron), "only a neuron has a loss"
    assert data is not None, "a neuron has rows"
    if not is_hard(data.labels) or (data.weights is not None and data.weights.dim() > 1):
        return float(untrained(plan).value.amin())
    ones = sum(_ones(part) * share_of(part, data) for part in parts_of(data))
    z = torch.linspace(-30, 30, 601, dtype=torch.float64)
    cost = ones * neuron.loss.value(z, torch.ones_like(z))
    return float((cost + (1 - ones) * neuron.loss.value(z, torch.zeros_like(z))).amin())


def _ones(part: Batch) -> float:
    """The weighted share of class 1."""
    y, s = part.labels.double(), part.weights
    return float(y.mean() if s is None else (y * s).mean())


def scales_of(moments: ColumnMoments, *, bias: bool) -> tuple[float, float]:
    """The least and the largest scale of what theta multiplies: columns, and the 1 of a bias.

    A column is as small as its deviation where there is a bias to take up its mean, and as large as its root
    mean square; columns of one value do not count as small.
    """
    spread = moments.deviation if bias else moments.root_mean_square
    varying = spread[spread > 1e-12 * moments.root_mean_square]
    one = [1.0] if bias else []
    least = min([*varying.tolist(), *one], default=1.0)
    return least, max([*moments.root_mean_square.tolist(), *one, least])


def reach(plan: Plan, theta: Tensor, end: Tensor, start: Untrained) -> Reach:
    """What the gradient at the last thetas says, in one more pass over the rows.

    Formula: along (e_j, -mean_j) in weights and bias, whose logits have mean 0 and deviation d_j, the slope
    is h_j = g_j - mean_j g_b, and |h_j| <= d_j rms(dloss/dz); steepness = max |h_j| / (d_j slope_0). A step
    along it gains h_j^2 / (2 c d_j^2) at least, where c bounds the second derivative of the loss.

    Args:
        plan: the job of a neuron.
        theta: (R, k).
        end: the objective there, (R,).
        start: of the same plan.

    Returns:
        The Reach.
    """
    neuron = plan.objective
    assert isinstance(neuron, Neuron), "only a neuron has columns"
    gradient, slope = slopes_at(neuron, theta.view(1, *plan.runs, theta.shape[-1]), plan.data)
    g, slope = gradient.reshape(theta.shape).double(), slope.reshape(-1).double()
    moments, biased = plan.moments, _biased(plan)
    size = moments.deviation if biased else moments.root_mean_square
    alive = size > 1e-12 * moments.root_mean_square
    d = torch.where(alive, size, 1.0)
    h = (g[:, :-1] - moments.mean * g[:, -1:] if biased else g) / d
    rounding = ROUNDINGS * torch.finfo(theta.dtype).eps * slope[:, None]
    h = (h.abs() - rounding * moments.root_mean_square / d).clamp(min=0) * alive
    held = 0.0 if neuron.penalty is None else float(torch.as_tensor(neuron.penalty.curvature).min())
    smooth = neuron.penalty is None or neuron.penalty.smooth
    bend = neuron.loss.curvature if neuron.loss.curvature < math.inf else end.double().clamp(min=1.0)[:, None]
    gain = h.square() / (2 * (bend + held * (1 + moments.mean.square() * biased) / d / d))
    if biased:
        h = torch.cat([h, (g[:, -1:].abs() - rounding).clamp(min=0)], 1)
        own = held if neuron.penalty is not None and neuron.penalty.penalize_bias else 0.0
        gain, d = torch.cat([gain, h[:, -1:].square() / (2 * (bend + own))], 1), torch.cat([d, d.new_ones(1)])
    if not h.shape[1]:
        none = torch.zeros_like(slope)
        return Reach(none, none, none, slope / start.slope)
    best, column = gain.max(1)
    tiny = torch.finfo(torch.float64).tiny
    steepness = h.amax(1) / start.slope.clamp(min=tiny)
    return Reach(steepness, best * smooth, d[column], slope / start.slope.clamp(min=tiny))


def _biased(plan: Plan) -> bool:
    return isinstance(plan.objective, Neuron) and plan.objective.bias


def _each(plan: Plan, numbers: Tensor) -> Tensor:
    """One number a run, (R,), from one for all of them or one for each set of row weights."""
    s = None if plan.data is None else plan.data.weights
    if s is None or s.dim() == 1:
        return numbers.expand(math.prod(plan.runs))
    return of_runs(numbers.view(*s.shape[:-1], 1), plan.runs, slice(None))[:, 0]
