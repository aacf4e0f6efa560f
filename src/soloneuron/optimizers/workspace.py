"""Where a rule works: a rule made ready for one kind of theta, and one theta with its slots laid out.

Two things are kept apart. A ``FittedRule`` depends on the rule and on theta's shape, dtype and device; it
never changes, so a state shares it with its copies, also between threads. A ``Workspace`` belongs to one
theta and one state: views into both, scratch memory, the step's context. Neither holds anything that is
remembered, so saved files do without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

import torch
from torch import Tensor

from soloneuron.errors import InputError, ShapeError
from soloneuron.optimizers.guard import storage_of
from soloneuron.optimizers.probing import looks_across
from soloneuron.shapes import Theta

BLOCK_SIZE = 1 << 18
"""Coordinates in a block. 256 thousand floats pass through all operations of a formula within the cache."""


class Constants(dict[Any, Any]):
    """Numbers as 0-d tensors of theta's dtype, made once: ``c[0.9]``. A tensor stands for itself.

    An operation with a 0-d tensor costs half of one with a Python number.
    """

    def __init__(self, theta: Theta) -> None:
        super().__init__()
        self._dtype, self._device = theta.dtype, theta.device

    def __missing__(self, key: Any) -> Tensor:
        if isinstance(key, Tensor):
            return key
        made = torch.tensor(key, dtype=self._dtype, device=self._device)
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


class SlotRule(Protocol):
    """What is asked of a rule here: what it remembers, and how it may be worked on."""

    @property
    def name(self) -> str:
        """The name that its states carry."""

    @property
    def slots(self) -> tuple[str, ...]:
        """What is remembered for every coordinate, in the order in which formulas take it."""

    @property
    def spares(self) -> int:
        """How many scratch tensors a formula wants after its slots."""

    @property
    def elementwise(self) -> bool:
        """Whether coordinates do not look at each other."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """The hyperparameters as they are used."""

    @property
    def takes_gradients_as_they_are(self) -> bool:
        """Whether there is nothing to clip, to turn round or to decay."""

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """All slots before the first step, by name."""

    def fitted(self, theta: Theta) -> Self:
        """The rule for this theta: itself, or with its tensors in theta's dtype."""


RuleT = TypeVar("RuleT", bound=SlotRule)


class FittedRule(Generic[RuleT]):
    """A rule made ready for every theta of one shape, dtype and device.

    It is the costly part of a workspace (slots are made to see their shapes, numbers become tensors) and
    it depends on no single theta: who steps with copies of a state pays for it once.

    Args:
        owner: the rule as it was given.
        rule: the same with its tensors in theta's dtype.
        theta: one of those thetas; it is not kept.
    """

    def __init__(self, owner: RuleT, rule: RuleT, theta: Theta) -> None:
        self.owner, self.rule = owner, rule
        self.constants = Constants(theta)
        self.lean = rule.takes_gradients_as_they_are
        # A tensor of hyperparameters broadcasts against the whole theta, so no block may be cut out of it.
        tensors = any(isinstance(value, Tensor) for value in rule.settings.values())
        large, many = theta.numel() > BLOCK_SIZE, theta.dim() > 1
        # Somebody's own rule may look across coordinates or runs without saying so.
        across = looks_across(type(rule), dict(rule.settings)) if large or many else (False, False)
        self.divisible = rule.elementwise and not tensors and large and not across[0]
        self.run_by_run = many and across[1]
        self._theta = theta.shape, theta.dtype, theta.device
        begun = rule.begin(theta.detach())
        for name in rule.slots:
            if name not in begun:
                raise InputError(
                    f"begin(theta) of {type(rule).__name__} must make all slots, but {name!r} is missing",
                    code="rule.begin",
                )
        self._slots = {name: (slot.shape, slot.dtype) for name, slot in begun.items()}

    def suits(self, owner: object, theta: Theta) -> bool:
        """Whether it was made from this rule for a theta like this."""
        return self.owner is owner and self._theta == (theta.shape, theta.dtype, theta.device)

    def check(self, method: str, slots: Mapping[str, Tensor]) -> None:
        """Refuse the state of another method, and slots that do not fit theta."""
        if method != self.rule.name:
            raise InputError(
                f"the state must be one of {self.rule.name!r}, got one of {method!r}", code="state.method"
            )
        for name, wanted in self._slots.items():
            came = slots.get(name)
            if came is None or (came.shape, came.dtype) != wanted:
                got = "nothing" if came is None else f"{came.dtype} {tuple(came.shape)}"
                raise ShapeError(
                    f"slot {name!r} must be {wanted[1]} {tuple(wanted[0])} to fit theta "
                    f"{tuple(self._theta[0])}, got {got} ({type(self.rule).__name__})",
                    code="state.slot",
                )


class Workspace(Generic[RuleT]):
    """Theta and the slots laid out for one rule: whole, or in blocks where theta is large.

    Blocks are views, so only a rule that treats coordinates alike, with numbers for hyperparameters, can
    have them; everything else is worked on whole.

    Args:
        fitted: the rule, made ready for thetas like this one.
        theta: the parameters, changed in place from now on.
        method: whose state it is.
        slots: the tensors of that state, changed in place too.

    Raises:
        InputError: the state is another method's.
        ShapeError: slots that do not fit theta.
    """

    def __init__(
        self, fitted: FittedRule[RuleT], theta: Theta, method: str, slots: Mapping[str, Tensor]
    ) -> None:
        fitted.check(method, slots)
        self.fitted, self.owner, self.rule, self.lean = fitted, fitted.owner, fitted.rule, fitted.lean
        # The caller's tensor may have a graph; what is changed here has none, in the same memory.
        self.given, self.theta = theta, theta.detach()
        theta = self.theta
        self.shape, self.dtype, self.device = theta.shape, theta.dtype, theta.device
        self.run_by_run = fitted.run_by_run
        # The constants are shared with other threads, the context is not: it holds this step's t and rate.
        self.context = StepContext(fitted.constants)
        self.slots = tuple(slots[name] for name in self.rule.slots)
        # A gradient that shares memory with one of these would change while the formula reads it.
        self.storages = {storage_of(x) for x in (theta, *self.slots)}
        self.blocks = fitted.divisible and all(
            x.is_contiguous() and x.shape == theta.shape for x in (theta, *self.slots)
        )
        self.plain = self.lean and not self.blocks
        first = self.cut(theta)[0]
        # One set of scratch for all blocks, so that it stays in the cache; the last block may be shorter.
        scratch = [torch.empty_like(first) for _ in range(self.rule.spares)]
        self.pieces = [
            (part, (*own, *(s if s.shape == part.shape else s[: len(part)] for s in scratch)))
            for part, *own in zip(*map(self.cut, (theta, *self.slots)), strict=True)
        ]
        self.own = self.pieces[0][1]

    def cut(self, x: Tensor) -> Sequence[Tensor]:
        """A tensor in the blocks of theta; one piece where theta is worked on whole."""
        return torch.split(x.reshape(-1), BLOCK_SIZE) if self.blocks else (x,)
