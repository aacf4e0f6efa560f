"""An optimizer in one of the shapes in which people write them, and how it is made to take steps."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from soloneuron.checking.exchange import CheckAnswer, CheckTrial
from soloneuron.checking.student.elements import code_files
from soloneuron.checking.student.parameter_forms import PARAMETER_FORMS, Parameters
from soloneuron.checking.student.roles import parameters_of, plain_name, required, roles_of
from soloneuron.checking.student.running import faults_of

HYPERPARAMETERS = {
    "learning_rate": "lr learning_rate eta rate step_size stepsize lrate learn_rate l_r",
    "beta1": "beta1 beta_1 b1",
    "beta2": "beta2 beta_2 b2",
    "betas": "betas",
    "momentum": "momentum mu mom gamma beta u_rate momentum_coef nu",
    "rho": "rho decay_rate decay rho_decay smoothing",
    "epsilon": "eps epsilon e",
    "weight_decay": "weight_decay wd lambda_ lam l2 lmbda lambda",
    "alpha": "alpha a",
}
"""Hyperparameters, and their names; ``alpha`` is the rate where nothing else is, else a decay."""

ARGUMENTS = {
    "params": (
        "params parameters param model_params theta weights w x parameter tensors variables vars "
        "p values model point current"
    ),
    "grads": "grads grad gradients g gradient dw dws grad_w gradients_list dparams dx",
    "gradient": (
        "grad_fn grad_f gradient_fn gradient_func df grad_func f_grad gradient_function "
        "grad_function closure fn_grad get_grad"
    ),
    "pairs": "params_and_grads grads_and_vars params_grads pairs param_grad_pairs",
    "objective": "f fn func function objective loss loss_fn",
    "bias": "b bias",
    "bias_gradient": "db grad_b bias_grad",
    "t": "t step iteration timestep time n i k epoch iter",
    "start": "x0 start init theta0 x_init w0 initial x_start start_point initial_params init_params",
    "steps": (
        "steps n_steps num_steps iterations n_iter n_iters num_iterations max_iter epochs "
        "n_epochs iters num_iters"
    ),
}
"""What an optimizer is handed, and the names of it."""

STEP_METHODS = (
    "step",
    "update",
    "apply",
    "apply_gradients",
    "optimize",
    "update_params",
    "make_step",
    "__call__",
    "get_update",
)
TWO_PARAMETERS = ([1.0, -2.0], [0.5])
ONE_PARAMETER = ([1.0, -2.0],)
GRADIENTS = ([0.3, 0.2], [0.1])


@dataclass
class OptimizerObject:
    """An optimizer and the way it is called.

    Args:
        called: the class or function.
        shape: ``"holds"`` parameters, ``"takes"`` them at each step, ``"function"`` with state, ``"driver"``.
        hyper: role to parameter, of the class or function.
        arguments: role to parameter of the constructor or the function.
        method: of the class.
        step_arguments: role to parameter of the method.
        state: names of the parameters through which a function's state goes.
        files: of the code.
        form: of parameters.
        many: whether it takes several parameters at once.
        defaults: of its hyperparameters, as far as they are plain numbers.
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

    def run(self, trial: CheckTrial) -> CheckAnswer:
        """Take the steps of a trial; the parameters after each."""
        call = trial.call
        track: list[Any] = []
        _, fault = faults_of(lambda: self._steps(call, track), self.files, trial.seconds)
        return CheckAnswer({"theta": track}, fault)

    def _steps(self, call: Mapping[str, Any], track: list[Any]) -> None:
        hyper = self._hyper(call["hyper"])
        theta = [list(part) for part in call["theta"]]
        if self.shape == "driver":
            track += [self._driven(hyper, theta, call, count) for count in range(1, call["steps"] + 1)]
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
            if "grads" in arguments:
                given[arguments["grads"]] = held.like(gradients)
            getattr(optimizer, self.method)(**given)
            return held

        def asked(point: Any) -> Any:
            return held.like(gradients_at(Parameters.read(point), call, t))

        given |= handed_over(arguments, held, gradients, asked)
        if self.shape == "takes":
            return held.after(getattr(optimizer, self.method)(**given))
        for name in self.state:
            if name in threaded:
                given[name] = threaded[name]
            elif name not in self.defaults:
                given[name] = held.zeros()
        return self._threaded(self.called(**{**hyper, **given}), held, threaded)

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
            after = held.after(found)
            if after is not held:
                return after.numbers()
        if isinstance(returned, list | tuple) and returned:
            last = returned[-1] if not isinstance(returned, tuple) else returned[0][-1]
            return held.after(last).numbers()
        return held.numbers()


def _nothing(_: Any) -> float:
    """The objective of a driver, whose values nobody looks at."""
    return 0.0


def handed_over(
    arguments: Mapping[str, str],
    held: Parameters,
    gradients: Sequence[Sequence[float]],
    asked: Callable[[Any], Any],
) -> dict[str, Any]:
    """What a step is called with: parameters and gradients, in pairs or not, or what gives gradients."""
    parts = held.like(gradients)
    given: dict[str, Any] = {"gradient": asked, "objective": asked, "params": held.given, "grads": parts}
    if "pairs" in arguments:
        given["pairs"] = list(zip(held.given, parts, strict=True))
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


def found_optimizer(candidate: Any) -> OptimizerObject | None:
    """The optimizer that a class or a function is; None where it is none."""
    for one in _shapes(candidate):
        one.files = code_files(candidate)
        if _fitted(one):
            return one
    return None


