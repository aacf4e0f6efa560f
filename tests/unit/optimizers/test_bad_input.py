"""What is refused: the message says what must hold and what came, and nothing has changed."""

import math

import pytest
import torch

from soloneuron.errors import InputError, RecordError, ShapeError, UnknownNameError
from soloneuron.optimizers import (
    ASGD,
    LBFGS,
    NAG,
    Adam,
    Lion,
    Momentum,
    Rprop,
    ScheduleFreeSGD,
    strongly_convex_momentum,
)
from soloneuron.optimizers.catalogue import OPTIMIZERS

THETA = torch.tensor([1.0, 2.0, 3.0])
G = torch.tensor([0.1, -0.2, 0.3])


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("rate", [0, -0.1, math.nan, math.inf, "fast", True, torch.tensor([0.1, -1.0])])
def test_a_rate_is_finite_and_positive(name, rate):
    kind = OPTIMIZERS.load(name)
    with pytest.raises(
        InputError, match=rf"learning_rate must be finite and > 0, got .* \({kind.__name__}\)"
    ):
        kind(learning_rate=rate)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_number_refuses_nan(name):
    kind = OPTIMIZERS.load(name)
    for letter, default in kind.defaults().items():
        if isinstance(default, float):
            with pytest.raises(InputError, match=f"{letter} must"):
                kind(**{letter: math.nan})


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (Adam, {"beta1": 1.0}),
        (Adam, {"beta2": -0.1}),
        (Adam, {"epsilon": -1e-8}),
        (Adam, {"clip_norm": 0.0}),
        (Adam, {"clip_value": torch.ones(3)}),
        (Adam, {"maximize": 1}),
        (Momentum, {"momentum": 1.5}),
        (Momentum, {"momentum": lambda _: 0.5}),
        (Rprop, {"learning_rate": lambda _: 0.1}),
        (Rprop, {"smallest": 2.0, "largest": 1.0}),
        (LBFGS, {"history": 0}),
        (LBFGS, {"history": 2.5}),
        (LBFGS, {"weight_decay": 0.1}),
        (LBFGS, {"maximize": True}),
        (ASGD, {"decay": "decoupled"}),
        (ScheduleFreeSGD, {"decay": "decoupled"}),
    ],
)
def test_a_value_outside_its_range_is_refused(kind, wrong):
    with pytest.raises(InputError):
        kind(**wrong)


def test_an_unknown_hyperparameter_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'beta1'"):
        Adam(beta_1=0.9)


def test_an_unknown_variant_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'inside'"):
        Adam(variant="inner side")


def test_a_rule_does_not_change():
    with pytest.raises(AttributeError, match="replace"):
        Adam().learning_rate = 0.5


@pytest.mark.parametrize("theta", [torch.tensor([1, 2, 3]), [1.0, 2.0], torch.ones(2, dtype=torch.complex64)])
def test_theta_is_a_floating_tensor(theta):
    with pytest.raises(InputError, match="theta must be a floating tensor"):
        Adam().start(theta)


@pytest.mark.parametrize("shape", [(4,), (2, 1), (2, 3)])
def test_a_hyperparameter_broadcasts_to_theta_and_does_not_enlarge_it(shape):
    with pytest.raises(ShapeError, match="learning_rate must broadcast to theta"):
        Adam(learning_rate=torch.ones(shape)).start(THETA)


@pytest.mark.parametrize(
    ("gradient", "error"),
    [
        (torch.ones(4), ShapeError),
        (torch.ones(1, 3), ShapeError),
        (torch.ones(3, dtype=torch.float64), InputError),
    ],
)
def test_a_gradient_that_does_not_fit_changes_nothing(gradient, error):
    rule, theta = Adam(), THETA.clone()
    state = rule.start(theta)
    rule.step(theta, G, state)
    kept, snapshot = theta.clone(), state.copy()
    with pytest.raises(error, match="gradient must be"):
        rule.step(theta, gradient, state)
    assert theta.equal(kept)
    assert state.t == snapshot.t
    assert all(state.slots[name].equal(slot) for name, slot in snapshot.slots.items())


@pytest.mark.parametrize("rate", [math.nan, math.inf, -0.1, torch.ones(2)])
def test_a_schedule_that_gives_no_rate_changes_nothing(rate):
    rule, theta = Momentum(learning_rate=lambda t: 0.1 if t < 3 else rate), THETA.clone()
    state = rule.start(theta)
    rule.step(theta, G, state)
    rule.step(theta, G, state)
    kept = theta.clone()
    with pytest.raises(InputError, match=r"schedule of the learning rate .* at step 3"):
        rule.step(theta, G, state)
    assert theta.equal(kept)
    assert state.t == 2


def test_a_momentum_of_a_schedule_lies_in_0_1():
    rule = NAG(momentum=lambda _: 1.5)
    with pytest.raises(InputError, match=r"momentum must lie in \[0, 1\], got 1.5 at step 1"):
        rule.at(THETA, rule.start(THETA))


def test_a_condition_number_is_at_least_one():
    with pytest.raises(InputError, match="condition"):
        strongly_convex_momentum(0.5)


def test_the_state_of_another_method_is_refused():
    theta = THETA.clone()
    with pytest.raises(InputError, match="state must be one of 'adam', got one of 'momentum'"):
        Adam().step(theta, G, Momentum().start(theta))
    assert theta.equal(THETA)


def test_the_state_of_another_size_is_refused():
    with pytest.raises(ShapeError, match="slot 'm' must be"):
        Adam().step(THETA.clone(), G, Adam().start(torch.zeros(5)))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"method": "momentum"}, "must be of 'adam', got 'momentum'"),
        ({"t": -1}, "t must be a whole number"),
        ({"t": 1.5}, "t must be a whole number"),
        ({"slots": {}}, r"slots of 'adam' must be \['m', 'v'\], got \[\]"),
        ({"slots": {"m": torch.zeros(3), "u": torch.zeros(3)}}, "slots of 'adam'"),
        ({"slots": {"m": torch.zeros(3), "v": torch.zeros(4)}}, "slot 'v' must be"),
        ({"slots": {"m": torch.zeros(3), "v": torch.zeros(3, dtype=torch.float64)}}, "slot 'v' must be"),
        ({"slots": {"m": torch.zeros(3), "v": "zero"}}, "slot 'v' must hold numbers"),
        ({"slots": None}, "method, t and slots"),
    ],
)
def test_a_saved_state_is_what_it_claims_to_be(change, says):
    saved = Adam().save(Adam().start(THETA)) | change
    with pytest.raises(RecordError, match=says):
        Adam().load(saved, THETA)


def test_a_saved_state_without_a_field_is_refused():
    with pytest.raises(RecordError, match="method, t and slots"):
        Lion().load({"method": "lion"}, THETA)
