"""Compiled: a program bound to memory, which is an Objective like the neuron."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import torch
from torch import Tensor

from soloneuron.compiler.backends.scalar import ScalarProgram
from soloneuron.compiler.backends.scalar_memory import ScalarMemory
from soloneuron.compiler.backends.torch import Program
from soloneuron.compiler.backends.torch_memory import TorchMemory
from soloneuron.errors import InputError, ShapeError
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Gradient, Theta, Values
from soloneuron.texts import text
from soloneuron.texts.language import language

_MADE = {"torch": "torch calls", "scalar": "lines of Python"}


@dataclass(frozen=True)
class Report:
    """What compiling did.

    Attributes:
        nodes: Elements in the graph that came in.
        backend: what runs it: ``"torch"`` or ``"scalar"``.
        calls: calls of torch in a step, or lines of Python.
        bytes: of memory for a step; with inputs, for a batch of ``lanes`` samples.
        lanes: the largest batch so far; 0 without inputs.
        without_influence: labels, or numbers, of the parameters that the loss does not depend on.
    """

    nodes: int
    backend: str
    calls: int
    bytes: int
    lanes: int
    without_influence: tuple[str, ...]

    def __str__(self) -> str:
        idle = ", ".join(self.without_influence)
        return (
            f"{self.nodes} scalar nodes in, {self.calls} {_MADE[self.backend]} out, {self.bytes} bytes"
            + (f" for {self.lanes} samples" if self.lanes else "")
            + (f"; the loss does not depend on {idle}" if idle else "")
        )


def numeric_tensor(given: Any, name: str, dtype: torch.dtype) -> Tensor:
    """What was given, as a tensor.

    Raises:
        InputError: it is no table of numbers.
    """
    try:
        return torch.as_tensor(given, dtype=dtype)
    except (TypeError, ValueError, RuntimeError) as error:
        kind = type(given).__name__
        if name == "batch":
            raise InputError(
                f"batch must be numbers, in rows of equal length, got {kind}", code="compiled.batch"
            ) from error
        raise InputError(f"{name} must be numbers, got {kind}", code=f"compiled.{name}") from error


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
        self,
        program: Program | ScalarProgram,
        start: list[float],
        names: tuple[str, ...],
        dtype: torch.dtype,
        reduction: str,
    ) -> None:
        self.program, self.names, self.dtype, self.reduction = program, names, dtype, reduction
        self.source = program.source
        self._called = False
        self._memory: TorchMemory | ScalarMemory
        if isinstance(program, ScalarProgram):
            self._memory = ScalarMemory(program, dtype)
        else:
            self._memory = TorchMemory(program, dtype)
        self._theta, self._gradient = self._memory.theta, self._memory.gradient
        self._theta.copy_(torch.tensor(start, dtype=dtype))

    @property
    def theta(self) -> Theta:
        """The parameters, (k,); another vector in their place is copied in."""
        return self._theta

    @theta.setter
    def theta(self, theta: Any) -> None:
        numbers = numeric_tensor(theta, "theta", self.dtype)
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
    def outputs(self) -> Tensor:
        """The outputs as the last call left them, a copy: (k,), or with inputs (m, k).

        Raises:
            InputError: there are none, or there was no call.
        """
        if not self.program.outputs:
            raise InputError(
                "this function keeps no outputs: name them when compiling, outputs=[...]",
                code="compiled.outputs",
            )
        if not self._called:
            raise InputError(
                "outputs are those of the last call: call the function first", code="compiled.call"
            )
        return self._memory.outputs()

    @property
    def weighs_lanes(self) -> bool:
        """Whether the loss varies by sample, so that weights of samples count."""
        return self.program.varying

    @property
    def report(self) -> Report:
        """What compiling did, and what memory it takes."""
        program, memory = self.program, self._memory
        idle = tuple(self.names[i] for i in program.idle)
        if isinstance(program, ScalarProgram):
            return Report(program.nodes, "scalar", program.lines, memory.bytes, memory.lanes, idle)
        return Report(program.nodes, "torch", program.calls, memory.bytes, memory.lanes, idle)

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
        if not self.program.inputs:
            if batch is not None:
                raise InputError("this graph has no inputs: call it without a batch", code="compiled.batch")
            self._called = True
            return self._memory.run(None, None, 1.0)
        rows = self._checked(batch)
        share = 1.0 if self.reduction == "sum" else 1.0 / len(rows)
        counts = self._weights(weights, len(rows))
        self._called = True
        return self._memory.run(rows, counts, share)

    def _weights(self, weights: Any, rows: int) -> Tensor | None:
        if weights is None:
            return None
        s = numeric_tensor(weights, "weights", self.dtype)
        if s.shape != (rows,):
            raise ShapeError(f"weights must be ({rows},), got {tuple(s.shape)}", code="compiled.weights")
        return s

    def _checked(self, batch: Any) -> Tensor:
        d = self.program.inputs
        if batch is None:
            raise InputError(
                f"this graph has {d} inputs: call it with a batch (m, {d})", code="compiled.batch"
            )
        rows = numeric_tensor(batch, "batch", self.dtype)
        if rows.dim() != 2 or rows.shape[1] != d or not len(rows):
            raise ShapeError(
                f"a batch must be (m, {d}) with m >= 1, a column an input "
                f"({', '.join(self.names[-d:])}), got {tuple(rows.shape)}",
                code="compiled.batch",
                wanted=d,
                got=tuple(rows.shape),
            )
        return rows

    def __repr__(self) -> str:
        return f"Compiled({self.report})"

    def _repr_html_(self) -> str:
        words, program = language(), self.program
        said = text(
            words, f"views.compiled_{self.report.backend}", nodes=program.nodes, calls=self.report.calls
        )
        code = text(words, "views.code")
        return (
            f'<div lang="{words}">{escape(said)}.<details><summary>{escape(code)}</summary>'
            f"<pre>{escape(self.source)}</pre></details></div>"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        state = (self.program, self.theta.tolist(), self.names, self.dtype, self.reduction)
        return Compiled, state
