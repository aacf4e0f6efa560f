"""A function, or a class, that trains a neuron: what its parameters are, and how it is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from soloneuron.checking.exchange import CheckAnswer, CheckTrial
from soloneuron.checking.student.plain import plain_value
from soloneuron.checking.student.roles import (
    RESULT_ROLES,
    SQUARED,
    TRAINER_ROLES,
    TRAINER_TOKENS,
    matching_function,
    parameters_of,
    required,
    roles_of,
)
from soloneuron.checking.student.running import faults_of
from soloneuron.checking.student.sources import code_files

ROW_FORMS = ("list", "tensor32", "tensor64", "numpy", "rows32")
"""How rows are handed over: the first that is taken is used."""

TRAIN_METHODS = ("fit", "train", "learn", "train_neuron", "run", "optimize", "__call__")
NEEDED_ROLES = ("features", "labels", "epochs")
NUMBER_ROLES = ("features", "labels", "weights", "bias")

PROBED_CALL: dict[str, Any] = {
    "features": [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]],
    "labels": [1, 0, 0],
    "weights": [0.1, -0.2],
    "bias": 0.05,
    "rate": 0.1,
    "epochs": 5,
}


@dataclass
class Trainer:
    """A trainer, and how it takes its arguments.

    Args:
        called: the function, or the class.
        roles: role to parameter, of the function or the constructor.
        method: of the class, and its roles; nothing for a function.
        method_roles: role to parameter of the method.
        fixed: what other required parameters are given.
        squared: the same for the squared error, where the module has functions for it.
        files: of its code.
        form: how rows are handed over.
        places: where weights, bias and losses stand in what is returned, once that is known.
        refused: forms that were not taken, and the fault each ended with.
    """

    called: Callable[..., Any]
    roles: dict[str, str]
    method: str = ""
    method_roles: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, Any] = field(default_factory=dict)
    squared: dict[str, Any] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    form: str = "list"
    refused: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def run(self, trial: CheckTrial) -> CheckAnswer:
        """Call it with copies of the arguments of a trial, and read what it returns."""
        call = trial.call
        form = call.get("form") or self.form
        given = {name: in_form(name, call[name], form) for name in call if name in (*TRAINER_ROLES,)}
        before = {name: plain_value(given[name]) for name in NUMBER_ROLES if name in given}
        result, fault = faults_of(
            lambda: self._called(given, self.squared if call.get("squared") else self.fixed),
            self.files,
            trial.seconds,
        )
        values: dict[str, Any] = {}
        kinds: dict[str, str] = {}
        if fault is None:
            read = lambda: self._read(result, call)  # noqa: E731
            parts, _ = faults_of(read, self.files, trial.seconds)
            values = {name: plain_value(part) for name, part in (parts or {}).items()}
            kinds = {name: type(part).__name__ for name, part in (parts or {}).items()}
            if not parts or "weights" not in parts:
                values["returned"] = str(plain_value(result))[:200]
        after = {name: plain_value(given[name]) for name in before}
        changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        return CheckAnswer(values, fault, changed=changed, kinds=kinds)

    def _read(self, result: Any, call: Mapping[str, Any]) -> dict[str, Any]:
        """Weights, bias and losses of what was returned: by their places, once these are known."""
        if not isinstance(result, tuple | list) or len(result) <= max(
            self.places.values(), default=len(result)
        ):
            return returned_parts(result, len(call["weights"]), int(call["epochs"]))
        parts = {role: result[place] for role, place in self.places.items()}
        if self.places.get("weights") == self.places.get("bias"):
            both = flattened(plain_value(parts["weights"]))
            parts |= {"weights": both[:-1], "bias": both[-1]}
        return parts

    def _called(self, given: Mapping[str, Any], fixed: Mapping[str, Any]) -> Any:
        own = {self.roles[role]: held for role, held in given.items() if role in self.roles}
        if not self.method:
            return called_with(self.called, {**own, **fixed})
        trained = called_with(
            self.called, {**own, **{k: v for k, v in fixed.items() if k in _names(self.called)}}
        )
        method = getattr(trained, self.method)
        more = {self.method_roles[role]: held for role, held in given.items() if role in self.method_roles}
        returned = called_with(method, {**more, **{k: v for k, v in fixed.items() if k in _names(method)}})
        if isinstance(returned, tuple | list | Mapping) and len(returned) > 1:
            parts = returned_parts(returned, len(given["weights"]), int(given["epochs"]))
            if "weights" in parts:
                return returned
        kept = attributes_of(trained)
        if "losses" not in kept and isinstance(returned, list | tuple):
            kept["losses"] = returned
        return kept


def _names(called: Callable[..., Any]) -> set[str]:
    return {one.name for one in parameters_of(called)}


def called_with(called: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call with arguments by name; those of parameters that take none go by position."""
    named = dict(arguments)
    alone = [
        one.name for one in parameters_of(called) if one.kind is one.POSITIONAL_ONLY and one.name in named
    ]
    positional = [named.pop(name) for name in alone]
    return called(*positional, **named)


