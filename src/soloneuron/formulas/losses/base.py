"""What a loss is, and how a name or a stranger's object becomes one."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import asdict, is_dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.shapes import Labels, Logits


class Loss(ABC):
    """What a loss must tell; subclass it to bring your own.

    Only ``value`` and ``derivative`` are needed for training; ``second_derivative`` adds the local limit of
    the learning rate, the other facts default to claiming nothing.

    Example:
        >>> from soloneuron.formulas.links import relu
        >>> class Cubic(Loss):
        ...     name = "cubic"
        ...     def value(self, z, y):
        ...         return relu(1 - (2 * y - 1) * z) ** 3
        ...     def derivative(self, z, y):
        ...         return -3 * (2 * y - 1) * relu(1 - (2 * y - 1) * z) ** 2
        >>> Cubic().value(torch.tensor(0.0), torch.tensor(1.0)).item()
        1.0
    """

    name: str = "own"
    soft_labels: bool = False
    """Domain of y: [0, 1] if true, else {0, 1}."""
    convex: bool = False
    """Convex in z, hence in theta."""
    smooth: bool = True
    """The slope has no jump, so that second derivatives say all of how it bends."""
    strictly_decreasing: bool = False
    """A larger margin always costs less, so separable data have no finite optimum."""
    symmetric: bool = False
    """value(z, y) = value(-z, 1 - y): then t = (1 - 2y) z, the logit of the wrong class, is all that a hard
    label and its logit have to say."""

    @property
    def curvature(self) -> float:
        """The largest |second derivative| over all z and y; inf where there is no bound."""
        return math.inf

    @abstractmethod
    def value(self, z: Logits, y: Labels) -> Logits:
        """The loss of each prediction, in the broadcast shape of z and y."""

    @abstractmethod
    def derivative(self, z: Logits, y: Labels) -> Logits:
        """The slope d value / dz. At a kink: 0, the convention of relu'(0) = 0."""

    def slope_into(self, t: Logits, *, out: Logits) -> Logits:
        """The slope at the logits t of the wrong class: derivative(t, 0), written to out.

        Args:
            t: any shape; kept.
            out: shaped like t.
        """
        return out.copy_(self.derivative(t, zero_like(t)))

    def value_into(self, t: Logits, *, out: Logits) -> Logits:
        """The loss at the logits t of the wrong class: value(t, 0), written to out, which may be t."""
        return out.copy_(self.value(t, zero_like(t)))

    def total(self, t: Logits, slope: Logits, dim: int = -1) -> Logits:  # noqa: ARG002
        """The sum of the losses over the axis of the rows, after ``slope_into``: both in one pass.

        Args:
            t: the logits of the wrong class, spent.
            slope: what ``slope_into`` has written; kept.
            dim: the axis of the rows.

        Returns:
            A tensor without that axis.
        """
        return self.value_into(t, out=t).sum(dim)

    def rounded(self, width: Tensor) -> Loss | None:  # noqa: ARG002
        """The loss with its kinks rounded off, above itself by ``width`` at most; None where it has none.

        Args:
            width: a number (), > 0, in units of the loss.
        """
        return None

    def graph(self, z: Any, y: Any) -> Any:  # noqa: ARG002
        """The loss of one prediction in scalar operations, for pictures and the compiler.

        Args:
            z: the logit, an Element (or whatever has its operators and methods).
            y: the hard label, 0 or 1, a number or an Element.
        """
        raise InputError(
            f"the loss {self.name!r} has no graph(z, y): write it in an Element's operations",
            code="loss.graph",
        )

    def second_derivative(self, z: Logits, y: Labels) -> Logits:  # noqa: ARG002
        """The bend d^2 value / dz^2, for Newton's method and the local limit of the learning rate."""
        raise InputError(
            f"the loss {self.name!r} has no second_derivative(z, y): add one to get Newton's method and "
            f"the local limit of the learning rate",
            code="loss.second_derivative",
        )


def zero_like(t: Logits) -> Logits:
    """A number 0 of t's dtype and device."""
    return number_like(t, 0.0)


def number_like(t: Logits, number: float) -> Logits:
    """A number of t's dtype and device; made once, for making one costs as much as a short operation."""
    return _number(number, t.dtype, t.device)


@lru_cache
def _number(number: float, dtype: torch.dtype, device: torch.device) -> Logits:
    return torch.full((), number, dtype=dtype, device=device)


class _Own(Loss):
    """Anybody's object with value and derivative, asked for what it says of itself."""

    def __init__(self, given: Any) -> None:
        self._given = given
        self.name = getattr(given, "name", type(given).__name__)
        self.soft_labels = getattr(given, "soft_labels", True)
        self.convex = getattr(given, "convex", False)
        self.smooth = getattr(given, "smooth", True)
        self.strictly_decreasing = getattr(given, "strictly_decreasing", False)

    @property
    def curvature(self) -> float:
        return float(getattr(self._given, "curvature", math.inf))

    def value(self, z: Logits, y: Labels) -> Logits:
        return self._given.value(z, y)  # type: ignore[no-any-return]

    def derivative(self, z: Logits, y: Labels) -> Logits:
        return self._given.derivative(z, y)  # type: ignore[no-any-return]

    def second_derivative(self, z: Logits, y: Labels) -> Logits:
        if not hasattr(self._given, "second_derivative"):
            return super().second_derivative(z, y)
        return self._given.second_derivative(z, y)  # type: ignore[no-any-return]

    def graph(self, z: Any, y: Any) -> Any:
        return self._given.graph(z, y) if hasattr(self._given, "graph") else super().graph(z, y)


def as_loss(loss: object) -> Loss:
    """The loss meant by a catalogue name, or the user's own object.

    Args:
        loss: a name of ``LOSSES``, a ``Loss``, or any object with ``value(z, y)`` and ``derivative(z, y)``.

    Returns:
        A Loss.

    Raises:
        UnknownNameError: a name that the catalogue does not have.
        InputError: an object without the two methods.

    Example:
        >>> as_loss("nll")
        NLL()
    """
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, str):
        return LOSSES.load(loss)()  # type: ignore[no-any-return]
    if not isinstance(loss, type) and all(callable(getattr(loss, m, None)) for m in ("value", "derivative")):
        return _Own(loss)
    raise InputError(
        f"loss must be a name or an object with value(z, y) and derivative(z, y), got {loss!r}",
        code="loss.type",
    )


def parameters(loss: Loss) -> dict[str, float]:
    """The parameters of a loss by name, such as {"gamma": 2.0}; empty where there are none."""
    return asdict(loss) if is_dataclass(loss) else {}


@lru_cache
def curvature_on_grid(loss: Loss, kinks: tuple[float, ...] = ()) -> float:
    """The largest |second derivative| on a fine grid, for a loss whose maximum has no closed form.

    Args:
        loss: smooth between its kinks, hashable.
        kinks: logits where the second derivative jumps; both of their sides are looked at.
    """
    sides = [kink + side for kink in kinks for side in (-1e-9, 1e-9)]
    z = torch.cat(
        [torch.linspace(-40, 40, 80_001, dtype=torch.float64), torch.tensor(sides, dtype=torch.float64)]
    )
    return max(loss.second_derivative(z, torch.full_like(z, y)).abs().max().item() for y in (0.0, 1.0))
