"""``check``: what is wrong with an object of this process."""

from __future__ import annotations

from typing import Any

from soloneuron.checking.examine import examine
from soloneuron.checking.records import Examination
from soloneuron.checking.student.discovery import recognize
from soloneuron.errors import InputError


def check(candidate: Any, *, task: str | None = None, spec: str = "auto", seed: int = 0) -> Examination:
    """Hold a class or a function against the contract of its task."""
    subject = recognize(candidate, task=task)
    if subject is None:
        raise InputError("not found", code="checking.not_found")
    return examine(subject, spec=spec, seed=seed)
