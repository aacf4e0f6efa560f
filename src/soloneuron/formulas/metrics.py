"""How good a finished neuron is: the numbers people quote, as scikit-learn has them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from soloneuron.shapes import Labels, Logits, Probabilities, RowWeights, Values

LEARNED_ACCURACY = 0.95
"""The accuracy that counts as learned where steps are counted."""

NEAR_LOWEST = 0.01
"""A loss this close above the lowest counts as reached."""


def accuracy(z: Logits, y: Labels, weight: RowWeights | None = None) -> Values:
    """The share of rows on the right side, sum s [(z > 0) == (y > 1/2)] / sum s.

    Args:
        z: logits (..., n).
        y: labels (n,) in [0, 1]; a soft label counts as the class it is nearer to.
        weight: how much each row counts, (n,) or (runs..., n), >= 0; None counts all alike.

    Returns:
        Shares in [0, 1], shape (...). z = 0 is class 0, as in scikit-learn.

    Example:
        >>> accuracy(torch.tensor([2.0, -1.0]), torch.tensor([1.0, 1.0])).item()
        0.5
    """
    right = ((z > 0) == (y > 0.5)).to(z.dtype)
    if weight is None:
        return right.mean(-1)
    return (right * weight).sum(-1) / weight.sum(-1)


@dataclass(frozen=True)
class Metrics:
    """What scikit-learn says of predicted probabilities.

    Attributes:
        accuracy: share of rows on the right side of 1/2, in [0, 1].
        log_loss: mean negative log-likelihood in nats, >= 0.
        brier: mean squared error of the probability, in [0, 1].
        roc_auc: chance that a row of class 1 is ranked above one of class 0; None when one class is missing.
        calibration_error: expected distance of predicted from observed frequency over equally wide bins,
            in [0, 1].
    """

    accuracy: float
    log_loss: float
    brier: float
    roc_auc: float | None
    calibration_error: float


def metrics(p: Probabilities, y: Labels, weight: RowWeights | None = None, *, bins: int = 10) -> Metrics:
    """Score predicted probabilities against hard labels.

    Args:
        p: probabilities of class 1, (n,).
        y: labels, (n,), 0 or 1.
        weight: how much each row counts, (n,); None counts all alike.
        bins: how many equally wide bins of p the calibration error averages over.

    Returns:
        The five numbers. The log loss clips p by the machine epsilon, as scikit-learn does.

    Source: Brier, Monthly Weather Review 78 (1950); Naeini, Cooper and Hauskrecht, AAAI (2015) for the
    calibration error.

    Example:
        >>> metrics(torch.tensor([0.9, 0.2]), torch.tensor([1.0, 0.0])).roc_auc
        1.0
    """
    p, y = p.double(), y.double()
    share = torch.full_like(p, 1 / len(p)) if weight is None else weight.double() / weight.double().sum()
    truth = y > 0.5
    epsilon = torch.finfo(p.dtype).eps
    answered = torch.where(truth, p, 1 - p).clamp(min=epsilon, max=1 - epsilon)
    return Metrics(
        accuracy=float(share[(p > 0.5) == truth].sum()),
        log_loss=-float(share @ answered.log()),
        brier=float(share @ (p - truth.double()).square()),
        roc_auc=_roc_auc(p, truth, share),
        calibration_error=calibration_error(p, y, weight, bins=bins),
    )


def _roc_auc(p: Tensor, truth: Tensor, share: Tensor) -> float | None:
    """The chance that a row of class 1 stands above one of class 0, ties by half; None for one class."""
    values, place = p.unique(return_inverse=True)
    zeros, ones = (torch.zeros_like(values).index_add_(0, place[own], share[own]) for own in (~truth, truth))
    pairs = float(zeros.sum() * ones.sum())
    return float(ones @ (zeros.cumsum(0) - zeros / 2)) / pairs if pairs else None


def calibration_error(
    p: Probabilities, y: Labels, weight: RowWeights | None = None, *, bins: int = 10
) -> float:
    """The expected distance of predicted from observed frequency over equally wide bins, in [0, 1].

    Args:
        p: probabilities of class 1, (n,).
        y: labels, (n,).
        weight: how much each row counts, (n,); None counts all alike.
        bins: how many.

    Example:
        >>> round(calibration_error(torch.tensor([0.9, 0.2]), torch.tensor([1.0, 0.0])), 4)
        0.15
    """
    p, y = p.double(), y.double()
    share = torch.full_like(p, 1 / len(p)) if weight is None else weight.double() / weight.sum()
    place = (p * bins).long().clamp(max=bins - 1)
    gap = torch.zeros(bins, dtype=p.dtype).index_add_(0, place, share * (p - y))
    return float(gap.abs().sum())
