"""torch.optim is the oracle: 400 steps of gradients over eight decades with planted zeros, 1e-12 relative."""

import pytest
import torch

from optimizer_formulas import gradients
from soloneuron.optimizers import (
    ASGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    AMSGrad,
    GradientDescent,
    Momentum,
    Nadam,
    Nesterov,
    RAdam,
    RMSProp,
    Rprop,
)

START = torch.linspace(-2, 2, 7, dtype=torch.float64)
RTOL = 1e-12  # float64 rounds at 1e-16; 400 steps of about 10 roundings each, in another order
optim = torch.optim


@pytest.fixture(autouse=True)
def default_is_float64():
    """torch keeps Nadam's product and ASGD's rate in its default dtype."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def ours(rule, stream, start=START):
    theta = start.clone()
    state = rule.start(theta)
    for g in stream:
        rule.step(theta, g, state)
    return theta, state


def theirs(kind, stream, settings, start=START):
    parameter = torch.nn.Parameter(start.clone())
    optimizer = kind([parameter], **settings)
    for g in stream:
        parameter.grad = g.clone()
        optimizer.step()
    return parameter.detach(), optimizer.state[parameter]


def sgd(**more):
    return optim.SGD, {"lr": 0.01, **more}


GRID = {
    "gradient descent": (GradientDescent(learning_rate=0.01), *sgd()),
    "gradient descent, decay": (
        GradientDescent(learning_rate=0.01, weight_decay=0.1),
        *sgd(weight_decay=0.1),
    ),
    "gradient descent, uphill": (
        GradientDescent(learning_rate=0.01, maximize=True, weight_decay=0.1),
        *sgd(weight_decay=0.1, maximize=True),
    ),
    "momentum": (Momentum(learning_rate=0.01), *sgd(momentum=0.9)),
    "momentum, dampening": (
        Momentum(learning_rate=0.01, momentum=0.7, dampening=0.3, weight_decay=0.02),
        *sgd(momentum=0.7, dampening=0.3, weight_decay=0.02),
    ),
    "nesterov": (Nesterov(learning_rate=0.01), *sgd(momentum=0.9, nesterov=True)),
    "nesterov, decay": (
        Nesterov(learning_rate=0.01, momentum=0.5, weight_decay=0.1),
        *sgd(momentum=0.5, nesterov=True, weight_decay=0.1),
    ),
    "adagrad": (Adagrad(), optim.Adagrad, {}),
    "adagrad, all": (
        Adagrad(learning_rate=0.1, rate_decay=0.03, initial=0.5, epsilon=1e-3, weight_decay=0.1),
        optim.Adagrad,
        {"lr": 0.1, "lr_decay": 0.03, "initial_accumulator_value": 0.5, "eps": 1e-3, "weight_decay": 0.1},
    ),
    "adadelta": (Adadelta(), optim.Adadelta, {}),
    "adadelta, all": (
        Adadelta(learning_rate=0.5, rho=0.95, epsilon=1e-3, weight_decay=0.1, maximize=True),
        optim.Adadelta,
        {"lr": 0.5, "rho": 0.95, "eps": 1e-3, "weight_decay": 0.1, "maximize": True},
    ),
    "rmsprop": (RMSProp(), optim.RMSprop, {}),
    "rmsprop, momentum": (
        RMSProp(rho=0.9, momentum=0.8, epsilon=1e-4),
        optim.RMSprop,
        {"alpha": 0.9, "momentum": 0.8, "eps": 1e-4},
    ),
    "rmsprop, decay": (RMSProp(weight_decay=0.01), optim.RMSprop, {"weight_decay": 0.01}),
    "rmsprop, centered": (
        RMSProp(rho=0.9, centered=True, epsilon=1e-2),
        optim.RMSprop,
        {"alpha": 0.9, "centered": True, "eps": 1e-2},
    ),
    "rmsprop, centered momentum": (
        RMSProp(rho=0.8, centered=True, momentum=0.5, epsilon=1e-2),
        optim.RMSprop,
        {"alpha": 0.8, "centered": True, "momentum": 0.5, "eps": 1e-2},
    ),
    "adam": (Adam(), optim.Adam, {}),
    "adam, all": (
        Adam(learning_rate=0.1, beta1=0.5, beta2=0.9, epsilon=1e-3, weight_decay=0.1, maximize=True),
        optim.Adam,
        {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3, "weight_decay": 0.1, "maximize": True},
    ),
    "adam, no memory": (Adam(beta1=0.0, beta2=0.0), optim.Adam, {"betas": (0.0, 0.0)}),
    "amsgrad": (AMSGrad(beta2=0.9), optim.Adam, {"amsgrad": True, "betas": (0.9, 0.9)}),
    "adamw": (AdamW(), optim.AdamW, {}),
    "adamw, all": (
        AdamW(learning_rate=0.1, beta1=0.5, weight_decay=0.3, epsilon=1e-4),
        optim.AdamW,
        {"lr": 0.1, "betas": (0.5, 0.999), "weight_decay": 0.3, "eps": 1e-4},
    ),
    "nadam": (Nadam(), optim.NAdam, {}),
    "nadam, all": (
        Nadam(learning_rate=0.1, beta1=0.7, beta2=0.9, psi=0.1, epsilon=1e-3, weight_decay=0.1),
        optim.NAdam,
        {"lr": 0.1, "betas": (0.7, 0.9), "momentum_decay": 0.1, "eps": 1e-3, "weight_decay": 0.1},
    ),
    "nadam, decoupled": (
        Nadam(weight_decay=0.1, decay="decoupled"),
        optim.NAdam,
        {"weight_decay": 0.1, "decoupled_weight_decay": True},
    ),
    "nadam of keras": (Nadam(variant="keras"), optim.NAdam, {"momentum_decay": 1.0}),
    "adamax": (Adamax(), optim.Adamax, {}),
    "adamax, all": (
        Adamax(learning_rate=0.1, beta1=0.5, beta2=0.8, epsilon=1e-2, weight_decay=0.1),
        optim.Adamax,
        {"lr": 0.1, "betas": (0.5, 0.8), "eps": 1e-2, "weight_decay": 0.1},
    ),
    "radam": (RAdam(), optim.RAdam, {}),
    "radam, all": (
        RAdam(learning_rate=0.1, beta1=0.5, beta2=0.9, epsilon=1e-3, weight_decay=0.1),
        optim.RAdam,
        {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3, "weight_decay": 0.1},
    ),
    "radam, never sure": (RAdam(beta2=0.5), optim.RAdam, {"betas": (0.9, 0.5)}),
    "rprop": (Rprop(), optim.Rprop, {}),
    "rprop, all": (
        Rprop(learning_rate=0.1, shrink=0.3, grow=1.7, smallest=1e-3, largest=2.0),
        optim.Rprop,
        {"lr": 0.1, "etas": (0.3, 1.7), "step_sizes": (1e-3, 2.0)},
    ),
}


@pytest.mark.parametrize("case", GRID)
@pytest.mark.parametrize("seed", [0, 1])
def test_400_steps_equal_those_of_torch(case, seed):
    rule, kind, settings = GRID[case]
    stream = gradients(seed)
    expected, _ = theirs(kind, stream, settings)
    theta, _ = ours(rule, stream)
    torch.testing.assert_close(theta, expected, rtol=RTOL, atol=0)


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        (ASGD(), {}),
        (
            ASGD(learning_rate=0.1, lambd=0.01, alpha=0.5, t0=50, weight_decay=0.1),
            {"lr": 0.1, "lambd": 0.01, "alpha": 0.5, "t0": 50, "weight_decay": 0.1},
        ),
    ],
)
def test_asgd_answers_with_the_average_that_torch_hides_in_its_state(rule, settings):
    stream = gradients(2)
    iterate, hidden = theirs(optim.ASGD, stream, settings)
    theta, state = ours(rule, stream)
    torch.testing.assert_close(theta, hidden["ax"], rtol=RTOL, atol=RTOL)
    torch.testing.assert_close(state.slots["z"], iterate, rtol=RTOL, atol=RTOL)


def test_a_scheduled_rate_equals_one_set_by_hand():
    stream = gradients(3)
    parameter = torch.nn.Parameter(START.clone())
    optimizer = optim.SGD([parameter], lr=1.0, momentum=0.9)
    for t, g in enumerate(stream, 1):
        optimizer.param_groups[0]["lr"] = 0.1 / t
        parameter.grad = g.clone()
        optimizer.step()
    theta, _ = ours(Momentum(learning_rate=lambda t: 0.1 / t), stream)
    torch.testing.assert_close(theta, parameter.detach(), rtol=RTOL, atol=RTOL)


@pytest.mark.parametrize("value", [None, 0.5])
def test_clipping_equals_torch_but_for_its_1e_6(value):
    stream = gradients(4)
    parameter = torch.nn.Parameter(START.clone())
    optimizer = optim.Adam([parameter])
    for g in stream:
        parameter.grad = g.clone()
        if value is None:
            torch.nn.utils.clip_grad_norm_([parameter], 0.5)
        else:
            torch.nn.utils.clip_grad_value_([parameter], value)
        optimizer.step()
    rule = Adam(clip_norm=0.5) if value is None else Adam(clip_value=value)
    rtol = 1e-4 if value is None else RTOL
    torch.testing.assert_close(ours(rule, stream)[0], parameter.detach(), rtol=rtol, atol=rtol)
