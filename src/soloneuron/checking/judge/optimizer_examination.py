"""The points of an optimizer, one after the other."""

from __future__ import annotations

import math
import random
from typing import Any

from soloneuron.checking.exchange import CheckTrial, Subject
from soloneuron.checking.judge.causes import not_callable, one_of_two, said_cause
from soloneuron.checking.judge.comparing import number_shown
from soloneuron.checking.judge.optimizer_faults import OPTIMIZER_CONVENTIONS
from soloneuron.checking.judge.optimizer_models import track_of
from soloneuron.checking.judge.optimizer_points import ZERO
from soloneuron.checking.judge.optimizers import (
    DISPLACEMENT_TOLERANCE,
    Match,
    OptimizerRun,
    best_conventions,
    convention_name,
    likely_methods,
    matching_faults,
    sound_match,
)
from soloneuron.checking.judge.results import PointList, fault_example, forbidden_point, identified
from soloneuron.checking.judge.search import random_point
from soloneuron.checking.records import Counterexample, Examination, LikelyCause
from soloneuron.texts.phrases import Phrase

OPTIMIZER_CAUSE_LINES = {
    "no_correction": r"\*\*|beta|\bm\b|\bv\b", "t_per_parameter": r"\bt\s*\+=|\.t\b",
    "one_minus_missing": r"beta|rho|decay",
    "frozen": r"-=|=", "coupled_decay": r"decay|wd|lambda", "decay_in_numerator": r"decay|wd|lambda",
    "no_root": r"sqrt|\*\*",
    "one_accumulator": r"sum|norm|dot", "rounds_state": r"round", "no_look_ahead": r"mom|mu|gamma|\bv\b",
    "shared_state": r"self\.\w+\s*=",
}  # fmt: skip
"""Lines that stand out, by cause."""
LINES = r"=(?!=)"
MOST_RANDOM_BOWLS = 25

FAR_FROM_ALL = 0.3
"""A convention that is further away is not named as the nearest."""


def examine_optimizer(subject: Subject, spec: str, seed: int) -> Examination:
    """Every point of the contract, then random programs over what passed."""
    run, points = OptimizerRun(subject), PointList("optimizer")
    names = [*run.calls]
    if _moves(run, points):
        methods = likely_methods(run.description)
        order = best_conventions(run, methods, names)
        if order[0].gap > DISPLACEMENT_TOLERANCE and not run.description.extra.get("named"):
            order = best_conventions(run, OPTIMIZER_CONVENTIONS, names)
        if order[0].gap <= DISPLACEMENT_TOLERANCE:
            for name in names:
                points.holds(name)
            _convention(points, order)
            _zero(run, points)
            _again(run, points)
            _random(run, points, order[0], seed)
        else:
            _wrong(run, points, methods, order, names)
        _caller(run, points)
    forbidden_point(points, subject.description, spec)
    return Examination(subject.description, tuple(points.found.values()), len(run.answers), spec, seed)


def _moves(run: OptimizerRun, points: PointList) -> bool:
    """Whether it can be called at all, and moves."""
    answer = run.answer("first_step")
    program = run.shown_call("first_step")
    if answer.fault is not None:
        not_callable(points, "moves", run.description, answer.fault, program)
        return False
    track, start = (
        run.track("three_steps"),
        [one for part in run.calls["three_steps"]["theta"] for one in part],
    )
    if track is not None and all(step == start for step in track):
        names = [
            run.description.extra.get("method", ""),
            *(method.name for method in run.description.methods),
        ]
        cause = said_cause(run.description, "frozen", names, r"-=|=")
        points.fails(
            "moves",
            Counterexample(program, "theta", number_shown(track[-1]), "≠ " + number_shown(start)),
            cause,
        )
        return False
    points.holds("moves")
    return True


def _convention(points: PointList, order: list[Match]) -> None:
    """Which convention it is; the runner-up is the next that is not the same on these programs."""
    first = order[0]
    other = next((one for one in order[1:] if one.gap > DISPLACEMENT_TOLERANCE), order[-1])
    points.note(
        "convention",
        identified(convention_name(first.model), first.gap, convention_name(other.model), other.gap),
    )


def _wrong(
    run: OptimizerRun, points: PointList, methods: list[str], order: list[Match], names: list[str]
) -> None:
    """What is wrong on which program, and why."""
    known = methods if len(methods) < len(OPTIMIZER_CONVENTIONS) else ["gradient_descent"]
    whole = matching_faults(run, known, names)
    if not whole and not run.description.extra.get("named"):
        # Somebody's own method: no contract says what its numbers must be.
        for name in names:
            points.unchecked(name, Phrase("checking.unknown_method"))
        if order[0].gap > FAR_FROM_ALL:
            return
        said = identified(
            convention_name(order[0].model), order[0].gap, convention_name(order[1].model), order[1].gap
        )
        points.note("convention", said)
        return
    want = sound_match(whole[0]) if whole else order[0]
    wrong = [name for name in names if run.gap(want.model, want.settings, name) > DISPLACEMENT_TOLERANCE]
    if not whole and not _kept_between(run):
        whole = next(
            (found for k in range(len(wrong), 0, -1) if (found := matching_faults(run, methods, wrong[:k]))),
            [],
        )
    for name in names:
        if name in wrong[1:]:
            points.unchecked(name, wrong[0])
        elif name in wrong:
            points.fails(name, _example(run, want, name), _cause(run, whole, name))
        else:
            points.holds(name)
    points.note("convention", Phrase("checking.held_against", {"name": convention_name(want.model)}))
    points.unchecked("random", wrong[0])


