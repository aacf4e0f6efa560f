"""The trace of a formula is the step that was taken, in every variant, and reads like the paper."""

import pytest
import torch

from optimizer_variants import CASES, START, once, walked
from soloneuron.errors import InputError
from soloneuron.optimizers import LBFGS, Adam, Momentum, Optimizer
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.formula import parsed, value_of
from soloneuron.optimizers.formula_trace import SIGNS, trace_formula
from soloneuron.optimizers.naming import as_optimizer
from tolerances import ENGINES

TALES = {"nadam": {"P": "product"}, "adagrad_norm": {"G": None}}
"""Letters that are kept under another name than the slot, or in another shape."""


@pytest.mark.parametrize(("name", "options"), CASES)
def test_the_last_letters_are_what_the_step_left(name, options):
    rule = as_optimizer(name, **options)
    for theta, point, gradient, before, after, there in walked(rule):
        last = {letter.name: letter.value for letter in trace_formula(rule, theta, gradient, before, after)}
        torch.testing.assert_close(last["θ"], there, atol=ENGINES, rtol=ENGINES)
        if "y" in last:
            torch.testing.assert_close(last["y"], point, atol=ENGINES, rtol=ENGINES)
        for letter, value in last.items():
            slot = TALES.get(name, {}).get(letter, letter)
            if slot in after.slots:
                torch.testing.assert_close(value, after.slots[slot].double(), atol=ENGINES, rtol=ENGINES)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_the_letters_begin_where_the_slots_do(name, options):
    """What ``begins`` does not name begins at 0."""
    rule = as_optimizer(name, **options)
    if rule.begins():
        rate = rule.learning_rate(1) if callable(rule.learning_rate) else rule.learning_rate
        known = {**rule.settings, "rate": rate, "theta": START}
        for slot, value in rule.begin(START).items():
            letter = value_of(parsed(rule.begins().get(slot, "0")), known)
            torch.testing.assert_close(letter.expand_as(value), value.double())


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_what_a_method_remembers_has_a_letter(name):
    rule = as_optimizer(name, **once(name))
    theta, _, gradient, before, after, _ = next(walked(rule))
    told = {letter.name for letter in trace_formula(rule, theta, gradient, before, after)}
    told |= {slot for letter, slot in TALES.get(name, {}).items() if letter in told}
    remembered = set(rule.slots) | set(rule.totals) if name != "adagrad_norm" else set()
    assert remembered - set(rule.idle_slots) <= told


def test_a_line_reads_like_the_paper_with_numbers_for_every_coordinate():
    rule = Adam(learning_rate=0.1)
    theta, _, gradient, before, after, _ = list(walked(rule, 2))[1]
    m, corrected = trace_formula(rule, theta, gradient, before, after)[1:4:2]
    assert (m.name, m.formula) == ("m", "β₁ · m + (1 − β₁) · g")
    old, new = before.slots["m"].tolist(), gradient.tolist()
    assert m.filled[0] == f"0.9 · {old[0]:.4g} + (1 − 0.9) · {new[0]:.4g}"
    assert m.filled[1] == f"0.9 · ({old[1]:.4g}) + (1 − 0.9) · ({new[1]:.4g})"
    assert (corrected.name, corrected.formula) == ("m^", "m / (1 − β₁^t)")
    assert corrected.filled[0].endswith("/ (1 − 0.9^2)")


def test_dampening_is_skipped_on_the_first_step_only():
    rule = Momentum(dampening=0.4)
    first, second = (
        trace_formula(rule, theta, gradient, before, after)[1].formula
        for theta, _, gradient, before, after, _ in walked(rule, 2)
    )
    assert (first, second) == ("μ · v + g", "μ · v + (1 − dampening) · g")


def test_a_rule_without_a_formula_for_reading_says_so():
    class Own(Optimizer):
        def direction(self, g, workspace, context):  # noqa: ARG002
            return g

    state = Own().start(START)
    with pytest.raises(InputError, match="must declare its formula"):
        trace_formula(Own(), START, START, state, state)
    with pytest.raises(InputError):
        trace_formula(LBFGS(), START, START, LBFGS().start(START), LBFGS().start(START))


def test_no_two_letters_are_written_alike_in_one_formula():
    for name in OPTIMIZERS:
        rule = as_optimizer(name, **once(name))
        written = [line.partition(" = ")[0] for line in rule.paper(20)]
        assert len({SIGNS.get(word, word) for word in written}) == len(set(written)), name
