"""``check_optimizer``: what must hold of a rule, shown on the smallest example that breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable

import torch
from torch import Tensor

from soloneuron.errors import InputError, SoloneuronError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.probing import (
    after_steps,
    coordinates_apart,
    gradients_of,
    runs_apart,
    same_theta,
    untried,
)

ACROSS = ("rule.coordinates", "rule.runs")
"""Codes of what a rule may do, for it is worked on whole and run by run then."""

RAISED = ("rule.raises", "rule.begin")
"""Codes of what shows by itself as soon as the rule is used."""


def check_optimizer(rule: object) -> None:
    """Try a rule of your own on small examples, and say what is wrong with it.

    Checked are: theta moves; the gradient stays as it was; every slot changes; zero and huge gradients lead
    to finite numbers; save and load go on where they stood; coordinates and runs do not look at each other.
    ``compare`` does this for every rule that is not of the catalogue, and warns.

    Args:
        rule: an Optimizer, or its name.

    Raises:
        InputError: the first thing that does not hold, with the numbers that show it. A rule that looks
            across coordinates on purpose (``g / g.norm()``) is found too; ``step`` works on it whole and run
            by run, so that is no mistake, and ``elementwise = False`` in its class says so.

    Example:
        >>> class Forgets(Optimizer):
        ...     slots = ("m",)
        ...     def direction(self, g, workspace, context):
        ...         (m,) = workspace
        ...         m = 0.9 * m + g
        ...         return m
        >>> check_optimizer(Forgets(learning_rate=0.1))
        Traceback (most recent call last):
        ...
        soloneuron.errors.InputError: slot 'm' of Forgets must change in place, ...
    """
    checked = as_optimizer(rule)
    if checked.needs == "objective":
        return
    for check in CHECKS:
        try:
            check(checked)
        except SoloneuronError:
            raise
        except Exception as fault:
            words = " ".join(str(fault).split())
            raise InputError(
                f"{_kind(checked)} must take steps from ones with gradients like "
                f"{_shown(gradients_of(2)[0])}, but raises {type(fault).__name__}: {words}",
                code="rule.raises",
            ) from fault


def _shown(x: Tensor) -> str:
    """Numbers of a small tensor."""
    return str([float(f"{number:.6g}") for number in x.flatten().tolist()])


def _kind(rule: Optimizer) -> str:
    return type(rule).__name__


def _one_step(rule: Optimizer, gradient: Tensor) -> tuple[Tensor, dict[str, Tensor], dict[str, Tensor]]:
    """Theta after a step from 1, and the slots before and after it."""
    theta = torch.ones_like(gradient)
    state = rule.start(theta)
    before = {name: slot.clone() for name, slot in state.slots.items()}
    rule.at(theta, state)
    rule.step(theta, gradient, state)
    return theta, before, dict(state.slots)


def _moves(rule: Optimizer) -> None:
    # One coordinate alone may have nothing to move for, as with g - g.mean().
    if all(bool((after_steps(rule, gradients_of(count)) == 1).all()) for count in (1, 2)):
        raise InputError(
            f"{_kind(rule)} must move theta, but from 1 with the gradients 3, -4 and 0.5 it stays at 1",
            code="rule.still",
        )


def _leaves_the_gradient(rule: Optimizer) -> None:
    gradient = gradients_of(1)[0]
    before = gradient.clone()
    _one_step(rule, gradient)
    if not torch.equal(gradient, before):
        raise InputError(
            f"{_kind(rule)} must leave the gradient as it is, but {_shown(before)} became "
            f"{_shown(gradient)}: an operation that ends in _ changes it in place",
            code="rule.gradient",
        )


def _changes_its_slots(rule: Optimizer) -> None:
    theta = torch.ones(2, dtype=torch.float64)
    state = rule.start(theta)
    before = {name: slot.clone() for name, slot in state.slots.items()}
    changed: set[str] = set()
    for gradient in gradients_of(2):
        rule.at(theta, state)
        rule.step(theta, gradient, state)
        changed |= {name for name in rule.slots if not torch.equal(state.slots[name], before[name])}
    for name in rule.slots:
        if name not in changed and name not in rule.idle_slots:
            raise InputError(
                f"slot {name!r} of {_kind(rule)} must change in place, but after three steps it is "
                f"{_shown(before[name])} as before: {name} = ... names another tensor; write "
                f"{name}.mul_(...) or {name}.copy_(...)",
                code="rule.slot",
            )


def _stays_finite(rule: Optimizer) -> None:
    for size in (0.0, 1e30, -1e30):
        theta, _, slots = _one_step(rule, torch.full((1,), size, dtype=torch.float64))
        for name, number in {"theta": theta, **slots}.items():
            if not bool(number.isfinite().all()):
                raise InputError(
                    f"{_kind(rule)} must stay finite, but with the gradient {size:g} {name} becomes "
                    f"{_shown(number)}: add a small number to what it divides by",
                    code="rule.finite",
                )


def _saves_and_loads(rule: Optimizer) -> None:
    gradients = gradients_of(2)
    theta = torch.ones(2, dtype=torch.float64)
    state = rule.start(theta)
    rule.step(theta, gradients[0], state)
    other = theta.clone()
    again = rule.load(json.loads(json.dumps(rule.save(state))), other)
    rule.step(theta, gradients[1], state)
    rule.step(other, gradients[1], again)
    if not same_theta(theta, other):
        raise InputError(
            f"{_kind(rule)} must go on from a saved state as it would have, but a step leads to "
            f"{_shown(other)} and not to {_shown(theta)}: what it remembers must stand in slots",
            code="rule.saved",
        )


def _bare(rule: Optimizer) -> Optimizer:
    """The rule as its class is written: worked on in one piece whatever it looks at."""
    made: Optimizer = untried(type(rule))(**{name: rule.settings[name] for name in rule.given})
    return made


def _coordinates(rule: Optimizer) -> None:
    if rule.elementwise:
        _refuse_across(
            rule,
            *coordinates_apart(_bare(rule)),
            "coordinates",
            "two coordinates",
            "coordinate by coordinate",
        )


def _runs(rule: Optimizer) -> None:
    _refuse_across(rule, *runs_apart(_bare(rule)), "runs", "two runs", "run by run")


def _refuse_across(rule: Optimizer, whole: Tensor, alone: Tensor, code: str, what: str, each: str) -> None:
    if not same_theta(whole, alone):
        raise InputError(
            f"{_kind(rule)} must treat {what} together as {each}, but from ones with gradients like "
            f"{_shown(gradients_of(*whole.shape)[0])} it leads to {_shown(whole)}, and {each} to "
            f"{_shown(alone)}: it is worked on whole, and one run after another",
            code=f"rule.{code}",
        )


CHECKS: tuple[Callable[[Optimizer], None], ...] = (
    _moves,
    _leaves_the_gradient,
    _changes_its_slots,
    _stays_finite,
    _saves_and_loads,
    _coordinates,
    _runs,
)
"""In the order in which they are told."""
