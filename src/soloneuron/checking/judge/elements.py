"""Hold an autograd class against its contract, and name the likely cause of what is wrong."""

from __future__ import annotations

import re
from dataclasses import replace

from soloneuron.checking.exchange import CheckAnswer, CheckTrial, Description, Subject
from soloneuron.checking.judge.comparing import number_shown, single
from soloneuron.checking.judge.element_answers import first_wrong, right_answer
from soloneuron.checking.judge.element_causes import ElementProgram, element_cause, explain
from soloneuron.checking.judge.element_points import ELEMENT_POINTS, ElementPoint
from soloneuron.checking.judge.element_programs import random_counterexample
from soloneuron.checking.judge.results import PointList, fault_example, forbidden_point, identified
from soloneuron.checking.records import Counterexample, Examination
from soloneuron.checking.student.elements import respelled
from soloneuron.texts.phrases import Phrase

EVIDENCE = ("chain", "shared", "diamond", "equal_values", "other_graph")
"""Points whose programs are run for the likely cause even where something before them is wrong."""

PROGRAM_SECONDS = 1.5
"""A program that takes longer is given up."""

MOST_TIMEOUTS = 2
"""After so many programs that did not end the rest is not checked."""


class ElementRun:
    """The programs that were run on one class, each once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.answers: dict[tuple[str, tuple[str, ...]], CheckAnswer] = {}
        self.wrong: set[ElementProgram] = set()
        self.shown: dict[str, ElementProgram] = {}
        self.timeouts = 0

    def answer(self, source: str, reads: tuple[str, ...], repeats: int = 1) -> CheckAnswer:
        """What the class answers."""
        key = source, reads
        if key not in self.answers:
            self.answers[key] = self.subject.run(
                CheckTrial("element", source, reads, repeats=repeats, seconds=PROGRAM_SECONDS)
            )
            fault = self.answers[key].fault
            self.timeouts += fault is not None and fault.kind in ("Timeout", "Died")
        return self.answers[key]

    def fails(self, source: str, reads: tuple[str, ...], repeats: int = 1) -> bool:
        """Whether a program is answered wrongly."""
        answer = self.answer(source, reads, repeats)
        right = (
            answer.fault is None and not answer.others and first_wrong(answer.values, source, reads) is None
        )
        if not right:
            self.wrong.add((source, reads))
        return not right


def examine_element(subject: Subject, spec: str, seed: int) -> Examination:
    """Every point of the contract, then random programs over what passed."""
    run, points = ElementRun(subject), PointList("element")
    for point in ELEMENT_POINTS:
        _examine_point(run, points, point)
    _random(run, points, seed)
    _name_causes(run, points)
    forbidden_point(points, subject.description, spec)
    return Examination(subject.description, tuple(points.found.values()), len(run.answers), spec, seed)


def _examine_point(run: ElementRun, points: PointList, point: ElementPoint) -> None:
    blocking = [name for name in point.needs if not points.holding(name)]
    programs = [(source, tuple(reads.split())) for source, reads in point.programs]
    if blocking or run.timeouts >= MOST_TIMEOUTS:
        points.unchecked(point.id, blocking[0] if blocking else Phrase("checking.slow"))
        if point.id in EVIDENCE and run.timeouts < MOST_TIMEOUTS:
            # Not held against the class, but they may tell apart what the first programs do not.
            for program in programs:
                run.fails(*program, point.repeats)
        return
    if point.conventions:
        _convention(run, points, point, *programs[0])
        return
    failing = [
        program for program in programs if run.timeouts < MOST_TIMEOUTS and run.fails(*program, point.repeats)
    ]
    if not failing:
        said = Phrase("checking.printed_dead") if point.id == "dead_example" else None
        points.holds(point.id, programs=len(programs), said=said)
        return
    run.shown[point.id] = failing[0]
    fault = run.answers[failing[0]].fault
    if point.severity == "note" and fault is not None:
        fields = {"fault": f"{fault.kind}: {fault.message}".rstrip(": ")}
        points.note(point.id, Phrase("checking.not_asked", fields))
        return
    points.fails(point.id, counterexample(run, *failing[0]), programs=len(programs))


def _convention(
    run: ElementRun, points: PointList, point: ElementPoint, source: str, reads: tuple[str, ...]
) -> None:
    """Which of the answers that are all right it is, and how far the next one is."""
    answer = run.answer(source, reads)
    got = single(answer.values.get(reads[0]))
    if answer.fault is not None or not isinstance(got, int | float):
        points.note(point.id, None, counterexample(run, source, reads))
        return
    ranked = sorted((abs(got - values[0]), name) for name, values in point.conventions)
    (gap, nearest), (other_gap, other), *_ = ranked
    named = "twice" if point.id == "grown_graph" else point.id
    names = [Phrase(f"checking.conventions.{named}.{name}") for name in (nearest, other)]
    if point.severity != "note" and gap > 1e-3:
        run.shown[point.id] = source, reads
        example = counterexample(run, source, reads)
        points.fails(
            point.id,
            replace(example, want=" | ".join(number_shown(v[0]) for _, v in point.conventions)),
        )
        return
    if point.severity != "note":
        points.holds(point.id)
        return
    points.note(point.id, identified(names[0], gap, names[1], other_gap))


def counterexample(run: ElementRun, source: str, reads: tuple[str, ...]) -> Counterexample:
    """A program that is answered wrongly, in the student's words."""
    answer, want = run.answer(source, reads), right_answer(source, reads)
    description = run.subject.description
    program = in_own_words(source, description)
    if answer.fault is not None:
        right = zip(reads, want, strict=True)
        wanted = ", ".join(
            f"{in_own_words(name, description)} = {number_shown(number)}" for name, number in right
        )
        return fault_example(program, answer.fault, wanted)
    place = first_wrong(answer.values, source, reads)
    if place is None:
        place = next((k for one in answer.others if (k := first_wrong(one, source, reads)) is not None), 0)
    name = reads[place]
    values = [answer.values.get(name), *(one.get(name) for one in answer.others)]
    got = " | ".join(sorted({number_shown(value) for value in values}))
    return Counterexample(program, in_own_words(name, description), got, number_shown(want[place]))


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


def _random(run: ElementRun, points: PointList, seed: int) -> None:
    """Random programs, where all that was demanded holds."""
    blocking = [name for name, result in points.found.items() if result.fails]
    blocking += [name for name in ("addition", "multiplication", "relu") if not points.holding(name)]
    if blocking or run.timeouts:
        points.unchecked("random", blocking[0] if blocking else Phrase("checking.slow"))
        return
    found, tried = random_counterexample(run.fails, seed)
    if found is None:
        points.holds("random", programs=tried)
        return
    run.shown["random"] = found
    points.fails("random", counterexample(run, *found), programs=tried)


def _name_causes(run: ElementRun, points: PointList) -> None:
    """Add the likely cause to every counterexample."""
    demanded = {
        (source, tuple(reads.split()))
        for point in ELEMENT_POINTS
        if point.severity != "note"
        and point.id not in ("ladder", "second_graph", "operands_kept", "grown_graph")
        for source, reads in point.programs
    }
    counted = demanded | ({run.shown["random"]} if "random" in run.shown else set())
    answers = {program: answer for program, answer in run.answers.items() if program in counted}
    explanation = explain(answers, [program for program in answers if program in run.wrong])
    for id, program in run.shown.items():
        if points.found[id].state == "counterexample":
            cause = element_cause(run.subject.description, id, program, run.answers[program], explanation)
            points.with_cause(id, cause)
