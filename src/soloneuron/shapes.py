"""Named tensor types: the nouns of the formulas, with their shapes.

The letters are those of the glossary (docs/en/glossary.md): n rows, d features, K records, E epochs,
and ``...`` for leading run axes, so that one run is a sweep of one. Labels and weights belong to rows.
"""

from __future__ import annotations

from typing import TypeAlias

from torch import Tensor

Features: TypeAlias = Tensor
"""X (n, d): one row an example."""

Labels: TypeAlias = Tensor
"""y (n,): numbers in [0, 1]."""

Logits: TypeAlias = Tensor
"""z (..., n): the weighted sum before the sigmoid."""

Probabilities: TypeAlias = Tensor
"""p (..., n): sigmoid(z)."""

RowWeights: TypeAlias = Tensor
"""s (n,): how much a row counts; mean 1 inside the library."""

Theta: TypeAlias = Tensor
"""theta (..., d+1) or (..., d): the weights, then the bias if there is one."""

Gradient: TypeAlias = Tensor
"""g, the shape of theta."""

Values: TypeAlias = Tensor
"""One number a run, shape (...)."""
