"""What a rule remembers between two steps, and the workspace it uses.

A ``State`` is plain data: a step counter and tensors by slot name. A ``Workspace`` is where the work is
laid out for one rule and one theta: blocks that stay in the processor's cache, scratch tensors, 0-d
constants. It holds nothing that is remembered, so copies and saved files do without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from soloneuron.errors import InputError, ShapeError
from soloneuron.shapes import Theta

if TYPE_CHECKING:
    from soloneuron.optimizers.base import Optimizer

BLOCK = 1 << 18
"""Coordinates in a block. 256 thousand floats pass through all operations of a formula within the cache."""


@dataclass(eq=False)
class State:
    """The memory of one training run, or of a whole sweep.

    Args:
        method: the name of the rule it belongs to.
        slots: tensors by slot name; a rule changes them in place, the table itself is read-only.
        t: how many steps have been taken.
    """

    method: str
    slots: Mapping[str, Tensor]
    t: int = 0
    workspace: Workspace | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.slots = MappingProxyType(dict(self.slots))

    def copy(self) -> State:
        """A snapshot that later steps leave alone; together with a clone of theta it resumes bit for bit."""
        return State(self.method, {name: slot.clone() for name, slot in self.slots.items()}, self.t)


class Constants(dict[Any, Any]):
    """Numbers as 0-d tensors of theta's dtype, made once: ``c[0.9]``. A tensor stands for itself.

    An operation with a 0-d tensor costs half of one with a Python number.
    """

    def __init__(self, theta: Theta) -> None:
        super().__init__()
        self._like = theta

    def __missing__(self, key: Any) -> Tensor:
        if isinstance(key, Tensor):
            return key
        made = torch.tensor(key, dtype=self._like.dtype, device=self._like.device)
        self[key] = made
        return made


class StepContext:
    """What a formula may know of the present step besides the gradient and its slots.

    Attributes:
        t: the number of this step, 1 for the first.
        rate: the learning rate of this step, a number or a tensor; ``prepare`` may put a factor on it.
        extra: whatever ``prepare`` leaves for the formula.
        c: constants as 0-d tensors, ``c[1 - beta]``.
    """

    __slots__ = ("_scratch", "c", "extra", "rate", "t")

    def __init__(self, constants: Constants) -> None:
        self.t = 0
        self.rate: Any = 0.0
        self.extra: Any = None
        self.c = constants
        self._scratch: dict[torch.Size, Tensor] = {}

    def scratch(self, theta: Theta) -> Tensor:
        """A scratch tensor for a point like theta; fresh memory would cost more than the step."""
        made = self._scratch.get(theta.shape)
        if made is None:
            made = self._scratch[theta.shape] = torch.empty_like(theta)
        return made


class Workspace:
    """Theta and the slots laid out for one rule: whole, or in blocks where theta is large.

    Blocks are views, so only a rule that treats coordinates alike, with numbers for hyperparameters, can
    have them; everything else is worked on whole.

    Args:
        owner: the rule as it was given.
        theta: the parameters, changed in place from now on.
        state: the state of that rule.

    Raises:
        InputError: theta is no floating tensor, or the state is another method's.
        ShapeError: slots or hyperparameters that do not fit theta.
    """

    def __init__(self, owner: Optimizer, theta: Theta, state: State) -> None:
        self.owner = owner
        self.rule = owner.fitted(theta)
        self.theta = theta
        self._check(state)
        self.context = StepContext(Constants(theta))
        self.lean = self.rule.takes_gradients_as_they_are
        self.slots = tuple(state.slots[name] for name in self.rule.slots)
        self.addresses = {x.data_ptr() for x in (theta, *self.slots)}
        self.blocks = self._fits_blocks()
        first = self.cut(theta)[0]
        scratch = [torch.empty_like(first) for _ in range(self.rule.spares)]
        self.pieces = [
            (part, (*own, *(s if len(s) == len(part) else s[: len(part)] for s in scratch)))
            for part, *own in zip(*map(self.cut, (theta, *self.slots)), strict=True)
        ]
        self.own = self.pieces[0][1]

    def cut(self, x: Tensor) -> Sequence[Tensor]:
        """A tensor in the blocks of theta; one piece where theta is worked on whole."""
        return torch.split(x.reshape(-1), BLOCK) if self.blocks else (x,)

    def misfit(self, gradient: Tensor) -> InputError:
        """The error about a gradient that is none of this theta."""
        theta = self.theta
        kind = ShapeError if gradient.shape != theta.shape else InputError
        return kind(
            f"the gradient must be {theta.dtype} {tuple(theta.shape)} like theta, got {gradient.dtype} "
            f"{tuple(gradient.shape)} ({type(self.owner).__name__})",
            code="gradient.fit",
        )

    def _check(self, state: State) -> None:
        rule, theta = self.rule, self.theta
        if state.method != rule.name:
            raise InputError(
                f"the state must be one of {rule.name!r}, got one of {state.method!r}", code="state.method"
            )
        wanted = rule.begin(theta)
        for name, slot in wanted.items():
            came = state.slots.get(name)
            if came is None or came.shape != slot.shape or came.dtype != slot.dtype:
                got = "nothing" if came is None else f"{came.dtype} {tuple(came.shape)}"
                raise ShapeError(
                    f"slot {name!r} must be {slot.dtype} {tuple(slot.shape)} to fit theta "
                    f"{tuple(theta.shape)}, got {got} ({type(rule).__name__})",
                    code="state.slot",
                )

    def _fits_blocks(self) -> bool:
        theta, rule = self.theta, self.rule
        return (
            theta.numel() > BLOCK
            and rule.elementwise
            and all(x.is_contiguous() and x.shape == theta.shape for x in (theta, *self.slots))
            and not any(isinstance(value, Tensor) for value in rule.settings.values())
        )
