"""What is checked and what was found: contract points as data, and the result of examining one object."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from soloneuron.checking.exchange import Description, Method
from soloneuron.texts.phrases import Phrase

Severity = Literal["must", "should", "note"]
PointState = Literal["holds", "counterexample", "not checked", "note"]


@dataclass(frozen=True)
class Counterexample:
    """The smallest program that shows it.

    Args:
        program: in the student's own words, such as ``"a = Element(3); x = a*a; x.backward()"``.
        reads: what was read, such as ``"a.grad"``.
        got: what came.
        want: what is right.
        also: more lines to show, such as an exception with its line.
    """

    program: str
    reads: str
    got: str
    want: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class LikelyCause:
    """What is likely behind it.

    Args:
        id: of the cause, such as ``"overwritten"``.
        said: the sentence.
        method: the student's lines to look at, or None.
        lines: the numbers of the lines that stand out.
    """

    id: str
    said: Phrase
    method: Method | None = None
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class PointResult:
    """What came of one contract point.

    Args:
        id: of the point, such as ``"diamond"``.
        severity: of a counterexample.
        state: whether it holds.
        title: what is demanded.
        counterexample: where there is one.
        cause: the likely cause, or None.
        said: why it was not checked, or which convention was identified.
        programs: how many programs were tried.
    """

    id: str
    severity: Severity
    state: PointState
    title: Phrase
    counterexample: Counterexample | None = None
    cause: LikelyCause | None = None
    said: Phrase | None = None
    programs: int = 1

    @property
    def fails(self) -> bool:
        """Whether it counts: a must or a should with a counterexample."""
        return self.state == "counterexample" and self.severity != "note"


@dataclass(frozen=True)
class Examination:
    """The verdict on one object.

    Args:
        description: what it is and how it was called.
        points: what came of each, in the order in which they are shown.
        programs: how many programs were run.
        spec: the variant of the task it was held against.
        seed: of the random programs.
        guards: which guards were on; nothing in the own process.
    """

    description: Description
    points: tuple[PointResult, ...]
    programs: int = 0
    spec: str = "auto"
    seed: int = 0
    guards: tuple[str, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """1 where a must or a should has a counterexample, 2 where nothing could be checked, else 0."""
        if any(point.fails for point in self.points):
            return 1
        return 0 if any(point.state != "not checked" for point in self.points) else 2

    def as_data(self, language: str = "en") -> dict[str, Any]:
        """Strict JSON data, worded in a language."""
        description = self.description
        data: dict[str, Any] = strict(
            {
                "format": 1,
                "task": description.task,
                "name": description.name,
                "call": description.call,
                "place": description.place,
                "spec": self.spec,
                "seed": self.seed,
                "programs": self.programs,
                "guards": list(self.guards),
                "exit_code": self.exit_code,
                "points": [point_data(point, language) for point in self.points],
            }
        )
        return data


def point_data(point: PointResult, language: str) -> dict[str, Any]:
    """One point as plain data, worded in a language."""
    cause = point.cause
    return {
        "id": point.id,
        "title": point.title.say(language),
        "severity": point.severity,
        "state": point.state,
        "passed": {"holds": True, "note": True, "counterexample": False}.get(point.state),
        "counterexample": asdict(point.counterexample) if point.counterexample else None,
        "cause": None
        if cause is None
        else {
            "id": cause.id,
            "said": cause.said.say(language),
            "method": asdict(cause.method) if cause.method else None,
            "lines": list(cause.lines),
        },
        "said": point.said.say(language) if point.said else None,
        "programs": point.programs,
    }


def strict(value: Any) -> Any:
    """Plain data with words in the place of numbers that JSON does not have.

    Example:
        >>> strict({"loss": (1.0, float("nan"))})
        {'loss': [1.0, 'nan']}
    """
    if isinstance(value, Mapping):
        return {str(key): strict(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [strict(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
