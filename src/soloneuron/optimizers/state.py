"""What a rule remembers between two steps, plain data; and the workspace that its state keeps beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from torch import Tensor

from soloneuron.optimizers.guard import unstarted
from soloneuron.optimizers.workspace import FittedRule, RuleT, Workspace
from soloneuron.shapes import Theta


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


def workspace_of(rule: RuleT, theta: Theta, state: OptimizerState) -> Workspace[RuleT]:
    """Where a rule works on theta with a state: what the state keeps, made anew where it does not fit.

    Raises:
        InputError: theta or the state is nothing that a step could change.
        ShapeError: slots, or hyperparameters of the rule, that do not fit theta.
    """
    try:
        workspace = state.workspace
    except AttributeError:
        raise unstarted(state, type(rule).__name__) from None
    # The tensor itself must be the same, not only its numbers: blocks are views into it.
    if workspace is None or workspace.given is not theta or workspace.owner is not rule:
        fitted = state.fitted
        if fitted is None or not isinstance(theta, Tensor) or not fitted.suits(rule, theta):
            fitted = FittedRule(rule, rule.fitted(theta), theta)
        workspace = state.workspace = Workspace(fitted, theta, state.method, state.slots)
        state.fitted = fitted
    return workspace
