"""``examine``: hold one object against the contract of its task."""

from __future__ import annotations

from collections.abc import Callable

from soloneuron.checking.exchange import CHECKED_TASKS, Subject
from soloneuron.checking.judge.elements import examine_element
from soloneuron.checking.judge.neuron_examination import examine_neuron
from soloneuron.checking.judge.optimizer_examination import examine_optimizer
from soloneuron.checking.records import Examination
from soloneuron.errors import UnknownNameError

SPECS = ("auto", "nll-mean", "mse-mean", "strict")

JUDGES: dict[str, Callable[[Subject, str, int], Examination]] = {
    "element": examine_element,
    "neuron": examine_neuron,
    "optimizer": examine_optimizer,
}


def examine(subject: Subject, *, task: str | None = None, spec: str = "auto", seed: int = 0) -> Examination:
    """What holds, and the smallest counterexamples of what does not.

    Args:
        subject: answers trials.
        task: one of ``CHECKED_TASKS``; None takes what its description says.
        spec: the variant of the task: ``"auto"`` identifies conventions, ``"nll-mean"`` and ``"mse-mean"``
            demand a loss that is averaged, ``"strict"`` also takes forbidden tools as a must.
        seed: of the random programs.

    Raises:
        UnknownNameError: no such task or spec.
    """
    task = subject.description.task if task is None else task
    if task not in CHECKED_TASKS:
        raise UnknownNameError("task", task, CHECKED_TASKS)
    if spec not in SPECS:
        raise UnknownNameError("spec", spec, SPECS)
    return JUDGES[task](subject, spec, seed)
