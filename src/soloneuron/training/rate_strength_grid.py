"""A grid of learning rates and strengths of a penalty, and its best point."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from soloneuron.errors import InputError
from soloneuron.formulas.penalties import Penalty, as_penalty
from soloneuron.training.estimator_parameters import as_axis

ALPHAS = tuple(10.0**power for power in range(-6, 2))
"""Strengths that are tried where neither strengths nor rates are given."""


@dataclass(frozen=True, eq=False)
class RateStrengthGrid:
    """Rates x strengths, by the names that ``NeuronClassifier`` gives them.

    Attributes:
        learning_rates: (rates,); a single NaN where the rate is left to the optimizer.
        alphas: (strengths,); a single NaN where there is no penalty.
        penalty: what the strengths are strengths of: a name, a Penalty, or None for ``"l2"``.

    Example:
        >>> grid = RateStrengthGrid.read([0.1, 1.0], None, None)
        >>> grid.points(), grid.best(np.array([[[-0.5, -0.7]], [[-0.3, -0.1]]]))
        ([{'learning_rate': 0.1}, {'learning_rate': 1.0}], (1, -0.2))
        >>> RateStrengthGrid.read(None, [0.1], "l1").penalty_of(0.1)
        L1(strength=0.1)
    """

    learning_rates: np.ndarray
    alphas: np.ndarray
    penalty: Any

    @staticmethod
    def read(learning_rates: Any, alphas: Any, penalty: Any) -> RateStrengthGrid:
        """The grid of what was given.

        Args:
            learning_rates: finite numbers > 0, or None.
            alphas: finite numbers >= 0; None is ``ALPHAS`` where nothing else is given, else the strength of
                the penalty.
            penalty: a name, a Penalty, or None.

        Raises:
            InputError: an axis without numbers, or one out of range.
        """
        rates = as_axis("learning_rates", learning_rates, above=True)
        strengths = as_axis("alphas", alphas, above=False)
        if rates is None and strengths is None and penalty is None:
            strengths = ALPHAS
        if strengths is None and penalty is not None:
            own = as_penalty(penalty)
            strengths = None if own is None else (float(own.strength),)
        tried, strong = (np.array([np.nan] if axis is None else axis) for axis in (rates, strengths))
        return RateStrengthGrid(tried, strong, penalty)

    def points(self) -> list[dict[str, float]]:
        """What each point is called, rates x strengths."""
        pairs = product(self.learning_rates.tolist(), self.alphas.tolist())
        named = [dict(zip(("learning_rate", "alpha"), pair, strict=True)) for pair in pairs]
        return [{name: value for name, value in point.items() if not np.isnan(value)} for point in named]

    def penalty_of(self, alpha: Any) -> Penalty | None:
        """The penalty of a strength, one or (runs..., 1); None without a penalty."""
        if isinstance(self.penalty, Penalty):
            return replace(self.penalty, strength=alpha)
        return as_penalty(self.penalty or "l2", alpha)

    @staticmethod
    def best(scores: np.ndarray) -> tuple[int, float]:
        """The first of the points with the largest mean score, and that score.

        Args:
            scores: (rates, strengths, folds); -inf where there is none.

        Raises:
            InputError: no point has a finite score in every fold.
        """
        means = scores.mean(-1)
        if not np.isfinite(means.max()):
            raise InputError(
                "one point of the grid at least must have a finite score in every fold, got none: take "
                "smaller learning_rates, larger folds or another scoring",
                code="scores.finite",
            )
        best = int(means.argmax())
        return best, float(means.flat[best])
