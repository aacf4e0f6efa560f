"""Hold an autograd class against its contract, and name the likely cause of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from soloneuron.checking.exchange import Answer, Description, Subject, Trial
from soloneuron.checking.judge.comparing import same_numbers, shown, single
from soloneuron.checking.judge.element_causes import likely_cause
from soloneuron.checking.judge.element_faults import compiled
from soloneuron.checking.judge.element_points import ELEMENT_POINTS, ElementPoint
from soloneuron.checking.judge.element_programs import random_counterexample
from soloneuron.checking.records import Counterexample, Examination, PointResult
from soloneuron.checking.student.elements import respelled
from soloneuron.texts.phrases import Phrase

MOST_TIMEOUTS = 2
"""After so many programs that did not end the rest is not checked."""


class ElementRun:
    """The programs that were run on one class, each once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.answers: dict[tuple[str, tuple[str, ...]], Answer] = {}
        self.timeouts = 0

    def answer(self, source: str, reads: tuple[str, ...], repeats: int = 1) -> Answer:
        """What the class answers."""
        key = source, reads
        if key not in self.answers:
            self.answers[key] = self.subject.run(Trial("element", source, reads, repeats=repeats))
            fault = self.answers[key].fault
            self.timeouts += fault is not None and fault.kind in ("Timeout", "Died")
        return self.answers[key]

    def fails(self, source: str, reads: tuple[str, ...], repeats: int = 1) -> bool:
        """Whether a program is answered wrongly."""
        answer = self.answer(source, reads, repeats)
        return (
            answer.fault is not None or bool(answer.others) or first_wrong(answer, source, reads) is not None
        )


def examine_element(subject: Subject, spec: str, seed: int) -> Examination:
    """Every point of the contract, then random programs over what passed."""
    run = ElementRun(subject)
    results: dict[str, PointResult] = {}
    for point in ELEMENT_POINTS:
        results[point.id] = _result(run, point, results)
    results["random"] = _random(run, results, seed)
    failed = [result.id for result in results.values() if result.state == "counterexample"]
    caused = {
        name: _with_cause(run, result) if name in failed else result
        for name, result in results.items()
    }
    points = tuple(caused.values())
    return Examination(subject.description, points, len(run.answers), spec, seed)


@lru_cache(maxsize=2048)
def right_answer(source: str, reads: tuple[str, ...]) -> tuple[Any, ...]:
    """What the library's own Element gives.

    Example:
        >>> right_answer("a = Element(3); x = a*a; x.backward()", ("x.data", "a.grad"))
        (9, 6)
    """
    from soloneuron.element import Element

    space: dict[str, Any] = {"Element": Element}
    exec(compiled(source), space)
    return tuple(getattr(space[name.partition(".")[0]], name.partition(".")[2]) for name in reads)


def first_wrong(answer: Answer, source: str, reads: tuple[str, ...]) -> int | None:
    """The place of the first number that is not right."""
    for place, want in enumerate(right_answer(source, reads)):
        if not same_numbers(answer.values.get(reads[place], "missing"), want):
            return place
    return None


def _result(run: ElementRun, point: ElementPoint, before: Mapping[str, PointResult]) -> PointResult:
    title = Phrase(f"checking.element.{point.id}")
    blocking = [
        name for name in point.needs if before[name].state in ("counterexample", "not checked", "note")
    ]
    if blocking:
        why = Phrase("checking.because", {"points": before[blocking[0]].title})
        return PointResult(point.id, point.severity, "not checked", title, said=why, programs=0)
    if run.timeouts >= MOST_TIMEOUTS:
        return PointResult(
            point.id, point.severity, "not checked", title, said=Phrase("checking.slow"), programs=0
        )
    programs = [(source, tuple(reads.split())) for source, reads in point.programs]
    if point.conventions:
        return _convention(run, point, title, *programs[0])
    for source, reads in programs:
        if run.fails(source, reads, point.repeats):
            found = counterexample(run, source, reads)
            state = "note" if point.severity == "note" else "counterexample"
            return PointResult(point.id, point.severity, state, title, found, programs=len(programs))
    return PointResult(point.id, point.severity, "holds", title, programs=len(programs))


