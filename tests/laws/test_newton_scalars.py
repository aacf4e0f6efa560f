"""Newton's method on a few rows in plain floats: that of tensors, even where floats fail."""

import pytest
import torch

from meetings import Operations
from soloneuron import NeuronClassifier, fit, prepare
from soloneuron.data.assignment import assignment_data
from soloneuron.formulas.penalties import L2
from soloneuron.training.engines import NewtonScalars, Stepwise, choose
from soloneuron.training.engines.newton_scalars import FLOAT_PRODUCTS
from soloneuron.training.plan import State
from tolerances import ENGINES


def rows(n, d, seed=0):
    dice = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=dice, dtype=torch.float64)
    chance = torch.rand(n, generator=dice, dtype=torch.float64)
    return X, (chance < torch.sigmoid(X.sum(1))).double()


def engines_of(data, **options):
    """The engine that is chosen, its definition, and a start that is not zero."""
    training = prepare(data, optimizer="newton", epochs=9, **options)
    dice = torch.Generator().manual_seed(3)
    start = State(0, torch.randn(training.state.theta.shape, generator=dice, dtype=torch.float64))
    return choose(training.plan), Stepwise(training.plan), start


def assert_same(found, wanted):
    for name in ("update", "evaluations", "rows"):
        assert getattr(found.state, name) == getattr(wanted.state, name)
    torch.testing.assert_close(found.state.theta, wanted.state.theta, rtol=ENGINES, atol=ENGINES)
    torch.testing.assert_close(found.losses, wanted.losses, rtol=ENGINES, atol=ENGINES)
    assert found.state.memory.t == wanted.state.memory.t
    assert found.state.memory.slots.keys() == wanted.state.memory.slots.keys()
    for name, slot in wanted.state.memory.slots.items():
        torch.testing.assert_close(found.state.memory.slots[name], slot, rtol=1e-9, atol=ENGINES)
    assert found.recorded.epochs == wanted.recorded.epochs
    assert found.recorded.evaluations == wanted.recorded.evaluations
    torch.testing.assert_close(found.recorded.theta, wanted.recorded.theta, rtol=ENGINES, atol=ENGINES)


@pytest.mark.parametrize(
    "options", [{}, {"bias": False}, {"penalty": L2(0.03)}, {"learning_rate": 3.0}], ids=str
)
@pytest.mark.parametrize(("n", "d"), [(5, 2), (30, 3), (40, 5), (4, 1)])
def test_floats_give_the_numbers_of_tensors(n, d, options):
    engine, definition, start = engines_of(rows(n, d), **options)
    assert type(engine) is NewtonScalars
    for epochs, every in ((1, 1), (4, 2), (3, 0)):
        assert_same(engine.advance(start, epochs, every), definition.advance(start, epochs, every))


def test_an_epoch_at_a_time_is_all_epochs_at_once():
    engine, _, start = engines_of(rows(20, 2))
    whole, state = engine.advance(start, 5), start
    for _ in range(5):
        state = engine.advance(state, 1).state
    assert torch.equal(state.theta, whole.state.theta)
    assert state.memory.t == whole.state.memory.t == 5


@pytest.mark.parametrize(
    ("data", "first"),
    [
        ((torch.tensor([[1e30], [2.0], [3.0]]).double(), [0, 1, 0]), [1.0, 0.0]),
        (rows(6, 2), [1e308, 1e308, 0.0]),
        (rows(6, 2), [float("nan"), 0.0, 0.0]),
        ((torch.zeros(4, 2).double(), [0, 1, 1, 1]), [0.5, 0.0, 0.0]),
        ((torch.ones(4, 2).double(), [0, 1, 1, 1]), [0.5, 0.0, 0.0]),
    ],
)
def test_what_floats_cannot_settle_ends_as_in_tensors(data, first, monkeypatch):
    plan = prepare(data, optimizer="newton").plan
    start = State(0, torch.tensor(first, dtype=torch.float64))
    found = choose(plan).advance(start, 3)
    monkeypatch.setattr(NewtonScalars, "suits", staticmethod(lambda *_: False))
    wanted = choose(plan).advance(start, 3)
    torch.testing.assert_close(found.state.theta, wanted.state.theta, equal_nan=True, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(found.losses, wanted.losses, equal_nan=True, rtol=1e-9, atol=1e-9)


def test_the_history_is_that_of_the_definition(monkeypatch):
    data = rows(40, 3)
    found = fit(data, optimizer="newton", epochs=6, record_every=2)
    monkeypatch.setattr(NewtonScalars, "suits", staticmethod(lambda *_: False))
    wanted = fit(data, optimizer="newton", epochs=6, record_every=2)
    for name in ("theta", "value", "accuracy", "gradient_norm", "losses"):
        torch.testing.assert_close(getattr(found, name), getattr(wanted, name), rtol=1e-10, atol=ENGINES)
    assert found.outcome.kind == wanted.outcome.kind


@pytest.mark.parametrize(
    "options",
    [
        {"loss": "mse"},
        {"penalty": "l1"},
        {"sample_weight": [1.0, 2.0, 3.0, 4.0, 5.0]},
        {"reduction": "sum"},
        {"dtype": torch.float32},
        {"optimizer": "lbfgs"},
    ],
    ids=lambda options: next(iter(options)),
)
def test_only_what_it_knows_goes_to_floats(options):
    data = assignment_data()
    assert type(choose(prepare(data, **{"optimizer": "newton", **options}).plan)) is not NewtonScalars


def test_many_rows_go_to_tensors():
    for n, wanted in ((FLOAT_PRODUCTS // 9, NewtonScalars), (FLOAT_PRODUCTS // 9 + 1, Stepwise)):
        assert type(choose(prepare(rows(n, 2), optimizer="newton").plan)) is wanted


def test_the_default_estimator_asks_little_of_torch_for_five_points():
    data = assignment_data()
    X, y = data.features.numpy(), data.labels.numpy()
    with Operations() as asked:
        model = NeuronClassifier().fit(X, y)
    assert (model.optimizer_, model.n_iter_) == ("newton", 8)
    # Eight updates in tensors would be 700 more.
    assert asked.count < 400
