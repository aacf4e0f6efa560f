"""The points of a trainer, one after the other."""

from __future__ import annotations

from soloneuron.checking.exchange import Subject
from soloneuron.checking.judge.causes import not_callable, one_of_two, said_cause
from soloneuron.checking.judge.comparing import number_shown
from soloneuron.checking.judge.neuron_behaviour import caller_points, note_points, saturation_point
from soloneuron.checking.judge.neuron_models import LIST_FAULTS, NeuronModel, faulty_models, listed
from soloneuron.checking.judge.neuron_optimizers import rule_inside
from soloneuron.checking.judge.neuron_points import CALLS, DECIDING
from soloneuron.checking.judge.neuron_random import random_call
from soloneuron.checking.judge.neurons import (
    NeuronRun,
    distance,
    model_name,
    neuron_example,
    ranked,
    right_numbers,
    sound_model,
    tolerance_of,
)
from soloneuron.checking.judge.results import PointList, forbidden_point, identified
from soloneuron.checking.records import Counterexample, Examination, LikelyCause, Severity
from soloneuron.texts.phrases import Phrase

AFTER_UPDATE = ("losses", "long", "columns", "saturation", "random")
UPDATE_LINES = r"[-+]=|=.*-|\.sub_|grad|error|mean|sum"
NEURON_CAUSE_LINES = {
    "bias_frozen": r"\bb\w*\b", "bias_averaged_twice": r"mean|/\s*(len|n|m)\b", "rounds_inside": r"round",
    "ascends": r"\+=|-=|\+", "mean_of_slopes": r"mean",
    "no_slope": r"1\s*-", "starts_at_zero": r"zeros|rand|= 0", "rounds_prediction": r"round",
    "thresholded": r">|round",
}  # fmt: skip
"""Lines that stand out, by cause."""


def examine_neuron(subject: Subject, spec: str, seed: int) -> Examination:
    """Every point of the contract, then random calls over what passed."""
    run, points = NeuronRun(subject), PointList("neuron")
    if _returns(run, points):
        model = _update(run, points)
        if model is None or run.unpredictable is not None:
            if model is not None:
                saturation_point(run, points, model)
            for id in AFTER_UPDATE:
                if id not in points.found:
                    points.unchecked(id, run.unpredictable or "update")
        else:
            _losses(run, points, model)
            _long(run, points, model)
            _columns(run, points, model)
            _convention(run, points, spec)
            saturation_point(run, points, model)
            _squared(run, points)
        caller_points(run, points)
        note_points(run, points)
        if model is not None and run.unpredictable is None:
            random_call(run, points, model, seed)
    forbidden_point(points, subject.description, spec)
    return Examination(subject.description, tuple(points.found.values()), len(run.answers), spec, seed)


def _returns(run: NeuronRun, points: PointList) -> bool:
    """Whether it takes the example of the task and returns three things."""
    answer = run.answer("example")
    want = ", ".join(run.description.extra.get("returns", ("weights", "bias", "losses")))
    program = run.shown_call("example")
    if answer.fault is not None:
        not_callable(points, "returns", run.description, answer.fault, program, want)
        return False
    got = ", ".join(name for name in ("weights", "bias", "losses") if name in answer.values)
    if run.numbers("example") is None:
        found = got or answer.values.get("returned", "None")
        points.fails(
            "returns",
            Counterexample(program, "", str(found), want),
            said_cause(run.description, "returns"),
        )
        return False
    if run.losses("example") is None:
        example = Counterexample(program, "", got, want)
        points.fails("returns", example, said_cause(run.description, "no_losses"), severity="should")
        return True
    points.holds("returns", said=Phrase("checking.begins_at_zero") if run.not_given else None)
    return True


def _update(run: NeuronRun, points: PointList) -> NeuronModel | None:
    """The convention of the update; None where it is none, and then the likely cause."""
    everything = [
        number for name in DECIDING for number in [*(run.numbers(name) or []), *(run.losses(name) or [])]
    ]
    run.tolerance = tolerance_of(everything)
    order = ranked(run, DECIDING)
    if order[0][0] <= run.tolerance:
        points.holds("update", programs=len(DECIDING))
        return order[0][1]
    shuffled = [model for gap, model in ranked(run, ["one_row", "same_rows"]) if gap <= run.tolerance]
    by_sample = [model for model in shuffled if model.order == "sample"]
    if by_sample:
        run.unpredictable = Phrase("checking.shuffled")
        points.holds("update", said=run.unpredictable)
        return by_sample[0]
    models = sorted(
        ((run.update_distance(model, DECIDING), k, model) for k, model in enumerate(faulty_models())),
        key=lambda one: (one[0], one[1]),
    )
    whole = [model for gap, _, model in models if gap <= run.tolerance]
    if not whole and _optimizer_inside(run, points):
        return None
    want = sound_model(whole[0]) if whole else order[0][1]
    name = next((one for one in DECIDING if run.update_distance(want, [one]) > run.tolerance), DECIDING[-1])
    points.fails("update", neuron_example(run, name, want), _cause(run, whole, name), programs=len(DECIDING))
    return None


