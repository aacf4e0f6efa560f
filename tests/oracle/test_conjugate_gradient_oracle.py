"""Conjugate gradients against SciPy's, against the linear method, and against their own conditions."""

import numpy as np
import pytest
import torch
from scipy.optimize import fmin_cg

from soloneuron.errors import InputError, ShapeError
from soloneuron.formulas.surfaces import Rosenbrock
from soloneuron.optimizers import ConjugateGradient

generator = torch.Generator().manual_seed(3)
A = torch.randn(6, 6, generator=generator, dtype=torch.float64)
A = A @ A.T + torch.eye(6, dtype=torch.float64)
B = torch.randn(6, generator=generator, dtype=torch.float64)


def quadratic(x):
    return 0.5 * x @ A @ x - B @ x, A @ x - B


def logistic(x):
    """A smooth convex function that is no quadratic."""
    z = A @ x
    return torch.nn.functional.softplus(z).sum() - B @ x + 0.05 * x @ x, A.T @ torch.sigmoid(z) - B + 0.1 * x


def found(function, start, updates, **settings):
    theta = start.clone()
    rule = ConjugateGradient(gradient_tolerance=1e-11, change_tolerance=0.0, **settings)
    state = rule.start(theta)
    for _ in range(updates):
        rule.update(theta, function, state)
    return theta


@pytest.mark.parametrize("function", [quadratic, logistic, Rosenbrock().value_and_gradient])
def test_it_ends_where_scipys_does(function):
    size = 2 if function not in (quadratic, logistic) else 6
    start = torch.full((size,), -1.0, dtype=torch.float64)

    def value(x):
        return function(torch.from_numpy(x))[0].item()

    def slope(x):
        return function(torch.from_numpy(x))[1].numpy()

    theirs = fmin_cg(value, start.numpy(), slope, gtol=1e-9, disp=False)
    ours = found(function, start, 12)
    np.testing.assert_allclose(ours.numpy(), theirs, rtol=0, atol=1e-6)
    assert function(ours)[1].abs().max() < 1e-6


def test_on_a_quadratic_it_is_there_in_little_more_than_its_coordinates():
    theta = found(quadratic, torch.zeros(6, dtype=torch.float64), 10, iterations=1)
    torch.testing.assert_close(theta, torch.linalg.solve(A, B), rtol=0, atol=1e-4)


@pytest.mark.parametrize("function", [quadratic, logistic])
def test_directions_are_polaks_and_every_step_is_flat_and_low_enough(function):
    """Written down anew: beta from the gradients of two points, the strong Wolfe conditions at the step."""
    theta = torch.full((6,), 0.5, dtype=torch.float64)
    rule = ConjugateGradient(iterations=1, gradient_tolerance=0.0, change_tolerance=0.0)
    state, before, last, steepest = rule.start(theta), None, None, function(theta)[1].norm()
    for _ in range(12):
        f, g = function(theta)
        beta = 0.0 if before is None else max(0.0, ((g @ (g - before)) / (before @ before)).item())
        r = g if last is None else g + beta * last
        r = r if g @ r > 0 else g
        there = theta.clone()
        rule.update(theta, function, state)
        torch.testing.assert_close(state.slots["r"], r, rtol=1e-9, atol=1e-12)
        step = ((there - theta) @ r / (r @ r)).item()
        new_f, new_g = function(theta)
        assert new_f <= f - 1e-4 * step * (g @ r)
        assert (new_g @ r).abs() <= 0.1 * (g @ r) + 1e-14
        before, last = g, r
        if g.norm() < 1e-5:
            break
    assert g.norm() < 0.05 * steepest


def test_an_objective_that_raises_leaves_all_as_it_was():
    theta = torch.full((6,), 0.5, dtype=torch.float64)
    rule = ConjugateGradient()
    state, kept = rule.start(theta), theta.clone()
    asked = []

    def failing(x):
        asked.append(x)
        if len(asked) > 2:
            raise RuntimeError("gone")
        return quadratic(x)

    with pytest.raises(RuntimeError, match="gone"):
        rule.update(theta, failing, state)
    assert theta.equal(kept)
    assert state.t == 0
    assert not any(slot.any() for slot in state.slots.values())


def test_what_it_cannot_do_it_says():
    with pytest.raises(ShapeError, match="no run axis"):
        ConjugateGradient().start(torch.zeros(2, 3))
    with pytest.raises(InputError, match="whole objective"):
        ConjugateGradient(clip_norm=1.0)