def in_form(name: str, value: Any, form: str) -> Any:
    """A fresh copy of an argument in the form in which rows are handed over."""
    if name not in NUMBER_ROLES:
        return value
    plain = (
        [list(row) if isinstance(row, list | tuple) else row for row in value]
        if isinstance(value, list | tuple)
        else value
    )
    if form == "list":
        return plain
    if form == "numpy":
        import numpy as np

        return float(value) if name == "bias" else np.array(plain, dtype=float)
    import torch

    dtype = torch.float64 if form == "tensor64" else torch.float32
    if form == "rows32" and name == "features":
        return [torch.tensor(row, dtype=dtype) for row in plain]
    return torch.tensor(plain, dtype=dtype)


def returned_parts(result: Any, columns: int, epochs: int) -> dict[str, Any]:
    """Weights, bias and losses in what a trainer returned: by name, or by how many numbers they are."""
    if isinstance(result, Mapping):
        named = roles_of([str(key) for key in result], RESULT_ROLES)
        return {role: result[key] for role, key in named.items()}
    if not isinstance(result, tuple | list):
        kept = attributes_of(result)
        return kept if "weights" in kept else {}
    fields = getattr(result, "_fields", None)
    if fields:
        named = roles_of(fields, RESULT_ROLES)
        if "weights" in named:
            return {role: getattr(result, name) for role, name in named.items()}
    found: dict[str, Any] = {}
    lists = [(one, flattened(plain_value(one))) for one in result]
    scalars = [
        one
        for one, numbers in lists
        if isinstance(numbers, int | float) or (isinstance(numbers, list) and len(numbers) == 1 != columns)
    ]
    if scalars:
        found["bias"] = scalars[0]
    rest = [pair for pair in lists if isinstance(pair[1], list) and pair[0] is not found.get("bias")]
    for one, numbers in rest:
        if "weights" not in found and len(numbers) == columns:
            found["weights"] = one
        elif "weights" not in found and "bias" not in found and len(numbers) == columns + 1:
            found |= {"weights": numbers[:-1], "bias": numbers[-1]}
        elif "losses" not in found or len(flattened(plain_value(found["losses"]))) != epochs == len(numbers):
            found["losses"] = one
    return found


def places_of(trainer: Trainer, form: str) -> dict[str, int]:
    """Where the parts stand in what a trainer returns, told by a call in which each has another size."""
    given = {name: in_form(name, PROBED_CALL[name], form) for name in PROBED_CALL} | {"batch_size": 3}
    result, _ = faults_of(lambda: trainer._called(given, trainer.fixed), trainer.files, 2.0)
    if not isinstance(result, tuple | list) or hasattr(result, "_fields"):
        return {}
    parts = returned_parts(result, len(PROBED_CALL["weights"]), int(PROBED_CALL["epochs"]))
    sizes = [flattened(plain_value(one)) for one in result]
    places = {role: k for role, part in parts.items() for k, one in enumerate(result) if one is part}
    if "weights" in parts and "weights" not in places:
        whole = [k for k, one in enumerate(sizes) if isinstance(one, list) and one[:-1] == parts["weights"]]
        places |= {"weights": whole[0], "bias": whole[0]} if whole else {}
    return places if "weights" in places else {}


