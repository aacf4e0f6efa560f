"""Separable or not: told before the run has found out, and never wrongly."""

import pytest
import torch

from soloneuron import NeuronClassifier, assignment_data, fit, load_run
from soloneuron.training import separability


def test_it_is_said_after_the_first_epoch_already():
    assert fit(assignment_data(), epochs=1, learning_rate=1e-3).outcome.separable


def test_two_equal_rows_of_different_classes_are_not_separable():
    assert not fit(([[1.0], [1.0], [3.0]], [0, 1, 1]), epochs=50).outcome.separable


def test_rows_without_weight_do_not_count():
    data = ([[1.0], [2.0], [3.0]], [0, 1, 0])
    assert not fit(data, epochs=5).outcome.separable
    assert fit(data, epochs=5, sample_weight=[1, 1, 0]).outcome.separable


@pytest.mark.parametrize("options", [{"penalty": "l2"}, {"loss": "hinge"}], ids=str)
def test_nothing_is_said_where_the_optimum_is_finite_anyway(options):
    assert not fit(assignment_data(), epochs=3, **options).outcome.separable


def test_every_run_of_a_sweep_is_told():
    rates = torch.tensor([[1e-4], [0.5]]).double()
    assert all(
        outcome.separable for outcome in fit(assignment_data(), learning_rate=rates, epochs=2).outcomes
    )


@pytest.fixture
def asked(monkeypatch):
    """How often Newton's method was sent for the answer."""
    calls, signed = [], separability._signed
    monkeypatch.setattr(separability, "_signed", lambda plan: calls.append(plan) or signed(plan))
    return calls


APART = ([[0.0, 1.0], [1.0, 0.0], [1.0, 2.0], [3.0, 1.0]], [0, 0, 1, 1])


def test_no_history_asks_and_a_run_asks_once(asked):
    run = fit(APART, learning_rate=torch.tensor([[1e-6], [1e-5]]).double(), epochs=2)
    assert [outcome.separable for outcome in run.history.outcomes] == [None, None]
    assert (len(asked), repr(run)) == (0, "Run(2 runs, 2 epochs, finished)")
    assert run.outcome.separable
    assert run[1].outcome.separable
    assert run[1].record.history.outcome.separable
    assert len(asked) == 1


def test_rows_that_are_all_on_their_side_are_proof_enough(asked):
    assert fit(APART, learning_rate=1.0, epochs=200).outcome.separable
    assert not asked


def test_a_chunk_of_a_stream_is_never_asked(asked):
    model = NeuronClassifier()
    for _ in range(3):
        model.partial_fit(*APART)
    assert not asked


def test_sizes_are_looked_at_before_anything_is_copied(asked, monkeypatch):
    monkeypatch.setattr(separability, "MOST_WORK", 4 * 3**2 - 1)
    assert fit(APART, learning_rate=1e-6, epochs=1).outcome.separable is False
    assert not asked


def test_the_answer_is_saved(tmp_path):
    run = fit(APART, learning_rate=1e-6, epochs=1)
    run.save(tmp_path / "run.json")
    assert load_run(tmp_path / "run.json").outcome.separable
