"""Products and parts of compressed rows: those of the dense rows they stand for, whatever their layout."""

import pytest
import torch

from soloneuron.errors import InputError
from soloneuron.formulas import sparse
from soloneuron.formulas.gram import gram, longest_row
from soloneuron.formulas.sparse import (
    column_sums,
    compressed,
    is_sparse,
    largest_number,
    rows_at,
    weighted_sums,
)

DICE = torch.Generator().manual_seed(0)
X = torch.randn(40, 7, generator=DICE, dtype=torch.float64) * (torch.rand(40, 7, generator=DICE) < 0.3)
X[3], X[39] = 0, 0


def rows_of(dense, places=torch.int32):
    stored = dense != 0
    crow = torch.cat([torch.zeros(1, dtype=torch.int64), stored.sum(1).cumsum(0)])
    return compressed(crow.to(places), dense.nonzero()[:, 1].to(places), dense[stored], dense.shape[1])


@pytest.fixture(params=[torch.int32, torch.int64], ids=["int32", "int64"])
def rows(request, monkeypatch):
    monkeypatch.setattr(sparse, "STORED_AT_ONCE", 25)
    return rows_of(X, request.param)


@pytest.mark.parametrize("runs", [(), (3,), (2, 3)])
def test_products_are_those_of_dense_rows_for_any_run_axes(rows, runs):
    w, r = torch.randn(*runs, 7, generator=DICE).double(), torch.randn(*runs, 40, generator=DICE).double()
    torch.testing.assert_close(weighted_sums(w, rows), weighted_sums(w, X), rtol=0, atol=1e-13)
    torch.testing.assert_close(column_sums(r, rows), column_sums(r, X), rtol=0, atol=1e-13)


PARTS = [slice(2, 9), slice(30, 60), slice(5, 5), slice(None), torch.tensor([3, 1, 39, 1]), torch.tensor([3])]


@pytest.mark.parametrize("part", PARTS, ids=map(str, range(len(PARTS))))
def test_some_rows_are_those_rows_and_keep_the_width_of_their_places(rows, part):
    taken = rows_at(rows, part)
    assert is_sparse(taken)
    assert taken.crow_indices().dtype == taken.col_indices().dtype == rows.crow_indices().dtype
    assert torch.equal(taken.to_dense(), X[part])


def test_what_is_read_off_rows_is_that_of_dense_ones(rows):
    s = torch.rand(40, generator=DICE).double()
    assert largest_number(rows) == largest_number(X)
    for bias in (False, True):
        assert longest_row(rows, s, bias=bias) == pytest.approx(longest_row(X, s, bias=bias))
        for weights in (None, s):
            torch.testing.assert_close(gram(rows, weights, bias=bias), gram(X, weights, bias=bias))


def test_a_wide_matrix_of_second_moments_is_refused(rows, monkeypatch):
    monkeypatch.setattr("soloneuron.formulas.gram.WIDEST_SPARSE", 6)
    with pytest.raises(InputError, match=r"7 x 7 second derivatives .* take optimizer='lbfgs'"):
        gram(rows, bias=False)


def test_rows_without_a_number_are_rows():
    empty = rows_of(torch.zeros(3, 2, dtype=torch.float64))
    assert weighted_sums(torch.ones(2).double(), empty).tolist() == [0, 0, 0]
    assert column_sums(torch.ones(3).double(), empty).tolist() == [0, 0]
    assert largest_number(empty) == 0
