"""The numbers people quote, of rows that come in parts: sums, and for the ranks two lists on disk."""

from __future__ import annotations

import numpy as np
import torch

from soloneuron.formulas.metrics import Metrics
from soloneuron.formulas.tiled import NumberSpace
from soloneuron.shapes import Labels, Probabilities

RANKED_AT_ONCE = 1 << 16
"""Probabilities whose ranks are looked up together."""


class StreamedMetrics:
    """``metrics`` of hard labels, given a part of the rows after another; the last digits may be others.

    Args:
        counts: how many rows of class 0 and of class 1 there are.
        space: for their probabilities.
        bins: as for ``metrics``.

    Example:
        >>> streamed = StreamedMetrics((1, 1), lambda count, dtype: torch.empty(count, dtype=dtype))
        >>> streamed.add(torch.tensor([0.25, 0.75]), torch.tensor([0.0, 1.0]))
        >>> streamed.metrics().roc_auc
        1.0
    """

    def __init__(self, counts: tuple[int, int], space: NumberSpace, *, bins: int = 10) -> None:
        self._lists = tuple(space(count, torch.float64) for count in counts)
        self._filled, self._bins = [0, 0], bins
        self._right, self._log, self._square = 0, 0.0, 0.0
        self._gaps = torch.zeros(bins, dtype=torch.float64)

    def add(self, p: Probabilities, y: Labels) -> None:
        """Some rows: probabilities of class 1, (m,), and labels 0 or 1, (m,)."""
        p, truth = p.double(), y > 0.5
        self._right += int(((p > 0.5) == truth).sum())
        # scikit-learn clips by the precision that probabilities came in; here they are in 64 bits.
        epsilon = torch.finfo(torch.float64).eps
        answered = torch.where(truth, p, 1 - p).clamp(min=epsilon, max=1 - epsilon)
        self._log -= float(answered.log().sum())
        self._square += float((p - y).square().sum())
        place = (p * self._bins).long().clamp(max=self._bins - 1)
        self._gaps.index_add_(0, place, p - y)
        for label in (0, 1):
            own = p[truth == bool(label)]
            start = self._filled[label]
            self._lists[label][start : start + len(own)] = own
            self._filled[label] += len(own)

    def metrics(self) -> Metrics:
        """The five numbers of all rows."""
        rows = sum(self._filled)
        return Metrics(
            accuracy=self._right / rows,
            log_loss=self._log / rows,
            brier=self._square / rows,
            roc_auc=self._roc_auc() if all(self._filled) else None,
            calibration_error=float(self._gaps.abs().sum()) / rows,
        )

    def _roc_auc(self) -> float:
        """The chance that a row of class 1 stands above one of class 0, ties by half; sorts in place."""
        zeros, ones = (own[:filled].numpy() for own, filled in zip(self._lists, self._filled, strict=True))
        zeros.sort()
        above = 0.0
        for start in range(0, len(ones), RANKED_AT_ONCE):
            part = ones[start : start + RANKED_AT_ONCE]
            below = [np.searchsorted(zeros, part, side).sum(dtype=np.float64) for side in ("left", "right")]
            above += float(sum(below)) / 2
        return above / (len(zeros) * len(ones))
