"""``check``: what is wrong with an object of this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from soloneuron.checking.adapters import adapter_text
from soloneuron.checking.examine import examine
from soloneuron.checking.exchange import CHECKED_TASKS
from soloneuron.checking.records import Examination, PointResult
from soloneuron.checking.showing import as_html, as_text, headline
from soloneuron.checking.student.discovery import recognize
from soloneuron.errors import InputError, UnknownNameError
from soloneuron.texts.language import language


class CheckResult:
    """What ``check`` found about one object.

    Attributes:
        examination: all of it, as a record.
    """

    def __init__(self, examination: Examination) -> None:
        self.examination = examination

    @property
    def points(self) -> tuple[PointResult, ...]:
        """What came of each point of the contract."""
        return self.examination.points

    @property
    def exit_code(self) -> int:
        """0: no counterexample, 1: a must or a should has one, 2: nothing could be checked."""
        return self.examination.exit_code

    @property
    def share(self) -> float:
        """How many of the musts and shoulds hold, from 0 to 1: partial credit for a grader.

        What was not checked, because something before it is wrong, does not hold.
        """
        counted = [point for point in self.points if point.severity != "note"]
        return sum(point.state == "holds" for point in counted) / max(1, len(counted))

    def point(self, id: str) -> PointResult:
        """What came of one point.

        Raises:
            UnknownNameError: no such point; the nearest is suggested.
        """
        found = {point.id: point for point in self.points}
        if id not in found:
            raise UnknownNameError("point", id, found)
        return found[id]

    def json(self) -> str:
        """All of it as strict JSON, worded in the reader's language."""
        return json.dumps(self.examination.as_data(language()), ensure_ascii=False, indent=1)

    def summary(self) -> str:
        """The counterexamples, and a line a point, in the reader's language, for ``print``."""
        return as_text(self.examination, language())

    def _repr_html_(self) -> str:
        return as_html(self.examination, language())

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"CheckResult({headline(self.examination, language())})"


def check(
    candidate: Any,
    *,
    task: str | None = None,
    spec: str = "auto",
    seed: int = 0,
    names: Mapping[str, Any] | None = None,
) -> CheckResult:
    """Hold a class or a function against the contract of its task, and show the smallest counterexamples.

    What it is, is found by its shape: a class with a number, a gradient and ``backward`` is an autograd
    class; a function or a class with features, labels and epochs trains a neuron; one that moves parameters
    against gradients is an optimizer. It runs in this process: check only code that you would run yourself.

    No counterexample among so many programs is what it says, and never that the code is right.

    Args:
        candidate: the class or the function.
        task: ``"element"``, ``"neuron"`` or ``"optimizer"``, where the shape fits several.
        spec: ``"auto"`` identifies conventions; ``"nll-mean"`` and ``"mse-mean"`` demand that loss,
            averaged over all rows; ``"strict"`` makes torch's own learning tools a fault.
        seed: of the random programs.
        names: where functions that are asked for by name are found; None takes those of its module.

    Returns:
        A CheckResult, which shows itself in a notebook; ``print`` it elsewhere.

    Raises:
        InputError: it is nothing that can be checked; the message has an adapter to fill in.
        UnknownNameError: no such task or spec.

    Example:
        >>> from soloneuron import Element
        >>> result = check(Element)
        >>> result.exit_code, result.share, result.point("diamond").state
        (0, 1.0, 'holds')
    """
    if task is not None and task not in CHECKED_TASKS:
        raise UnknownNameError("task", task, CHECKED_TASKS)
    subject = recognize(candidate, names, task=task)
    if subject is None:
        name = getattr(candidate, "__name__", type(candidate).__name__)
        raise InputError(
            f"{name} is not recognized as an autograd class, a trainer of a neuron or an optimizer; write an "
            f"adapter and check that:\n\n{adapter_text(task)}",
            code="checking.unknown_shape",
            name=str(name),
            adapter=adapter_text(task),
        )
    return CheckResult(examine(subject, spec=spec, seed=seed))
