"""Rules around rules: each equals its formula by hand, and keeps the manners of every other rule."""

import copy
import json
import math

import pytest
import torch

from optimizer_checks import START, slope, walk
from soloneuron import minimize
from soloneuron.errors import InputError, ShapeError
from soloneuron.optimizers import NAG, SAM, Adam, Averaged, Cautious, Clipped, Decayed, Lookahead, Momentum
from soloneuron.optimizers.schedules import Cosine, WarmUp

WRAPPED = {
    "lookahead": lambda **rate: Lookahead(Adam(**rate), every=3),
    "cautious": lambda **rate: Cautious(Momentum(**rate)),
    "averaged": lambda **rate: Averaged(NAG(**rate), mean_decay=0.9),
    "sam": lambda **rate: SAM(Momentum(**rate), rho=0.3),
    "clipped": lambda **rate: Clipped(NAG(**rate), norm=0.7, value=0.5),
    "decayed": lambda **rate: Decayed(Adam(**rate), strength=0.2),
    "three": lambda **rate: Lookahead(Clipped(Cautious("momentum"), norm=0.5), **rate),
}
RATE = {"learning_rate": 0.05}


def goes(rule, steps, start=START, state=None):
    theta = start.clone()
    state = rule.start(theta) if state is None else state
    for _ in range(steps):
        rule.update(theta, lambda x: (x.square().sum(-1), slope(x, 1)), state)
    return theta, state


def by_hand(name, steps):
    """Each wrapper in plain lines, with the inner rule's own step."""
    theta, slow, z, average = (START.clone() for _ in range(4))
    inner = {"lookahead": Adam, "cautious": Momentum, "averaged": NAG, "sam": Momentum, "clipped": NAG}
    rule = inner.get(name, Adam)(**RATE)
    where = z if name == "averaged" else theta
    state = rule.start(where)
    for t in range(1, steps + 1):
        before, g = where.clone(), slope(rule.at(where, state), 1)
        if name == "sam":
            g = slope(where + 0.3 * g / g.norm(), 1)
        if name == "clipped":
            g = g.clamp(-0.5, 0.5)
            g = g * min(1.0, 0.7 / g.norm().item())
        if name == "decayed":
            where.mul_(1 - 0.05 * 0.2)
        rule.step(where, g, state)
        if name == "lookahead" and t % 3 == 0:
            slow += 0.5 * (theta - slow)
            theta.copy_(slow)
        if name == "cautious":
            u = before - where
            mask = (u * g > 0).double()
            where.copy_(before - u * mask * len(u) / (mask.sum() + 1))
        average += (1 - min(0.9, (1 + t) / (10 + t))) * (z - average)
    return average if name == "averaged" else theta


