"""An optimizer in one of the shapes in which people write them, and how it is made to take steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from soloneuron.checking.exchange import CheckAnswer, CheckTrial
from soloneuron.checking.student.parameter_forms import Parameters, flat_plain
from soloneuron.checking.student.plain import plain_value
from soloneuron.checking.student.roles import plain_name
from soloneuron.checking.student.running import faults_of

KEPT_BY_NAME = ("state", "states", "cache", "memory", "config", "opt_state", "optimizer_state", "состояние")
"""Parameters of a function in which it keeps what it likes, by name: they begin as an empty dict."""


@dataclass
class OptimizerObject:
    """An optimizer and the way it is called.

    Args:
        called: the class or function.
        shape: ``"holds"`` parameters, ``"takes"`` them at each step, ``"function"`` with state, ``"driver"``,
            or ``"rule"`` of this library.
        hyper: role to parameter, of the class or function.
        arguments: role to parameter of the constructor or the function.
        method: of the class.
        step_arguments: role to parameter of the method.
        state: names of the parameters through which a function's state goes.
        files: of the code.
        form: of parameters.
        many: whether it takes several parameters at once.
        defaults: of its hyperparameters, as far as they are plain numbers.
        changed: gradients that the last trial changed.
        works: whether it takes steps in some form at all.
    """

    called: Callable[..., Any]
    shape: str
    hyper: dict[str, str]
    arguments: dict[str, str] = field(default_factory=dict)
    method: str = ""
    step_arguments: dict[str, str] = field(default_factory=dict)
    state: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    form: str = "tensors64"
    many: bool = True
    defaults: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    works: bool = True

    def run(self, trial: CheckTrial) -> CheckAnswer:
        """Take the steps of a trial; the parameters after each."""
        call = trial.call
        track: list[Any] = []
        self.changed = {}
        _, fault = faults_of(lambda: self._steps(call, track), self.files, trial.seconds)
        return CheckAnswer({"theta": track}, fault, changed=self.changed)

    def _steps(self, call: Mapping[str, Any], track: list[Any]) -> None:
        hyper = self._hyper(call["hyper"])
        theta = [list(part) for part in call["theta"]]
        if self.shape == "driver":
            track += [self._driven(hyper, theta, call, count) for count in range(1, call["steps"] + 1)]
            return
        if self.shape == "rule":
            from soloneuron.checking.bowls import followed

            track += followed(self.called(**hyper), call)
            return
        held = Parameters.of(self.form, theta, alone=not self.many)
        optimizer: Any = None
        if self.shape != "function":
            own = {self.arguments["params"]: held.given} if "params" in self.arguments else {}
            optimizer = self.called(**hyper, **own)
        threaded: dict[str, Any] = {}
        for t in range(1, call["steps"] + 1):
            held = self._one(optimizer, hyper, held, call, t, threaded)
            track.append(held.numbers())

    def _hyper(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        given = {self.hyper[role]: value for role, value in wanted.items() if role in self.hyper}
        if "betas" in self.hyper and "beta1" in wanted:
            given[self.hyper["betas"]] = (wanted["beta1"], wanted["beta2"])
        return given

    def _one(
        self,
        optimizer: Any,
        hyper: Mapping[str, Any],
        held: Parameters,
        call: Mapping[str, Any],
        t: int,
        threaded: dict[str, Any],
    ) -> Parameters:
        gradients = gradients_at(held.numbers(), call, t)
        arguments = self.arguments if self.shape == "function" else self.step_arguments
        given: dict[str, Any] = {arguments["t"]: t} if "t" in arguments else {}
        if self.shape == "holds":
            held.put_gradients(gradients)
            parts = held.like(gradients) if "grads" in arguments else None
            if parts is not None:
                given[arguments["grads"]] = parts
            getattr(optimizer, self.method)(**given)
            self._compare(gradients, held.gradients() if parts is None else parts)
            return held

        def asked(point: Any) -> Any:
            return held.like(gradients_at(Parameters.read(point), call, t))

        parts = held.like(gradients)
        given |= handed_over(arguments, held, parts, asked)
        if self.shape == "takes":
            returned = getattr(optimizer, self.method)(**given)
            self._compare(gradients, parts)
            return held.after_layer() if "layer" in arguments else held.after(returned)
        for name in self.state:
            # What a function is handed and does not return, it may change in place: it gets the same again.
            if name not in threaded and name not in self.defaults:
                threaded[name] = {} if plain_name(name) in KEPT_BY_NAME else held.zeros()
            if name in threaded:
                given[name] = threaded[name]
        return self._threaded(self.called(**{**hyper, **given}), held, threaded)

    def _compare(self, gradients: Sequence[Sequence[float]], parts: Any) -> None:
        """Notice gradients that the step has changed."""
        before = [one for part in gradients for one in part]
        after = flat_plain(parts)
        if len(after) == len(before) and any(
            isinstance(one, int | float) and abs(one - other) > 1e-6 * (1 + abs(other))
            for one, other in zip(after, before, strict=True)
        ):
            self.changed.setdefault("grads", [before, after])

    def _threaded(self, returned: Any, held: Parameters, threaded: dict[str, Any]) -> Parameters:
        if isinstance(returned, tuple) and self.state and len(returned) > 1:
            first, *rest = returned
            threaded |= dict(zip(self.state, rest, strict=False))
            return held.after(first)
        return held.after(returned)

    def _driven(self, hyper: Mapping[str, Any], theta: Any, call: Mapping[str, Any], count: int) -> Any:
        held = Parameters.of(self.form, theta, alone=not self.many)

        def asked(point: Any) -> Any:
            return held.like(gradients_at(Parameters.read(point), call, 1))

        known = {"gradient": asked, "grads": asked, "objective": _nothing, "start": held.given}
        known |= {"params": held.given, "steps": count}
        given = {name: known[role] for role, name in self.arguments.items() if role in known}
        returned = self.called(**{**hyper, **given})
        for found in (returned, *(returned if isinstance(returned, tuple) else ())):
            rows = plain_value(found)
            last = rows[-1] if isinstance(rows, list) and rows and isinstance(rows[-1], list) else found
            after = held.after(found)
            after = held.after(last) if after is held else after
            if after is not held:
                return after.numbers()
        return held.numbers()


def _nothing(_: Any) -> float:
    """The objective of a driver, whose values nobody looks at."""
    return 0.0


def handed_over(
    arguments: Mapping[str, str],
    held: Parameters,
    parts: Any,
    asked: Callable[[Any], Any],
) -> dict[str, Any]:
    """What a step is called with: parameters and gradients, in pairs or not, or what gives gradients."""
    given: dict[str, Any] = {"gradient": asked, "objective": asked, "params": held.given, "grads": parts}
    if "pairs" in arguments:
        two = (
            (parts, held.given) if plain_name(arguments["pairs"]).startswith("grad") else (held.given, parts)
        )
        given["pairs"] = list(zip(*two, strict=True))
    if "layer" in arguments:
        given["layer"] = held.layer(parts)
    if "bias" in arguments:
        given |= {
            "params": held.given[0],
            "bias": held.given[1],
            "grads": parts[0],
            "bias_gradient": parts[1],
        }
    return {arguments[role]: value for role, value in given.items() if role in arguments}


def gradients_at(theta: Sequence[Sequence[float]], call: Mapping[str, Any], t: int) -> list[list[float]]:
    """The gradients of step t: given ones, or those of a bowl at theta.

    Example:
        >>> gradients_at([[1.0, 2.0]], {"bowl": [[1.0, 0.5]]}, 1)
        [[1.0, 1.0]]
    """
    if "bowl" in call:
        return [
            [c * one for c, one in zip(cs, part, strict=True)]
            for cs, part in zip(call["bowl"], theta, strict=True)
        ]
    return [list(part) for part in call["gradients"][t - 1]]
