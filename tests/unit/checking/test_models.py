"""The models without a fault are the library's own answers."""

from dataclasses import replace

import pytest

from soloneuron import train_neuron
from soloneuron.checking.bowls import followed
from soloneuron.checking.judge.element_faults import ELEMENT_FAULTS, faulty_answer
from soloneuron.checking.judge.element_points import ELEMENT_POINTS
from soloneuron.checking.judge.neuron_models import LIST_FAULTS, NeuronModel, faulty_models, listed, trained
from soloneuron.checking.judge.neuron_points import CALLS, DECIDING
from soloneuron.checking.judge.optimizer_faults import COMMON_FAULTS, OPTIMIZER_CONVENTIONS, OPTIMIZER_FAULTS
from soloneuron.checking.judge.optimizer_models import track_of
from soloneuron.checking.judge.optimizer_points import ASKING_PROGRAMS, GIVEN_PROGRAMS, RULE_SETTINGS
from soloneuron.checking.judge.optimizer_steps import OptimizerModel
from soloneuron.optimizers.catalogue import OPTIMIZERS

LIBRARY = {
    ("momentum", "sum"): {},
    ("nesterov", "torch"): {},
    ("nag", "look_ahead"): {},
    ("adagrad", "after"): {"variant": "after"},
    ("adagrad", "inside"): {"variant": "inside"},
    ("rmsprop", "after"): {"variant": "after"},
    ("rmsprop", "inside"): {"variant": "inside"},
    ("adadelta", "rate"): {},
    ("adam", "after"): {"variant": "after"},
    ("adam", "inside"): {"variant": "inside"},
    ("adam", "hat"): {"variant": "hat"},
    ("adamw", "after"): {"variant": "after"},
    ("nadam", "dozat"): {"variant": "dozat"},
    ("nadam", "keras"): {"variant": "keras"},
    ("nadam", "optax"): {"variant": "optax"},
    ("amsgrad", "max_before"): {},
    ("gradient_descent", "plain"): {},
}


@pytest.mark.parametrize(("method", "variant"), LIBRARY)
def test_a_convention_without_a_fault_is_the_rule_of_the_library(method, variant):
    rule = OPTIMIZERS.load(method)
    known = {name: value for name, value in RULE_SETTINGS.items() if name in rule.hyperparameters}
    if method != "adamw":
        known["weight_decay"] = 0.0
    if method == "rmsprop":
        known["momentum"] = 0.0
    for call in (*GIVEN_PROGRAMS.values(), *ASKING_PROGRAMS.values()):
        if method != "nag" or "bowl" in call:
            want = followed(rule(**known, **LIBRARY[method, variant]), call)
            got = track_of(OptimizerModel(method, variant), RULE_SETTINGS, call)
            for one, other in zip(got, want, strict=True):
                for x, y in zip(one, other, strict=True):
                    assert x == pytest.approx(y, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("name", ["one_row", "two_rows", "example", "five_rows", "three_columns", "long"])
def test_a_neuron_without_a_fault_is_train_neuron(name):
    call = CALLS[name]
    for loss in ("nll", "mse"):
        for order, batch_size in (("batch", None), ("sample", 1)):
            for reduction in ("mean", "sum"):
                model = NeuronModel(loss, order, "mean" if order == "sample" else reduction)
                weights, bias, losses = train_neuron(
                    *(call[part] for part in ("features", "labels", "weights", "bias", "rate", "epochs")),
                    loss=loss,
                    batch_size=batch_size,
                    reduction=reduction,
                )
                w, b, _ = trained(call, model)
                assert ([round(x, 4) for x in w], round(b, 4)) == (weights, bias)
                assert [round(x, 4) for x in listed(call, model)] == losses


def test_every_fault_of_an_optimizer_shows_in_some_program():
    hidden = []
    for method, faults in OPTIMIZER_FAULTS.items():
        for fault in (*faults, *COMMON_FAULTS):
            shows = [
                (method, variant)
                for variant in OPTIMIZER_CONVENTIONS[method]
                for programs in (GIVEN_PROGRAMS, ASKING_PROGRAMS)
                for call in programs.values()
                if track_of(OptimizerModel(method, variant, fault), RULE_SETTINGS, call)
                != track_of(OptimizerModel(method, variant), RULE_SETTINGS, call)
            ]
            if not shows:
                hidden.append((method, fault))
    # Plain descent remembers nothing.
    stateless = ("never_accumulates", "shared_state", "rounds_state:before")
    assert [one for one in hidden if one[0] != "gradient_descent" or not one[1].startswith(stateless)] == []


def test_every_fault_of_a_neuron_shows_in_the_calls_that_decide():
    hidden = [
        model.fault
        for model in faulty_models()
        if not any(
            trained(CALLS[name], model)[:2] != trained(CALLS[name], replace(model, fault=""))[:2]
            for name in DECIDING
        )
    ]
    # A loss without a slope has none to lose, and NLL none to gain; of single rows the last is the only one;
    # small steps show what is rounded.
    assert {fault.partition(":")[0] for fault in hidden} <= {
        "no_slope", "extra_slope", "mean_of_slopes", "bias_before_weights", "rounds_inside", "last_row_only",
    }  # fmt: skip
    for fault in LIST_FAULTS:
        lists = [listed(CALLS[name], NeuronModel(), "mean", fault) for name in DECIDING]
        assert lists != [listed(CALLS[name], NeuronModel()) for name in DECIDING], fault


def test_every_fault_of_an_autograd_class_shows_in_some_program():
    programs = [
        (source, tuple(reads.split()))
        for point in ELEMENT_POINTS
        if point.severity == "must" and "range" not in point.programs[0][0]
        for source, reads in point.programs
    ]
    right = [faulty_answer((), *program) for program in programs]
    hidden = [
        fault.id
        for fault in ELEMENT_FAULTS
        if [faulty_answer((fault,), *program) for program in programs] == right
    ]
    assert hidden == []