def _optimizer_inside(run: NeuronRun, points: PointList) -> bool:
    """Whether an optimizer moves the weights: then it is not held against plain descent."""
    calls = {name: run.calls[name] for name in DECIDING}
    found = rule_inside(calls, lambda name, want: distance(run.numbers(name), want) <= run.tolerance)
    if found is None:
        return False
    _, rule = found
    name = Phrase(f"optimizers.{rule.method}.title")
    run.unpredictable = Phrase("checking.optimizer_inside", {"name": name})
    if rule.fault:
        methods = [method.name for method in run.description.methods]
        cause = said_cause(run.description, rule.fault, methods, r"dot|sum|norm|\*\*\s*2")
        points.note("update", Phrase("checking.with_cause", {"said": run.unpredictable, "cause": cause.said}))
        points.with_cause("update", cause)
    else:
        points.holds("update", said=run.unpredictable)
    return True


def _cause(run: NeuronRun, models: list[NeuronModel], name: str) -> LikelyCause | None:
    """The likely cause by the models that give the same numbers."""
    fault = run.answer(name).fault
    if fault is not None:
        return said_cause(run.description, "raises", (fault.function,), "", kind=fault.kind)
    count, epochs = len(run.losses(name) or []), run.calls[name]["epochs"]
    if not models and 0 < count < epochs:
        names = [method.name for method in run.description.methods]
        return said_cause(run.description, "stops_early", names, r"break|return|while")
    fitting = [model for model in models if lists_fit(run, model)]
    ids = list(dict.fromkeys(model.fault_id for model in fitting or models))
    if not ids:
        return _part_that_differs(run, name)
    names = [method.name for method in run.description.methods]
    first = said_cause(run.description, ids[0], names, NEURON_CAUSE_LINES.get(ids[0], UPDATE_LINES))
    return first if len(ids) == 1 else one_of_two(first, ids[1])


def _part_that_differs(run: NeuronRun, name: str) -> LikelyCause | None:
    """No fault gives these numbers; but it may start elsewhere, or only one of the two updates is wrong."""
    names = [method.name for method in run.description.methods]
    start = run.numbers("no_epochs")
    call = run.calls["no_epochs"]
    if start is not None and distance(start, [*call["weights"], call["bias"]]) > run.tolerance:
        return said_cause(run.description, "starts_elsewhere", names, r"rand|zeros|ones|seed")
    got = run.numbers(name)
    want = right_numbers(run.calls[name], ranked(run, DECIDING)[0][1])
    if got is None:
        return None
    weights, bias = distance(got[:-1], want[:-1]), abs(got[-1] - want[-1])
    if bias <= run.tolerance < weights:
        return said_cause(run.description, "weights_update", names, UPDATE_LINES)
    if weights <= run.tolerance < bias:
        return said_cause(run.description, "bias_update", names, UPDATE_LINES)
    return None


def lists_fit(run: NeuronRun, model: NeuronModel) -> bool:
    """Whether the losses that are listed are those of a model, too, which tells its loss."""
    names = ("one_row", "two_rows")
    return any(run.loss_distance(model, names, how) <= run.tolerance for how in ("mean", "sum"))


def _losses(run: NeuronRun, points: PointList, model: NeuronModel) -> None:
    """The list of losses, under the convention of the update."""
    if run.losses("example") is None:
        points.unchecked("losses", "returns")
        return
    if any(run.loss_distance(model, DECIDING, how) <= run.tolerance for how in ("mean", "sum")):
        points.holds("losses", programs=len(DECIDING))
        return
    hows = [(how, fault) for fault in LIST_FAULTS for how in ("mean", "sum")]
    whole = [fault for how, fault in hows if run.loss_distance(model, DECIDING, how, fault) <= run.tolerance]
    how = min(("mean", "sum"), key=lambda one: run.loss_distance(model, ["one_row", "two_rows"], one))
    wrong = [one for one in DECIDING if run.loss_distance(model, [one], how) > run.tolerance]
    name = (wrong or DECIDING)[0]
    got, want = run.losses(name), listed(run.calls[name], model, how)
    example = Counterexample(
        run.shown_call(name), "losses", number_shown(got), number_shown([round(one, 4) for one in want])
    )
    names = [method.name for method in run.description.methods]
    count = len(run.losses("five_rows") or []) - CALLS["five_rows"]["epochs"]
    id = whole[0] if whole else "first_loss_too" if count == 1 else "losses_missing" if count else ""
    cause = said_cause(run.description, id, names, r"loss|log|append") if id else None
    points.fails("losses", example, cause, programs=len(DECIDING))


