"""The neuron: theta -> probabilities, and its gradient written by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import torch
from torch import Tensor

from soloneuron.formulas.columns import ColumnMoments, column_moments
from soloneuron.formulas.coordinates import Coordinates, standard_coordinates
from soloneuron.formulas.gram import gram
from soloneuron.formulas.links import both_probabilities, sigmoid
from soloneuron.formulas.losses import NLL, Loss
from soloneuron.formulas.penalties import Penalty
from soloneuron.formulas.sparse import column_sums, rows_at, weighted_sums
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Features, Gradient, Logits, Probabilities, Theta, Values

PREDICTED_AT_ONCE = 32_768
"""Rows whose probabilities are worked out together: a quarter of a megabyte stays in the cache."""


@dataclass(frozen=True)
class Neuron:
    """One sigmoid neuron, p = sigmoid(X w + b), and what it costs.

    It holds no parameters: theta comes in and a value, a gradient or a probability goes out, for one
    theta (d+1,) or for many runs (..., d+1) at once.

    Args:
        loss: the loss of one prediction.
        penalty: what the weights cost, or None.
        bias: whether theta ends with a bias.

    Example:
        >>> neuron = Neuron()
        >>> theta = torch.tensor([0.1, -0.2, 0.0])
        >>> neuron.probabilities(theta, torch.tensor([[2.0, 1.0]])).tolist()
        [0.5]
    """

    name: ClassVar[str] = "neuron"
    loss: Loss = field(default_factory=NLL)
    penalty: Penalty | None = None
    bias: bool = True

    def weights(self, theta: Theta) -> Tensor:
        """The weights w (..., d) of theta, as a view."""
        return theta[..., :-1] if self.bias else theta

    def intercept(self, theta: Theta) -> Tensor:
        """The bias b (...) of theta; zeros for a neuron without one."""
        return theta[..., -1] if self.bias else theta.new_zeros(theta.shape[:-1])

    def logits(self, theta: Theta, X: Features) -> Logits:
        """The weighted sums z = X w + b.

        Args:
            theta: (..., d+1).
            X: (n, d), dense or sparse; dense also (..., n, d) if each run sees rows of its own.

        Returns:
            (..., n).
        """
        z = weighted_sums(self.weights(theta), X)
        return z + theta[..., -1:] if self.bias else z

    def probabilities(self, theta: Theta, X: Features) -> Probabilities:
        """The probability of class 1 for every row, (..., n)."""
        return sigmoid(self.logits(theta, X))

    def class_probabilities(self, theta: Theta, X: Features) -> Probabilities:
        """The probabilities of class 0 and of class 1 for every row, (n, 2), at one theta (d+1,).

        One pass over X: a part of its logits is in the cache when it becomes two columns.
        """
        w, b = self.weights(theta).to(X.device, X.dtype), float(self.intercept(theta))
        both = w.new_empty(len(X), 2)
        for start in range(0, len(X), PREDICTED_AT_ONCE):
            rows = slice(start, start + PREDICTED_AT_ONCE)
            both_probabilities(torch.mv(rows_at(X, rows), w).add_(b), both[rows])
        return both

    def value(self, theta: Theta, batch: Batch) -> Values:
        """The mean loss of a batch plus the penalty, shape (...)."""
        return self.value_of_logits(theta, self.logits(theta, batch.features), batch)

    def value_of_logits(self, theta: Theta, z: Logits, batch: Batch) -> Values:
        """The mean loss of a batch plus the penalty (...), given its logits z (..., n) at theta."""
        cost = self.loss.value(z, batch.labels)
        mean = (cost if batch.weights is None else cost * batch.weights).mean(-1)
        return mean if self.penalty is None else mean + self.penalty.value(self.penalized(theta))

    def value_and_gradient(self, theta: Theta, batch: Batch) -> tuple[Values, Gradient]:
        """The mean loss of a batch plus the penalty, and its gradient.

        Args:
            theta: (..., d+1).
            batch: rows, labels and perhaps weights.

        Returns:
            The value (...) and the gradient, shaped like theta.
        """
        z = self.logits(theta, batch.features)
        return self.value_of_logits(theta, z, batch), self.gradient(theta, z, batch)

    def gradient(self, theta: Theta, z: Logits, batch: Batch) -> Gradient:
        """The gradient of the value, given the logits.

        Formula: with r = s * dloss/dz it is (X^T r / n, mean r), plus that of the penalty.

        Args:
            theta: (..., d+1).
            z: the logits of the batch at theta, (..., n).
            batch: rows, labels and perhaps weights.

        Returns:
            A tensor like theta.
        """
        X, y, s = batch
        r = self.loss.derivative(z, y)
        r = r if s is None else r * s
        g = column_sums(r, X) / X.shape[-2]
        if self.bias:
            g = torch.cat([g, r.mean(-1, keepdim=True)], -1)
        if self.penalty is not None:
            self.penalty.add_gradient(self.penalized(theta), self.penalized(g))
        return g

    def graph(self, theta: Sequence[Any], x: Sequence[Any], y: Any) -> Any:
        """The loss of one example, without the penalty, in scalar operations: what Elements record.

        Args:
            theta: weights, then the bias if there is one: Elements.
            x: the features, Elements or numbers.
            y: the hard label, an Element or a number.

        Returns:
            The loss, computed from the logit ``z`` = w1 x1 + w2 x2 + ... + b.

        Raises:
            InputError: the loss is somebody's own and tells no graph.

        Example:
            >>> from soloneuron import Element
            >>> theta = [Element(0.1), Element(-0.2), Element(0.0)]
            >>> loss = Neuron().graph(theta, [2.0, 1.0], 1)
            >>> loss.backward()
            >>> [element.grad for element in theta]
            [-1.0, -0.5, -0.5]
        """
        first, *others = (w * value for w, value in zip(theta, x, strict=False))
        z = sum(others, first)
        z = z + theta[-1] if self.bias else z
        z.label = "z"
        loss = self.loss.graph(z, y)
        loss.label = "loss"
        return loss

    def hessian(self, theta: Theta, batch: Batch, *, columns: Coordinates | None = None) -> Tensor:
        """The second derivatives of the value at one theta, (d+1, d+1), in float64.

        Formula: A^T diag(s d2loss/dz2) A / n with A = [X, 1], plus the penalty's curvature.

        Args:
            theta: (d+1,).
            batch: rows, labels and perhaps weights.
            columns: the coordinates to differentiate by; None takes theta itself.

        Raises:
            InputError: the loss is somebody's own and has no second derivative, or sparse rows are too wide.
        """
        bend = self.loss.second_derivative(self.logits(theta, batch.features), batch.labels)
        return self._bent(bend, batch, columns)

    def convex_hessian(self, theta: Theta, batch: Batch, *, columns: Coordinates | None = None) -> Tensor:
        """The same with the bend of every row made positive, (d+1, d+1): positive semidefinite.

        Formula: in the place of d2loss/dz2 the larger of its size and a quarter of the slope's, which is not
        0 at a point of inflection. A row on a plateau, where both fade alike, so moves its logit by a step
        that does not fade.
        """
        z = self.logits(theta, batch.features)
        bend = self.loss.second_derivative(z, batch.labels).abs()
        bend = torch.maximum(bend, self.loss.derivative(z, batch.labels).abs() / 4)
        return self._bent(bend, batch, columns)

    def rounded(self, width: Tensor) -> Neuron | None:
        """The same with the kinks of its loss rounded off, see ``Loss.rounded``; None where it has none."""
        loss = self.loss.rounded(width)
        return None if loss is None else replace(self, loss=loss)

    def absolute(self, theta: Theta) -> Tensor | None:
        """What the size of each of theta costs, (d+1,): the penalty's kinks; None where it has none."""
        if self.penalty is None or self.penalty.smooth:
            return None
        sizes = torch.zeros_like(theta)
        self.penalized(sizes).add_(self.penalty.absolute)
        return sizes

    def coordinates(self, batch: Batch) -> Coordinates:
        """The coordinates of theta in which the columns of a batch have mean 0 and deviation 1."""
        return self.coordinates_of(column_moments(batch.features, batch.weights))

    def coordinates_of(self, moments: ColumnMoments) -> Coordinates:
        """The same, given what the columns are like; a penalty that bends counts as columns do."""
        most = self.loss.curvature
        bends = 0.0 if self.penalty is None else float(self.penalty.curvature)
        ridge = bends / most if 0 < most < math.inf else bends
        found = standard_coordinates(moments, bias=self.bias, ridge=ridge)
        found = replace(found, bend=most if 0 < most < math.inf else None)
        if self.penalty is None or self.penalty.smooth or not self.penalty.penalize_bias:
            return found
        # The size of the bias is not one of a coordinate where means are taken up by it.
        return replace(found, mean=torch.zeros_like(found.mean))

    def add_bend(self, H: Tensor, columns: Coordinates | None = None) -> Tensor:
        """Add the penalty's curvature to second derivatives (d+1, d+1) in place, and return them."""
        if self.penalty is None:
            return H
        diagonal = torch.zeros_like(H[0])
        self.penalized(diagonal).add_(self.penalty.curvature)
        if columns is None:
            H.diagonal().add_(diagonal)
        else:
            H += columns.congruent(diagonal)
        return H

    def _bent(self, bend: Tensor, batch: Batch, columns: Coordinates | None) -> Tensor:
        """A^T diag(s bend) A / n plus the penalty's curvature, in blocks of rows: no copy of X is made."""
        X, _, s = batch
        bend = bend if s is None else bend * s
        return self.add_bend(gram(X, bend, bias=self.bias, columns=columns), columns)

    def penalized(self, theta: Theta) -> Tensor:
        """The part of theta that the penalty acts on, as a view."""
        held = self.penalty is not None and self.penalty.penalize_bias
        return theta if held else self.weights(theta)
