"""Whatever is minimized, it is that objective that is measured, compared, stepped and judged."""

import pytest
import torch

from soloneuron import Element, compare, compile_graph, fit, minimize, prepare
from soloneuron.data.assignment import assignment_data
from soloneuron.errors import InputError
from soloneuron.formulas.losses import Focal
from soloneuron.formulas.penalties import ElasticNet
from soloneuron.neuron import Neuron
from soloneuron.optimizers import Adam
from soloneuron.optimizers.workspace import Workspace
from soloneuron.training.loop import updates_of
from soloneuron.training.measures import measure
from soloneuron.training.minimize import training_on
from soloneuron.training.stepping import next_state, update_detail
from tolerances import ENGINES

DATA = assignment_data()


def least_squares():
    """(w x + b - y)^2 of one sample as a compiled graph; at 0 its mean over the five points is 2/5."""
    leaves = [Element(0.0) for _ in range(3)]
    x1, x2, label = (Element(1.0) for _ in range(3))
    return compile_graph(
        (leaves[0] * x1 + leaves[1] * x2 + leaves[2] - label) ** 2, leaves, inputs=[x1, x2, label]
    )


def value_by_hand(theta):
    X = torch.cat([DATA.features, torch.ones(5, 1).double()], 1)
    return ((X @ theta - DATA.labels) ** 2).mean()


def test_compare_judges_the_objective_that_it_was_given():
    found = compare(
        DATA, ["gradient_descent"], objective=least_squares(), start=[0, 0, 0], budget=50, seeds=2
    )
    assert found.start == pytest.approx(0.4, abs=1e-12)
    X = torch.cat([DATA.features, torch.ones(5, 1).double()], 1)
    best = torch.linalg.lstsq(X, DATA.labels[:, None]).solution[:, 0]
    assert found.lowest == pytest.approx(float(value_by_hand(best)), abs=1e-12)


def test_every_method_begins_where_the_objective_stood_before_the_comparison():
    found = compare(DATA, ["adam", Adam()], objective=least_squares(), budget=30, share=0.5, seeds=4)
    first, second = found.entries
    assert torch.equal(first.costs, second.costs)
    assert first.costs.isfinite().any()


def test_one_update_on_goes_down_the_objective_of_the_plan():
    training = prepare(DATA, objective=least_squares(), learning_rate=0.1, epochs=1)
    state = next_state(training.plan, training.state)
    X = torch.cat([DATA.features, torch.ones(5, 1).double()], 1)
    wanted = 0.1 * 2 * X.T @ DATA.labels / 5
    torch.testing.assert_close(state.theta, wanted, rtol=0, atol=1e-12)
    detail = update_detail(training.plan, training.state)
    torch.testing.assert_close(detail.gradient, -10 * wanted, rtol=0, atol=1e-12)
    assert torch.equal(detail.after.theta, state.theta)


def test_the_history_holds_the_value_of_each_theta():
    run = fit(DATA, objective=least_squares(), learning_rate=0.1, epochs=5)
    for theta, value in zip(run.theta, run.value, strict=True):
        assert float(value) == pytest.approx(float(value_by_hand(theta)), abs=1e-12)
    neuron = Neuron(Focal(gamma=0.0), ElasticNet(0.1, l1_ratio=0.9))
    run = fit(DATA, loss=neuron.loss, penalty=neuron.penalty, epochs=5)
    found = measure(neuron, run.theta, prepare(DATA).plan.data)
    for name in ("value", "gradient_norm", "accuracy"):
        torch.testing.assert_close(getattr(run, name), getattr(found, name), rtol=ENGINES, atol=ENGINES)


