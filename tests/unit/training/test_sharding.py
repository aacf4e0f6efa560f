"""What processes must agree on, and what each of them is refused where they do not."""

import numpy as np
import pytest
import scipy.sparse
import torch

from process_groups import in_threads
from soloneuron import Adam, Dataset, Focal, InputError, NeuronClassifier, fit, shard
from soloneuron.formulas.columns import column_moments
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.training.prepare import prepare
from soloneuron.training.sharding.agreement import exchange, together
from soloneuron.training.sharding.descriptions import description
from soloneuron.training.sharding.shards import sharded

X = np.arange(40.0).reshape(20, 2) % 7
Y = [0, 1] * 10


def refused(size, work):
    """The sentence that every rank is refused with."""

    def sentence(group):
        with pytest.raises(InputError) as caught:
            work(group)
        return str(caught.value)

    (one,) = set(in_threads(size, sentence))
    return one


def data(**changed):
    rows = {"features": torch.tensor(X), "labels": torch.tensor(Y).double(), "feature_names": ("a", "b")}
    return Dataset(**{**rows, **changed})


@pytest.mark.parametrize("words", ["x", "ю" * 300])
def test_every_rank_hears_all(words):
    for found in in_threads(3, lambda group: exchange(group, words + str(group.rank))):
        assert found == [words + "0", words + "1", words + "2"]


def test_a_refusal_of_one_rank_is_told_in_all():
    def work(group):
        def own():
            if group.rank == 1:
                raise OSError("no such file")

        together(group, own, lambda _: {})

    assert refused(3, work) == "no such file (in process 1 of 3)"


OTHER_ROWS = {
    "a number": (lambda: X + (np.arange(20) == 7)[:, None], "what stands in the rows"),
    "one row less": (lambda: X[1:], "the number of rows"),
    "one column less": (lambda: X[:, 1:], "the number of columns"),
    "float32": (lambda: X.astype(np.float32), "the dtype"),
    "columns exchanged": (lambda: X[:, ::-1], "what stands in the rows"),
    "other words": (lambda: data(classes=("no", "yes")), "the classes"),
    "other names": (lambda: data(feature_names=("a", "c")), "the columns"),
    "other labels": (lambda: data(labels=1 - torch.tensor(Y).double()), "the labels"),
    "another label": (lambda: data(label_name="sport"), "the label"),
}


@pytest.mark.parametrize(("other", "name"), OTHER_ROWS.values(), ids=OTHER_ROWS)
def test_rows_that_differ_are_refused_by_what_differs(other, name):
    first = data() if isinstance(other(), Dataset) else X
    sentence = refused(2, lambda group: sharded(other() if group.rank else first, group))
    assert sentence.startswith(f"{name} must be the same in all processes, got ")
    assert sentence.endswith("in process 1")


def test_sparse_rows_differ_where_their_numbers_stand_elsewhere():
    rows = [scipy.sparse.csr_array(([1.0] * 20, (range(20), [column] * 20)), (20, 2)) for column in (0, 1)]
    sentence = refused(2, lambda group: sharded(rows[group.rank], group))
    assert sentence.startswith("what stands in the rows must be the same in all processes")


OTHER_SETTINGS = {
    "epochs": (3, 4),
    "loss": ("nll", "mse"),
    "optimizer": (Adam(beta1=0.5), Adam(beta1=0.6)),
    "labels": (Y, Y[::-1]),
    "sample_weight": (None, np.ones(20)),
    "initial": ([0, 0, 0], [0, 0, 1]),
    "class_weight": (None, "balanced"),
    "seed": (1, None),
}


@pytest.mark.parametrize("name", OTHER_SETTINGS)
def test_settings_that_differ_are_refused_by_name(name):
    def work(group):
        settings = {"labels": Y, name: OTHER_SETTINGS[name][group.rank]}
        prepare(sharded(X, group), **settings)

    assert refused(2, work).startswith(f"{name} must be the same in all processes, got ")


NEVER_TOGETHER = {
    "too few rows": (lambda group: sharded(X[:1], group), "every process must have a row, got 1 row for 2 "),
    "run axes": (
        lambda group: fit(sharded((X, Y), group), learning_rate=torch.tensor([[0.1], [0.2]])),
        "rows over processes train one run at a time",
    ),
    "early stopping": (
        lambda group: NeuronClassifier(early_stopping=True).fit(sharded(X, group), Y),
        "early_stopping must be False",
    ),
}


@pytest.mark.parametrize(("work", "begins"), NEVER_TOGETHER.values(), ids=NEVER_TOGETHER)
def test_what_cannot_be_done_together_is_refused_in_every_process(work, begins, monkeypatch):
    monkeypatch.setattr("soloneuron.training.prepare.are_few", lambda _: False)
    assert refused(2, work).startswith(begins)


def test_without_a_group_there_is_nothing_to_share_with():
    with pytest.raises(InputError, match="shard needs a process group"):
        shard(X)


def test_what_is_spread_already_stays_as_it_is():
    def work(group):
        once = sharded((X, Y), group)
        return sharded(once, group)[0] is once[0]

    assert in_threads(2, work) == [True, True]


def test_a_description_is_that_of_what_a_thing_holds():
    assert description(Focal(gamma=1.0)) == description(Focal(gamma=1.0)) != description(Focal(gamma=2.0))
    assert description(torch.ones(2)) != description(torch.ones(2, dtype=torch.float64))
    assert description(np.ones(2)) != description(np.zeros(2))
    assert description([0.1, None, "a"]) == "[0.1, None, 'a']"
    assert description("x" * 100) == description("x" * 100) != description("x" * 101)


@pytest.mark.parametrize("scale", [1.0, 1e-120, 1e200])
def test_moments_of_spread_rows_are_those_of_all(scale, monkeypatch):
    monkeypatch.setattr("soloneuron.formulas.pairwise.TILE_BYTES", 8)
    rows = torch.randn(300, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    rows *= torch.tensor([scale, 3.0], dtype=torch.float64)
    weights = torch.rand(300, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    whole = column_moments(rows, weights)
    for found in in_threads(3, lambda group: column_moments(ShardedRows.of(rows, group), weights)):
        assert torch.equal(found.mean, whole.mean)
        assert torch.equal(found.deviation, whole.deviation)
