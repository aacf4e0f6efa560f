"""The limits of the learning rate: of raw columns, of many columns, and beyond the range of numbers."""

import pytest
import torch

from soloneuron import InputError, fit, prepare
from soloneuron.formulas import gram
from soloneuron.training.limits import rate_limits


def rows(n=40, d=5, seed=0):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=generator, dtype=torch.float64)
    return X, (torch.rand(n, generator=generator) < 0.5).double()


@pytest.mark.parametrize("options", [{}, {"loss": "mse", "penalty": "l2"}, {"reduction": "sum"}], ids=str)
def test_limits_of_products_are_those_of_the_matrix_and_never_above_them(options, monkeypatch):
    plan = prepare(*rows(), **options).plan
    theta = torch.linspace(-2, 2, 6, dtype=torch.float64)
    exact = rate_limits(plan, theta)
    bend = torch.linalg.eigvalsh(plan.objective.hessian(theta, plan.data))[-1] * plan.scale(40)
    assert exact.local == pytest.approx(float(2 / bend), rel=1e-12)
    monkeypatch.setattr(gram, "DENSE", 0)
    near = rate_limits(prepare(*rows(), **options).plan, theta)
    for found, true in ((near.guaranteed, exact.guaranteed), (near.local, exact.local)):
        assert true * 0.999 <= found <= true * (1 + 1e-12)


@pytest.mark.parametrize("batch_size", [None, 1])
@pytest.mark.parametrize(("size", "dtype"), [(1e150, torch.float64), (1e17, torch.float32)], ids=str)
def test_auto_is_safe_where_second_moments_leave_the_range(size, dtype, batch_size):
    """The course is that of the same rows of size 1."""
    X, y = rows()
    options = {"learning_rate": "auto", "batch_size": batch_size, "bias": False, "epochs": 20}
    plain, huge = fit(X, y, **options), fit(X * size, y, dtype=dtype, **options)
    torch.testing.assert_close(huge.value.double(), plain.value, rtol=1e-4, atol=0)
    assert huge.recipe.learning_rate == pytest.approx(plain.recipe.learning_rate / size / size, rel=1e-4)


def test_auto_refuses_features_for_which_no_number_is_small_enough():
    X, y = rows()
    with pytest.raises(InputError, match="standardize"):
        prepare(X * 1e200, y, learning_rate="auto")
    with pytest.raises(InputError, match="standardize"):
        prepare(X * 1e25, y, learning_rate="auto", dtype=torch.float32)
