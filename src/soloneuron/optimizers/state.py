"""What a rule remembers between two steps: a step counter and tensors by slot name, plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from torch import Tensor

from soloneuron.optimizers.workspace import FittedRule, Workspace


@dataclass(eq=False)
class OptimizerState:
    """The memory of one training run, or of a whole sweep.

    Besides what is remembered a state keeps what its rule works with, so that a step finds it ready. That is
    made anew whenever it does not fit, and it is in no copy.deepcopy, pickle or file.

    Args:
        method: the name of the rule it belongs to.
        slots: tensors by slot name; a rule changes them in place, the table itself is read-only.
        t: how many steps have been taken.
    """

    method: str
    slots: Mapping[str, Tensor]
    t: int = 0
    workspace: Workspace[Any] | None = field(default=None, init=False, repr=False)
    fitted: FittedRule[Any] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.slots = MappingProxyType(dict(self.slots))

    def copy(self) -> OptimizerState:
        """A snapshot that later steps leave alone; together with a clone of theta it resumes bit for bit.

        This state goes on in its own workspace. The copy gets one of its own when it is stepped, for it has
        other tensors; it shares only the fitted rule, which nobody changes.
        """
        copied = OptimizerState(
            self.method, {name: slot.clone() for name, slot in self.slots.items()}, self.t
        )
        copied.fitted = self.fitted
        return copied

    def __reduce__(self) -> tuple[Any, ...]:
        # A view of a dict can be neither pickled nor deeply copied, and views into a workspace must not be.
        return OptimizerState, (self.method, dict(self.slots), self.t)
