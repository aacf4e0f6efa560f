"""``minimize``: any optimizer on any function, in every form a function comes in."""

import math

import pytest
import torch

from soloneuron import compare, minimize
from soloneuron.errors import InputError, ShapeError, UnknownNameError
from soloneuron.formulas.catalogue import SURFACES
from soloneuron.formulas.surfaces import Rosenbrock
from soloneuron.optimizers import NAG, Adam
from soloneuron.optimizers.catalogue import OPTIMIZERS


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def value(point):
    x, y = point.unbind(-1)
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def gradient(point):
    x, y = point.unbind(-1)
    return torch.stack([2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)], -1)


def forgetful(x):
    return float(x.data)


class AsObjective:
    def value_and_gradient(self, theta):
        return value(theta), gradient(theta)


@pytest.mark.parametrize("optimizer", ["adam", "nag", "lbfgs", "schedule_free_sgd"])
def test_every_form_of_one_function_gives_one_path(optimizer):
    start, rate = [-1.2, 1.0], 1.0 if optimizer == "lbfgs" else 0.002
    paths = [
        minimize(form, start, optimizer, 30, learning_rate=rate)
        for form in ("rosenbrock", Rosenbrock(), rosenbrock, (value, gradient), AsObjective())
    ]
    for path in paths[1:]:
        torch.testing.assert_close(path.points, paths[0].points, rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(path.values, paths[0].values, rtol=1e-9, atol=1e-9)
        assert path.evaluations == paths[0].evaluations


@pytest.mark.parametrize("name", SURFACES)
def test_values_stand_at_the_points_and_the_first_is_the_start(name):
    surface = SURFACES.load(name)()
    path = minimize(name, None, NAG(learning_rate=1e-7), 20)
    assert path.points[0].tolist() == list(surface.start)
    assert len(path.points) == len(path.values) == len(path.evaluations) == 21
    torch.testing.assert_close(path.values, surface.value(path.points), rtol=0, atol=0)
    assert path.evaluations == tuple(range(21))


def test_an_evaluation_of_a_line_search_is_counted():
    path = minimize("rosenbrock", None, "lbfgs", 3)
    assert path.evaluations[1] > 1
    assert path.value < 1e-6


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if OPTIMIZERS.load(name).needs != "objective"])
def test_many_runs_are_the_runs_alone(name):
    rates = torch.tensor([[1e-3], [1e-2]], dtype=torch.float64)
    together = minimize("ravine", None, name, 25, learning_rate=rates)
    for run in range(2):
        alone = minimize("ravine", None, name, 25, learning_rate=float(rates[run, 0]))
        torch.testing.assert_close(together.points[:, run], alone.points, rtol=1e-12, atol=1e-12)


def test_a_single_run_that_overflows_ends_at_its_last_finite_point():
    path = minimize("ravine", None, "gradient_descent", 5000, learning_rate=5.0)
    assert path.overflow
    assert path.points.isfinite().all()
    assert path.values.isfinite().all()
    assert not minimize("ravine", None, "gradient_descent", 50, learning_rate=0.001).overflow


def test_the_start_is_left_as_it_was_and_no_steps_return_it():
    start = torch.tensor([3.0, 4.0], dtype=torch.float64)
    minimize("bowl", start, "adam", 10, learning_rate=0.1)
    assert start.tolist() == [3.0, 4.0]
    assert minimize("bowl", start, "adam", 0).points.tolist() == [[3.0, 4.0]]


def test_float32_stays_float32():
    assert minimize("bowl", None, "adam", 3, dtype=torch.float32).points.dtype == torch.float32


WRONG = [
    ({"function": 3}, InputError, "must be the name of a surface"),
    ({"function": "rosenbrok"}, UnknownNameError, "did you mean 'rosenbrock'"),
    ({"function": "bowl", "start": ["a", "b"]}, InputError, "start must be numbers"),
    ({"function": "bowl", "start": [math.nan, 0]}, InputError, "start must be a vector of finite numbers"),
    ({"function": rosenbrock}, InputError, "start must be given for rosenbrock"),
    ({"function": rosenbrock, "start": [1.0]}, ShapeError, "rosenbrock cannot take 1 number"),
    ({"function": forgetful, "start": [1.0]}, InputError, "must return an Element, got float"),
    ({"function": "bowl", "steps": -1}, InputError, "steps must be >= 0"),
    ({"function": "bowl", "learning_rate": 0}, InputError, "learning_rate must be finite and > 0"),
    ({"function": "bowl", "learning_rate": "auto"}, InputError, "needs data"),
    ({"function": "bowl", "optimizer": Adam(learning_rate=1), "learning_rate": 2}, InputError, "once"),
]


@pytest.mark.parametrize(("call", "error", "words"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_is_said(call, error, words):
    with pytest.raises(error, match=words):
        minimize(**call)


PAIRS = {
    "the value of f must be a tensor, got NoneType": (lambda x: None, lambda x: x),  # noqa: ARG005
    r"the value of f at a point \(2,\) must have shape \(\), one number a run, got \(2,\)": (
        lambda x: x,
        lambda x: x,
    ),
    "the gradient of f must be a tensor, got list": (lambda x: x.sum(-1), lambda x: [1.0, 2.0]),  # noqa: ARG005
    r"the gradient of f at a point \(2,\) must have that shape, got \(1,\)": (
        lambda x: x.sum(-1),
        lambda x: x[:1],
    ),
    r"\(1, 2\) must have shape \(1,\).* got \(\): add up over the last axis alone": (
        lambda x: x.sum(),
        lambda x: x,
    ),
}


@pytest.mark.parametrize("optimizer", ["momentum", "lbfgs"])
@pytest.mark.parametrize("words", PAIRS)
def test_functions_that_answer_in_a_wrong_shape_are_told(words, optimizer):
    value, gradient = PAIRS[words]

    def f(x):
        return value(x)

    with pytest.raises(InputError, match=words):
        minimize((f, gradient), [1.0, 2.0], optimizer, 5)
    with pytest.raises(InputError, match="of f"):
        compare((f, gradient), [optimizer], start=[1.0, 2.0], budget=5, seeds=2, rates=(0.1,))


def test_a_surface_has_its_number_of_coordinates():
    with pytest.raises(ShapeError, match=r"start must have 2 numbers for bowl, got \[1.0, 2.0, 3.0\]"):
        minimize("bowl", [1.0, 2.0, 3.0])