def _example(run: OptimizerRun, want: Match, name: str) -> Counterexample:
    """The first step that is not right."""
    call, track, program = run.calls[name], run.track(name), run.shown_call(name)
    right = [[one for part in step for one in part] for step in track_of(want.model, want.settings, call)]
    fault = run.answer(name).fault
    if fault is not None:
        return fault_example(program, fault, number_shown(right[-1]))
    if track is None:
        return Counterexample(program, "theta", "-", number_shown(right[-1]))
    start = [one for part in call["theta"] for one in part]
    size = max(abs(x - s) for step in right for x, s in zip(step, start, strict=True)) or 1.0
    step = next(
        (
            k
            for k, (got, one) in enumerate(zip(track, right, strict=True))
            if _apart(got, one) > DISPLACEMENT_TOLERANCE * size
        ),
        len(right) - 1,
    )
    return Counterexample(program, f"theta, {step + 1}", number_shown(track[step]), number_shown(right[step]))


def _apart(got: list[float], want: list[float]) -> float:
    gaps = [abs(one - other) for one, other in zip(got, want, strict=True)]
    return max(gap if not math.isnan(gap) else math.inf for gap in gaps)


def _cause(run: OptimizerRun, whole: list[Match], name: str) -> LikelyCause | None:
    fault = run.answer(name).fault
    if fault is not None:
        return said_cause(run.description, "raises", (fault.function,), "", kind=fault.kind)
    ids = list(dict.fromkeys(match.model.fault_id for match in whole))
    if not ids:
        kept = _kept_between(run)
        return said_cause(run.description, "kept_between", ("__init__",), LINES) if kept else None
    named = [run.description.extra.get("method", ""), *(method.name for method in run.description.methods)]
    first = said_cause(run.description, ids[0], named, OPTIMIZER_CAUSE_LINES.get(ids[0], LINES))
    return first if len(ids) == 1 else one_of_two(first, ids[1])


def _caller(run: OptimizerRun, points: PointList) -> None:
    """The gradients that were passed stay as they were."""
    changed = next(((name, one) for name, one in run.answers.items() if one.changed), None)
    if changed is None:
        points.holds("caller", programs=len(run.answers))
        return
    name, answer = changed
    before, after = next(iter(answer.changed.values()))
    example = Counterexample(run.shown_call(name), "g", number_shown(after), number_shown(before))
    named = [method.name for method in run.description.methods]
    cause = said_cause(run.description, "in_place", named, r"[-+*/]=")
    points.fails("caller", example, cause)
    for id, result in points.found.items():
        if result.fails and result.cause is None:
            points.with_cause(id, cause)


def _zero(run: OptimizerRun, points: PointList) -> None:
    """A coordinate without gradient."""
    if run.description.extra.get("asks"):
        return
    run.calls["zero_gradient"] = run.program(ZERO)
    track = run.track("zero_gradient")
    if track is not None and all(map(math.isfinite, track[-1])):
        points.holds("zero_gradient")
        return
    fault, program = run.answer("zero_gradient").fault, run.shown_call("zero_gradient")
    example = (
        fault_example(program, fault, "")
        if fault
        else Counterexample(program, "theta", number_shown(track[-1] if track else None), "")
    )
    named = [method.name for method in run.description.methods]
    points.fails("zero_gradient", example, said_cause(run.description, "zero_over_zero", named, r"sqrt|/"))


def _kept_between(run: OptimizerRun) -> bool:
    """Whether a new optimizer does not begin anew."""
    name = next(iter(run.calls))
    trial = CheckTrial("optimizer", call={**run.calls[name], "hyper": run.hyper})
    return repr(run.subject.run(trial).values) != repr(run.answer(name).values)


def _again(run: OptimizerRun, points: PointList) -> None:
    """A new optimizer begins anew."""
    trial = CheckTrial("optimizer", call={**run.calls["three_steps"], "hyper": run.hyper})
    second, first = run.subject.run(trial), run.answer("three_steps")
    if repr(second.values) == repr(first.values):
        points.holds("again")
        return
    example = Counterexample(
        run.shown_call("three_steps"),
        "theta",
        number_shown(second.values.get("theta")),
        number_shown(first.values.get("theta")),
    )
    points.fails("again", example, said_cause(run.description, "kept_between", ("__init__",), LINES))


def _random(run: OptimizerRun, points: PointList, match: Match, seed: int) -> None:
    """Random bowls and rates, over what passed."""

    def wrong(drawn: Any) -> bool:
        run.calls["random"] = run.program(written_program(drawn))
        run.answers.pop("random", None)
        return run.gap(match.model, match.settings, "random") > 5 * DISPLACEMENT_TOLERANCE

    tried = random_point(points, _strategy, _drawn, wrong, seed, MOST_RANDOM_BOWLS)
    if tried is not None:
        points.fails("random", _example(run, match, "random"), programs=tried)


def written_program(drawn: tuple[int, int, int, int, int]) -> dict[str, Any]:
    """A program of small numbers.

    Example:
        >>> written_program((3, -2, 4, 1, 5))["theta"]
        [[1.5, -1.0]]
    """
    one, other, steep, flat, steps = drawn
    return {"theta": [[one / 2, other / 2]], "bowl": [[steep / 4, flat / 4]], "steps": steps}


def _strategy(st: Any) -> Any:
    number = st.integers(1, 8)
    return st.tuples(number, st.integers(-8, -1), number, number, st.integers(1, 8))


def _drawn(generator: random.Random, size: int) -> Any:
    one, steep, flat = (generator.randint(1, 8) for _ in range(3))
    return one, -generator.randint(1, 8), steep, flat, generator.randint(1, 2 * size)
