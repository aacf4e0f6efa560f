"""A program of torch bound to memory: buffers of values and gradients, and views that calls write into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from soloneuron.compiler.backends.torch import Program
from soloneuron.compiler.plan.operations import TORCH_FUNCTIONS
from soloneuron.shapes import Gradient, Theta

MOST_SIZES = 4
"""Batches of so many different sizes keep their memory."""


@dataclass
class Bound:
    """One size of batch with its memory."""

    step: Callable[[], None]
    loss: Tensor
    lanes: Tensor
    weight: Tensor


class TorchMemory:
    """Runs a program of torch.

    Args:
        program: what runs.
        dtype: of every number.

    Attributes:
        theta: the parameters, (k,).
        gradient: what the last run left, (k,).
    """

    def __init__(self, program: Program, dtype: torch.dtype) -> None:
        self.program, self.dtype = program, dtype
        self._values = torch.zeros(program.fixed, dtype=dtype)
        self._slopes = torch.zeros(program.fixed, dtype=dtype)
        # Parameters are the first nodes, so theta is the head of the buffer that the code reads: a step in
        # place on it needs no copy.
        self.theta: Theta = self._values[: program.parameters]
        self.gradient: Gradient = self._slopes[: program.parameters]
        for varying, a, b in program.ones:
            # Ones are kept beside the values, so that a bias joins its weights in one matrix product.
            if not varying:
                self._values[a:b] = 1
        self._constants = [_tensor(array, dtype) for array in program.constants]
        self._make = bind_function(program.source, dtype)
        self._bound: dict[int, Bound] = {}
        self._fixed: tuple[Callable[[], None], Tensor] | None = None
        if not program.inputs:
            empty = partial(torch.empty, dtype=dtype)
            step, loss = self._make(self._values, self._slopes, self._constants, empty)
            self._fixed = step, loss

    @property
    def lanes(self) -> int:
        """The largest batch that keeps its memory; 0 without inputs."""
        return max(self._bound, default=0)

    @property
    def bytes(self) -> int:
        """The memory of a step; with inputs, for the largest batch so far."""
        program = self.program
        numbers = (
            2 * program.fixed + program.scratch[0] + (2 * program.rows + program.scratch[1]) * self.lanes
        )
        constants = sum(c.numel() * c.element_size() for c in self._constants)
        return numbers * torch.finfo(self.dtype).bits // 8 + constants

    def run(self, rows: Tensor | None, weights: Tensor | None, share: float) -> Tensor:
        """The loss at theta, a tensor that the next run writes into; the gradient is in ``gradient``.

        Args:
            rows: (m, inputs); None without inputs.
            weights: (m,) how much each sample counts, or None.
            share: what all weights are multiplied by.
        """
        if rows is None:
            assert self._fixed is not None
            step, loss = self._fixed
            step()
            return loss
        bound = self._bind(rows)
        # Mean or sum is a matter of the weights, so that one program serves both.
        if weights is None:
            bound.weight.fill_(share)
        else:
            torch.mul(weights, share, out=bound.weight[0])
        bound.step()
        return bound.loss

    def outputs(self) -> Tensor:
        """What the last run left of the outputs: (k,), or with inputs (m, k)."""
        places = self.program.outputs
        if not self.program.inputs:
            return torch.stack([self._values[place] for _, place in places])
        # The batch that was used last stands last.
        bound = self._bound[next(reversed(self._bound))]
        rows = bound.lanes.shape[1]
        columns = (
            bound.lanes[place] if varying else self._values[place].expand(rows) for varying, place in places
        )
        return torch.stack(list(columns), 1)

    def _bind(self, rows: Tensor) -> Bound:
        B, d = rows.shape
        # Taken out and put back: the order of the table is the order of use.
        bound = self._bound.pop(B, None) or self._made(B)
        self._bound[B] = bound
        k = self.program.split
        # A column of the batch is a row of lanes; row k between them is the row of ones.
        bound.lanes[:k].copy_(rows[:, :k].T)
        if k < d:
            bound.lanes[k + 1 : d + 1].copy_(rows[:, k:].T)
        return bound

    def _made(self, B: int) -> Bound:
        """Memory for batches of this size; the size that was used longest ago makes room."""
        while len(self._bound) >= MOST_SIZES:
            del self._bound[next(iter(self._bound))]
        lanes, slopes = (torch.zeros(self.program.rows, B, dtype=self.dtype) for _ in range(2))
        for varying, a, b in self.program.ones:
            if varying:
                lanes[a:b] = 1
        weight = torch.empty(1, B, dtype=self.dtype)
        empty = partial(torch.empty, dtype=self.dtype)
        step, loss = self._make(self._values, self._slopes, lanes, slopes, weight, self._constants, empty, B)
        return Bound(step, loss, lanes, weight)


def _tensor(array: Any, dtype: torch.dtype) -> Tensor:
    tensor = torch.from_numpy(np.array(array, order="C"))
    return tensor.to(dtype) if array.dtype.kind == "f" else tensor


def bind_function(source: str, dtype: torch.dtype) -> Any:
    """The function ``bind`` that a program's text defines."""
    namespace: dict[str, Any] = {name: getattr(torch, name) for name in TORCH_FUNCTIONS}
    namespace |= {
        "zero": torch.zeros((), dtype=dtype),
        "one": torch.ones((), dtype=dtype),
        "nan": float("nan"),
        "inf": float("inf"),
        "greatest": torch.finfo(dtype).max,
    }
    # The text was written by ``emit``: names of torch, of buffers and numbers, nothing that a user typed.
    exec(compile(source, "<compiled graph>", "exec"), namespace)
    return namespace["bind"]
