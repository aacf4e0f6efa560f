"""The interface: names, rules, states, schedules, one's own method."""

import copy
import json
import pickle
import subprocess
import sys

import pytest
import torch

from soloneuron.errors import InputError, ShapeError, UnknownNameError
from soloneuron.formulas.surfaces import Rosenbrock
from soloneuron.optimizers import (
    LBFGS,
    NAG,
    Adam,
    Momentum,
    Nadam,
    Newton,
    Optimizer,
    RMSProp,
    nesterov_momentum,
    number,
    sutskever_momentum,
)
from soloneuron.optimizers.catalogue import ALIASES, OPTIMIZERS, SCHEDULES
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.optimizers.schedules import Cosine, Polynomial, StepDecay
from soloneuron.optimizers.settings import Setting
from soloneuron.optimizers.state import OptimizerState
from soloneuron.optimizers.workspace import Workspace
from soloneuron.training.evaluation import Evaluation

START = torch.tensor([-1.2, 1.0], dtype=torch.float64)
VALLEY = Evaluation(Rosenbrock())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_class_knows_its_name_in_the_catalogue(name):
    assert OPTIMIZERS.load(name).name == name


def test_the_catalogue_is_read_without_torch():
    code = "import sys, soloneuron.formulas.catalogue; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_hyperparameter_says_what_must_hold(name):
    kind = OPTIMIZERS.load(name)
    assert {"learning_rate", "weight_decay", "decay", "clip_value", "clip_norm", "maximize"} <= set(
        kind.hyperparameters
    )
    assert all(isinstance(s, Setting) and s.domain for s in kind.hyperparameters.values())
    assert kind.defaults() == {key: kind().settings[key] for key in kind.hyperparameters}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_docstring_says_formula_and_source(name):
    text = OPTIMIZERS.load(name).__doc__
    assert "Formula" in text
    assert "Source:" in text
    assert "Args:" in text


def test_an_alias_is_understood_and_not_listed():
    assert type(as_optimizer("sgd")) is OPTIMIZERS.load("gradient_descent")
    assert not set(ALIASES) & set(OPTIMIZERS)


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'adam'"):
        as_optimizer("adm")


def test_a_name_takes_rate_and_hyperparameters():
    rule = as_optimizer("adam", learning_rate=0.1, beta1=0.8)
    assert (rule.learning_rate, rule.beta1) == (0.1, 0.8)


def test_a_rule_without_a_rate_of_its_own_takes_the_one_given():
    rule = as_optimizer(Adam(beta1=0.8), learning_rate=0.1)
    assert (rule.learning_rate, rule.beta1) == (0.1, 0.8)


def test_a_rule_with_its_own_rate_agrees_or_is_refused():
    rate = torch.tensor([0.1, 0.2])
    for same in (0.1, rate, Cosine(0.1, steps=5)):
        rule = Adam(learning_rate=same)
        assert as_optimizer(rule, learning_rate=same) is rule
    with pytest.raises(InputError, match="given once"):
        as_optimizer(Adam(learning_rate=0.1), learning_rate=0.2)
    with pytest.raises(InputError, match="given once"):
        as_optimizer(Adam(learning_rate=rate), learning_rate=0.1)


@pytest.mark.parametrize("stranger", [None, 3, Adam, object()])
def test_a_stranger_is_no_optimizer(stranger):
    with pytest.raises(InputError, match="optimizer must be a name"):
        as_optimizer(stranger)


def test_hyperparameters_beside_a_rule_are_refused():
    with pytest.raises(InputError, match="go with a name"):
        as_optimizer(Adam(), beta1=0.5)


def test_replace_keeps_what_was_given():
    rule = Adam(beta1=0.5).replace(learning_rate=0.1)
    assert repr(rule) == "Adam(learning_rate=0.1, beta1=0.5)"


def test_a_rule_can_be_pickled():
    rule = pickle.loads(pickle.dumps(Adam(learning_rate=Cosine(0.1, steps=5), beta1=0.5)))
    assert repr(rule) == "Adam(learning_rate=Cosine(rate=0.1, steps=5, floor=0.0), beta1=0.5)"


def test_a_zero_dimensional_tensor_is_a_number():
    assert Adam(learning_rate=torch.tensor(0.5, dtype=torch.float64)).learning_rate == 0.5


def test_a_tensor_of_the_caller_is_not_kept():
    rate = torch.tensor([0.1, 0.1])
    rule = Adam(learning_rate=rate)
    rate.fill_(7.0)
    assert rule.learning_rate.tolist() == pytest.approx([0.1, 0.1])


