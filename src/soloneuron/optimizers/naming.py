"""How a name, or somebody's own rule, becomes an optimizer."""

from __future__ import annotations

from typing import Any

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.catalogue import ALIASES, OPTIMIZERS
from soloneuron.optimizers.settings import described


def as_optimizer(optimizer: object, *, learning_rate: Any = None, **hyperparameters: Any) -> Optimizer:
    """The rule meant by a catalogue name, or the rule itself.

    Args:
        optimizer: a name of ``OPTIMIZERS`` or ``ALIASES``, or an ``Optimizer``.
        learning_rate: for a name, its rate; None takes the method's default. A rule that was given no rate
            takes this one; a rule with a rate of its own must have the same.
        hyperparameters: for a name, its other hyperparameters.

    Returns:
        An Optimizer.

    Raises:
        UnknownNameError: a name or hyperparameter that does not exist.
        InputError: neither a name nor a rule, a value out of range, two rates that differ, or hyperparameters
            beside a rule that has its own.

    Example:
        >>> as_optimizer("sgd", learning_rate=0.1)
        GradientDescent(learning_rate=0.1)
    """
    if isinstance(optimizer, str):
        made: type[Optimizer] = OPTIMIZERS.load(ALIASES.get(optimizer, optimizer))
        rate = {} if learning_rate is None else {"learning_rate": learning_rate}
        return made(**rate, **hyperparameters)
    if not isinstance(optimizer, Optimizer):
        raise InputError(
            f"optimizer must be a name of the catalogue or an Optimizer, got {described(optimizer)}",
            code="optimizer.type",
        )
    if "given" not in vars(optimizer):
        raise InputError(
            f"{type(optimizer).__name__} must call super().__init__() in its __init__", code="optimizer.init"
        )
    if hyperparameters:
        raise InputError(
            f"hyperparameters go with a name; {optimizer!r} has its own, got {sorted(hyperparameters)}",
            code="optimizer.hyperparameters",
        )
    if learning_rate is None:
        return optimizer
    if "learning_rate" not in optimizer.given:
        return optimizer.replace(learning_rate=learning_rate)
    if not same(optimizer.learning_rate, learning_rate):
        raise InputError(
            f"learning_rate must be given once, got {described(learning_rate)} beside {optimizer!r}",
            code="learning_rate.twice",
        )
    return optimizer


def same(one: Any, other: Any) -> bool:
    """Whether two rates are the same number, tensor or schedule."""
    if hasattr(one, "equal") and hasattr(other, "equal"):
        return bool(one.equal(other))
    return one is other or bool(not hasattr(one, "equal") and not hasattr(other, "equal") and one == other)
