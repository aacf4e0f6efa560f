"""Around a step: no graph grows, all is checked before anything moves, odd tensors have an answer."""

import copy
import io
import json
import math
import pickle

import pytest
import torch

from optimizer_checks import START, slope, walk
from soloneuron import minimize
from soloneuron.errors import InputError, ShapeError
from soloneuron.optimizers import NAG, Adam, GradientDescent, Momentum, ScheduleFreeSGD
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.training.plan import State

ONE_GRADIENT = [name for name in OPTIMIZERS if OPTIMIZERS.load(name).needs != "objective"]


@pytest.mark.parametrize("settings", [{}, {"weight_decay": 0.1, "clip_norm": 2.0}], ids=["lean", "full"])
@pytest.mark.parametrize("name", ONE_GRADIENT)
def test_a_parameter_with_a_graph_steps_as_one_without_and_nothing_grows(name, settings):
    rule = OPTIMIZERS.load(name)(**settings)
    wanted, _ = walk(rule, slope, 5)
    with torch.enable_grad():
        theta = START.clone().requires_grad_()
        state = rule.start(theta)
        for t in range(1, 6):
            point = rule.at(theta, state).detach().clone().requires_grad_()
            rule.step(theta, slope(point, t), state)
        assert theta.grad_fn is None
        assert not any(slot.requires_grad for slot in state.slots.values())
    assert torch.equal(theta.detach(), wanted)


def test_a_rule_at_theta_hands_the_callers_parameter_back():
    with torch.enable_grad():
        theta = START.clone().requires_grad_()
        assert Adam().at(theta, Adam().start(theta)) is theta


@pytest.mark.parametrize("name", ONE_GRADIENT)
def test_a_gradient_that_overlaps_theta_is_no_trap(name):
    rule, memory = OPTIMIZERS.load(name)(), torch.linspace(-1, 1, 8, dtype=torch.float64)
    for offset in (0, 1):
        buffer = memory.clone()
        theta, gradient = buffer[:7], buffer[offset : offset + 7]
        wanted, apart = theta.clone(), gradient.clone()
        rule.step(wanted, apart, rule.start(wanted))
        rule.step(theta, gradient, rule.start(theta))
        assert torch.equal(theta, wanted)


def test_theta_that_shares_its_own_memory_is_refused():
    for theta in (torch.zeros(1).expand(3), torch.zeros(4).as_strided((2, 3), (1, 1))):
        with pytest.raises(ShapeError, match="memory of its own"):
            Adam().start(theta)
    for theta in (torch.zeros(3, 2).T, torch.zeros(6)[::2], torch.zeros(1, 3).expand(1, 3)):
        Adam().step(theta, torch.ones_like(theta), Adam().start(theta))
        assert (theta < 0).all()


def test_half_precision_and_numbers_that_vanish_in_theta_are_refused():
    with pytest.raises(InputError, match=r"float32, float64 or bfloat16, got torch\.float16"):
        Adam().start(torch.zeros(3, dtype=torch.float16))
    with pytest.raises(InputError, match=r"epsilon must not vanish in torch.float32, got 1e-50 \(Adam\)"):
        Adam(epsilon=1e-50).start(torch.zeros(3))
    theta = torch.ones(3, dtype=torch.bfloat16)
    Adam().step(theta, torch.full_like(theta, 1e-6), Adam().start(theta))
    assert theta.isfinite().all()


@pytest.mark.parametrize("name", ONE_GRADIENT)
@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
def test_a_single_number_and_no_number_have_an_answer(name, shape):
    rule = OPTIMIZERS.load(name)(clip_norm=1.0, weight_decay=0.1)
    theta = torch.ones(shape, dtype=torch.float64)
    if name == "adagrad_norm" and not shape:
        with pytest.raises(ShapeError, match="an axis of coordinates"):
            rule.start(theta)
        return
    state = rule.start(theta)
    rule.step(theta, torch.ones_like(theta), state)
    if not shape:
        one = torch.ones(1, dtype=torch.float64)
        rule.step(one, torch.ones_like(one), rule.start(one))
        assert theta.item() == one.item()


