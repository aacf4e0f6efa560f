"""Hold an optimizer against its contract: which method and convention it is, and what is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from soloneuron.checking.exchange import CheckAnswer, CheckTrial, Description, Subject
from soloneuron.checking.judge.comparing import number_shown
from soloneuron.checking.judge.neurons import flat_numbers
from soloneuron.checking.judge.optimizer_faults import COMMON_FAULTS, OPTIMIZER_CONVENTIONS, OPTIMIZER_FAULTS
from soloneuron.checking.judge.optimizer_models import track_of
from soloneuron.checking.judge.optimizer_points import (
    ASKING_PROGRAMS,
    GIVEN_PROGRAMS,
    RULE_SETTINGS,
    USES,
    USUAL,
)
from soloneuron.checking.judge.optimizer_steps import OptimizerModel
from soloneuron.texts.phrases import Phrase

DISPLACEMENT_TOLERANCE = 2e-4
"""Of the displacement: float32 is nearer than that."""


LIBRARY = "library"
"""The convention of a method that only the library spells."""


@dataclass(frozen=True)
class Match:
    """A model with its settings, and how far an object is from it.

    Args:
        gap: the largest difference, as a share of how far the model moves.
        model: method, convention and fault.
        settings: the hyperparameters, those that could not be set as they were found.
    """

    gap: float
    model: OptimizerModel
    settings: Mapping[str, float]


class OptimizerRun:
    """The programs that were run on one optimizer, each once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.answers: dict[str, CheckAnswer] = {}
        extra = subject.description.extra
        calls = ASKING_PROGRAMS if extra.get("asks") else GIVEN_PROGRAMS
        self.calls: dict[str, dict[str, Any]] = dict(calls)
        if extra.get("pair"):
            self.calls = {
                name: in_pairs(call) for name, call in self.calls.items() if len(call["theta"]) == 1
            }
        if not extra.get("many"):
            self.calls.pop("two_parameters", None)
        self.settable = {*self.description.spellings}
        if "betas" in self.settable:
            self.settable |= {"beta1", "beta2"}

    @property
    def description(self) -> Description:
        """Of the optimizer."""
        return self.subject.description

    @property
    def hyper(self) -> dict[str, float]:
        """What is set: decay and momentum only where the method has them."""
        named = self.description.extra.get("named", "")
        wanted = {**RULE_SETTINGS}
        if named != "adamw":
            wanted["weight_decay"] = 0.0
        if named and "momentum" not in USES.get(named, ("momentum",)) and named != "gradient_descent":
            wanted["momentum"] = 0.0
        return {name: value for name, value in wanted.items() if name in self.settable}

    def program(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """A program in the form in which this optimizer takes parameters."""
        return in_pairs(call) if self.description.extra.get("pair") else dict(call)

    def answer(self, name: str) -> CheckAnswer:
        """What it does on a program."""
        if name not in self.answers:
            self.answers[name] = self.subject.run(
                CheckTrial("optimizer", call={**self.calls[name], "hyper": self.hyper})
            )
        return self.answers[name]

    def track(self, name: str) -> list[list[float]] | None:
        """The parameters after each step, flat; None where it failed."""
        answer = self.answer(name)
        found = [flat_numbers(one) for one in answer.values.get("theta", ())]
        if answer.fault is not None or len(found) != self.calls[name]["steps"] or None in found:
            return None
        return [one for one in found if one is not None]

    def gap(self, model: OptimizerModel, settings: Mapping[str, float], name: str) -> float:
        """How far it is from a model on a program, as a share of the displacement."""
        return gap_of(self.track(name), self.calls[name], model, settings)

    def match(
        self,
        model: OptimizerModel,
        settings: Mapping[str, float],
        names: Iterable[str],
        stop: float = math.inf,
    ) -> Match:
        """The largest gap over some programs; beyond a bound the rest is not asked."""
        worst = 0.0
        for name in names:
            worst = max(worst, self.gap(model, settings, name))
            if worst > stop:
                break
        return Match(worst, model, settings)

    def settings(self, method: str) -> Iterator[dict[str, float]]:
        """What is set, with every usual value of what cannot be set."""
        free = [name for name in ("learning_rate", *USES.get(method, ())) if name not in self.settable]
        for values in product(*(USUAL[name] for name in free)):
            yield {**RULE_SETTINGS, **self.hyper, **dict(zip(free, values, strict=True))}

    def shown_call(self, name: str) -> str:
        """A program in the student's words."""
        return optimizer_in_own_words(self.calls[name], self.hyper, self.description)


def in_pairs(call: Mapping[str, Any]) -> dict[str, Any]:
    """A program of one parameter of two numbers, as two parameters: weights and bias.

    Example:
        >>> in_pairs({"theta": [[1.0, 2.0]], "bowl": [[0.5, 0.25]], "steps": 1})["theta"]
        [[1.0], [2.0]]
    """
    split = {name: [[one] for one in call[name][0]] for name in ("theta", "bowl") if name in call}
    if "gradients" in call:
        split["gradients"] = [[[one] for one in step[0]] for step in call["gradients"]]
    return {**call, **split}


def gap_of(
    track: list[list[float]] | None,
    call: Mapping[str, Any],
    model: OptimizerModel,
    settings: Mapping[str, float],
) -> float:
    """The largest difference of two ways through a program, as a share of how far the model moves."""
    if track is None:
        return math.inf
    start = [one for part in call["theta"] for one in part]
    want = [[one for part in step for one in part] for step in track_of(model, settings, call)]
    if any(len(one) != len(other) for one, other in zip(track, want, strict=True)):
        return math.inf
    pairs = [
        (x, w) for step, right in zip(track, want, strict=True) for x, w in zip(step, right, strict=True)
    ]
    if any(math.isfinite(x) != math.isfinite(w) for x, w in pairs):
        return math.inf
    moves = [abs(x - s) for step in want for x, s in zip(step, start, strict=True) if math.isfinite(x)]
    moved = max(moves, default=0.0)
    return max((abs(x - w) / max(moved, 1e-12) for x, w in pairs if math.isfinite(w)), default=0.0)


def likely_methods(description: Description) -> list[str]:
    """The methods that an optimizer may be meant to be: by its name, else by its hyperparameters."""
    named = description.extra.get("named", "")
    if named in ("nesterov", "nag"):
        return ["nesterov", "nag"] if named == "nesterov" else ["nag", "nesterov"]
    if named and named != "gradient_descent":
        return [named]
    settable = {*description.spellings} | ({"beta1", "beta2"} if "betas" in description.spellings else set())
    return next(
        (methods for names, methods in BY_HYPERPARAMETERS if names <= settable), [*OPTIMIZER_CONVENTIONS]
    )


BY_HYPERPARAMETERS: tuple[tuple[set[str], list[str]], ...] = (
    ({"beta1", "weight_decay"}, ["adamw", "adam", "nadam", "amsgrad"]),
    ({"beta1"}, ["adam", "nadam", "amsgrad"]),
    ({"rho", "epsilon"}, ["rmsprop", "adadelta"]),
    ({"momentum"}, ["momentum", "nesterov", "nag"]),
    ({"epsilon"}, ["adagrad", "rmsprop", "adadelta", "adam"]),
)
"""The methods that have some hyperparameters, the more of them the first."""


def best_conventions(run: OptimizerRun, methods: Iterable[str], names: Iterable[str]) -> list[Match]:
    """Every convention of some methods, the nearest first."""
    names = list(names)
    found = [
        min(
            (
                run.match(OptimizerModel(method, variant), settings, names, 1e3)
                for settings in run.settings(method)
            ),
            key=lambda one: one.gap,
        )
        for method in methods
        for variant in OPTIMIZER_CONVENTIONS.get(method, (LIBRARY,))
    ]
    return sorted(found, key=lambda one: one.gap)


def matching_faults(run: OptimizerRun, methods: Iterable[str], names: Iterable[str]) -> list[Match]:
    """The faults that give the same numbers on all of some programs."""
    names = list(names)
    found = []
    for method in methods:
        for fault in (*OPTIMIZER_FAULTS[method], *COMMON_FAULTS) if method in OPTIMIZER_FAULTS else ():
            for variant in OPTIMIZER_CONVENTIONS.get(method, (LIBRARY,)):
                for settings in run.settings(method):
                    match = run.match(
                        OptimizerModel(method, variant, fault), settings, names, DISPLACEMENT_TOLERANCE
                    )
                    if match.gap <= DISPLACEMENT_TOLERANCE:
                        found.append(match)
                        break
    return found


def convention_name(model: OptimizerModel) -> Phrase:
    """A convention in words."""
    method = Phrase(f"optimizers.{model.method}.title")
    if model.variant == LIBRARY:
        return method
    return Phrase(f"checking.conventions.optimizer.{model.method}_{model.variant}", {"method": method})


def sound_match(match: Match) -> Match:
    """The same convention as it should be."""
    return replace(match, model=replace(match.model, fault=""))


def optimizer_in_own_words(
    call: Mapping[str, Any], hyper: Mapping[str, float], description: Description
) -> str:
    """A program of an optimizer as it may be read."""
    given = ", ".join(
        f"{own}={hyper[role]:g}" for role, own in description.spellings.items() if role in hyper
    )
    if "betas" in description.spellings:
        pair = f"{description.spellings['betas']}=({hyper['beta1']:g}, {hyper['beta2']:g})"
        given = ", ".join(part for part in (given, pair) if part)
    theta = number_shown(call["theta"][0] if len(call["theta"]) == 1 else call["theta"])
    if "bowl" in call:
        shape = number_shown(call["bowl"][0] if len(call["bowl"]) == 1 else call["bowl"])
        force = f"g = {shape} * theta"
    else:
        parts = [one[0] if len(one) == 1 else one for one in call["gradients"]]
        force = f"g = {', '.join(number_shown(one) for one in parts)}"
    method = description.extra.get("method") or "step"
    return f"{description.name}({given}); theta = {theta}; {force}; {call['steps']} x {method}"
