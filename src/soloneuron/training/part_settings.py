"""The settings of a loss, a penalty or a schedule, held against what its class declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from numbers import Integral, Real
from typing import Any

from soloneuron.errors import InputError, UnknownNameError

FIELD_KINDS: dict[Any, tuple[type, str]] = {
    "float": (Real, "a number"),
    "RunNumber": (Real, "a number"),
    "int": (Integral, "a whole number"),
    "bool": (bool, "true or false"),
}
"""What a field may hold by its annotation, and how that is said."""


def check_settings(made: type, settings: Mapping[str, Any]) -> None:
    """Refuse settings that a class does not have, or whose values are of another kind.

    Ranges are the class's own to check. Optimizers check everything themselves.

    Raises:
        UnknownNameError: no such setting; the nearest is suggested.
        InputError: a class without settings, or a value of another kind.

    Example:
        >>> from soloneuron.formulas.losses import Focal
        >>> check_settings(Focal, {"gamma": "x"})
        Traceback (most recent call last):
        soloneuron.errors.InputError: gamma must be a number, got 'x' (Focal)
    """
    declared = {field.name: field.type for field in fields(made)} if is_dataclass(made) else {}
    for name, value in settings.items():
        if not declared:
            raise InputError(
                f"{made.__name__} has no hyperparameters, got {name}", code="hyperparameter.none"
            )
        if name not in declared:
            raise UnknownNameError("hyperparameter", name, declared)
        kind, said = FIELD_KINDS.get(declared[name], (object, ""))
        if not isinstance(value, kind) or (isinstance(value, bool) and kind not in (bool, object)):
            raise InputError(
                f"{name} must be {said}, got {value!r} ({made.__name__})", code=f"{name}.type", value=value
            )