def flattened(value: Any) -> Any:
    """A nested list as one list.

    Example:
        >>> flattened([[1.0], [2.0]]), flattened(3)
        ([1.0, 2.0], 3)
    """
    if not isinstance(value, list):
        return value
    return [one for part in value for one in (flattened(part) if isinstance(part, list) else [part])]


def attributes_of(trained: Any) -> dict[str, Any]:
    """Weights, bias and losses that an object keeps."""
    held = dict(getattr(trained, "__dict__", {}))
    named = roles_of(held, RESULT_ROLES)
    return {role: held[name] for role, name in named.items()}


def found_trainer(candidate: Any, around: Mapping[str, Any]) -> Trainer | None:
    """The trainer that a function or a class is; None where it is none."""
    if isinstance(candidate, type):
        return _of_class(candidate, around)
    if not inspect.isfunction(candidate) and not (callable(candidate) and not inspect.isbuiltin(candidate)):
        return None
    parameters = parameters_of(candidate)
    roles = roles_of([one.name for one in parameters], TRAINER_ROLES, TRAINER_TOKENS)
    if not all(role in roles for role in NEEDED_ROLES):
        return None
    trainer = Trainer(candidate, roles, files=code_files(candidate))
    return _tried(trainer, required(parameters), around)


def _of_class(candidate: type, around: Mapping[str, Any]) -> Trainer | None:
    name = next(
        (
            name
            for name in TRAIN_METHODS
            if name in dir(candidate) and inspect.isfunction(getattr(candidate, name, None))
        ),
        "",
    )
    if not name:
        return None
    method = parameters_of(getattr(candidate, name))[1:]
    own = parameters_of(candidate)
    inner = roles_of([one.name for one in method], TRAINER_ROLES, TRAINER_TOKENS)
    outer = roles_of([one.name for one in own], TRAINER_ROLES, TRAINER_TOKENS)
    if not all(role in {**inner, **outer} for role in NEEDED_ROLES) or "features" not in inner:
        return None
    trainer = Trainer(candidate, outer, name, inner, files=code_files(candidate))
    return _tried(trainer, required([*own, *method]), around)


def _tried(trainer: Trainer, needed: list[str], around: Mapping[str, Any]) -> Trainer | None:
    """The trainer with what else it requires, in the first form of rows that it takes."""
    known = {*trainer.roles.values(), *trainer.method_roles.values()}
    loss = trainer.roles.get("loss") or trainer.method_roles.get("loss")
    if loss is not None:
        for roles in (trainer.roles, trainer.method_roles):
            roles.pop("loss", None)
        known.discard(loss)
    for name in needed:
        if name not in known:
            held = matching_function(name, around)
            if held is None and name != loss:
                return None
            trainer.fixed[name] = "nll" if held is None else held
            trainer.squared[name] = matching_function(name, around, SQUARED) or trainer.fixed[name]
    if trainer.squared == trainer.fixed:
        trainer.squared = {}
    batch = trainer.roles.get("batch_size") or trainer.method_roles.get("batch_size")
    if batch is not None and batch not in needed:
        for roles in (trainer.roles, trainer.method_roles):
            roles.pop("batch_size", None)
    for form in ROW_FORMS:
        answer = trainer.run(
            CheckTrial("neuron", call={**PROBED_CALL, "batch_size": 3, "form": form}, seconds=2.0)
        )
        if answer.fault is None and "weights" in answer.values:
            trainer.form = form
            trainer.places = places_of(trainer, form)
            break
        trainer.refused[form] = answer.fault.message if answer.fault else "?"
        if answer.fault is not None and answer.fault.kind == "Timeout":
            break
    return trainer