def _long(run: NeuronRun, points: PointList, model: NeuronModel) -> None:
    """Many epochs, and small steps: what is rounded inside the loop shows."""
    names = ("slow", "long")
    wrong = [name for name in names if run.update_distance(model, [name]) > 2 * run.tolerance]
    if not wrong:
        points.holds("long", programs=2)
        return
    models = [one for one in faulty_models() if one.update == model.update]
    whole = [one for one in models if run.update_distance(one, names) <= 2 * run.tolerance]
    rounding = [one for one in models if one.fault.startswith("rounds")]
    nearest = sorted(rounding, key=lambda one: run.update_distance(one, ["slow"]))[:1]
    close = [
        one
        for one in nearest
        if run.update_distance(one, ["slow"]) < run.update_distance(model, ["slow"]) / 3
    ]
    points.fails(
        "long", neuron_example(run, wrong[0], model), _cause(run, whole or close, wrong[0]), programs=2
    )


def _columns(run: NeuronRun, points: PointList, model: NeuronModel) -> None:
    """Rows of one and of three numbers."""
    names = ("three_columns", "one_column")
    wrong = [name for name in names if run.update_distance(model, [name]) > run.tolerance]
    if not wrong:
        points.holds("columns", programs=2)
        return
    cause = _cause(run, [], wrong[0])
    if cause is None or cause.id != "stops_early":
        methods = [one.name for one in run.description.methods]
        cause = said_cause(run.description, "two_columns", methods, r"\[[01]\]")
    severity: Severity = "must" if wrong[0] == "three_columns" else "should"
    points.fails("columns", neuron_example(run, wrong[0], model), cause, programs=2, severity=severity)


def _convention(run: NeuronRun, points: PointList, spec: str) -> None:
    """Which convention it is, with the runner-up; a spec may demand one."""
    (gap, model), (other_gap, other), *_ = ranked(run, DECIDING)
    said = identified(model_name(model), gap, model_name(other), other_gap)
    wanted = {"nll-mean": ("nll", "batch", "mean"), "mse-mean": ("mse", "batch", "mean")}.get(spec)
    if wanted is None or model.update == wanted:
        points.note("convention", said)
        return
    want = NeuronModel(*wanted)
    name = next((one for one in DECIDING if run.update_distance(want, [one]) > run.tolerance), DECIDING[-1])
    id = (
        "other_loss_trained"
        if model.loss != want.loss
        else "by_sample"
        if model.order != want.order
        else "sum_for_mean"
    )
    if {model.loss, want.loss} == {"mse", "mse_half"}:
        id = "factor_missing"
    cause = said_cause(run.description, id, [one.name for one in run.description.methods], UPDATE_LINES)
    # A note says what it is; what was asked for is no note any more.
    points.fails("convention", neuron_example(run, name, want), cause, severity="must")


def _squared(run: NeuronRun, points: PointList) -> None:
    """The same with the functions of the squared error, where the module has them."""
    if not run.description.extra.get("squared"):
        return
    names = [f"squared:{name}" for name in DECIDING]
    run.calls |= {f"squared:{name}": {**run.calls[name], "squared": True} for name in DECIDING}
    order = ranked(run, names)
    (gap, model), (other_gap, other), *_ = order
    if gap <= run.tolerance:
        points.holds(
            "squared",
            said=identified(model_name(model), gap, model_name(other), other_gap),
            programs=len(names),
        )
        return
    whole = [one for one in faulty_models() if run.update_distance(one, names) <= run.tolerance]
    squared = [one for one in whole if one.loss != "nll"] or whole
    want = sound_model(squared[0]) if squared else model
    name = next((one for one in names if run.update_distance(want, [one]) > run.tolerance), names[-1])
    points.fails("squared", neuron_example(run, name, want), _cause(run, squared, name), programs=len(names))