@pytest.mark.parametrize("name", [name for name in WRAPPED if name != "three"])
def test_every_wrapper_equals_its_formula(name):
    torch.testing.assert_close(goes(WRAPPED[name](**RATE), 20)[0], by_hand(name, 20), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", WRAPPED)
def test_the_rate_of_a_wrapper_is_that_of_its_rule_and_runs_are_each_alone(name):
    inside, _ = goes(WRAPPED[name](**RATE), 8)
    outside, _ = goes(WRAPPED[name]().replace(**RATE), 8)
    assert torch.equal(inside, outside)
    rates = torch.tensor([[0.05], [0.01]], dtype=torch.float64)
    many, _ = goes(WRAPPED[name](learning_rate=rates), 8, START.repeat(2, 1))
    torch.testing.assert_close(many[0], inside, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", WRAPPED)
def test_a_state_goes_on_from_a_copy_and_from_a_file(name):
    rule = WRAPPED[name](**RATE)
    straight, _ = goes(rule, 9)
    theta, state = goes(rule, 4)
    for again in (
        state.copy(),
        copy.deepcopy(state),
        rule.load(json.loads(json.dumps(rule.save(state))), theta),
    ):
        assert torch.equal(goes(rule, 5, theta, again)[0], straight)


def test_what_a_wrapper_cannot_hold_is_said():
    for wrong, words in (
        (lambda: Lookahead("lbfgs"), "without a line search"),
        (lambda: Cautious("adam", clip_norm=1.0), "clip_norm belongs to the rule inside of Cautious"),
        (lambda: Lookahead("adam", every=0), "every must be a whole number >= 1"),
        (lambda: SAM("adam").step(START.clone(), START, SAM("adam").start(START)), "two gradients a step"),
        (lambda: Lookahead("adam").step(START, START, Adam().start(START)), "must be one of 'lookahead'"),
    ):
        with pytest.raises(InputError, match=words):
            wrong()


def test_a_wrapper_minimizes_and_is_told_by_its_parts():
    path = minimize("bowl", None, Lookahead(Cautious("momentum")), 60, learning_rate=0.1)
    assert repr(path).startswith("Path(Lookahead(Cautious(Momentum(")
    assert path.values[-1] < 1e-3
    theta, _ = walk(Lookahead("adam", learning_rate=0.01), slope, 3)
    assert theta.isfinite().all()


INSIDE = ("momentum", "nag", "adam", "schedule_free_sgd")

AROUND = {
    **{
        f"{kind.__name__} {name}": kind(name)
        for kind in (Lookahead, Cautious, Averaged, Decayed)
        for name in INSIDE
    },
    **{f"Clipped {name}": Clipped(name, norm=1.0) for name in INSIDE},
    "five deep": Lookahead(Clipped(Cautious(Averaged(Decayed("adam"))), norm=1.0), every=2),
    "a schedule": Decayed("momentum", learning_rate=0.1 * (WarmUp(3) >> Cosine(9))),
}

REFUSED_GRADIENTS = [
    *(torch.ones(2), torch.ones(1, 3), torch.ones(3, dtype=torch.int64), torch.ones(3, dtype=torch.float32)),
    *(torch.ones(3, dtype=torch.float64).to_sparse(), torch.ones(3, dtype=torch.float64, device="meta")),
    *([1.0, 2.0, 3.0], None, 1.0),
]


@pytest.mark.parametrize("kind", AROUND)
def test_what_a_wrapper_refuses_it_refuses_before_anything_moves(kind):
    rule, theta = AROUND[kind], torch.ones(3, dtype=torch.float64)
    state = rule.start(theta)
    for t in (1, 2, 3):
        rule.step(theta, torch.full_like(theta, 0.5 * t), state)
    before, slots = theta.clone(), {name: slot.clone() for name, slot in state.slots.items()}
    for gradient in REFUSED_GRADIENTS:
        with pytest.raises(InputError, match=r"the gradient must be torch.float64 .3,. like theta, got"):
            rule.step(theta, gradient, state)
    for other in (None, {}, 3):
        with pytest.raises(InputError, match=r"the state must be what \w+.start.theta. returns"):
            rule.step(theta, torch.ones_like(theta), other)
    with pytest.raises(ShapeError, match=r"must be .* to fit theta"):
        rule.step(torch.ones(4, dtype=torch.float64), torch.ones(4, dtype=torch.float64), state)
    assert (theta.tolist(), state.t) == (before.tolist(), 3)
    assert all(torch.equal(state.slots[name], slot) for name, slot in slots.items())


@pytest.mark.parametrize("kind", AROUND)
def test_around_one_number_a_wrapper_does_what_it_does_to_a_vector_of_one(kind):
    rule = AROUND[kind]
    number, vector = torch.tensor(1.0, dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    for theta in (number, vector):
        state = rule.start(theta)
        for t in range(1, 8):
            rule.step(theta, torch.full_like(theta, (-0.7) ** t), state)
    assert number.item() == pytest.approx(vector.item(), rel=1e-14)


def test_a_schedule_that_goes_wrong_later_moves_nothing_in_a_wrapper():
    rule = Decayed("momentum", learning_rate=lambda t: 0.1 if t < 3 else math.nan)
    theta = torch.ones(2, dtype=torch.float64)
    state = rule.start(theta)
    for _ in range(2):
        rule.step(theta, torch.ones_like(theta), state)
    before = theta.clone()
    with pytest.raises(InputError, match="got nan at step 3"):
        rule.step(theta, torch.ones_like(theta), state)
    assert torch.equal(theta, before)
    assert state.t == 2


def sharp(gradient, rho):
    """SAM's gradient by hand, one evaluation after the other."""

    def asked(point):
        g = gradient(point)
        return gradient(point + rho * g / g.norm())

    return asked


def curved(point):
    return point**3 + point - 0.5


AROUND_SAM = {
    "lookahead": lambda inner: Lookahead(inner, every=2),
    "averaged": lambda inner: Averaged(inner, mean_decay=0.9),
    "clipped": lambda inner: Clipped(inner, norm=0.7),
    "decayed": lambda inner: Decayed(inner, strength=0.2),
    "cautious": Cautious,
    "deep": lambda inner: Lookahead(Clipped(Averaged(inner), norm=1.0), every=3),
}


@pytest.mark.parametrize("kind", AROUND_SAM)
def test_around_sam_a_wrapper_gets_the_gradient_of_uphill(kind):
    """The same as the wrapper around the inner rule, on the field of SAM's gradients."""
    whole, plain = (AROUND_SAM[kind](rule) for rule in (SAM(NAG(**RATE), rho=0.3), NAG(**RATE)))
    one, other = START.clone(), START.clone()
    state, apart = whole.start(one), plain.start(other)
    asked = []
    for _ in range(9):
        whole.update(one, lambda x: (asked.append(0) or x.sum(-1), curved(x)), state)
        plain.update(other, lambda x: (x.sum(-1), sharp(curved, 0.3)(x)), apart)
    torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)
    assert (len(asked), whole.asks_once, plain.asks_once) == (18, False, True)
    with pytest.raises(InputError, match=r"more than one gradient a step: call update"):
        whole.step(one, torch.ones_like(one), state)
    assert minimize("bowl", None, whole.replace(learning_rate=0.1), 30).values[-1] < 0.1


def test_limits_that_limit_nothing_and_rates_of_more_runs_than_starts_are_told():
    with pytest.raises(InputError, match="Clipped must have a value or a norm"):
        Clipped("adam")
    rates = torch.tensor([[0.1], [0.2]], dtype=torch.float64) * WarmUp(3)
    with pytest.raises(InputError, match=r"broadcast to theta \(2,\), got \(2, 1\) at step 1 .*: for R runs"):
        minimize("bowl", None, "momentum", 5, learning_rate=rates)
    many = minimize("bowl", [[-1.0, 1.0]] * 2, "momentum", 5, learning_rate=rates)
    alone = minimize("bowl", None, "momentum", 5, learning_rate=0.2 * WarmUp(3))
    torch.testing.assert_close(many.points[:, 1], alone.points, rtol=1e-12, atol=1e-12)
