"""Rows of which most numbers are 0: products and parts of ``torch.sparse_csr`` tensors, never made dense.

A sparse X (n, d) stands wherever a dense one does; whoever looks into it asks ``is_sparse`` first. Row i has
its numbers at places crow[i] to crow[i + 1] of ``values()``, their columns beside them in ``col_indices()``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import torch
from torch import Tensor

from soloneuron.formulas.tiled import tiled
from soloneuron.shapes import Features, Logits

STORED_AT_ONCE = 250_000
"""Stored numbers taken at a time: what is worked out of them stays in the cache."""


def is_sparse(X: Tensor) -> bool:
    """Whether rows are kept as compressed rows."""
    return X.layout == torch.sparse_csr


def compressed(crow: Tensor, columns: Tensor, values: Tensor, width: int) -> Features:
    """Compressed rows (n, width) of checked parts, which they share.

    Args:
        crow: (n+1,) where rows begin, int32 or int64.
        columns: (nnz,) of the same dtype.
        values: (nnz,).
        width: d.
    """
    quiet_compressed_rows()
    made: Features = torch.sparse_csr_tensor(
        crow, columns, values, (len(crow) - 1, width), check_invariants=False
    )
    return made


@cache
def quiet_compressed_rows() -> None:
    """Let torch say unheard, once a process, that compressed rows are young: no user needs to read it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.sparse_csr_tensor(torch.tensor([0, 0]), torch.tensor([], dtype=torch.int64), torch.tensor([]))


def weighted_sums(w: Tensor, X: Features) -> Logits:
    """X w of every run, (..., n).

    Args:
        w: (..., d).
        X: (n, d), dense or sparse; dense also (..., n, d) if each run sees rows of its own.

    Example:
        >>> weighted_sums(torch.tensor([1.0, 2.0]), torch.tensor([[3.0, 0.0], [0.0, 4.0]])).tolist()
        [3.0, 8.0]
    """
    stacked = tiled(X)
    if stacked is not None:
        return torch.cat([weighted_sums(w, part) for _, part in stacked.parts()], -1)
    if not isinstance(X, Tensor):  # ShardedRows
        return X.weighted_sums(w)
    if not is_sparse(X):
        sums: Logits = torch.matmul(w[..., None, :], X.mT)[..., 0, :]
        return sums
    if w.dim() == 1:
        return torch.mv(X, w)
    return torch.mm(X, w.flatten(0, -2).T).T.reshape(*w.shape[:-1], len(X))


def column_sums(r: Tensor, X: Features) -> Tensor:
    """X^T r of every run, (..., d).

    Numerics: of sparse rows every stored number is multiplied by its row's and added to its column's sum, a
    block of rows at a time, with no copy of the rows turned round.

    Args:
        r: (..., n).
        X: (n, d), dense or sparse; dense also (..., n, d) if each run sees rows of its own.

    Example:
        >>> column_sums(torch.tensor([1.0, 2.0]), torch.tensor([[3.0, 0.0], [0.0, 4.0]])).tolist()
        [3.0, 8.0]
    """
    stacked = tiled(X)
    if stacked is not None:
        first, *others = (column_sums(r[..., rows], part) for rows, part in stacked.parts())
        return sum(others, first)
    if not isinstance(X, Tensor):  # ShardedRows
        return X.column_sums(r)
    if not is_sparse(X):
        return torch.matmul(r[..., None, :], X)[..., 0, :]
    # One run after another: adding to single numbers is seven times faster than adding to rows of them.
    sums = [_column_sums(one, X) for one in r.reshape(-1, r.shape[-1])]
    return torch.stack(sums).view(*r.shape[:-1], -1)


def _column_sums(r: Tensor, X: Features) -> Tensor:
    sums = r.new_zeros(X.shape[1])
    for first, counts, columns, values in _blocks(X):
        shares = r[first : first + len(counts)].repeat_interleave(counts, output_size=len(values))
        sums.index_add_(0, columns, shares.mul_(values))
    return sums


def _blocks(X: Features) -> Iterator[tuple[int, Tensor, Tensor, Tensor]]:
    """First row, how much each row stores, and columns and numbers of it: whole rows, some at a time."""
    crow, columns, values = X.crow_indices(), X.col_indices(), X.values()
    height = max(1, STORED_AT_ONCE * len(X) // max(1, len(values)))
    ends = [*crow[:-1:height].tolist(), len(values)]
    parts = zip(crow.diff().split(height), pairwise(ends), strict=True)
    for block, (counts, (begin, end)) in enumerate(parts):
        yield block * height, counts, columns[begin:end], values[begin:end]


def dense_rows(X: Features, rows: slice) -> Tensor:
    """Some rows written out, a block of a matrix that is never written out whole."""
    return rows_at(X, rows).to_dense() if is_sparse(X) else X[rows]


def rows_at(X: Features, rows: slice | Tensor) -> Features:
    """Some rows: a view of dense ones in a slice, a part of its own otherwise.

    Args:
        X: (n, d), dense or sparse.
        rows: a slice that goes up by 1, or places (m,); of dense rows also (..., m).
    """
    if not isinstance(X, Tensor) or not is_sparse(X):
        return X[rows]
    crow, columns, values = X.crow_indices(), X.col_indices(), X.values()
    if isinstance(rows, slice):
        first, last, _ = rows.indices(len(X))
        part = crow[first : max(first, last) + 1]
        begin, end = int(part[0]), int(part[-1])
        return compressed(part - begin, columns[begin:end], values[begin:end], X.shape[1])
    counts = crow.diff()[rows]
    begins = torch.cat([counts.new_zeros(1), counts.cumsum(0)]).to(crow.dtype)
    total = int(begins[-1])
    # Every stored number stands as far behind its row's first one as in the rows it comes from.
    shift = (crow[:-1][rows] - begins[:-1]).repeat_interleave(counts, output_size=total)
    places = shift + torch.arange(total, device=crow.device, dtype=crow.dtype)
    return compressed(begins, columns[places], values[places], X.shape[1])


def largest_number(X: Features) -> float:
    """The largest size of a number of the rows; 0 where there is none."""
    stacked = tiled(X)
    if stacked is None and not isinstance(X, Tensor):  # ShardedRows
        return float(X.largest(torch.tensor(largest_number(X.here), dtype=torch.float64, device=X.device)))
    values = [tile[:-1] for tile in stacked.tiles] if stacked else [X.values() if is_sparse(X) else X]
    if not values[0].numel():
        return 0.0
    return max(float(torch.stack(part.aminmax()).abs().max()) for part in values)
