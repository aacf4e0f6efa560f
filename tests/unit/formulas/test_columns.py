"""Means and deviations of columns: the formula, whatever the layout, the dtype and the size of numbers."""

import pytest
import torch

from soloneuron.formulas import columns
from soloneuron.formulas.columns import column_moments


def rows(seed=0):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(60, 4, generator=generator, dtype=torch.float64)
    X = X * torch.tensor([1.0, 1e-9, 1e5, 1.0]) + torch.tensor([0.0, 0.0, 0.0, 1e6])
    return X * (torch.rand(60, 4, generator=generator) < 0.5), torch.rand(60, generator=generator).double()


@pytest.mark.filterwarnings("ignore:Sparse CSR")
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("layout", [lambda X: X, lambda X: X.to_sparse_csr()], ids=["strided", "csr"])
def test_the_moments_are_those_of_the_formula_in_blocks_of_any_size(layout, weighted, monkeypatch):
    monkeypatch.setattr(columns, "NUMBERS_AT_ONCE", 28)
    X, s = rows()
    s = s if weighted else torch.ones(60).double()
    mean = s @ X / s.sum()
    deviation = (s @ (X - mean) ** 2 / s.sum()).sqrt()
    moments = column_moments(layout(X), s if weighted else None)
    torch.testing.assert_close(moments.mean, mean, rtol=1e-13, atol=0)
    torch.testing.assert_close(moments.deviation, deviation, rtol=1e-13, atol=0)
    torch.testing.assert_close(moments.root_mean_square, (s @ X**2 / s.sum()).sqrt(), rtol=1e-13, atol=0)


@pytest.mark.filterwarnings("ignore:Sparse CSR")
@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_a_square_beyond_the_range_of_the_dtype_leaves_the_moments_right(size):
    X = size * torch.tensor([[1.0], [0.0], [3.0]], dtype=torch.float64)
    for layout in (X, X.to_sparse_csr()):
        moments = column_moments(layout)
        assert moments.mean.item() == pytest.approx(4 / 3 * size)
        assert moments.deviation.item() == pytest.approx((14 / 9) ** 0.5 * size)
    assert column_moments(torch.full((2, 1), 3e38)).mean.item() == pytest.approx(3e38)
