"""Who takes part: rules and their names, and what is tried of each."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from soloneuron.errors import InputError, InputWarning, SoloneuronError
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.examination import ACROSS, RAISED, check_optimizer
from soloneuron.optimizers.naming import as_optimizer, same
from soloneuron.training.protocol.candidates import Candidates, CandidatesOrFault, drawn_settings, rate_grid
from soloneuron.training.run_axes import takes_run_axes


def as_methods(optimizers: Sequence[Any]) -> list[Optimizer]:
    """The rules, each without a rate of its own."""
    rules = [as_optimizer(optimizer) for optimizer in optimizers]
    if not rules:
        raise InputError("optimizers must be one at least, got none", code="optimizers.empty")
    for rule in rules:
        if "learning_rate" in rule.given and takes_run_axes(rule):
            raise InputError(
                f"an optimizer to be compared must leave its rate to the grid, got {rule!r}",
                code="compare.rate",
            )
    return rules


def warn_of_own_rules(rules: Sequence[Optimizer]) -> None:
    """Tell what is wrong with rules that are not of the catalogue; they are run all the same."""
    for rule in rules:
        if type(rule).__module__.startswith("soloneuron.optimizers"):
            continue
        try:
            check_optimizer(rule)
        except InputError as fault:
            if fault.code not in (*ACROSS, *RAISED):
                warnings.warn(InputWarning(str(fault), code=fault.code), stacklevel=5)
        except (Exception, SystemExit):
            # A rule that raises does so in its own race, where it is told.
            continue


def names_of_methods(given: Sequence[Any], rules: Sequence[Optimizer]) -> list[str]:
    """The name as given, or the rule as it would be written; two classes of one name get numbers.

    Raises:
        InputError: a method that is given twice, be it under two names of the catalogue.
    """
    names: list[str] = []
    for place, (one, rule) in enumerate(zip(given, rules, strict=True)):
        name = one if isinstance(one, str) else repr(rule)
        # A name and an object may stand for the same rule on purpose: twins check the protocol.
        same_kind = [
            other
            for k, other in enumerate(rules[:place])
            if isinstance(given[k], str) is isinstance(one, str)
        ]
        if any(_same_rule(rule, other) for other in same_kind):
            refuse_twice([name, name])
        alike = sum(known.partition(" #")[0] == name for known in names)
        names.append(f"{name} #{alike + 1}" if alike else name)
    return names


def _same_rule(one: Any, other: Any) -> bool:
    """Whether two rules, or two of their settings, are the same."""
    if isinstance(one, Optimizer) and isinstance(other, Optimizer):
        return type(one) is type(other) and all(
            _same_rule(one.settings[name], other.settings[name]) for name in one.settings
        )
    return same(one, other)


def refuse_twice(names: Sequence[str]) -> None:
    """Refuse a name that stands twice: which of the two a pair is about could not be told."""
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise InputError(f"each optimizer must be given once, got {twice} twice", code="compare.twice")


def candidates_or_fault(
    rule: Optimizer, grid: Sequence[float], tune: Mapping[str, Any] | None, trials: int
) -> CandidatesOrFault:
    """What is tried of a method; or what a rule of somebody's own raised when it was made with a rate."""
    try:
        return _candidates(rule, grid, tune, trials)
    except SoloneuronError:
        raise
    except (Exception, SystemExit) as fault:
        return fault


def _candidates(
    rule: Optimizer, grid: Sequence[float], tune: Mapping[str, Any] | None, trials: int
) -> Candidates:
    """What is tried of a method; a line search finds its own rate."""
    known = {} if tune is None else {name: tune[name] for name in tune if name in rule.hyperparameters}
    if not takes_run_axes(rule) and not known:
        return Candidates(({},), (False,))
    if tune is None:
        found = rate_grid(grid)
    else:
        rates = tuple(grid) if takes_run_axes(rule) else ()
        found = drawn_settings(rule, tune, rates, trials)
    # A setting that is out of range is refused here, before anything runs.
    for own in found.settings:
        rule.replace(**own)
    return found
