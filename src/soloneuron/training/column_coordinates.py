"""In which coordinates rules look at the columns of rows, by as few of the rows as tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch

from soloneuron.formulas.columns import ColumnMoments, column_moments
from soloneuron.formulas.coordinates import Coordinates
from soloneuron.formulas.sparse import is_sparse
from soloneuron.neuron import Neuron
from soloneuron.shapes import Features, RowWeights

FEW_ROWS = 64
"""So many rows show whether a column lies far from 0 or is beyond all measure."""

MOST_SPREADS = 1e4
"""From a column so many times its spread away from 0 second derivatives lose half of their digits."""

HUGE = 1e70
"""Second derivatives of columns within this factor of 1, and their products, stay in the range."""

ENOUGH_ROWS = 4_096
"""Of so many rows mean and deviation are known to a few hundredths of the deviation."""


def rough_moments(
    X: Features, weights: RowWeights | None, moments: Callable[[], ColumnMoments]
) -> ColumnMoments:
    """Of rows at even distances, enough to choose coordinates by; of all where a column needs it.

    Args:
        X: (n, d).
        weights: (n,), or None.
        moments: finds those of all rows.
    """
    stride = len(X) // ENOUGH_ROWS
    if stride < 2 or is_sparse(X):
        return moments()
    rough = column_moments(X[::stride], None if weights is None else weights[::stride])
    # A column that varies nowhere among these rows may do so elsewhere.
    return rough if bool((rough.deviation > 0).all()) else moments()


def hessian_coordinates(
    neuron: Neuron, X: Features, moments: Callable[[], ColumnMoments]
) -> Coordinates | None:
    """By which to take second derivatives: None where theta itself leaves them their digits.

    Args:
        neuron: what is differentiated.
        X: (n, d).
        moments: finds those that coordinates are chosen by.
    """
    if is_sparse(X) or not len(X) or not X.shape[1]:
        return None
    some = X[:: max(1, len(X) // FEW_ROWS)]
    low, high = torch.aminmax(some, dim=0)
    size = torch.maximum(high, -low).double()
    # A column that does not vary among these is looked at with all the others.
    outside = (size > MOST_SPREADS * (high.double() - low)) | (size > HUGE) | (size < 1 / HUGE)
    if not bool((outside & (size > 0)).any()):
        return None
    known = moments()
    found = neuron.coordinates_of(known)
    # Of a constant column nothing would be left but rounding: it shares with the bias as it is.
    return replace(found, mean=found.mean * known.varied)
