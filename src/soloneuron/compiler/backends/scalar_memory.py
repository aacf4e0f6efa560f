"""A scalar program beside the flat tensors that optimizers work on."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from soloneuron.compiler.backends.floats import make_step
from soloneuron.compiler.backends.scalar import ScalarProgram
from soloneuron.shapes import Gradient, Theta


class ScalarMemory:
    """Runs a scalar program, a sample after the other.

    Args:
        program: what runs.
        dtype: of theta and gradient; what is between them are Python's floats.

    Attributes:
        theta: the parameters, (k,).
        gradient: what the last run left, (k,).
        lanes: the largest batch so far; 0 without inputs.
    """

    def __init__(self, program: ScalarProgram, dtype: torch.dtype) -> None:
        self.program, self.dtype = program, dtype
        self.theta: Theta = torch.zeros(program.parameters, dtype=dtype)
        self.gradient: Gradient = torch.zeros(program.parameters, dtype=dtype)
        self.lanes = 0
        self._outputs: list[Any] = []
        self._step = make_step(program.source, program.tables)
        # NumPy takes a list several times faster than torch does.
        self._slopes = self.gradient.numpy()
        self._loss = torch.zeros((), dtype=dtype)
        self._value = self._loss.numpy()

    @property
    def bytes(self) -> int:
        """The memory of a step: theta, its gradient, and a float a line that runs."""
        return 2 * self.theta.numel() * self.theta.element_size() + 24 * self.program.kept

    def run(self, rows: Tensor | None, weights: Tensor | None, share: float) -> Tensor:
        """The loss at theta, a tensor that the next run writes into; the gradient is in ``gradient``.

        Args:
            rows: (m, inputs); None without inputs.
            weights: (m,) how much each sample counts, or None.
            share: what all weights are multiplied by.
        """
        theta = self.theta.tolist()
        if rows is None:
            value, slopes, *outputs = self._step(theta)
            self._outputs = outputs[0] if outputs else []
            return self._kept(value, slopes)
        self.lanes = max(self.lanes, len(rows))
        results = [self._step(theta, row) for row in rows.tolist()]
        self._outputs = [outputs for _, _, *outputs in results]
        if not self.program.varying:
            return self._kept(*results[0][:2])
        counts = [1.0] * len(rows) if weights is None else weights.tolist()
        value, total = 0.0, np.zeros(len(theta))
        for (one, slopes, *_), count in zip(results, counts, strict=True):
            value += count * share * one
            total += [count * share * slope for slope in slopes]
        return self._kept(value, total)

    def outputs(self) -> Tensor:
        """What the last run left of the outputs: (k,), or with inputs (m, k)."""
        kept = torch.tensor(self._outputs, dtype=self.dtype)
        return kept[:, 0] if self.program.inputs else kept

    def _kept(self, value: float, slopes: Any) -> Tensor:
        if self.dtype == torch.float32:
            # What float32 cannot hold is infinite there.
            with np.errstate(over="ignore"):
                self._slopes[:] = slopes
        else:
            self._slopes[:] = slopes
        self._value[()] = value
        return self._loss
