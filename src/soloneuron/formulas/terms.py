"""Further terms of a neuron in the plane: functions of its two features, each with a weight of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from soloneuron.shapes import Features


class NeuronTerm(NamedTuple):
    """One further column.

    Attributes:
        title: how a picture names it.
        formula: of both features, each (n,).
    """

    title: str
    formula: Callable[[Tensor, Tensor], Tensor]


TERMS: Mapping[str, NeuronTerm] = {
    "x1x1": NeuronTerm("x₁²", lambda x1, _: x1 * x1),
    "x2x2": NeuronTerm("x₂²", lambda _, x2: x2 * x2),
    "x1x2": NeuronTerm("x₁x₂", lambda x1, x2: x1 * x2),
    "sinx1": NeuronTerm("sin x₁", lambda x1, _: torch.sin(x1)),
    "sinx2": NeuronTerm("sin x₂", lambda _, x2: torch.sin(x2)),
}
"""Every further term by its name, which is that of its column too."""


def with_terms(features: Features, terms: Iterable[str]) -> Features:
    """The first two columns, and a column for each further term.

    Formula: (x1, x2) -> (x1, x2, t1(x1, x2), t2(x1, x2), ...), so that w . x = 0 may be a curve of the plane.

    Args:
        features: (n, 2) or more; what stands behind the first two columns is left out.
        terms: names of ``TERMS``.

    Returns:
        (n, 2 + terms).

    Example:
        >>> with_terms(torch.tensor([[2.0, -1.0]]), ["x1x1", "x1x2"]).tolist()
        [[2.0, -1.0, 4.0, -2.0]]
    """
    x1, x2 = features[:, 0], features[:, 1]
    return torch.stack([x1, x2, *(TERMS[name].formula(x1, x2) for name in terms)], 1)


def terms_of(features: Features, names: Sequence[str]) -> tuple[str, ...] | None:
    """The further terms that stand behind the first two of some columns; None where something else does.

    Args:
        features: (n, d).
        names: of the columns, d.

    Example:
        >>> rows = with_terms(torch.tensor([[2.0, -1.0], [0.5, 3.0]]), ["x1x2"])
        >>> terms_of(rows, ["width", "height", "x1x2"]), terms_of(rows, ["width", "height", "x1x1"])
        (('x1x2',), None)
    """
    terms = tuple(names[2:])
    if len(names) < 2 or not set(terms) <= set(TERMS):
        return None
    return terms if torch.allclose(with_terms(features, terms), features) else None
