"""Find out by its shape what an object is, and which objects of a file can be checked."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from soloneuron.checking.exchange import Answer, Description, Trial
from soloneuron.checking.student.elements import found_element
from soloneuron.checking.student.sources import forbidden_uses, functions_of, methods_of


class Runner(Protocol):
    """Runs trials on one object."""

    def run(self, trial: Trial) -> Answer:
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
    runner: Runner
    fit: int = 0

    def run(self, trial: Trial) -> Answer:
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
    if task in (None, "element") and isinstance(candidate, type):
        found = found_element(candidate, names)
        if found is not None:
            name = candidate.__name__
            parts = {
                "call": f"{name}({next(iter(found.spellings))})",
                "kind": "class",
                "spellings": found.spellings,
            }
            return DirectSubject(_described("element", candidate, names, **parts), found, 2)
    return None


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
    found = []
    for key, candidate in names.items():
        if key.startswith("__") or not callable(candidate) or not _is_own(candidate):
            continue
        if name is None or alike(key) == alike(name):
            subject = recognize(candidate, names, task=task)
            if subject is not None:
                found.append(subject)
    return sorted(found, key=lambda subject: -subject.fit)


CYRILLIC = str.maketrans("АВЕКМНОРСТУХавекмнорстух", "ABEKMHOPCTYXabekmhopctyx")


def alike(name: str) -> str:
    """A name with Latin letters for the Cyrillic ones that look the same.

    Example:
        >>> alike("MyСrippledNeuron") == "MyCrippledNeuron"
        True
    """
    return name.translate(CYRILLIC)


def _is_own(candidate: Any) -> bool:
    room = str(getattr(candidate, "__module__", "") or "").partition(".")[0]
    return room not in sys.stdlib_module_names and room not in (
        "torch",
        "numpy",
        "plotly",
        "matplotlib",
        "pandas",
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
