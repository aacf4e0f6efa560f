"""Finding objects without calling them: once a call has ended the process, the shape alone must do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from soloneuron.checking.exchange import CheckAnswer, CheckTrial, Fault
from soloneuron.checking.student.elements import ElementClass
from soloneuron.checking.student.optimizers import OptimizerObject
from soloneuron.checking.student.trainers import Trainer

_UNTRIED: tuple[tuple[type, str, Callable[..., Any]], ...] = (
    (ElementClass, "failures", lambda _: 0),
    (Trainer, "run", lambda _, __: CheckAnswer(fault=Fault("Timeout"))),
    (OptimizerObject, "run", lambda _, trial: CheckAnswer(values={"theta": _moved(trial)})),
)
"""What stands for the calls by which the best form of an object is found: the first form suits."""


@contextmanager
def without_calls() -> Iterator[None]:
    """Call no object of the homework while it is found."""
    kept = [getattr(owner, name) for owner, name, _ in _UNTRIED]
    try:
        for owner, name, instead in _UNTRIED:
            setattr(owner, name, instead)
        yield
    finally:
        for (owner, name, _), held in zip(_UNTRIED, kept, strict=True):
            setattr(owner, name, held)


def _moved(trial: CheckTrial) -> list[Any]:
    """Parameters that moved in each of two steps."""
    return [trial.call["theta"], [[number + 1.0 for number in part] for part in trial.call["theta"]]]
