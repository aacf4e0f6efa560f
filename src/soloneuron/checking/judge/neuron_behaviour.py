"""How a trainer behaves at the edges: saturation, the caller's data, and what the text does not ask for."""

from __future__ import annotations

import math
import re

from soloneuron.checking.judge.causes import said_cause
from soloneuron.checking.judge.comparing import number_shown
from soloneuron.checking.judge.neuron_models import NeuronModel, listed
from soloneuron.checking.judge.neuron_points import PRINTED_EXAMPLE
from soloneuron.checking.judge.neurons import NeuronRun, distance, numbers_shown
from soloneuron.checking.judge.results import PointList, fault_example
from soloneuron.checking.records import Counterexample
from soloneuron.texts.phrases import Phrase


def saturation_point(run: NeuronRun, points: PointList, model: NeuronModel) -> None:
    """Scores at which the sigmoid is 0 or 1 in floating point."""
    for name in ("sure", "sure_and_wrong", "far"):
        answer, got = run.answer(name), run.losses(name)
        numbers = [*(run.numbers(name) or [math.nan]), *(got if got is not None else [])]
        if answer.fault is None and all(map(math.isfinite, numbers)):
            continue
        cause = said_cause(
            run.description, "log_of_zero", [one.name for one in run.description.methods], r"log|exp"
        )
        want = number_shown([round(one, 4) for one in listed(run.calls[name], model)])
        if answer.fault is not None:
            example = fault_example(run.shown_call(name), answer.fault, want)
        else:
            shown_got = number_shown(got) if got is not None else numbers_shown(run.numbers(name))
            example = Counterexample(run.shown_call(name), "losses", shown_got, want)
        points.fails("saturation", example, cause, programs=3)
        return
    points.holds("saturation", programs=3)
    got = run.losses("sure_and_wrong")
    rights = [listed(run.calls["sure_and_wrong"], model, how)[0] for how in ("mean", "sum")]
    if got and min(abs(got[0] - right) for right in rights) > 1e-2 and points.holding("losses"):
        said = Phrase("checking.clipped", {"got": number_shown(got[0]), "want": number_shown(rights[0])})
        points.note("clipped", said)


def caller_points(run: NeuronRun, points: PointList) -> None:
    """What was passed stays as it was, and a second call gives the same."""
    changed = next(((name, one) for name, one in run.answers.items() if one.changed), None)
    names = [method.name for method in run.description.methods]
    if changed is not None:
        name, answer = changed
        role, (before, after) = next(iter(answer.changed.items()))
        spelled = run.description.spellings.get(role, role).rpartition(".")[2]
        example = Counterexample(run.shown_call(name), spelled, number_shown(after), number_shown(before))
        cause = said_cause(run.description, "in_place", names, r"[-+*/]=|\.sub_|\.add_|\]\s*=")
        points.fails("caller", example, cause)
    else:
        points.holds("caller", programs=len(run.answers))
    first, second = run.answer("example"), run.answer("example", again=True)
    if repr(second.values) == repr(first.values):
        points.holds("again")
        return
    got, want = (
        number_shown([one.values.get("weights"), one.values.get("bias"), one.values.get("losses")])
        for one in (second, first)
    )
    cause = said_cause(run.description, "kept_between", names, r"global|\bself\.")
    points.fails("again", Counterexample(run.shown_call("example"), "", got, want), cause)


CRASHES = {"no_epochs": "no_epochs_crash", "integers": "integer_weights"}
"""The causes of two calls that end with an exception."""


def note_points(run: NeuronRun, points: PointList) -> None:
    """What the text does not ask for, and what it prints though it cannot be obtained."""
    refused = run.description.extra.get("refused", {})
    if "list" in refused:
        said = Phrase(
            "checking.refused", {"form": run.description.extra.get("form", ""), "why": refused["list"]}
        )
        points.note("lists", said)
    else:
        points.holds("lists")
    for name in ("no_epochs", "integers"):
        answer = run.answer(name)
        if answer.fault is None:
            points.holds(name)
        else:
            cause = said_cause(
                run.description, CRASHES[name], (answer.fault.function,), re.escape(answer.fault.text)
            )
            points.fails(name, fault_example(run.shown_call(name), answer.fault, ""), cause)
    values = [*(run.numbers("five_rows") or []), *(run.losses("five_rows") or [])]
    if any(abs(one - round(one, 4)) > 1e-6 for one in values if math.isfinite(one)):
        points.note("rounded", Phrase("checking.not_rounded", {"got": number_shown(values[0])}))
    elif run.tolerance > 1e-4:
        points.note("rounded", Phrase("checking.rounded_more", {"got": number_shown(values[0])}))
    else:
        points.holds("rounded")
    weights, bias, losses = PRINTED_EXAMPLE
    printed = (
        distance(run.numbers("example"), [*weights, bias]) < 1e-4
        and distance(run.losses("example"), losses) < 1e-4
    )
    points.note("printed_example", Phrase("checking.printed_same" if printed else "checking.printed_other"))
