"""Find out whether a class or a function is an optimizer, in which of the common call shapes."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from soloneuron.checking.exchange import CheckTrial
from soloneuron.checking.student.optimizers import OptimizerObject
from soloneuron.checking.student.parameter_forms import PARAMETER_FORMS
from soloneuron.checking.student.roles import parameters_of, plain_name, required, roles_of
from soloneuron.checking.student.sources import code_files

HYPERPARAMETERS = {
    "learning_rate": (
        "скорость_обучения скорость шаг lr learning_rate eta rate step_size stepsize lrate learn_rate l_r"
    ),
    "beta1": "beta1 beta_1 b1",
    "beta2": "beta2 beta_2 b2",
    "betas": "betas",
    "momentum": "импульс momentum mu mom gamma beta u_rate momentum_coef nu",
    "rho": "затухание rho decay_rate decay rho_decay smoothing",
    "epsilon": "эпсилон eps epsilon e",
    "weight_decay": "weight_decay wd lambda_ lam l2 lmbda lambda",
    "alpha": "alpha a",
}
"""Hyperparameters, and their names; ``alpha`` is the rate where nothing else is, else a decay."""

ARGUMENTS = {
    "params": (
        "параметры параметр веса theta_ "
        "params parameters param model_params theta weights w x parameter tensors variables vars "
        "p values model point current"
    ),
    "grads": "градиенты градиент grads grad gradients g gradient dw dws grad_w gradients_list dparams dx",
    "gradient": (
        "grad_fn grad_f gradient_fn gradient_func df grad_func f_grad gradient_function "
        "grad_function closure fn_grad get_grad"
    ),
    "pairs": "params_and_grads grads_and_vars params_grads pairs param_grad_pairs",
    "objective": "f fn func function objective loss loss_fn",
    "bias": "b bias",
    "bias_gradient": "db grad_b bias_grad",
    "layer": "layer l слой",
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
    "шаг",
    "обновить",
    "__call__",
    "get_update",
)
TWO_PARAMETERS = ([1.0, -2.0], [0.5])
ONE_PARAMETER = ([1.0, -2.0],)
GRADIENTS = ([0.3, 0.2], [0.1])


def found_optimizer(candidate: Any) -> OptimizerObject | None:
    """The optimizer that a class or a function is; None where it is none."""
    first: OptimizerObject | None = None
    for one in _shapes(candidate):
        one.files = code_files(candidate)
        one.works = _fitted(one)
        if one.works:
            return one
        first = first or one
    name = str(getattr(candidate, "__name__", ""))
    meant = bool(method_named(name)) or "optim" in name.lower() or "оптим" in name.lower()
    if first is None or not meant:
        return None
    return first


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
        rule = _of_library(candidate)
        if rule is not None:
            yield rule
            return
        yield from _of_class(candidate, hyper, arguments, left, defaults)
        return
    if "gradient" in arguments and "params" in arguments and "steps" not in arguments:
        arguments.pop("objective", None)
    if "steps" in arguments and ("gradient" in arguments or "grads" in arguments):
        if "start" in arguments or "params" in arguments:
            yield OptimizerObject(candidate, "driver", hyper, arguments, defaults=defaults, many=False)
        return
    moves = "learning_rate" in hyper or bool(method_named(name))
    if moves and "params" in arguments and ("grads" in arguments or "gradient" in arguments):
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


SETTABLE = ("learning_rate", "momentum", "beta1", "beta2", "rho", "epsilon", "weight_decay")


def _of_library(candidate: type) -> OptimizerObject | None:
    """A rule in the shape of this library: start(theta), step(theta, gradient, state), update."""
    methods = [getattr(candidate, name, None) for name in ("start", "step", "update")]
    hyper = getattr(candidate, "hyperparameters", None)
    if not all(map(inspect.isfunction, methods)) or not isinstance(hyper, Mapping):
        return None
    if [one.name for one in parameters_of(candidate.step)][1:] != ["theta", "gradient", "state"]:  # type: ignore[attr-defined]
        return None
    named = {name: name for name in SETTABLE if name in hyper}
    return OptimizerObject(candidate, "rule", named, method="update", many=False)


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
        has_gradients = {"grads", "gradient", "pairs", "layer"} & roles.keys()
        if shape == "takes" and not (has_gradients and {"params", "pairs", "layer"} & roles.keys()):
            continue
        yield OptimizerObject(candidate, shape, hyper, kept, method, roles, defaults=defaults)


def _fitted(one: OptimizerObject) -> bool:
    """Find the form of parameters with which it moves; else the first with which it does not raise."""
    rate = {"learning_rate": 0.1} if "learning_rate" in one.hyper else {}
    quiet: tuple[str, bool] | None = None
    raising: list[tuple[bool, str, bool]] = []
    if one.shape == "rule":
        return True
    asked = "gradient" in one.arguments or "gradient" in one.step_arguments
    for many in (True, False) if one.many else (False,):
        for form in PARAMETER_FORMS:
            one.form, one.many = form, many
            theta, gradients = (TWO_PARAMETERS, GRADIENTS) if many else (ONE_PARAMETER, GRADIENTS[:1])
            call: dict[str, Any] = {"hyper": rate, "theta": theta, "steps": 2}
            call |= (
                {"bowl": [[0.3] * len(part) for part in theta]} if asked else {"gradients": [gradients] * 2}
            )
            if not form_fits(form, many, one.step_arguments):
                continue
            answer = one.run(CheckTrial("optimizer", call=call, seconds=1.0))
            fault = answer.fault
            if fault is not None:
                # A TypeError says that the form does not suit; it is shown where nothing else is raised.
                raising.append((fault.kind in ("TypeError", "AttributeError"), form, many))
                if fault.kind in ("Timeout", "NotImplementedError"):
                    break
            if fault is not None or len(answer.values["theta"]) != 2:
                continue
            if answer.values["theta"][-1] != [list(part) for part in theta]:
                return True
            # One tensor alone is a list of numbers without gradients to whoever expects a list of tensors.
            if many or one.shape != "holds":
                quiet = quiet or (form, many)
    if quiet is not None:
        one.form, one.many = quiet
    elif raising:
        _, one.form, one.many = min(raising, key=lambda found: found[0])
    return quiet is not None


def form_fits(form: str, many: bool, arguments: Mapping[str, str]) -> bool:
    """Whether a form can be of several parameters, or of one, as a step takes them."""
    if "layer" in arguments:
        return many and form == "layer"
    if "bias" in arguments:
        return many and form in ("tensors64", "tensors32", "arrays")
    return form != "layer" and (many or not form.startswith("dict"))


METHOD_NAMES = (
    ("schedule_free_adamw", "schedulefreeadam adamwschedulefree"),
    ("ademamix", "ademamix"),
    ("signum", "signum signsgd"),
    ("qhm", "qhm quasihyperbolic"),
    ("yogi", "yogi"),
    ("prodigy", "prodigy"),
    ("dog", "dogoptimizer distanceovergradients mydog"),
    ("barzilai_borwein", "barzilai borwein"),
    ("polyak_step", "polyakstep polyaksgd stochasticpolyak"),
    ("restarted_nag", "restartednag restartednesterov"),
    ("conjugate_gradient", "conjugategradient"),
    ("adamw", "adamw адамв"),
    ("nadam", "nadam надам"),
    ("adadelta", "adadelta ададельта"),
    ("adagrad_norm", "adagradnorm"),
    ("adagrad", "adagrad адаград"),
    ("rmsprop", "rmsprop рмспроп"),
    ("amsgrad", "amsgrad"),
    ("adamax", "adamax адамакс"),
    ("adabelief", "adabelief"),
    ("radam", "radam"),
    ("rprop", "rprop"),
    ("adam", "adam адам"),
    ("nesterov", "nesterov нестеров"),
    ("nag", "nag"),
    ("momentum", "momentum импульс моментум"),
    ("lbfgs", "lbfgs"),
    ("asgd", "asgd"),
    ("lion", "lion"),
    ("schedule_free_sgd", "schedulefree"),
    ("newton", "newton"),
    ("gradient_descent", "gradientdescent"),
)
"""Methods, and the parts of names that speak of them: the more special ones first."""

WHOLE_NAMES = {
    **dict.fromkeys(("sgd", "mysgd", "sgdoptimizer", "gd"), "gradient_descent"),
    "dog": "dog",
}
"""Names too short to be looked for within others, and the methods of which they speak."""


def method_named(name: str) -> str:
    """Which method a name speaks of; nothing where it speaks of none.

    Example:
        >>> method_named("MyAdamW"), method_named("SGDMomentum"), method_named("NesterovOptimizer")
        ('adamw', 'momentum', 'nesterov')
    """
    folded = plain_name(name).replace("_", "")
    if folded in WHOLE_NAMES:
        return WHOLE_NAMES[folded]
    return next(
        (
            method
            for method, parts in METHOD_NAMES
            if any(plain_name(part).replace("_", "") in folded for part in parts.split())
        ),
        "",
    )