def test_a_saved_state_survives_json_to_the_bit():
    for rule in (Nadam(), RMSProp(centered=True, momentum=0.5), LBFGS(), Newton()):
        theta = START.clone()
        state = rule.start(theta)
        rule.update(theta, VALLEY, state)
        saved = rule.save(state)
        text = json.dumps(saved)
        again, other = rule.load(json.loads(text), theta), theta.clone()
        rule.update(theta, VALLEY, state)
        rule.update(other, VALLEY, again)
        assert other.equal(theta)


@pytest.mark.parametrize(
    "copied", [lambda s: s.copy(), copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))]
)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_copied_state_goes_on_to_the_bit_and_apart_from_the_first(name, copied):
    rule, theta = as_optimizer(name), START.clone()
    state = rule.start(theta)
    rule.update(theta, VALLEY, state)
    first, snapshot = theta.clone(), copied(state)
    kept = {slot: value.clone() for slot, value in snapshot.slots.items()}
    rule.update(theta, VALLEY, state)
    assert snapshot.t == 1 or "iterations" in rule.hyperparameters
    assert all(value.equal(kept[slot]) for slot, value in snapshot.slots.items())
    led = theta.clone()
    theta.copy_(first)  # the very tensor that the first state is laid out with
    rule.update(theta, VALLEY, snapshot)
    assert theta.equal(led)
    assert snapshot.t == state.t
    assert all(value.equal(state.slots[slot]) for slot, value in snapshot.slots.items())


class CountsItsStarts(Adam):
    """Slots are made where a rule is fitted to theta, and nowhere else."""

    begun = 0

    def begin(self, theta):
        type(self).begun += 1
        return super().begin(theta)


def test_snapshots_leave_a_state_its_workspace(monkeypatch):
    made, build = [], Workspace.__init__
    monkeypatch.setattr(Workspace, "__init__", lambda *given: made.append(given) or build(*given))
    rule, theta = Adam(), START.clone()
    state = rule.start(theta)
    for _ in range(10):
        rule.step(theta, START, state)
        state.copy()
    assert len(made) == 1


def test_stepping_from_copy_to_copy_fits_the_rule_once(monkeypatch):
    monkeypatch.setattr(CountsItsStarts, "begun", 0)
    rule, theta = CountsItsStarts(learning_rate=torch.tensor([0.1, 0.2])), START.clone()
    state = rule.start(theta)
    for _ in range(10):
        theta, state = theta.clone(), state.copy()
        rule.step(theta, START, state)
    assert (state.t, CountsItsStarts.begun) == (10, 2)


def test_a_copy_goes_on_with_another_theta_or_rule_as_if_it_were_new():
    """What a copy brings along is used where it fits, and is no reason for an error where it does not."""
    state = Momentum().start(START)
    Momentum().step(START.clone(), START, state)
    for rule, theta in [(Momentum(learning_rate=0.5), START.clone()), (Momentum(), START.clone())]:
        fresh, copied = OptimizerState("momentum", {"v": state.slots["v"].clone()}, 1), state.copy()
        other = theta.clone()
        rule.step(theta, START, copied)
        rule.step(other, START, fresh)
        assert theta.equal(other)
    with pytest.raises(ShapeError, match=r"slot 'v' must be torch.float64 \(3,\)"):
        Momentum().step(
            torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64), state.copy()
        )
    with pytest.raises(InputError, match="must be one of 'adam'"):
        Adam().step(START.clone(), START, state.copy())
    with pytest.raises(InputError, match="floating tensor"):
        Momentum().step([1.0, 2.0], START, state.copy())


def test_the_points_of_two_copies_do_not_share_memory():
    rule, theta, other = NAG(), START.clone(), START.clone() + 1
    state = rule.start(theta)
    rule.step(theta, START, state)
    copied = state.copy()
    one, two = rule.at(theta, state), rule.at(other, copied)
    assert one.data_ptr() != two.data_ptr()
    torch.testing.assert_close(two - one, other - theta)


def test_a_saved_state_fits_hyperparameters_of_another_dtype():
    rule, theta = Nadam(psi=torch.tensor([0.1, 0.2])), START.clone()
    state = rule.start(theta)
    rule.step(theta, START, state)
    again = rule.load(rule.save(state), theta)
    assert all(slot.equal(state.slots[name]) for name, slot in again.slots.items())


