"""A quadratic function for rules that want more than gradients; both sides follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor


class DiagonalQuadratic:
    """sum_j c_j x_j^2 / 2, with its gradient and its second derivatives.

    Args:
        curvatures: (d,), all > 0.
    """

    def __init__(self, curvatures: Tensor) -> None:
        self.curvatures = curvatures

    def __call__(self, point: Tensor) -> tuple[Tensor, Tensor]:
        """Value and gradient."""
        return (self.curvatures * point * point).sum() / 2, self.curvatures * point

    def hessian(self, point: Tensor) -> Tensor:  # noqa: ARG002
        """The matrix of second derivatives, (d, d), the same at every point."""
        return torch.diag(self.curvatures)


def followed(rule: Any, call: Mapping[str, Any]) -> list[list[list[float]]]:
    """The parameters after each step of a rule of this library, down a bowl or against given gradients.

    Args:
        rule: an Optimizer.
        call: theta, a list of parameters; the curvatures of a bowl, or the gradients of every step; steps.

    Example:
        >>> from soloneuron import GradientDescent
        >>> followed(GradientDescent(learning_rate=0.5), {"theta": [[1.0]], "bowl": [[1.0]], "steps": 2})
        [[[0.5]], [[0.25]]]
    """
    sizes = [len(part) for part in call["theta"]]
    theta = torch.tensor(_flat(call["theta"]), dtype=torch.float64)
    state, track = rule.start(theta), []
    for t in range(call["steps"]):
        if "bowl" in call:
            rule.update(theta, DiagonalQuadratic(theta.new_tensor(_flat(call["bowl"]))), state)
        else:
            rule.step(theta, theta.new_tensor(_flat(call["gradients"][t])), state)
        track.append([part.tolist() for part in theta.split(sizes)])
    return track


def _flat(parts: Sequence[Sequence[float]]) -> list[float]:
    return [one for part in parts for one in part]
