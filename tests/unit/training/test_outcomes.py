"""How a run is judged does not hang on the epoch at which it happened to end."""

import pytest
import torch

from soloneuron import fit
from soloneuron.training.outcomes import _oscillating

CYCLING = ([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1])


@pytest.mark.parametrize("epochs", range(20, 60))
def test_a_cycle_above_the_start_oscillates_whichever_phase_it_ends_in(epochs):
    assert fit(CYCLING, learning_rate=20.0, epochs=epochs).outcome.kind == "oscillating"


def test_a_run_that_falls_does_not_oscillate_though_it_is_above_its_start():
    """A rate far too large throws the run up; then it comes down."""
    losses = torch.cat([torch.tensor([1.0]), torch.linspace(50.0, 10.0, 40)])[:, None].double()
    assert not _oscillating(losses).any()


def test_a_run_that_climbs_oscillates_and_one_below_its_start_does_not():
    climbing = torch.linspace(1.0, 9.0, 40)[:, None]
    assert _oscillating(climbing).all()
    assert not _oscillating(climbing.flip(0)).any()


def test_the_limit_that_is_named_is_one_that_the_rate_is_beyond():
    for rate in (3.4, 10.0, 50.0):
        fields = fit(CYCLING, learning_rate=rate, epochs=100).outcome.fields
        assert fields["ratio"] > 1
        assert fields["which"] in {"local", "guaranteed"}


def test_no_limit_of_plain_descent_is_named_for_another_optimizer():
    outcome = fit(CYCLING, optimizer="momentum", learning_rate=20.0, epochs=50).outcome
    assert outcome.kind == "oscillating"
    assert "limit" not in outcome.fields