def test_the_slots_of_rmsprop_are_those_it_needs():
    assert [*RMSProp().start(START).slots] == ["v"]
    assert [*RMSProp(centered=True, momentum=0.9).start(START).slots] == ["v", "a", "b"]


def test_the_table_of_slots_cannot_be_changed():
    with pytest.raises(TypeError):
        Adam().start(START).slots["m"] = START


def test_one_state_may_go_on_with_another_rate():
    """The step before the change is not lost: slots and counter stay."""
    theta = START.clone()
    slow, fast = Momentum(learning_rate=0.001), Momentum(learning_rate=0.01)
    state = slow.start(theta)
    slow.step(theta, START, state)
    fast.step(theta, START, state)
    assert state.t == 2
    torch.testing.assert_close(theta, START - 0.001 * START - 0.01 * 1.9 * START)


def test_update_is_one_step_for_a_rule_that_needs_one_gradient():
    rule, theta, other = NAG(learning_rate=1e-4), START.clone(), START.clone()
    state, another = rule.start(theta), rule.start(other)
    for _ in range(3):
        value = rule.update(theta, VALLEY, state)
        point = rule.at(other, another).clone()
        rule.step(other, Rosenbrock().gradient(point), another)
    assert theta.equal(other)
    assert value == Rosenbrock().value(point)


def test_own_method_in_ten_lines():
    class Halving(Optimizer):
        slots = ("m",)
        beta = number(0.5, "[0, 1)")

        def direction(self, g, workspace, context):  # noqa: ARG002
            (m,) = workspace
            m.mul_(self.beta).add_((1 - self.beta) * g)
            return m

    rule, theta = Halving(learning_rate=0.1, weight_decay=0.1), torch.ones(4, 2)
    state = rule.start(theta)
    rule.step(theta, torch.ones(4, 2), state)
    assert Halving.name == "Halving"
    torch.testing.assert_close(theta, torch.full((4, 2), 1 - 0.1 * 0.5 * 1.1))


def test_a_method_without_a_direction_says_so():
    rule = type("Empty", (Optimizer,), {})()
    with pytest.raises(NotImplementedError, match=r"Empty must define direction\(g, workspace, context\)"):
        rule.step(START.clone(), START, rule.start(START))


def test_lbfgs_stands_outside_the_run_axis():
    with pytest.raises(ShapeError, match="no run axis"):
        LBFGS().start(torch.zeros(3, 2))


def test_lbfgs_has_no_step():
    rule = LBFGS()
    with pytest.raises(InputError, match="update"):
        rule.step(START.clone(), START, rule.start(START))


def test_lbfgs_reaches_rosenbrocks_minimum_and_keeps_its_history_short():
    rule, theta = LBFGS(history=3), START.clone()
    state = rule.start(theta)
    for _ in range(3):
        rule.update(theta, VALLEY, state)
    torch.testing.assert_close(theta, torch.ones_like(theta), rtol=0, atol=1e-4)
    assert state.slots["kept"] == 3


def test_an_objective_that_fails_leaves_lbfgs_as_it_was():
    calls = []

    def objective(point):
        calls.append(point)
        if len(calls) == 4:
            raise RuntimeError
        return VALLEY(point)

    rule, theta = LBFGS(), START.clone()
    state = rule.start(theta)
    with pytest.raises(RuntimeError):
        rule.update(theta, objective, state)
    assert theta.equal(START)
    assert state.t == 0
    assert all(slot.eq(0).all() for slot in state.slots.values())


def test_nesterovs_and_sutskevers_momenta_rise_towards_one():
    assert [nesterov_momentum(t) for t in (1, 2, 4)] == [0.0, 0.25, 0.5]
    assert [sutskever_momentum(t) for t in (1, 249, 250, 10**6)] == [0.5, 0.5, 0.75, 0.99]


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_stays_between_nothing_and_its_rate_for_ever(name):
    schedule = SCHEDULES.load(name)(0.3)
    assert all(0 <= schedule(t) <= 0.3 + 1e-15 for t in (*range(1, 60), 10**6))


@pytest.mark.parametrize("wrong", [{"rate": 0.0}, {"rate": float("nan")}, {"rate": 1.0, "steps": 0}])
def test_a_schedule_refuses_what_is_none(wrong):
    with pytest.raises(InputError, match=r"must be (finite and > 0|a whole number >= 1)"):
        Polynomial(**wrong)
    with pytest.raises(InputError, match="factor"):
        StepDecay(1.0, factor=-1.0)
