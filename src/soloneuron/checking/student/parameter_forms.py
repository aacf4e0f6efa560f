"""Parameters in the forms in which optimizers take them: tensors, arrays, objects, lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from soloneuron.checking.student.plain import plain_value

PARAMETER_FORMS = (
    "tensors64",
    "tensors32",
    "arrays",
    "scalars",
    "array_objects",
    "tensor_objects",
    "dict_arrays",
    "dict_tensors",
    "lists",
    "numbers",
    "layer",
)
"""Tensors or arrays, objects of one number or of an array, a dict of arrays, lists, and plain numbers."""

KEYS = ("W", "b")

LAYER_NAMES = (
    ("weights", "W", "w", "weight"),
    ("bias", "biases", "b"),
    ("dweights", "dW", "dw", "grad_w", "grad_weights", "weights_grad", "weight_grad"),
    ("dbias", "dbiases", "db", "grad_b", "grad_bias", "bias_grad"),
)
"""What a layer calls its weights, its bias, and their gradients."""


class ScalarObject:
    """A number with a gradient, as an autograd class would have it."""

    def __init__(self, data: float) -> None:
        self.data = data
        self.grad = 0.0
        self.value = data


@dataclass
class Parameters:
    """Some parameters in a form.

    Args:
        form: one of ``PARAMETER_FORMS``.
        given: what the optimizer is handed.
        sizes: of the parameters.
        alone: whether a single parameter stands by itself, and not in a list.
        held_by: the layer that an optimizer keeps its state in.
    """

    form: str
    given: Any
    sizes: tuple[int, ...]
    alone: bool = False
    held_by: Any = None

    @classmethod
    def of(cls, form: str, theta: Sequence[Sequence[float]], *, alone: bool = False) -> Parameters:
        """Some numbers in a form."""
        sizes = tuple(len(part) for part in theta)
        if form == "scalars":
            return cls(form, [ScalarObject(one) for part in theta for one in part], sizes)
        if form == "numbers":
            return cls(form, [one for part in theta for one in part], sizes)
        parts = [_part(form, part) for part in theta]
        if form.startswith("dict"):
            return cls(form, dict(zip(KEYS, parts, strict=False)), sizes)
        alone = alone and len(parts) == 1 and not form.endswith("objects")
        return cls(form, parts[0] if alone else parts, sizes, alone)

    @staticmethod
    def read(given: Any) -> list[list[float]]:
        """The numbers of what a gradient function was called with."""
        held = plain_value(given)
        if not isinstance(held, list):
            return [[held]]
        return held if held and isinstance(held[0], list) else [held]

    def like(self, gradients: Sequence[Sequence[float]]) -> Any:
        """Gradients as they are handed over beside the parameters."""
        if self.form in ("scalars", "numbers"):
            return [one for part in gradients for one in part]
        plain = {"array_objects": "arrays", "tensor_objects": "tensors64"}.get(self.form, self.form)
        return Parameters.of(plain, gradients, alone=self.alone).given

    def put_gradients(self, gradients: Sequence[Sequence[float]]) -> None:
        """Set ``grad`` of every parameter."""
        if self.form == "scalars":
            for held, one in zip(self.given, [one for part in gradients for one in part], strict=True):
                held.grad = one
            return
        parts = self.parts()
        for held, part in zip(parts, gradients, strict=True):
            if self.form in ("lists", "numbers", "arrays", "dict_arrays", "layer"):
                return
            held.grad = _part(
                {"array_objects": "arrays", "tensor_objects": "tensors64"}.get(self.form, self.form), part
            )

    def gradients(self) -> list[Any]:
        """``grad`` of every parameter as it is now."""
        return [getattr(one, "grad", None) for one in self.parts()]

    def layer(self, gradients: Any) -> Any:
        """A layer with these parameters, under every name that people give them; the same in every step."""
        if self.held_by is None:
            self.held_by = SimpleNamespace()
        for names, held in zip(LAYER_NAMES, (*self.given, *gradients), strict=True):
            for name in names:
                setattr(self.held_by, name, held)
        return self.held_by

    def after_layer(self) -> Parameters:
        """What the layer holds now: of each parameter the name that was set anew, else what it was."""
        found = []
        for names, before in zip(LAYER_NAMES, self.given, strict=False):
            held = [getattr(self.held_by, name) for name in names]
            found.append(next((one for one in held if one is not before), before))
        return Parameters(self.form, found, self.sizes, held_by=self.held_by)

    def parts(self) -> list[Any]:
        """The parameters one by one."""
        if isinstance(self.given, dict):
            return [*self.given.values()]
        if self.form in ("scalars", "numbers"):
            return list(self.given)
        return [self.given] if self.alone else list(self.given)

    def numbers(self) -> list[list[float]]:
        """The numbers as they are now, parameter by parameter."""
        flat = _flat([plain_value(one) for one in self.parts()])
        found, at = [], 0
        for size in self.sizes:
            found.append(flat[at : at + size])
            at += size
        return found

    def zeros(self) -> Any:
        """The first state of a function: zeros in the form of the parameters."""
        return self.like([[0.0] * size for size in self.sizes])

    def after(self, returned: Any) -> Parameters:
        """The parameters that were returned; these, where nothing like them was."""
        if returned is None or returned is self.given:
            return self
        plain = plain_value(returned)
        plain = list(plain.values()) if isinstance(plain, dict) else plain
        flat = _flat(plain if isinstance(plain, list) else [plain])
        if len(flat) != sum(self.sizes) or not all(isinstance(one, int | float) for one in flat):
            if isinstance(returned, tuple) and returned:
                return self.after(returned[0])
            return self
        if type(returned) is type(self.given):
            return Parameters(self.form, returned, self.sizes, self.alone)
        theta, at = [], 0
        for size in self.sizes:
            theta.append(flat[at : at + size])
            at += size
        return Parameters.of(self.form, theta, alone=self.alone)


def _part(form: str, part: Sequence[float]) -> Any:
    if form in ("lists", "numbers"):
        return list(part)
    if form in ("arrays", "array_objects", "dict_arrays", "layer"):
        import numpy as np

        array = np.array(part, dtype=float)
        return SimpleNamespace(data=array, grad=np.zeros_like(array)) if form == "array_objects" else array
    import torch

    tensor = torch.tensor(part, dtype=torch.float32 if form == "tensors32" else torch.float64)
    return SimpleNamespace(data=tensor, grad=torch.zeros_like(tensor)) if form == "tensor_objects" else tensor


def flat_plain(values: Any) -> list[Any]:
    """All numbers of what is handed over, in one list."""
    held = plain_value(values)
    held = list(held.values()) if isinstance(held, dict) else held
    return _flat(held if isinstance(held, list) else [held])


def _flat(values: Any) -> list[Any]:
    found: list[Any] = []
    for one in values:
        found += _flat(one) if isinstance(one, list) else [one]
    return found
