"""Find out by its shape what an object is, and which objects of a file can be checked."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from soloneuron.checking.exchange import CheckAnswer, CheckTrial, Description
from soloneuron.checking.student.element_shapes import found_element
from soloneuron.checking.student.optimizer_shapes import found_optimizer, method_named
from soloneuron.checking.student.plain import plain_value
from soloneuron.checking.student.roles import alike
from soloneuron.checking.student.sources import forbidden_uses, functions_of, methods_of
from soloneuron.checking.student.trainers import Trainer, found_trainer


class TrialRunner(Protocol):
    """Runs trials on one object."""

    def run(self, trial: CheckTrial) -> CheckAnswer:
        """Run one."""


@dataclass(frozen=True)
class DirectSubject:
    """An object of this process that answers trials.

    Args:
        description: what it is.
        runner: knows how to call it.
        fit: how well it fits its task, the higher the better.
    """

    description: Description
    runner: TrialRunner
    fit: int = 0

    def run(self, trial: CheckTrial) -> CheckAnswer:
        """Run a trial; it never raises for what the student's code did."""
        return self.runner.run(trial)


def recognize(
    candidate: Any, around: Mapping[str, Any] | None = None, *, task: str | None = None
) -> DirectSubject | None:
    """What one object is, by its shape; None where it is nothing that can be checked.

    Args:
        candidate: a class or a function.
        around: the names of its module; None asks the module itself.
        task: only this one.
    """
    names = _around(candidate) if around is None else around
    kinds: dict[str, Callable[[Any, Mapping[str, Any]], DirectSubject | None]] = {
        "element": _element,
        "neuron": _neuron,
        "optimizer": _optimizer,
    }
    for kind, recognized in kinds.items():
        if task in (None, kind):
            subject = recognized(candidate, names)
            if subject is not None:
                return subject
    return None


def _element(candidate: Any, names: Mapping[str, Any]) -> DirectSubject | None:
    found = found_element(candidate, names) if isinstance(candidate, type) else None
    if found is None:
        return None
    parts = {
        "call": f"{candidate.__name__}({found.first}{found.rest})",
        "kind": "class",
        "spellings": found.spellings,
        "missing": found.missing,
        "extra": {"rest": found.rest},
    }
    return DirectSubject(_described("element", candidate, names, **parts), found, 10 - 3 * found.failing)


def _neuron(candidate: Any, names: Mapping[str, Any]) -> DirectSubject | None:
    found = found_trainer(candidate, names)
    if found is None:
        return None
    spellings = found.roles | {role: f"{found.method}.{name}" for role, name in found.method_roles.items()}
    fixed = [f"{name}={getattr(held, '__name__', repr(held))}" for name, held in found.fixed.items()]
    parts = {
        "call": shown_signature(candidate.__name__, found),
        "kind": "class" if found.method else "function",
        "spellings": spellings,
        "missing": tuple(role for role in TRAINED if role not in spellings),
        "extra": {
            "form": found.form,
            "method": found.method,
            "fixed": fixed,
            "refused": found.refused,
            "squared": bool(found.squared),
        },
    }
    return DirectSubject(_described("neuron", candidate, names, **parts), found, 9)


def _optimizer(candidate: Any, names: Mapping[str, Any]) -> DirectSubject | None:
    if not inspect.isfunction(candidate) and not isinstance(candidate, type):
        return None
    found = found_optimizer(candidate)
    if found is None:
        return None
    own = ", ".join([*found.arguments.values(), *found.hyper.values(), *found.state])
    call = f"{candidate.__name__}({own})"
    if found.method:
        inner = ", ".join(found.step_arguments.values())
        call += f"({inner})" if found.method == "__call__" else f".{found.method}({inner})"
    parts = {
        "call": call,
        "kind": found.shape,
        "spellings": found.hyper,
        "extra": {
            "form": found.form,
            "many": found.many,
            "pair": bool({"layer", "bias"} & found.step_arguments.keys()),
            "method": found.method,
            "named": method_named(candidate.__name__),
            "asks": "gradient" in found.arguments
            or "gradient" in found.step_arguments
            or found.shape in ("driver", "rule"),
            "defaults": {
                role: plain_value(found.defaults[name])
                for role, name in found.hyper.items()
                if name in found.defaults and found.defaults[name] is not None
            },
        },
    }
    return DirectSubject(_described("optimizer", candidate, names, **parts), found, 8 if found.works else 2)


TRAINED = ("features", "labels", "weights", "bias", "rate", "epochs")


def shown_signature(name: str, found: Trainer) -> str:
    """How a trainer is called, by the names of its parameters."""
    own = ", ".join([*found.roles.values(), *(key for key in found.fixed)])
    return f"{name}({own})" + (
        f".{found.method}({', '.join(found.method_roles.values())})" if found.method else ""
    )


def discover(
    names: Mapping[str, Any], *, task: str | None = None, name: str | None = None
) -> list[DirectSubject]:
    """The objects among the names of a file that can be checked, those that fit best first.

    Args:
        names: a namespace, such as ``vars(module)``, in the order of definition; what was imported from
            libraries is passed over.
        task: only this one.
        name: only this one; letters that look alike in Latin and Cyrillic are the same.
    """
    found: list[tuple[Any, DirectSubject]] = []
    for key, candidate in list(names.items()):
        if key.startswith("__") or not callable(candidate) or not _is_own(candidate):
            continue
        if name is None or alike(key) == alike(name):
            subject = recognize(candidate, names, task=task)
            if subject is not None:
                found.append((candidate, subject))
    kept = [subject for candidate, subject in found if not _only_a_base(candidate, subject, found)]
    return sorted(kept, key=lambda subject: -subject.fit)


def _only_a_base(candidate: Any, subject: DirectSubject, found: list[tuple[Any, DirectSubject]]) -> bool:
    """Whether a class fits worse than one that is derived from it."""
    return isinstance(candidate, type) and any(
        isinstance(other, type)
        and other is not candidate
        and issubclass(other, candidate)
        and better.fit > subject.fit
        for other, better in found
    )


def _is_own(candidate: Any) -> bool:
    library = str(getattr(candidate, "__module__", "") or "").partition(".")[0]
    return library not in sys.stdlib_module_names and library not in KNOWN_LIBRARIES


KNOWN_LIBRARIES = (
    "torch",
    "numpy",
    "plotly",
    "matplotlib",
    "pandas",
    "sklearn",
    "seaborn",
    "IPython",
    "soloneuron",
)


def _around(candidate: Any) -> Mapping[str, Any]:
    return (
        vars(sys.modules[candidate.__module__])
        if getattr(candidate, "__module__", None) in sys.modules
        else {}
    )


def _described(task: str, candidate: Any, names: Mapping[str, Any], **parts: Any) -> Description:
    methods = methods_of(functions_of(candidate))
    return Description(
        task, candidate.__name__, methods=methods, forbidden=forbidden_uses(methods, names), **parts
    )
