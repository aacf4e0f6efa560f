"""The likely cause of a wrong autograd class: the planted fault that gives the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soloneuron.checking.records import LikelyCause, PointResult

if TYPE_CHECKING:
    from soloneuron.checking.judge.elements import ElementRun


def likely_cause(run: ElementRun, result: PointResult) -> LikelyCause | None:
    return None
