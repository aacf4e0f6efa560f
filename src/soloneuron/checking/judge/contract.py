"""The contract of each task: its points, how grave a counterexample is, and what must hold before."""

from __future__ import annotations

from dataclasses import dataclass

from soloneuron.checking.judge.element_points import ELEMENT_POINTS
from soloneuron.checking.records import Severity


@dataclass(frozen=True)
class ContractPoint:
    """One thing that is demanded.

    Args:
        id: its sentence is ``checking.TASK.ID``.
        severity: of a counterexample.
        needs: ids of points without which it cannot be judged.
    """

    id: str
    severity: Severity = "must"
    needs: tuple[str, ...] = ()


CONTRACT: dict[str, tuple[ContractPoint, ...]] = {
    "element": (
        *(ContractPoint(point.id, point.severity, point.needs) for point in ELEMENT_POINTS),
        ContractPoint("random", "must", ("addition", "multiplication", "relu")),
        ContractPoint("forbidden", "note"),
    ),
    "neuron": (
        ContractPoint("returns"),
        ContractPoint("update", "must", ("returns",)),
        ContractPoint("losses", "must", ("update",)),
        ContractPoint("long", "must", ("update",)),
        ContractPoint("columns", "must", ("update",)),
        ContractPoint("convention", "note", ("update",)),
        ContractPoint("saturation", "must", ("update",)),
        ContractPoint("clipped", "note", ("losses", "saturation")),
        ContractPoint("squared", "must", ("update",)),
        ContractPoint("caller", "must", ("returns",)),
        ContractPoint("again", "must", ("returns",)),
        ContractPoint("lists", "note", ("returns",)),
        ContractPoint("no_epochs", "note", ("returns",)),
        ContractPoint("integers", "note", ("returns",)),
        ContractPoint("rounded", "note", ("returns",)),
        ContractPoint("printed_example", "note", ("returns",)),
        ContractPoint("random", "must", ("update", "losses")),
        ContractPoint("forbidden", "note"),
    ),
    "optimizer": (
        ContractPoint("moves"),
        ContractPoint("first_step", "must", ("moves",)),
        ContractPoint("three_steps", "must", ("first_step",)),
        ContractPoint("coordinates", "must", ("first_step",)),
        ContractPoint("small", "must", ("first_step",)),
        ContractPoint("bowl", "must", ("three_steps",)),
        ContractPoint("two_parameters", "must", ("three_steps",)),
        ContractPoint("convention", "note", ("moves",)),
        ContractPoint("zero_gradient", "must", ("bowl",)),
        ContractPoint("again", "must", ("bowl",)),
        ContractPoint("random", "must", ("bowl",)),
        ContractPoint("caller", "must", ("moves",)),
        ContractPoint("forbidden", "note"),
    ),
}
"""The points by task, in the order in which they are tried."""


def severity_of(task: str, id: str) -> Severity:
    """How grave a counterexample of a point is.

    Example:
        >>> severity_of("element", "diamond"), severity_of("neuron", "integers")
        ('must', 'note')
    """
    return next(point.severity for point in CONTRACT[task] if point.id == id)
