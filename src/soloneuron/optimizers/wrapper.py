"""What rules around other rules have in common: the inner rule's memory stands among theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.optimizers.base import Optimizer, ValueAndGradient
from soloneuron.optimizers.guard import check_theta, fitting, unstarted
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.saved import restored
from soloneuron.optimizers.settings import Setting, nothing, scheduled
from soloneuron.optimizers.state import OptimizerState
from soloneuron.optimizers.workspace import FittedRule
from soloneuron.shapes import Gradient, Theta, Values

INNER = "rule."
"""What stands before the names of the inner rule's slots."""


class Wrapper(Optimizer):
    """A rule around another; wrappers go around each other, too.

    The learning rate is that of the inner rule, and may be given to either. Weight decay, clipping and the
    sign belong to the inner rule; ``Clipped`` and ``Decayed`` put them around anything.

    Args:
        rule: a name of the catalogue, or a rule without a line search.

    Raises:
        InputError: a rule with a line search, or a setting that belongs to the inner rule.
    """

    needs = "gradient at its point"
    elementwise = False
    rule: Any = Setting(None, lambda _name, value, _owner: as_optimizer(value), "be an optimizer")
    _inner: ClassVar[WeakKeyDictionary[OptimizerState, OptimizerState]] = WeakKeyDictionary()

    def __init__(self, rule: Any, **given: Any) -> None:
        inner = as_optimizer(rule)
        if "learning_rate" not in given and "learning_rate" in inner.given:
            given["learning_rate"] = inner.learning_rate
        super().__init__(rule=inner, **given)
        if "learning_rate" in given:
            inner = inner.replace(learning_rate=self.learning_rate)
        rate = inner.learning_rate
        vars(self).update(rule=inner, learning_rate=rate, settings={**self.settings, "learning_rate": rate})

    def __repr__(self) -> str:
        shown = [f"{name}={self.settings[name]!r}" for name in self.settings if name in self.given]
        shown = [word for word in shown if not word.startswith(("rule=", "learning_rate="))]
        return f"{type(self).__name__}({', '.join([repr(self.rule), *shown])})"

    def check(self) -> None:
        """Refuse a line search, and what the inner rule is asked for."""
        if self.rule.needs == "objective":
            raise InputError(
                f"{type(self).__name__} must stand around a rule without a line search, got {self.rule!r}",
                code="wrapper.search",
            )
        own = ("clip_value", "clip_norm", "maximize")
        given = [name for name in own if name in self.given] + (
            [] if nothing(self.weight_decay) else ["weight_decay"]
        )
        if given:
            raise InputError(
                f"{given[0]} belongs to the rule inside of {type(self).__name__}: give it there",
                code="wrapper.settings",
            )

    def begin(self, theta: Theta) -> dict[str, Tensor]:
        """The slots of the inner rule, and one's own."""
        inner = self.rule.start(theta).slots
        return {**{f"{INNER}{name}": slot for name, slot in inner.items()}, **self.own_slots(theta)}

    def own_slots(self, theta: Theta) -> dict[str, Tensor]:  # noqa: ARG002
        """What is remembered besides."""
        return {}

    def start(self, theta: Theta) -> OptimizerState:
        """A fresh state for theta."""
        check_theta(theta, {}, type(self).__name__)
        return OptimizerState(self.name, self.begin(theta.detach()))

    def inner_state(self, state: OptimizerState) -> OptimizerState:
        """The memory of the inner rule: the same tensors."""
        inner = self._inner.get(state)
        if inner is None:
            if state.method != self.name:
                raise InputError(
                    f"the state must be one of {self.name!r}, got one of {state.method!r}",
                    code="state.method",
                )
            slots = {
                name.removeprefix(INNER): slot for name, slot in state.slots.items() if name.startswith(INNER)
            }
            inner = self._inner[state] = OptimizerState(self.rule.name, slots)
        inner.t = state.t
        return inner

    def at(self, theta: Theta, state: OptimizerState) -> Theta:
        """Where the inner rule wants its gradient."""
        point: Theta = self.rule.at(self.inside(theta, state), self.inner_state(state))
        return point

    @property
    def asks_once(self) -> bool:
        """Whether the rule at the bottom asks once, and nothing around it asks again."""
        return type(self).asked is Wrapper.asked and bool(self.rule.asks_once)

    def update(self, theta: Theta, objective: ValueAndGradient, state: OptimizerState) -> Values:
        """One step with as many evaluations as the rules want, the innermost first."""
        value, gradient = self.asked(self.fitting_theta(theta, state).detach(), objective, state)
        self.take(theta, gradient, state)
        return value

    def asked(
        self, theta: Theta, objective: ValueAndGradient, state: OptimizerState
    ) -> tuple[Values, Gradient]:
        """The value at the first point that is asked for, and the gradient of the step."""
        inner, where = self.inner_state(state), self.inside(theta, state)
        if isinstance(self.rule, Wrapper):
            return self.rule.asked(where, objective, inner)
        return objective(self.rule.at(where, inner))

    def inside(self, theta: Theta, state: OptimizerState) -> Theta:  # noqa: ARG002
        """What the inner rule moves."""
        return theta

    def step(self, theta: Theta, gradient: Gradient, state: OptimizerState) -> None:
        """A step of the inner rule, with what goes around it; what is refused is refused before it."""
        if not self.asks_once:
            raise InputError(
                f"{self!r} needs more than one gradient a step: call update(...)", code="wrapper.step"
            )
        self.take(theta, gradient, state)

    def take(self, theta: Theta, gradient: Gradient, state: OptimizerState) -> None:
        """The step with a gradient that came from ``asked``."""
        gradient = fitting(gradient, self.fitting_theta(theta, state), type(self).__name__)
        inner = self.inner_state(state)
        # Whatever the inner rules refuse they refuse here: a rate, slots of another theta, a state.
        self.at(theta, state)
        rate, t = self.rule.learning_rate, state.t + 1
        if callable(rate):
            scheduled(rate(t), t, theta, type(self).__name__)
        self.wrapped(theta.detach(), gradient, state, inner)
        state.t += 1

    def fitting_theta(self, theta: Theta, state: OptimizerState) -> Theta:
        """Theta, refused where the state is none of it.

        Raises:
            InputError: theta or the state is nothing that a step could change.
            ShapeError: slots that do not fit theta.
        """
        if not isinstance(state, OptimizerState):
            raise unstarted(state, type(self).__name__)
        fitted = state.fitted
        if fitted is None or not isinstance(theta, Tensor) or not fitted.suits(self, theta):
            check_theta(theta, {}, type(self).__name__)
            fitted = state.fitted = FittedRule(self, self, theta)
        fitted.check(state.method, state.slots)
        return theta

    def inner_step(self, theta: Theta, gradient: Gradient, inner: OptimizerState) -> None:
        """The step of the inner rule."""
        take = self.rule.take if isinstance(self.rule, Wrapper) else self.rule.step
        take(theta, gradient, inner)

    def wrapped(self, theta: Theta, gradient: Gradient, state: OptimizerState, inner: OptimizerState) -> None:
        """The step itself; ``state.t`` steps have been taken before it."""
        raise NotImplementedError(f"{type(self).__name__} must define wrapped(theta, gradient, state, inner)")

    def load(self, came: Mapping[str, Any], theta: Theta) -> OptimizerState:
        """The state that ``save`` described."""
        return restored(self.name, self.begin(theta.detach()), came)

    @property
    def takes_gradients_as_they_are(self) -> bool:
        """No: a wrapper does what it does to them."""
        return False
