"""What becomes of a point: it holds, is a note, has a counterexample, or was not checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from soloneuron.checking.exchange import Description, Fault
from soloneuron.checking.judge.comparing import number_shown
from soloneuron.checking.judge.contract import severity_of
from soloneuron.checking.records import Counterexample, LikelyCause, PointResult, Severity
from soloneuron.texts.phrases import Phrase


@dataclass
class PointList:
    """The points of one object, in the order in which they are shown.

    Args:
        task: whose sentences their titles are.
    """

    task: str
    found: dict[str, PointResult] = field(default_factory=dict)

    def _put(self, id: str, severity: Severity | None = None, **parts: Any) -> PointResult:
        grave = severity_of(self.task, id) if severity is None else severity
        result = PointResult(id, grave, title=self.title(id), **parts)
        self.found[id] = result
        return result

    def title(self, id: str) -> Phrase:
        """The sentence of a point."""
        return Phrase(f"checking.{self.task}.{id}")

    def holds(self, id: str, *, programs: int = 1, said: Phrase | None = None) -> PointResult:
        """It holds."""
        return self._put(id, state="holds", programs=programs, said=said)

    def note(self, id: str, said: Phrase | None, example: Counterexample | None = None) -> PointResult:
        """Something to know, which is no fault."""
        return self._put(id, "note", state="note", said=said, counterexample=example)

    def fails(
        self,
        id: str,
        example: Counterexample,
        cause: LikelyCause | None = None,
        *,
        programs: int = 1,
        severity: Severity | None = None,
    ) -> PointResult:
        """There is a counterexample; of a note it is a note. The contract says how grave it is."""
        grave = severity_of(self.task, id) if severity is None else severity
        state = "note" if grave == "note" else "counterexample"
        return self._put(id, grave, state=state, counterexample=example, cause=cause, programs=programs)

    def blocked(self, id: str) -> bool:
        """Whether some point has a counterexample; then this one is not checked, because of it."""
        failing = next((name for name, result in self.found.items() if result.fails), None)
        if failing is not None:
            self.unchecked(id, failing)
        return failing is not None

    def unchecked(self, id: str, why: str | Phrase) -> PointResult:
        """It was not checked, because of another point or for a reason."""
        said = why if isinstance(why, Phrase) else Phrase("checking.because", {"points": self.title(why)})
        return self._put(id, state="not checked", said=said, programs=0)

    def holding(self, id: str) -> bool:
        """Whether a point holds."""
        return id in self.found and self.found[id].state == "holds"

    def with_cause(self, id: str, cause: LikelyCause | None) -> None:
        """Add the likely cause of a counterexample."""
        self.found[id] = replace(self.found[id], cause=cause)


def fault_example(program: str, fault: Fault, want: str) -> Counterexample:
    """A counterexample that ends with an exception."""
    got = f"{fault.kind}: {fault.message}".rstrip(": ")
    place = (f"{fault.function}, {fault.line}: {fault.text}",) if fault.line else ()
    return Counterexample(program, "", got, want, place)


def identified(name: Phrase, distance: float, other: Phrase, gap: float) -> Phrase:
    """Which convention it is, and how far the next one would be."""
    return Phrase(
        "checking.identified",
        {"name": name, "distance": number_shown(distance), "other": other, "gap": number_shown(gap)},
    )


def forbidden_point(points: PointList, description: Description, spec: str) -> None:
    """Tools that the task forbids, with their lines."""
    uses = description.forbidden
    severity: Severity = "must" if spec == "strict" else "note"
    if not uses:
        points.holds("forbidden")
        return
    place = f"{uses[0].place}, " if uses[0].place else ""
    also = tuple(f"{use.tool}: {use.line}: {use.text}" for use in uses[:5])
    cause = LikelyCause("forbidden", Phrase("checking.causes.forbidden"))
    points.fails(
        "forbidden",
        Counterexample(f"{place}{uses[0].line}: {uses[0].text}", "", uses[0].tool, "", also),
        cause,
        severity=severity,
    )
