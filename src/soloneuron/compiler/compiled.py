"""Compiled: a program bound to memory, which is an Objective like the neuron."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

import numpy as np
import torch
from torch import Tensor

from soloneuron.compiler.emit import Program
from soloneuron.compiler.operations import TORCH_FUNCTIONS
from soloneuron.errors import InputError, ShapeError
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.texts import text
from soloneuron.texts.language import language

MOST_SIZES = 4
"""Batches of so many different sizes keep their memory."""


@dataclass(frozen=True)
class Report:
    """What compiling did.

    Attributes:
        nodes: Elements in the graph that came in.
        calls: calls of torch in a step.
        bytes: of memory for a step; with inputs, for a batch of ``lanes`` samples.
        lanes: the largest batch so far; 0 without inputs.
        without_influence: labels, or numbers, of the parameters that the loss does not depend on.
    """

    nodes: int
    calls: int
    bytes: int
    lanes: int
    without_influence: tuple[str, ...]

    def __str__(self) -> str:
        idle = ", ".join(self.without_influence)
        return (
            f"{self.nodes} scalar nodes in, {self.calls} torch calls out, {self.bytes} bytes"
            + (f" for {self.lanes} samples" if self.lanes else "")
            + (f"; the loss does not depend on {idle}" if idle else "")
        )


@dataclass
class Bound:
    """One size of batch with its memory."""

    step: Callable[[], None]
    loss: Tensor
    lanes: Tensor
    weight: Tensor


class Compiled:
    """The function that an Element graph computes, and its gradient.

    ``f()`` or ``f(batch)`` returns the loss at ``f.theta`` and leaves its gradient in ``f.gradient``. Both
    are flat tensors in the order of the parameters, so that an optimizer may work on ``f.theta`` in place.

    Attributes:
        theta: the parameters, (k,).
        gradient: what the last call left, (k,).
        source: the generated code.
    """

    def __init__(
        self, program: Program, start: list[float], names: tuple[str, ...], dtype: torch.dtype, reduction: str
    ) -> None:
        self.program, self.names, self.dtype, self.reduction = program, names, dtype, reduction
        self.source = program.source
        self._values = torch.zeros(program.fixed, dtype=dtype)
        self._slopes = torch.zeros(program.fixed, dtype=dtype)
        # Parameters are the first nodes, so theta is the head of the buffer that the code reads: a step in
        # place on it needs no copy.
        self._theta: Theta = self._values[: program.parameters]
        self._gradient: Gradient = self._slopes[: program.parameters]
        self._theta.copy_(torch.tensor(start, dtype=dtype))
        for varying, a, b in program.ones:
            # Ones are kept beside the values, so that a bias joins its weights in one matrix product.
            if not varying:
                self._values[a:b] = 1
        self._constants = [_tensor(array, dtype) for array in program.constants]
        self._make = _function(program.source, dtype)
        self._bound: dict[int, Bound] = {}
        self._fixed: tuple[Callable[[], None], Tensor] | None = None
        if not program.inputs:
            empty = partial(torch.empty, dtype=dtype)
            step, loss = self._make(self._values, self._slopes, self._constants, empty)
            self._fixed = step, loss

    @property
    def theta(self) -> Theta:
        """The parameters, (k,); another vector in their place is copied in."""
        return self._theta

    @theta.setter
    def theta(self, theta: Any) -> None:
        numbers = torch.as_tensor(theta, dtype=self.dtype)
        if numbers.shape != self._theta.shape:
            raise ShapeError(
                f"theta must be {tuple(self._theta.shape)}, a number a parameter, got {tuple(numbers.shape)}",
                code="compiled.theta",
                wanted=tuple(self._theta.shape),
                got=tuple(numbers.shape),
            )
        self._theta.copy_(numbers)

    @property
    def gradient(self) -> Gradient:
        """What the last call left, (k,)."""
        return self._gradient

    @property
    def weighs_lanes(self) -> bool:
        """Whether the loss varies by sample, so that weights of samples count."""
        return self.program.varying

    @property
    def report(self) -> Report:
        """What compiling did, and what memory it takes."""
        program, lanes = self.program, max(self._bound, default=0)
        numbers = 2 * program.fixed + program.scratch[0] + (2 * program.rows + program.scratch[1]) * lanes
        size = torch.finfo(self.dtype).bits // 8
        idle = tuple(self.names[i] for i in program.idle)
        constants = sum(c.numel() * c.element_size() for c in self._constants)
        return Report(program.nodes, program.calls, numbers * size + constants, lanes, idle)

    def __call__(self, batch: Any = None, weights: Any = None) -> float:
        """The loss at theta; its gradient is in ``gradient`` until the next call.

        Args:
            batch: (m, inputs) numbers, one row a sample; nothing for a graph without inputs.
            weights: (m,) how much each sample counts; None counts all alike.

        Returns:
            The loss; over a batch its mean or sum, as compiled.

        Raises:
            InputError: a batch where there are no inputs, or none where there are.
            ShapeError: a batch of another width, or weights that do not fit it.
        """
        return float(self._run(batch, weights))

    @property
    def start(self) -> Theta:
        """Where a descent begins if nobody says otherwise: a copy of ``theta``, (k,)."""
        return self.theta.clone()

    def value(self, theta: Theta, batch: Batch | None = None) -> Values:
        """The loss (...) at theta (..., k); the same call as for the gradient, which comes along."""
        return self.value_and_gradient(theta, batch)[0]

    def value_and_gradient(self, theta: Theta, batch: Batch | None = None) -> tuple[Values, Gradient]:
        """The loss (...) at theta (..., k) and its gradient: what the loop and every optimizer ask for.

        Args:
            theta: one theta, or many; ``f.theta`` is set to the last of them.
            batch: features, and labels if there is one more input than features; None without inputs.

        Returns:
            New tensors.
        """
        rows, weights = self._rows(batch)
        if theta.dim() == 1:
            # An optimizer may work on f.theta itself; then there is nothing to copy.
            if theta.data_ptr() != self.theta.data_ptr():
                self.theta.copy_(theta)
            # The next call writes into the same memory.
            return self._run(rows, weights).clone(), self.gradient.clone()
        pairs = [self.value_and_gradient(one, batch) for one in theta.reshape(-1, theta.shape[-1])]
        values, gradients = (torch.stack(side) for side in zip(*pairs, strict=True))
        return values.view(theta.shape[:-1]), gradients.view(theta.shape)

    def _rows(self, batch: Batch | None) -> tuple[Any, Any]:
        if batch is None or not isinstance(batch, Batch):
            return batch, None
        X, y, s = batch
        if X.shape[-1] == self.program.inputs:
            return X, s
        return torch.column_stack([X, y.to(X)]), s

    def _run(self, batch: Any, weights: Any) -> Tensor:
        if self._fixed is not None:
            if batch is not None:
                raise InputError("this graph has no inputs: call it without a batch", code="compiled.batch")
            step, loss = self._fixed
            step()
            return loss
        bound = self._bind(self._checked(batch), weights)
        bound.step()
        return bound.loss

    def _checked(self, batch: Any) -> Tensor:
        d = self.program.inputs
        if batch is None:
            raise InputError(
                f"this graph has {d} inputs: call it with a batch (m, {d})", code="compiled.batch"
            )
        rows = torch.as_tensor(batch, dtype=self.dtype)
        if rows.dim() != 2 or rows.shape[1] != d or not len(rows):
            raise ShapeError(
                f"a batch must be (m, {d}) with m >= 1, a column an input "
                f"({', '.join(self.names[-d:])}), got {tuple(rows.shape)}",
                code="compiled.batch",
                wanted=d,
                got=tuple(rows.shape),
            )
        return rows

    def _bind(self, rows: Tensor, weights: Any) -> Bound:
        B, d = rows.shape
        # Taken out and put back: the order of the table is the order of use.
        bound = self._bound.pop(B, None) or self._made(B)
        self._bound[B] = bound
        k = self.program.split
        # A column of the batch is a row of lanes; row k between them is the row of ones.
        bound.lanes[:k].copy_(rows[:, :k].T)
        if k < d:
            bound.lanes[k + 1 : d + 1].copy_(rows[:, k:].T)
        # Mean or sum is a matter of the weights, so that one program serves both.
        share = 1.0 if self.reduction == "sum" else 1.0 / B
        if weights is None:
            bound.weight.fill_(share)
        else:
            s = torch.as_tensor(weights, dtype=self.dtype)
            if s.shape != (B,):
                raise ShapeError(f"weights must be ({B},), got {tuple(s.shape)}", code="compiled.weights")
            torch.mul(s, share, out=bound.weight[0])
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

    def __repr__(self) -> str:
        return f"Compiled({self.report})"

    def _repr_html_(self) -> str:
        words, program = language(), self.program
        said = text(words, "views.compiled", nodes=program.nodes, calls=program.calls)
        code = text(words, "views.code")
        return (
            f'<div lang="{words}">{escape(said)}.<details><summary>{escape(code)}</summary>'
            f"<pre>{escape(self.source)}</pre></details></div>"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        state = (self.program, self.theta.tolist(), self.names, self.dtype, self.reduction)
        return Compiled, state


def _tensor(array: Any, dtype: torch.dtype) -> Tensor:
    tensor = torch.from_numpy(np.array(array, order="C"))
    return tensor.to(dtype) if array.dtype.kind == "f" else tensor


def _function(source: str, dtype: torch.dtype) -> Any:
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
