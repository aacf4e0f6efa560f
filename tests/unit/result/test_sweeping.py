"""``sweep``: what it refuses, what it chooses, what it shows."""

from inspect import signature

import pytest
import torch

from soloneuron import Adam, Dataset, InputError, fit, sweep
from soloneuron.result.sweeping import SweepSettings
from soloneuron.training import sweep as sweep_module

ROWS = ([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, -1.0]], [1, 0, 0, 1])


def table():
    return sweep(ROWS, learning_rate=[0.1, 0.3], batch_size=[None, 1], epochs=3)


def test_a_line_of_the_table_is_plain():
    first, *_ = lines = table().table()
    assert len(lines) == 4
    found = ["value", "accuracy", "gradient_norm", "outcome", "epochs", "evaluations"]
    assert list(first) == ["learning_rate", "batch_size", *found]
    assert all(
        cell is None or isinstance(cell, int | float | str) for line in lines for cell in line.values()
    )


def test_a_sweep_shows_itself_in_one_line():
    assert repr(table()) == "Sweep(4 runs: 2 learning_rate x 2 batch_size; 4 finished)"
    assert repr(sweep(ROWS, epochs=1)) == "Sweep(1 run; 1 finished)"


def test_runs_are_counted_from_either_end():
    found = table()
    assert found[-1] == found[3]
    assert torch.equal(found.run(-1).theta, found.run(3).theta)
    for ask in (found.__getitem__, found.run):
        with pytest.raises(IndexError, match="there are 4 runs, got 4"):
            ask(4)


def test_the_best_has_the_least_value_or_what_is_asked_for():
    found = table()
    assert found.best.value == min(line.value for line in found)
    assert found.best_by("accuracy").accuracy == max(line.accuracy for line in found)
    assert found.best_by("evaluations").evaluations == 3


def test_values_of_different_objectives_are_not_compared():
    found = sweep(ROWS, l2=[0.0, 0.1], epochs=1)
    with pytest.raises(
        InputError, match=r"differ in l2 minimize different things: take best_by\('accuracy'\)"
    ):
        _ = found.best
    assert found.best_by("accuracy").run == 0


def test_a_run_of_a_dataset_keeps_its_names():
    data = Dataset(torch.tensor(ROWS[0]), torch.tensor(ROWS[1]), ("height", "weight"))
    assert sweep(data, l2=[0.0, 0.1], epochs=1).run(1).data.feature_names == ("height", "weight")


def test_progress_counts_the_epochs_of_all_runs():
    seen = []
    sweep(ROWS, loss=["nll", "mse"], l2=[0.0, 0.1], epochs=3, progress=lambda *told: seen.append(told))
    assert seen[-1] == (12, 12)
    assert seen == sorted(seen)


def test_an_interrupt_passes_and_leaves_the_threads_as_they_were():
    def interrupt(*_):
        raise KeyboardInterrupt

    before = torch.get_num_threads()
    with pytest.raises(KeyboardInterrupt):
        sweep(ROWS, learning_rate=[0.1, 0.2], epochs=3, progress=interrupt)
    assert torch.get_num_threads() == before


REFUSED = [
    ({"learning_rate": []}, "learning_rate must have one value at least, got an empty list"),
    ({"l2": []}, "l2 must have one value at least"),
    ({"loss": []}, "loss must have one value at least"),
    ({"learning_rate": [0.1, -1.0]}, "learning_rate must be finite and > 0, 'auto' or a schedule"),
    ({"learning_rate": [0.1, "fast"]}, "learning_rate must be finite and > 0, 'auto' or a schedule"),
    ({"l2": [0.1, -0.1]}, "l2 must be finite and >= 0, got -0.1"),
    ({"l1": float("nan")}, "l1 must be finite and >= 0, got nan"),
    ({"l2": [True]}, "l2 must be finite and >= 0, got True"),
    ({"l2": [0.1], "penalty": "l1"}, "penalty and l2 must not be given both"),
    ({"seeds": [1], "seed": 1}, "seed and seeds must not be given both"),
    ({"seeds": 3}, r"seeds must be a list of whole numbers, such as range\(5\), got 3"),
    ({"seeds": [1, -1], "l2": [0, 1]}, "seed must be >= 0, got -1"),
    ({"initial": [[0.0] * 3, [0.0] * 2]}, r"initial must be starts of one length, got \[2, 3\] numbers"),
    ({"seeds": [1, 2], "shuffle": False}, "seeds for many runs need shuffle=True"),
    ({"loss": ["nll", "nl"]}, "unknown loss 'nl': did you mean 'nll'"),
    ({"optimizer": ["adam", "adm"]}, "unknown optimizer 'adm': did you mean 'adam'"),
    ({"batch_size": [2, 0]}, "batch_size must be >= 1, got 0"),
    ({"hyperparameters": {"beta1": [0.9]}}, "unknown hyperparameter 'beta1'"),
    ({"hyperparameters": {"momentum": [0.9, 2]}, "optimizer": "adam"}, "unknown hyperparameter 'momentum'"),
    ({"hyperparameters": {"beta1": [0.9, 2]}, "optimizer": "adam"}, r"beta1 must lie in \[0, 1\), got 2"),
    ({"hyperparameters": [0.9]}, "hyperparameters must be a mapping"),
    ({"hyperparameters": {"learning_rate": [0.1]}}, "learning_rate is a keyword of its own"),
    ({"epochs": -1}, "epochs must be >= 0, got -1"),
    ({"l2": [0, 1], "sample_weight": torch.ones(2, 4)}, "of a sweep share must have no run axes"),
    ({"optimizer": Adam(beta1=torch.tensor([[0.8], [0.9]]))}, "of a sweep share must have no run axes"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "said"), REFUSED, ids=[said[:40] for _, said in REFUSED])
def test_faulty_grids_are_one_sentence_before_a_run_begins(settings, said, monkeypatch):
    def begun(*_, **__):
        raise AssertionError("a run began")

    monkeypatch.setattr("soloneuron.training.session.Training.steps", begun)
    with pytest.raises(InputError, match=said):
        sweep(ROWS, **{"epochs": 2, **settings})


def test_a_sweep_has_every_keyword_of_fit():
    # A grid is many trainings: none of them is kept on its way.
    of_one = {"features", "labels", "checkpoint", "checkpoint_every"}
    assert set(signature(fit).parameters) - of_one <= set(SweepSettings.__annotations__)


def test_an_unknown_keyword_is_answered_with_the_nearest():
    with pytest.raises(TypeError, match=r"sweep\(\) has no keyword 'lr': did you mean 'learning_rate'"):
        sweep(ROWS, lr=[0.1])


def test_a_grid_that_does_not_fit_the_memory_is_told_in_numbers(monkeypatch):
    monkeypatch.setattr(sweep_module, "machine_memory", lambda: 10_000)
    with pytest.raises(InputError, match=r"must fit the memory, got 1000 runs, which take about 0\.0 GB"):
        sweep(ROWS, learning_rate=torch.linspace(0.1, 1, 1000), epochs=1)


def test_a_column_that_is_none_is_refused():
    with pytest.raises(InputError, match="column must be 'value', 'accuracy'"):
        table().best_by("loss")
