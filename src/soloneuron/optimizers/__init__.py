"""Rules that move theta against a gradient; they know a vector, its gradient and their own memory.

::

    rule = Adam(learning_rate=0.01)         # or as_optimizer("adam", learning_rate=0.01)
    state = rule.start(theta)               # step counter and slots, apart from the rule
    point = rule.at(theta, state)           # where the gradient is wanted; often theta itself
    rule.step(theta, gradient, state)       # in place: theta and state change, the gradient never does
    rule.update(theta, objective, state)    # the same in one call, for every rule; LBFGS has only this
    state.copy(), theta.clone()             # a snapshot; going on from it is exact to the bit
    rule.save(state), rule.load(saved, theta)      # the same by slot name, for a file

theta is always the answer, so there is no mode to switch before one looks at it. theta may have leading run
axes and so may any hyperparameter: a rate (R, 1) with theta (R, d+1) trains R runs with the same code.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {
    "AMSGrad": "amsgrad",
    "ASGD": "asgd",
    "AdaBelief": "adabelief",
    "Adadelta": "adadelta",
    "Adagrad": "adagrad",
    "AdagradNorm": "adagrad_norm",
    "Adam": "adam",
    "AdamW": "adamw",
    "Adamax": "adamax",
    "GradientDescent": "descent",
    "LBFGS": "lbfgs",
    "Lion": "lion",
    "Momentum": "momentum",
    "NAG": "nag",
    "Nadam": "nadam",
    "Nesterov": "nesterov",
    "Optimizer": "base",
    "OptimizerState": "state",
    "RAdam": "radam",
    "RMSProp": "rmsprop",
    "Rprop": "rprop",
    "ScheduleFreeSGD": "schedule_free",
    "as_optimizer": "naming",
    "choice": "settings",
    "count": "settings",
    "flag": "settings",
    "nesterov_momentum": "nag",
    "number": "settings",
    "strongly_convex_momentum": "nag",
    "sutskever_momentum": "nag",
}

__all__ = sorted(_PLACES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Import a name when it is first used (PEP 562): the catalogue of names does not wait for torch."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})
