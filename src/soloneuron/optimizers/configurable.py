"""What holds hyperparameters: declared in the class body, checked once, and never changed."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from copy import copy
from typing import Any, ClassVar, Self

from torch import Tensor

from soloneuron.brief import brief_value
from soloneuron.errors import ShapeError, UnknownNameError
from soloneuron.optimizers.guard import check_theta
from soloneuron.optimizers.settings import Setting, broadcasts
from soloneuron.shapes import Theta


class Configurable(ABC):
    """A rule whose attributes are its hyperparameters, each declared as a ``Setting``.

    Args:
        given: hyperparameters by name; those that are left out take their defaults.

    Raises:
        UnknownNameError: a hyperparameter that is not declared.
        InputError: a value outside its range.
    """

    hyperparameters: ClassVar[Mapping[str, Setting]] = {}
    settings: dict[str, Any]
    """Every hyperparameter by name, as it is used."""
    given: frozenset[str]
    """The names of those that were given; the others are defaults."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        declared = {name: value for kind in reversed(cls.__mro__) for name, value in vars(kind).items()}
        cls.hyperparameters = {name: s for name, s in declared.items() if isinstance(s, Setting)}

    def __init__(self, **given: Any) -> None:
        kind = type(self).__name__
        for name in given:
            if name not in self.hyperparameters:
                raise UnknownNameError("hyperparameter", name, self.hyperparameters)
        vars(self)["given"] = frozenset(given)
        vars(self)["settings"] = {
            name: setting.check(name, given[name], kind) if name in given else setting.default
            for name, setting in self.hyperparameters.items()
        }
        vars(self).update(self.settings)
        self.check()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a rule does not change; use replace({name}=...)")

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={_written(self.settings[name])}" for name in self.settings if name in self.given
        )
        return f"{type(self).__name__}({shown})"

    def check(self) -> None:  # noqa: B027
        """Refuse hyperparameters that do not fit each other; called when all have their values."""

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Every hyperparameter by name with its default."""
        return {name: setting.default for name, setting in cls.hyperparameters.items()}

    def replace(self, **changes: Any) -> Self:
        """The same rule with other hyperparameters."""
        return type(self)(**{name: self.settings[name] for name in self.given} | changes)

    def fitted(self, theta: Theta) -> Self:
        """The rule for this theta: itself, or with its tensors in theta's dtype, checked to broadcast."""
        check_theta(theta, self.settings, type(self).__name__)
        tensors = {name: value for name, value in self.settings.items() if isinstance(value, Tensor)}
        for name, value in tensors.items():
            if not broadcasts(value, theta):
                raise ShapeError(
                    f"{name} must broadcast to theta {tuple(theta.shape)}, got {tuple(value.shape)} "
                    f"({type(self).__name__})",
                    code=f"{name}.shape",
                )
        if not tensors:
            return self
        # Checked once more where they are, for a narrower dtype may round them out of their range; on
        # theta's device nobody looks at them, for that would wait for it.
        rounded = {name: value.to(theta.dtype) for name, value in tensors.items()}
        made = copy(self.replace(**rounded))
        placed = {name: value.to(theta.device) for name, value in rounded.items()}
        vars(made)["settings"] = {**made.settings, **placed}
        vars(made).update(placed)
        return made


def _written(value: Any) -> str:
    """A number as it would be typed; of a tensor its shape."""
    return brief_value(value) if isinstance(value, Tensor) else repr(value)
