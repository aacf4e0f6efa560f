"""Arrival means staying."""

import math

import pytest
import torch

from soloneuron.formulas.arrival import arrival, held_since

CURVES = {
    "stays": ([9, 5, 2, 1], 2),
    "passes by": ([9, 1, 1, 9], math.inf),
    "passes by, then stays": ([9, 1, 9, 1], 3),
    "is there from the start": ([1, 1, 1, 1], 0),
    "touches at the end": ([9, 9, 9, 2], 3),
    "never": ([9, 9, 9, 9], math.inf),
    "overflows": ([9, 1, math.nan, math.nan], math.inf),
    "overflows and comes back": ([9, math.inf, math.nan, 1], 3),
}


@pytest.mark.parametrize(("curve", "wanted"), CURVES.values(), ids=CURVES)
def test_a_curve_arrives_where_it_begins_to_stay(curve, wanted):
    assert arrival(torch.tensor(curve) <= 2).item() == wanted


def test_curves_beside_one_another_are_each_alone():
    together = torch.tensor([curve for curve, _ in CURVES.values()]).T.reshape(4, 2, -1)
    assert arrival(together <= 2).flatten().tolist() == [wanted for _, wanted in CURVES.values()]


@pytest.mark.parametrize(("curve", "wanted"), CURVES.values(), ids=CURVES)
def test_look_by_look_it_is_found_at_the_same_step(curve, wanted):
    since = None
    for look, value in enumerate(curve):
        since = held_since(since, value <= 2, look)
    assert (math.inf if since is None else since) == wanted
