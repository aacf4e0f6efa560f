"""torch.optim.lr_scheduler is the oracle: its epoch is our t - 1."""

import math

import pytest
import torch

from soloneuron.optimizers.catalogue import SCHEDULES
from soloneuron.optimizers.schedules import (
    Constant,
    Cosine,
    ExponentialDecay,
    InverseSqrt,
    OneCycle,
    Polynomial,
    StepDecay,
    WarmUp,
)

L = torch.optim.lr_scheduler
CASES = {
    "constant": (Constant(0.3), lambda o: L.ConstantLR(o, factor=1.0)),
    "step": (StepDecay(0.3, every=7, factor=0.2), lambda o: L.StepLR(o, 7, gamma=0.2)),
    "exponential": (ExponentialDecay(0.3, factor=0.9), lambda o: L.ExponentialLR(o, 0.9)),
    "cosine": (Cosine(0.3, steps=40, floor=0.01), lambda o: L.CosineAnnealingLR(o, 39, eta_min=0.01)),
    "warm_up": (WarmUp(0.3, steps=12), lambda o: L.LinearLR(o, start_factor=1 / 12, total_iters=11)),
    "inverse_sqrt": (InverseSqrt(0.3), lambda o: L.LambdaLR(o, lambda k: 1 / math.sqrt(k + 1))),
    "one_cycle": (OneCycle(0.3, steps=40), lambda o: L.OneCycleLR(o, 0.3, total_steps=40)),
    "polynomial": (Polynomial(0.3, steps=30, power=1.7), lambda o: L.PolynomialLR(o, 29, power=1.7)),
}


def test_every_schedule_of_the_catalogue_has_its_oracle():
    assert CASES.keys() == SCHEDULES.keys()
    assert all(type(CASES[name][0]) is SCHEDULES.load(name) for name in SCHEDULES)


@pytest.mark.parametrize("case", CASES)
def test_forty_rates_equal_those_of_torch(case):
    schedule, make = CASES[case]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.3)
    scheduler = make(optimizer)
    theirs = []
    for k in range(40):
        theirs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if k < 39:
            scheduler.step()
    assert [schedule(t) for t in range(1, 41)] == pytest.approx(theirs, rel=1e-12, abs=1e-16)
