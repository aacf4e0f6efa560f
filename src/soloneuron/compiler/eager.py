"""The Objective that does not compile: it builds the graph anew at every call, and asks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from soloneuron.element.element import Element
from soloneuron.errors import InputError
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Gradient, Theta, Values


class EagerObjective:
    """A function that builds a graph of Elements, as an Objective.

    It is slow, and it is the definition: what is compiled gives the same numbers. Branches are taken anew
    at every call.

    Args:
        function: takes nothing, or the numbers of one sample, and returns the loss as an Element.
        parameters: the leaves that theta holds, in its order.
        reduction: "mean" or "sum" of the loss over a batch.

    Example:
        >>> w = Element(3.0)
        >>> objective = EagerObjective(lambda: (w - 1) ** 2, [w])
        >>> value, gradient = objective.value_and_gradient(torch.tensor([2.0]))
        >>> value.item(), gradient.tolist()
        (1.0, [2.0])
    """

    def __init__(
        self, function: Callable[..., Element], parameters: Sequence[Element], *, reduction: str = "mean"
    ) -> None:
        if reduction not in {"mean", "sum"}:
            raise InputError(f"reduction must be 'mean' or 'sum', got {reduction!r}", code="eager.reduction")
        self.function, self.parameters, self.reduction = function, list(parameters), reduction

    @property
    def start(self) -> Theta:
        """Where a descent begins if nobody says otherwise: the parameters' numbers, (k,) in float64."""
        return torch.tensor([float(parameter.data) for parameter in self.parameters], dtype=torch.float64)

    def value(self, theta: Theta, batch: Batch | None = None) -> Values:
        """The loss (...) at theta (..., k), without a walk back; the parameters keep the last theta."""
        if theta.dim() > 1:
            values = [self.value(one, batch) for one in theta.reshape(-1, theta.shape[-1])]
            return torch.stack(values).view(theta.shape[:-1])
        self._set(theta)
        return theta.new_tensor(sum(weight * float(self._loss(x).data) for x, weight in self._samples(batch)))

    def value_and_gradient(self, theta: Theta, batch: Batch | None = None) -> tuple[Values, Gradient]:
        """The loss (...) at theta (..., k) and its gradient; the parameters keep the last theta."""
        if theta.dim() > 1:
            pairs = [self.value_and_gradient(one, batch) for one in theta.reshape(-1, theta.shape[-1])]
            values, gradients = (torch.stack(side) for side in zip(*pairs, strict=True))
            return values.view(theta.shape[:-1]), gradients.view(theta.shape)
        self._set(theta)
        value = sum(self._backward(sample, weight) for sample, weight in self._samples(batch))
        gradient = [parameter.grad for parameter in self.parameters]
        return theta.new_tensor(value), theta.new_tensor(gradient)

    def _set(self, theta: Theta) -> None:
        for parameter, number in zip(self.parameters, theta.tolist(), strict=True):
            parameter.data, parameter.grad = number, 0

    def _loss(self, sample: Sequence[float] | None) -> Element:
        return self.function() if sample is None else self.function(*sample)

    def _backward(self, sample: Sequence[float] | None, weight: float) -> float:
        loss = self._loss(sample)
        loss.backward(weight)
        return weight * float(loss.data)

    def _samples(self, batch: Any) -> list[tuple[list[float] | None, float]]:
        if batch is None:
            return [(None, 1.0)]
        X, y, s = batch
        rows = torch.column_stack([X, y.to(X)]).tolist()
        weights = [1.0] * len(rows) if s is None else s.tolist()
        share = 1.0 if self.reduction == "sum" else 1.0 / len(rows)
        return [(row, share * weight) for row, weight in zip(rows, weights, strict=True)]
