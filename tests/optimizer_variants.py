"""Every method in every variant, with what each may be asked for besides, and steps of it on a bowl."""

import itertools

import torch

from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.schedules import Cosine

HILLS = torch.tensor([[2.0, 0.3, 0.1], [0.3, 0.5, -0.2], [0.1, -0.2, 1.0]], dtype=torch.float64)
START = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)


def variants(name):
    """Every variant of a method, and what every rule may be asked for besides."""
    kind = OPTIMIZERS.load(name)
    once = {"iterations": 1} if name == "lbfgs" else {}
    names = {"variant", "centered", "bias"} & set(kind.hyperparameters)
    choices = {"centered": (True, False), "bias": (True, False)}
    if "variant" in names:
        choices["variant"] = kind.hyperparameters["variant"].options
    for values in itertools.product(*(choices[key] for key in names)):
        yield {**dict(zip(names, values, strict=True)), **once}
    if kind.needs == "objective":
        return
    decays = kind.hyperparameters["decay"].options
    for decay in decays:
        yield {"weight_decay": 0.1, "decay": decay, "clip_norm": 1.5, "clip_value": 1.0}
    yield {"maximize": True}
    if name != "rprop":
        yield {"learning_rate": Cosine(0.1, steps=12)}
    own = {"momentum": 0.5, "dampening": 0.4, "rate_decay": 0.2, "t0": 3.0, "warm_up": 7.0}
    for key, value in own.items():
        if key in kind.hyperparameters:
            yield {key: value}
    if name == "nag":
        yield {"momentum": lambda t: (t - 1) / (t + 2)}


CASES = [(name, options) for name in OPTIMIZERS for options in variants(name)]


def walked(rule, steps=12):
    """Steps on a bowl: theta before, where the gradient was taken, the gradient, both states, theta after."""
    theta = START.clone()
    state = rule.start(theta)
    for _ in range(steps):
        first, before, asked = theta.clone(), state.copy(), []

        def objective(x, asked=asked):
            asked.append(x.clone())
            return 0.5 * x @ HILLS @ x, HILLS @ x

        objective.hessian = lambda _: HILLS
        rule.update(theta, objective, state)
        yield first, asked[0], HILLS @ asked[0], before, state, theta.clone()
