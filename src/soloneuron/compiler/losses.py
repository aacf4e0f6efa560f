"""Several losses of the same parameters, each with its own gradient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from soloneuron.compiler.compiled import Compiled
from soloneuron.compiler.interface import compile_graph
from soloneuron.element.element import Element
from soloneuron.errors import InputError
from soloneuron.shapes import Theta


class CompiledLosses:
    """Functions of one theta.

    Attributes:
        parts: a compiled function for every loss.
    """

    def __init__(self, parts: tuple[Compiled, ...]) -> None:
        self.parts = parts

    @property
    def theta(self) -> Theta:
        """The parameters, (k,), which all losses share; another vector in their place is copied in."""
        return self.parts[0].theta

    @theta.setter
    def theta(self, theta: Any) -> None:
        self.parts[0].theta = theta

    @property
    def gradient(self) -> Tensor:
        """What the last call left: a row for every loss, (losses, k), a copy."""
        return torch.stack([part.gradient for part in self.parts])

    def __call__(self, batch: Any = None, weights: Any = None) -> tuple[float, ...]:
        """The losses at theta; their gradients are in ``gradient`` until the next call.

        Args:
            batch: (m, inputs) numbers, one row a sample; nothing for graphs without inputs.
            weights: (m,) how much each sample counts; None counts all alike.
        """
        for part in self.parts[1:]:
            part.theta = self.theta
        return tuple(part(batch, weights) for part in self.parts)


def _are_several(losses: object) -> bool:
    return isinstance(losses, Iterable)


def compile_losses(
    losses: Iterable[Element],
    parameters: Iterable[Element],
    inputs: Iterable[Element] | None = None,
    **options: Any,
) -> CompiledLosses:
    """Compile several losses that share their parameters and inputs.

    Args:
        losses: the results; every one depends on at least one parameter and on all inputs.
        parameters: leaves, in the order that theta will have.
        inputs: leaves that vary by sample, or None.
        options: those of ``compile_graph``.

    Returns:
        A function that gives a number for every loss.

    Raises:
        InputError: no losses, or what ``compile_graph`` refuses.

    Example:
        >>> w = Element(3.0)
        >>> f = compile_losses([w * w, 2 * w], [w])
        >>> f(), f.gradient.tolist()
        ((9.0, 6.0), [[6.0], [2.0]])
    """
    found = list(losses) if _are_several(losses) else []
    if not found:
        raise InputError("losses must be a list of at least one Element", code="compile.losses")
    own, varying = list(parameters), None if inputs is None else list(inputs)
    return CompiledLosses(tuple(compile_graph(loss, own, varying, **options) for loss in found))
