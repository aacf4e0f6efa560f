"""Points of a course for what was found: nobody's but those that a file names."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soloneuron.checking.exchange import CHECKED_TASKS
from soloneuron.checking.homework.refusals import refusal
from soloneuron.checking.records import Examination
from soloneuron.storage.files import read_bytes

_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class Weights:
    """What a task is worth.

    Args:
        start: points to begin with.
        least: fewer are not given.
        minus: taken for a point with a counterexample, by the id of the point.
        plus: given for a point that holds.
    """

    start: float = 0.0
    least: float = 0.0
    minus: Mapping[str, float] = field(default_factory=dict)
    plus: Mapping[str, float] = field(default_factory=dict)

    def score(self, examination: Examination) -> float:
        """The points of an object; a point that was not checked gives and takes nothing."""
        states = {point.id: point.state for point in examination.points}
        taken = sum(worth for name, worth in self.minus.items() if states.get(name) == "counterexample")
        given = sum(worth for name, worth in self.plus.items() if states.get(name) == "holds")
        return max(self.least, self.start - taken + given)


def read_weights(path: str) -> dict[str, Weights]:
    """The weights of a TOML file, a table for each task.

    Args:
        path: of the file.

    Raises:
        InputError: it cannot be read, or says something else.
    """
    content = read_bytes(path, _MOST_BYTES)
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise refusal("points", path=path, reason=str(fault)) from None
    unknown = [name for name in tables if name not in CHECKED_TASKS]
    if unknown or not tables:
        raise refusal(
            "points", path=path, reason=f"[{unknown[0]}] ?" if unknown else f"[{'] ['.join(CHECKED_TASKS)}]"
        )
    return {name: _weights(path, name, table) for name, table in tables.items()}


def score_of(weights: Mapping[str, Weights], examination: Examination) -> float | None:
    """The points of an object; None where its task is worth nothing here.

    Args:
        weights: by task.
        examination: of the object.
    """
    of_task = weights.get(examination.description.task)
    return None if of_task is None else of_task.score(examination)


def weights_path(name: str) -> Path:
    """Where an example of such a file stands that comes with the library.

    Args:
        name: without its ending, such as ``"assignment"``.
    """
    return Path(__file__).with_name("points") / f"{name}.toml"


def _weights(path: str, task: str, table: Any) -> Weights:
    known = {"start", "least", "minus", "plus"}
    if not isinstance(table, dict) or set(table) - known:
        raise refusal("points", path=path, reason=f"[{task}]: {', '.join(sorted(known))}")
    try:
        maps = {
            part: {str(name): float(worth) for name, worth in table.get(part, {}).items()}
            for part in ("minus", "plus")
        }
        return Weights(float(table.get("start", 0)), float(table.get("least", 0)), **maps)
    except (TypeError, ValueError, AttributeError) as fault:
        raise refusal("points", path=path, reason=f"[{task}]: {fault}") from None
