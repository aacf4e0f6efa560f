"""The largest eigenvalue of rows: from a small matrix, from products, beyond the range of squares."""

import math

import pytest
import torch

from soloneuron.formulas import gram as rows_alone
from soloneuron.formulas.gram import gram, largest_curvature_of_rows, largest_stretch, longest_row
from soloneuron.formulas.lanczos import TOLERANCE, largest_eigenvalue

pytestmark = pytest.mark.filterwarnings("ignore:Sparse CSR")

KINDS = {
    "round": lambda X: X,
    "scales": lambda X: X * torch.logspace(-6, 6, X.shape[1], dtype=X.dtype),
    "offset": lambda X: X + 5,
    "rare": lambda X: X * (X > 1),
}


def problem(kind, *, n=50, d=80, seed=0):
    generator = torch.Generator().manual_seed(seed)
    X = KINDS[kind](torch.randn(n, d, generator=generator, dtype=torch.float64))
    s = torch.rand(n, generator=generator, dtype=torch.float64)
    A = torch.cat([X, torch.ones(n, 1, dtype=torch.float64)], 1)
    return X, s, lambda share: A.T @ (A * share[:, None]) / n


@pytest.mark.parametrize("layout", ["strided", "csr", "float32"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_bound_of_products_is_never_below_the_eigenvalue_and_hardly_above(kind, layout):
    for seed in range(3):
        X, s, matrix = problem(kind, seed=seed)
        true = float(torch.linalg.eigvalsh(matrix(s))[-1])
        X = X.to_sparse_csr() if layout == "csr" else X.float() if layout == "float32" else X
        rounding = 1e-5 if layout == "float32" else 1e-12
        found = largest_stretch(X, s, bias=True) ** 2
        assert true * (1 - rounding) <= found <= true * (1 + TOLERANCE + rounding)


@pytest.mark.parametrize("kind", ["round", "offset", "rare"])
def test_curvatures_of_both_signs_are_bounded_too(kind):
    X, s, matrix = problem(kind)
    share, ridge = s - 0.5, torch.linspace(0, 0.1, 81, dtype=torch.float64)
    true = float(torch.linalg.eigvalsh(matrix(share) + ridge.diag())[-1])
    found = largest_curvature_of_rows(X, share, bias=True, ridge=ridge)
    assert true * (1 - 1e-12) <= found <= true * (1 + TOLERANCE)


def test_the_matrix_of_a_few_columns_is_formed_in_blocks_and_exact(monkeypatch):
    monkeypatch.setattr(rows_alone, "NUMBERS_AT_ONCE", 12)
    X, s, matrix = problem("offset", d=4)
    torch.testing.assert_close(gram(X, s, bias=True), matrix(s), rtol=1e-14, atol=0)
    assert largest_curvature_of_rows(X, s, bias=True) == pytest.approx(
        float(torch.linalg.eigvalsh(matrix(s))[-1]), rel=1e-13
    )


@pytest.mark.parametrize("d", [3, 80])
@pytest.mark.parametrize(("size", "dtype"), [(1e200, torch.float64), (1e25, torch.float32)], ids=str)
def test_squares_beyond_the_range_of_numbers_still_have_a_root(size, dtype, d):
    X, s, _ = problem("round", d=d)
    plain, huge = X.to(dtype), X.to(dtype) * size
    for measured in (largest_stretch, longest_row):
        expected = measured(plain.double(), s, bias=False) * size
        for layout in (huge, huge.to_sparse_csr()):
            assert measured(layout, s.to(dtype), bias=True) == pytest.approx(expected, rel=2 * TOLERANCE)


def test_rows_without_columns_or_finite_numbers():
    assert largest_stretch(torch.zeros(3, 0), bias=False) == 0
    assert largest_stretch(torch.zeros(3, 0), bias=True) == 1
    for d in (2, 80):
        assert math.isnan(largest_curvature_of_rows(torch.ones(3, d), torch.full((3,), math.inf), bias=True))


def test_an_eigenvalue_that_rounding_makes_is_none():
    H = torch.diag(torch.tensor([-1.0] + [0.0] * 70, dtype=torch.float64))
    start = torch.linspace(1, 2, 71, dtype=torch.float64)
    assert largest_eigenvalue(lambda v: H @ v, start) == 0