def test_many_thetas_measured_in_parts_are_measured_alike(monkeypatch):
    thetas = torch.randn(4, 3, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    batch = prepare(DATA).plan.data
    whole = measure(Neuron(), thetas, batch)
    monkeypatch.setattr("soloneuron.training.measures.LOGITS_AT_ONCE", 11)
    for one, other in zip(whole, measure(Neuron(), thetas, batch), strict=True):
        assert one.shape == (4, 3)
        torch.testing.assert_close(one, other, rtol=0, atol=1e-14)


class Counted:
    """x^2 + 3 y^2 that counts how often its gradient is asked for."""

    start = (2.0, 1.0)
    asked = 0

    def value(self, theta, batch=None):  # noqa: ARG002
        return theta[..., 0] ** 2 + 3 * theta[..., 1] ** 2

    def value_and_gradient(self, theta, batch=None):  # noqa: ARG002
        self.asked += 1
        return self.value(theta), torch.stack([2 * theta[..., 0], 6 * theta[..., 1]], -1)


@pytest.mark.parametrize("name", ["gradient_descent", "nag", "lbfgs", "adam"])
def test_evaluations_are_those_that_the_objective_saw(name):
    objective = Counted()
    path = minimize(objective, optimizer=name, steps=7, learning_rate=0.1)
    assert path.evaluations[-1] == objective.asked >= 7
    assert path.evaluations[0] == 0


def test_a_long_training_has_one_workspace(monkeypatch):
    made = []
    begin = Workspace.__init__

    def counted(self, *args, **settings):
        made.append(self)
        begin(self, *args, **settings)

    monkeypatch.setattr(Workspace, "__init__", counted)
    fit(DATA, optimizer="adam", epochs=40)
    assert len(made) == 1
    minimize("ravine", optimizer="adam", steps=40)
    assert len(made) == 2


def test_what_the_loop_yields_is_live_and_a_copy_of_it_stays():
    training = prepare(DATA, optimizer="adam", batch_size=2)
    following = updates_of(training.plan, training.state)
    live = next(following).state
    kept = live.copy()
    slots = {name: slot.clone() for name, slot in kept.memory.slots.items()}
    next(following)
    assert not torch.equal(live.theta, kept.theta)
    assert all(torch.equal(kept.memory.slots[name], slot) for name, slot in slots.items())
    assert training.state.update == 0
    assert torch.equal(next(updates_of(training.plan, kept)).state.theta, live.theta)


@pytest.mark.parametrize("name", ["gradient_descent", "adam", "nag", "schedule_free_sgd"])
def test_a_training_goes_on_in_the_middle_of_an_epoch(name):
    options = {
        "optimizer": name,
        "batch_size": 2,
        "shuffle": True,
        "seed": 3,
        "epochs": 4,
        "learning_rate": 0.1,
    }
    training, wanted = prepare(DATA, **options), prepare(DATA, **options).run()
    following = updates_of(training.plan, training.state)
    for _ in range(4):
        state = next(following).state
    training.state = state.copy()
    assert training.epoch == 1
    training.run()
    torch.testing.assert_close(training.state.theta, wanted.state.theta, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(training.losses[1:], wanted.losses[2:], rtol=1e-12, atol=1e-12)
    assert (training.state.update, training.state.rows) == (12, 20)


def test_a_training_that_overflows_in_the_rest_of_an_epoch_stands_at_its_last_finite_state():
    training = prepare(DATA, loss="exponential", batch_size=2, epochs=3, learning_rate=1e6)
    first = next_state(training.plan, training.state)
    training.state = first
    training.run()
    assert training.overflow
    assert training.state is first
    assert training.history().outcome.kind == "overflow"


def test_a_graph_that_a_run_left_beyond_all_numbers_asks_for_a_start():
    graph = least_squares()
    compare(DATA, ["gradient_descent"], objective=graph, rates=(0.1, 1e200), budget=9, seeds=2)
    with pytest.raises(InputError, match=r"not finite, as a graph does .* give initial, 3 numbers"):
        fit(DATA, objective=graph)
    assert fit(DATA, objective=graph, initial=[0, 0, 0], epochs=2).outcome.kind == "finished"


def test_a_function_has_no_rows_and_an_epoch_is_an_update():
    training = training_on(
        Counted(), torch.tensor([2.0, 1.0]), prepare(DATA, optimizer="adam").plan.optimizer, 5
    )
    history = training.run().history()
    assert (training.plan.rows, training.plan.updates, training.epoch) == (1, 1, 5)
    assert history.accuracy.isnan().all()
    assert not history.outcome.separable