@pytest.mark.parametrize("huge", [math.inf, 1e200, 1e308])
def test_a_huge_gradient_is_clipped_to_its_length_and_never_to_nan(huge):
    rule = GradientDescent(learning_rate=1.0, clip_norm=2.0)
    theta = torch.zeros(2, 3, dtype=torch.float64)
    g = torch.tensor([[huge, -huge, 0.0], [3.0, 0.0, 4.0]], dtype=torch.float64)
    rule.step(theta, g, rule.start(theta))
    root = math.sqrt(2)
    wanted = torch.tensor([[-root, root, 0.0], [-1.2, 0.0, -1.6]], dtype=torch.float64)
    torch.testing.assert_close(theta, wanted, rtol=1e-12, atol=1e-12)


def test_a_refusal_leaves_theta_and_state_as_they_were():
    rule = NAG(momentum=lambda t: 0.5 if t < 3 else 2.0, decay="decoupled", weight_decay=0.1)
    theta = START.clone()
    state = rule.start(theta)
    for t in (1, 2):
        rule.step(theta, slope(theta, t), state)
    kept, before = theta.clone(), state.copy()
    with pytest.raises(InputError, match="momentum must lie in"):
        rule.step(theta, slope(theta, 3), state)
    assert torch.equal(theta, kept)
    assert state.t == before.t
    assert torch.equal(state.slots["v"], before.slots["v"])


def test_a_schedule_may_give_a_tensor_to_every_rule():
    rates = torch.tensor([[0.1], [0.02]], dtype=torch.float64)
    for kind in (ScheduleFreeSGD, Momentum, Adam):
        together, _ = walk(kind(learning_rate=lambda t: rates / t), slope, 6, START.repeat(2, 1))
        for rate, row in zip(rates.flatten().tolist(), together, strict=True):
            alone, _ = walk(kind(learning_rate=lambda t, rate=rate: rate / t), slope, 6)
            torch.testing.assert_close(row, alone, rtol=1e-12, atol=1e-12)


def test_a_state_of_a_run_is_copied_pickled_and_saved():
    rule, theta = Adam(), START.clone()
    memory = rule.start(theta)
    rule.step(theta, slope(theta, 1), memory)
    state, file = State(1, theta, memory), io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    for again in (
        copy.deepcopy(state),
        pickle.loads(pickle.dumps(state)),
        torch.load(file, weights_only=False),
    ):
        assert torch.equal(again.theta, theta)
        assert torch.equal(again.memory.slots["m"], memory.slots["m"])
        rule.step(again.theta, slope(again.theta, 2), again.memory)
    assert rule.load(json.loads(json.dumps(rule.save(memory))), theta).slots["v"].equal(memory.slots["v"])


@pytest.mark.parametrize("function", [lambda x: (x**2).sum(), torch.exp, lambda x: x.norm()])
@pytest.mark.parametrize("start", [[1.0], [1.0, 2.0]])
def test_a_function_of_tensors_is_told_to_come_as_a_pair(function, start):
    with pytest.raises(InputError, match=r"a function of tensors comes as a pair \(value, gradient\)"):
        minimize(function, start)


@pytest.mark.parametrize("name", ONE_GRADIENT)
def test_what_is_no_gradient_and_no_state_is_said_and_moves_nothing(name):
    rule, theta = OPTIMIZERS.load(name)(), START.clone()
    state = rule.start(theta)
    odd = [torch.ones_like(START).to_sparse(), torch.ones_like(START, device="meta")]
    for gradient in ([1.0] * len(START), None, 1.0, "g", *odd):
        with pytest.raises(InputError, match=r"the gradient must be torch.float64 .* like theta, got"):
            rule.step(theta, gradient, state)
    for other in (None, {}, "s"):
        with pytest.raises(InputError, match=r"the state must be what \w+.start.theta. returns, got"):
            rule.step(theta, torch.ones_like(theta), other)
    assert torch.equal(theta, START)
    assert state.t == 0