def _convention(
    run: ElementRun, point: ElementPoint, title: Phrase, source: str, reads: tuple[str, ...]
) -> PointResult:
    """Which of the answers that are all right it is, and how far the next one is."""
    answer = run.answer(source, reads)
    got = single(answer.values.get(reads[0]))
    if answer.fault is not None or not isinstance(got, int | float):
        found = counterexample(run, source, reads)
        return PointResult(point.id, "note", "note", title, found)
    ranked = sorted((abs(got - values[0]), name) for name, values in point.conventions)
    (distance, nearest), (_, runner_up) = ranked[:2]
    fields = {
        "name": Phrase(f"checking.conventions.{point.id}.{nearest}"),
        "got": shown(got),
        "distance": shown(distance),
        "other": Phrase(f"checking.conventions.{point.id}.{runner_up}"),
        "gap": shown(ranked[1][0]),
    }
    return PointResult(point.id, "note", "note", title, said=Phrase("checking.identified", fields))


def counterexample(run: ElementRun, source: str, reads: tuple[str, ...]) -> Counterexample:
    """A program that is answered wrongly, in the student's words."""
    answer, want = run.answer(source, reads), right_answer(source, reads)
    description = run.subject.description
    program = in_own_words(source, description)
    fault = answer.fault
    if fault is not None:
        place = f"{fault.function}, {fault.line}: {fault.text}" if fault.line else ""
        got = f"{fault.kind}: {fault.message}".rstrip(": ")
        wanted = ", ".join(
            f"{in_own_words(name, description)} = {shown(w)}" for name, w in zip(reads, want, strict=True)
        )
        return Counterexample(program, "", got, wanted, (place,) if place else ())
    place = first_wrong(answer, source, reads)
    if place is None:
        other = next(one for one in answer.others)
        place = next((k for k, name in enumerate(reads) if not same_numbers(other.get(name), want[k])), 0)
    name = reads[place]
    values = [answer.values.get(name), *(one.get(name) for one in answer.others)]
    distinct = sorted({shown(value) for value in values})
    got = " | ".join(distinct)
    return Counterexample(program, in_own_words(name, description), got, shown(want[place]))


def in_own_words(source: str, description: Description) -> str:
    """A program or a name with the words of the student.

    Example:
        >>> value = Description("element", "Value", spellings={"data": "v"}, extra={"rest": ", 'x'"})
        >>> in_own_words("a = Element(3); x = a*a; x.backward()", value)
        "a = Value(3, 'x'); x = a*a; x.backward()"
    """
    named = re.sub(
        r"\bElement\(([^()]*)\)", rf"{description.name}(\1{description.extra.get('rest', '')})", source
    )
    changed = {ours: theirs for ours, theirs in description.spellings.items() if ours != theirs}
    if not any(re.search(rf"\b{ours}\b" if ours.isalpha() else re.escape(ours), source) for ours in changed):
        return named
    lines = respelled(named, tuple(sorted(changed.items())))
    return lines if "\n    " in lines else lines.replace("\n", "; ")


def _random(run: ElementRun, results: Mapping[str, PointResult], seed: int) -> PointResult:
    title = Phrase("checking.element.random")
    blocking = [name for name in ("addition", "multiplication", "relu") if results[name].state != "holds"]
    others = [name for name, result in results.items() if result.fails and name not in blocking]
    if blocking or others or run.timeouts:
        first = (blocking or others or ["ladder"])[0]
        why = Phrase("checking.because", {"points": results[first].title})
        return PointResult("random", "must", "not checked", title, said=why, programs=0)
    found, tried = random_counterexample(run, seed)
    if found is None:
        return PointResult("random", "must", "holds", title, programs=tried)
    return PointResult("random", "must", "counterexample", title, counterexample(run, *found), programs=tried)


def _with_cause(run: ElementRun, result: PointResult) -> PointResult:
    from dataclasses import replace

    return replace(result, cause=likely_cause(run, result))
