"""Hold a trainer of a neuron against its contract: which convention it follows, and what is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from soloneuron.checking.exchange import CheckAnswer, CheckTrial, Description, Subject
from soloneuron.checking.judge.comparing import number_shown, single
from soloneuron.checking.judge.neuron_models import NeuronModel, conventions, listed, trained
from soloneuron.checking.judge.neuron_points import CALLS
from soloneuron.checking.judge.results import fault_example
from soloneuron.checking.records import Counterexample
from soloneuron.texts.phrases import Phrase

FOUR_DECIMALS = 8e-5
"""Numbers rounded to four decimals may be half a digit away, and float32 a little more."""


class NeuronRun:
    """The calls that were made to one trainer, each once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.answers: dict[str, CheckAnswer] = {}
        self.calls: dict[str, dict[str, Any]] = {name: self.begun(call) for name, call in CALLS.items()}
        self.tolerance = FOUR_DECIMALS
        self.unpredictable: Phrase | None = None

    @property
    def description(self) -> Description:
        """Of the trainer."""
        return self.subject.description

    @property
    def not_given(self) -> list[str]:
        """What of the start it cannot be given: then it is held against a start at 0."""
        return [role for role in ("weights", "bias") if role not in self.description.spellings]

    def begun(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """A call that begins where this trainer can begin."""
        zeros = {"weights": [0.0] * len(call["weights"]), "bias": 0.0}
        return {**call, **{role: zeros[role] for role in self.not_given}}

    def answer(self, name: str, *, again: bool = False) -> CheckAnswer:
        """What it answers to a call, by its name."""
        if name not in self.answers or again:
            call = self.calls[name]
            answer = self.subject.run(
                CheckTrial("neuron", call={**call, "batch_size": len(call["features"])})
            )
            if again:
                return answer
            self.answers[name] = answer
        return self.answers[name]

    def numbers(self, name: str) -> list[float] | None:
        """Weights and bias after a call; None where they did not come."""
        values = self.answer(name).values
        weights, bias = flat_numbers(values.get("weights")), single(values.get("bias"))
        if weights is None or not isinstance(bias, int | float) or values.get("bias") is None:
            return None
        return [*weights, float(bias)] if len(weights) == len(self.calls[name]["weights"]) else None

    def losses(self, name: str) -> list[float] | None:
        """The losses that came of a call; None where they did not."""
        values = self.answer(name).values
        return flat_numbers(values.get("losses")) if "losses" in values else None

    def update_distance(self, model: NeuronModel, names: Iterable[str]) -> float:
        """How far weights and bias are from those of a model: the largest difference over some calls."""
        return max(distance(self.numbers(name), right_numbers(self.calls[name], model)) for name in names)

    def loss_distance(
        self, model: NeuronModel, names: Iterable[str], how: str = "mean", fault: str = ""
    ) -> float:
        """The same of the losses."""
        return max(distance(self.losses(name), listed(self.calls[name], model, how, fault)) for name in names)

    def shown_call(self, name: str) -> str:
        """A call in the student's words."""
        return call_in_own_words(self.calls[name], self.description)


def right_numbers(call: Mapping[str, Any], model: NeuronModel) -> list[float]:
    """Weights and bias of a model after a call."""
    weights, bias, _ = trained(call, model)
    return [*weights, bias]


def flat_numbers(value: Any) -> list[float] | None:
    """A nested list of numbers as one list; None where something else is in it.

    Example:
        >>> flat_numbers([[1.0], [2]]), flat_numbers(3), flat_numbers(["a"])
        ([1.0, 2.0], [3.0], None)
    """
    if isinstance(value, bool | int | float):
        return [float(value)]
    if isinstance(value, str):
        return [float(value)] if value in ("nan", "inf", "-inf") else None
    if not isinstance(value, list | tuple):
        return None
    parts = [flat_numbers(one) for one in value]
    return None if None in parts else [number for part in parts if part is not None for number in part]


def distance(got: list[float] | None, want: list[float]) -> float:
    """The largest difference of two lists; inf where they do not fit together.

    Example:
        >>> distance([1.0, 2.0], [1.0, 2.5]), distance(None, [1.0]), distance([], [])
        (0.5, inf, 0.0)
    """
    if got is None or len(got) != len(want):
        return math.inf
    gaps = [abs(one - other) for one, other in zip(got, want, strict=True)]
    return max((gap if not math.isnan(gap) else math.inf for gap in gaps), default=0.0)


def tolerance_of(numbers: Iterable[float]) -> float:
    """How far numbers may be from the right ones, by the decimals to which they were rounded.

    Example:
        >>> tolerance_of([0.107, -0.0847]), tolerance_of([0.11, 0.25])
        (8e-05, 0.00603)
    """
    finite = [one for one in numbers if math.isfinite(one)]
    digits = next((k for k in (2, 3) if finite and all(abs(one - round(one, k)) < 1e-9 for one in finite)), 4)
    return FOUR_DECIMALS if digits == 4 else round(0.6 * 10**-digits + 3e-5, 6)


def ranked(run: NeuronRun, names: Iterable[str]) -> list[tuple[float, NeuronModel]]:
    """All conventions, the nearest first."""
    names = list(names)
    found = [(run.update_distance(model, names), model) for model in conventions()]
    return sorted(found, key=lambda one: one[0])


def model_name(model: NeuronModel) -> Phrase:
    """A convention in words."""
    fields = {
        part: Phrase(f"checking.conventions.neuron.{getattr(model, part)}") for part in ("loss", "order")
    }
    if model.order == "sample":
        return Phrase("checking.conventions.neuron.by_sample", fields)
    return Phrase(f"checking.conventions.neuron.by_{model.reduction}", fields)


def call_in_own_words(call: Mapping[str, Any], description: Description) -> str:
    """A call of a trainer as the student would write it.

    Example:
        >>> names = {"features": "X", "labels": "y", "rate": "lr"}
        >>> described = Description("neuron", "train", spellings=names)
        >>> call_in_own_words({"features": [[1.0]], "labels": [1], "rate": 0.1}, described)
        'train(X=[[1.0]], y=[1], lr=0.1)'
    """
    form, method = description.extra.get("form", "list"), description.extra.get("method", "")
    parts: dict[bool, list[str]] = {True: [], False: []}
    for role, value in call.items():
        name = description.spellings.get(role)
        if name is not None:
            inner, _, own = name.rpartition(".")
            parts[bool(inner)].append(f"{own}={_in_form(role, value, form)}")
    parts[False] += list(description.extra.get("fixed", ()))
    made = f"{description.name}({', '.join(parts[False])})"
    return made if not method else f"{made}.{method}({', '.join(parts[True])})"


def _in_form(role: str, value: Any, form: str) -> str:
    if (
        role not in ("features", "labels", "weights", "bias")
        or form == "list"
        or (form == "numpy" and role == "bias")
    ):
        return repr(value)
    if form == "rows32" and role == "features":
        return f"[{', '.join(f'torch.tensor({row})' for row in value)}]"
    if form == "numpy":
        return f"np.array({value})"
    return f"torch.tensor({value if role != 'labels' else [float(one) for one in value]})"


def numbers_shown(numbers: list[float] | None) -> str:
    """Weights and bias of a call."""
    return (
        "-"
        if numbers is None
        else number_shown([round(one, 6) if math.isfinite(one) else one for one in numbers])
    )


def neuron_example(run: NeuronRun, name: str, model: NeuronModel) -> Counterexample:
    """What a call gave, beside what a model gives."""
    fault = run.answer(name).fault
    want = numbers_shown([round(one, 4) for one in right_numbers(run.calls[name], model)])
    if fault is not None:
        return fault_example(run.shown_call(name), fault, want)
    return Counterexample(run.shown_call(name), "weights, bias", numbers_shown(run.numbers(name)), want)


def sound_model(model: NeuronModel) -> NeuronModel:
    """The same convention as it should be."""
    return replace(model, fault="")
