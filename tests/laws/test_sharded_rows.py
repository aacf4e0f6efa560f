"""The number of processes never changes a digit."""

import itertools
import os
import signal

import pytest
import torch

from process_groups import in_forks, in_threads
from soloneuron import ProcessError, fit
from soloneuron.data.arrays import as_features
from soloneuron.formulas.pairwise import PairwiseSum, nodes_of_span
from soloneuron.formulas.sharded import ShardedRows, are_few, shard_borders
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.training.prepare import prepare

SIZES = (1, 2, 3, 4)
ROWS, COLUMNS = 700, 5


pytestmark = pytest.mark.usefixtures("small_blocks")


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of 32 rows, so that a few hundred rows are many blocks."""
    monkeypatch.setattr("soloneuron.formulas.pairwise.TILE_BYTES", 512)
    monkeypatch.setattr("soloneuron.formulas.pairwise.FEWEST_SPARSE_ROWS", 32)


def rows(*, sparse=False, dtype=torch.float64):
    """Rows of uneven columns, hard labels that no line parts, and weights."""
    generator = torch.Generator().manual_seed(5)
    X = torch.randn(ROWS, COLUMNS, generator=generator, dtype=dtype) * torch.tensor([1, 10, 1, 0.1, 1])
    y = (X[:, 0] + 0.1 * X[:, 1] + torch.randn(ROWS, generator=generator) > 0).to(dtype)
    weights = torch.rand(ROWS, generator=generator, dtype=dtype)
    if sparse:
        import scipy.sparse

        X = as_features(scipy.sparse.csr_array((X * (X.abs() > 0.9)).numpy()))
    return X, y, weights


def trained(X, y, weights, options):
    """The numbers of a training, and how it ended."""
    options = {"epochs": 2, **options}
    weighted = options.pop("weighted", False)
    history = prepare((X, y), sample_weight=weights if weighted else None, **options).run().history()
    names = ("theta", "loss", "value", "gradient_norm", "accuracy")
    return [getattr(history, name) for name in names], history.outcomes


def same(one, other):
    """Bit by bit, nan like nan."""
    pairs = zip(one[0], other[0], strict=True)
    return all(torch.equal(a.nan_to_num(7), b.nan_to_num(7)) for a, b in pairs) and one[1] == other[1]


QUICK = {
    "descent": {},
    "auto rate": {"learning_rate": "auto"},
    "balanced": {"optimizer": "adam", "weighted": True, "class_weight": "balanced", "penalty": "l2"},
    "newton": {"optimizer": "newton"},
    "lbfgs": {"optimizer": "lbfgs", "loss": "mse"},
    "hinge": {"optimizer": "adagrad", "loss": "hinge", "bias": False},
    "batches": {"optimizer": "adam", "batch_size": 60, "shuffle": True, "seed": 3},
    "sums": {"batch_size": 100, "reduction": "sum", "learning_rate": 0.001},
    "float32": {"optimizer": "momentum", "dtype": torch.float32},
}


@pytest.mark.parametrize("options", QUICK.values(), ids=QUICK)
@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
def test_the_digits_are_those_of_one_process_without_a_group(sparse, options):
    X, y, weights = rows(sparse=sparse)
    assert not any(map(are_few, in_threads(1, lambda group: ShardedRows.of(X, group))))
    plain = trained(X, y, weights, options)
    for size in (1, 3):
        for found in in_threads(size, lambda group: trained(ShardedRows.of(X, group), y, weights, options)):
            if sparse and "batch_size" in options:
                # Their measures alone are taken by a product of all rows.
                assert torch.equal(found[0][0], plain[0][0])
            else:
                assert same(found, plain)


def test_rows_of_few_blocks_are_trained_on_by_every_process_alone():
    X, y, weights = (part[:200] for part in rows())
    options = {"batch_size": 1, "shuffle": True, "seed": 0}
    plain = trained(X, y, weights, options)
    for found in in_threads(2, lambda group: trained(ShardedRows.of(X, group), y, weights, options)):
        assert same(found, plain)


def test_a_seed_that_nobody_gave_is_the_same_in_all_processes():
    X, y, _ = rows()
    found = in_threads(
        2, lambda group: fit(ShardedRows.of(X, group), y, batch_size=50, shuffle=True, epochs=1)
    )
    assert found[0].seeds == found[1].seeds
    assert found[0].theta.equal(found[1].theta)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12, 33])
def test_a_sum_does_not_depend_on_who_adds_which_blocks(count):
    blocks = torch.randn(count, 3, generator=torch.Generator().manual_seed(count))
    whole = PairwiseSum(count)
    for block in blocks:
        whole.add(block.clone())
    for first, second in itertools.combinations_with_replacement(range(count + 1), 2):
        total = PairwiseSum(count)
        for start, stop in ((0, first), (first, second), (second, count)):
            part = PairwiseSum(count, start)
            for block in blocks[start:stop]:
                part.add(block.clone())
            assert [node[:2] for node in part.nodes] == nodes_of_span(count, start, stop)
            total.join(part.nodes)
        assert torch.equal(total.total, whole.total)


def test_borders_are_borders_of_blocks_for_any_number_of_processes():
    for size in (1, 2, 3, 64):
        first, *others, last = shard_borders(10_000, 30, size, sparse=False)
        assert (first, last) == (0, 10_000)
        assert all(place % 32 == 0 for place in others)


CELLS = [
    {"optimizer": rule, "loss": loss, "batch_size": size, "shuffle": size is not None, "seed": 1}
    for rule in ("gradient_descent", "adam", "newton", "lbfgs", "rprop")
    for loss in ("nll", "huber")
    for size in (None, 90, 1)
    if not (size and OPTIMIZERS.load(rule).needs == "objective") and (size != 1 or rule == "gradient_descent")
]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_every_cell_has_the_same_digits_in_a_group_of_processes(size, tmp_path):
    """Rules x losses x batches x sparse, all of them inside one group; per-sample log loss to 1e-12."""
    data = {sparse: rows(sparse=sparse) for sparse in (False, True)}
    cells = [
        (options, sparse)
        for options in CELLS
        for sparse in data
        if not (sparse and options["batch_size"] == 1)
    ]

    def all_cells(group):
        spread = {sparse: (ShardedRows.of(X, group), y, s) for sparse, (X, y, s) in data.items()}
        return [trained(*spread[sparse], options) for options, sparse in cells]

    plain = [trained(*data[sparse], options) for options, sparse in cells]
    for found in in_forks(size, all_cells, tmp_path):
        for (options, sparse), one, other in zip(cells, found, plain, strict=True):
            alone = options["batch_size"] == 1 and options["optimizer"] == "gradient_descent"
            if alone and options["loss"] == "nll":
                assert torch.allclose(one[0][0], other[0][0], rtol=0, atol=1e-12)
            elif sparse and options["batch_size"]:
                assert torch.equal(one[0][0], other[0][0])
            else:
                assert same(one, other), options


@pytest.mark.slow
def test_a_process_that_dies_stops_the_others_with_a_sentence(tmp_path):
    X, y, _ = rows()

    def work(group):
        training = prepare((ShardedRows.of(X, group), y), epochs=1000)
        for done, _ in enumerate(training.steps(1)):
            if done == 3 and group.rank == 1:
                os.kill(os.getpid(), signal.SIGKILL)
        return "not reached"

    def told(group):
        try:
            return work(group)
        except ProcessError as fault:
            return str(fault)

    first, second, third = in_forks(3, told, tmp_path)
    assert second is None
    for rank, sentence in ((0, first), (2, third)):
        assert sentence.startswith(
            f"every process must answer the others, but process {rank} of 3 has lost one"
        )