def hyperparameters_of(parameters: Iterable[inspect.Parameter], name: str) -> dict[str, str]:
    """Hyperparameters by role; what a letter such as ``alpha`` or ``gamma`` means depends on the others."""
    found = roles_of([one.name for one in parameters], HYPERPARAMETERS)
    if "alpha" in found:
        role = "rho" if "learning_rate" in found else "learning_rate"
        found.setdefault(role, found.pop("alpha"))
    decaying = "rms" in name.lower() or "delta" in name.lower()
    if decaying and "momentum" in found and "rho" not in found:
        found["rho"] = found.pop("momentum")
    if not decaying and "rho" in found and "momentum" not in found and "beta1" not in found:
        found["momentum"] = found["rho"]
    return found


def _defaults(parameters: Iterable[inspect.Parameter]) -> dict[str, Any]:
    return {one.name: one.default for one in parameters if one.default is not one.empty}


def _shapes(candidate: Any) -> Iterable[OptimizerObject]:
    parameters = parameters_of(candidate)
    name = candidate.__name__ if hasattr(candidate, "__name__") else type(candidate).__name__
    hyper = hyperparameters_of(parameters, name)
    left = [one for one in parameters if one.name not in hyper.values()]
    arguments = roles_of([one.name for one in left], ARGUMENTS)
    defaults = _defaults(parameters)
    if isinstance(candidate, type):
        yield from _of_class(candidate, hyper, arguments, left, defaults)
        return
    if "gradient" in arguments and "params" in arguments and "steps" not in arguments:
        arguments.pop("objective", None)
    if "steps" in arguments and ("gradient" in arguments or "grads" in arguments):
        if "start" in arguments or "params" in arguments:
            yield OptimizerObject(candidate, "driver", hyper, arguments, defaults=defaults, many=False)
        return
    if "params" in arguments and ("grads" in arguments or "gradient" in arguments):
        used = {*arguments.values(), *hyper.values()}
        state = [one.name for one in parameters if one.name not in used]
        t = arguments.get("t")
        yield OptimizerObject(
            candidate, "function", hyper, arguments, state=state, defaults=defaults, many=False
        )
        if t is not None:
            without = {role: held for role, held in arguments.items() if role != "t"}
            yield OptimizerObject(
                candidate, "function", hyper, without, state=[*state, t], defaults=defaults, many=False
            )


def _of_class(
    candidate: type,
    hyper: dict[str, str],
    arguments: dict[str, str],
    left: list[inspect.Parameter],
    defaults: dict[str, Any],
) -> Iterable[OptimizerObject]:
    unknown = [one for one in required(left) if one not in arguments.values()]
    if unknown:
        return
    for method in STEP_METHODS:
        called = getattr(candidate, method, None)
        if not inspect.isfunction(called):
            continue
        inner = parameters_of(called)[1:]
        if method == "__call__" and not inner:
            continue
        roles = roles_of([one.name for one in inner], ARGUMENTS)
        if [one for one in required(inner) if one not in roles.values()]:
            continue
        optional = {one.name for one in inner} - set(required(inner))
        roles = {
            role: held for role, held in roles.items() if held not in optional or role in ("grads", "params")
        }
        shape = "holds" if "params" in arguments and "params" not in roles else "takes"
        kept = arguments if shape == "holds" else {}
        if shape == "takes" and not ({"params", "pairs"} & roles.keys()):
            continue
        yield OptimizerObject(candidate, shape, hyper, kept, method, roles, defaults=defaults)


def _fitted(one: OptimizerObject) -> bool:
    """Find the form of parameters with which it moves; else the first with which it does not raise."""
    rate = {"learning_rate": 0.1} if "learning_rate" in one.hyper else {}
    quiet: tuple[str, bool] | None = None
    asked = "gradient" in one.arguments or "gradient" in one.step_arguments
    for many in (True, False) if one.many else (False,):
        for form in PARAMETER_FORMS:
            one.form, one.many = form, many
            theta, gradients = (TWO_PARAMETERS, GRADIENTS) if many else (ONE_PARAMETER, GRADIENTS[:1])
            call: dict[str, Any] = {"hyper": rate, "theta": theta, "steps": 2}
            call |= (
                {"bowl": [[0.3] * len(part) for part in theta]} if asked else {"gradients": [gradients] * 2}
            )
            if not Parameters.fits(form, many, bool("bias" in one.step_arguments)):
                continue
            answer = one.run(CheckTrial("optimizer", call=call, seconds=1.0))
            if answer.fault is not None or len(answer.values["theta"]) != 2:
                continue
            if answer.values["theta"][-1] != [list(part) for part in theta]:
                return True
            quiet = quiet or (form, many)
    if quiet is not None:
        one.form, one.many = quiet
    return quiet is not None


def method_named(name: str) -> str:
    """Which method a name speaks of, the more special names first; nothing where it speaks of none.

    Example:
        >>> method_named("MyAdamW"), method_named("SGDMomentum"), method_named("NesterovOptimizer")
        ('adamw', 'momentum', 'nesterov')
    """
    folded = plain_name(name).replace("_", "")
    known = (
        "adamw",
        "nadam",
        "adadelta",
        "adagrad",
        "rmsprop",
        "amsgrad",
        "adamax",
        "adam",
        "nesterov",
        "nag",
        "momentum",
    )
    return next((one for one in known if one in folded), "gradient_descent" if "sgd" in folded else "")
