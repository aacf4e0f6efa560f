"""Every method in every variant, with what each may be asked for besides, and steps of it on a bowl."""

import itertools

import torch

from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.schedules import Cosine

HILLS = torch.tensor([[2.0, 0.3, 0.1], [0.3, 0.5, -0.2], [0.1, -0.2, 1.0]], dtype=torch.float64)
START = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)


def once(name):
    """One direction an update: a formula is of a step."""
    return {"iterations": 1} if "iterations" in OPTIMIZERS.load(name).hyperparameters else {}


def variants(name):
    """Every variant of a method, and what every rule may be asked for besides."""
    kind = OPTIMIZERS.load(name)
    single = once(name)
    names = {"variant", "centered", "bias"} & set(kind.hyperparameters)
    choices = {"centered": (True, False), "bias": (True, False)}
    if "variant" in names:
        choices["variant"] = kind.hyperparameters["variant"].options
    for values in itertools.product(*(choices[key] for key in names)):
        yield {**dict(zip(names, values, strict=True)), **single}
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


def walked(rule, steps=12, *, mirror=False):
    """Steps on a bowl: theta before, where the gradient was taken, the gradient, both states, theta after.

    With ``mirror`` the same with the coordinates the other way round, told in their own order.
    """
    if mirror:
        yield from (tuple(mirrored(x) for x in taken) for taken in bowl_steps(rule, steps, *MIRRORED))
    else:
        yield from bowl_steps(rule, steps, START, HILLS)


MIRRORED = START.flip(0), HILLS.flip(0, 1)


def mirrored(found):
    return found.flip(-1) if isinstance(found, torch.Tensor) else found


def bowl_steps(rule, steps, start, hills):
    theta = start.clone()
    state = rule.start(theta)
    for _ in range(steps):
        first, before, asked = theta.clone(), state.copy(), []

        def objective(x, asked=asked):
            asked.append(x.clone())
            return 0.5 * x @ hills @ x, hills @ x

        objective.hessian = lambda _: hills
        rule.update(theta, objective, state)
        yield first, asked[0], hills @ asked[0], before, state, theta.clone()
