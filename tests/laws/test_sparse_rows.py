"""Sparse rows: every training, prediction and message is that of the dense rows they stand for."""

import subprocess
import sys

import numpy as np
import pytest
import scipy.sparse
import torch

from soloneuron import NeuronClassifier, fit, load_model, prepare, save_model, save_run, train_neuron
from soloneuron.data.preparation import hold_out, measure_scaling
from soloneuron.errors import InputError
from soloneuron.formulas.sparse import weighted_sums
from soloneuron.records.dataset import Dataset

DICE = np.random.default_rng(0)
X = DICE.standard_normal((60, 6)) * (DICE.random((60, 6)) < 0.4)
Y = (X @ DICE.standard_normal(6) + DICE.standard_normal(60) > 0).astype(float)
S = DICE.random(60)
CSR = scipy.sparse.csr_matrix(X)

CASES = [
    {},
    {"batch_size": 7},
    {"batch_size": 1, "shuffle": True, "seed": 3},
    {"batch_size": 7, "shuffle": True, "seed": 3, "optimizer": "adam", "penalty": "l2"},
    {"optimizer": "lbfgs", "sample_weight": S, "penalty": "l2"},
    {"optimizer": "nag", "loss": "mse", "bias": False, "reduction": "sum", "learning_rate": 0.01},
    {"learning_rate": torch.tensor([[0.1], [0.5]]).double(), "batch_size": 9, "class_weight": "balanced"},
    {"learning_rate": [[0.1]], "sample_weight": S[None]},
    {"learning_rate": "auto", "loss": "focal"},
    {"learning_rate": "auto", "batch_size": 7},
]


@pytest.mark.parametrize("options", CASES, ids=map(str, range(len(CASES))))
def test_a_training_on_sparse_rows_is_that_on_dense_ones(options):
    sparse, dense = (fit(rows, Y, epochs=4, **options) for rows in (CSR, X))
    for name in ("theta", "losses", "value", "gradient_norm", "accuracy"):
        torch.testing.assert_close(getattr(sparse, name), getattr(dense, name), rtol=1e-12, atol=1e-12)
    assert [end.kind for end in sparse.outcomes] == [end.kind for end in dense.outcomes]


@pytest.fixture
def threads():
    """Sets how many threads torch takes, until the test ends."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def test_a_product_of_sparse_rows_is_never_parted_among_torch_s_threads(monkeypatch, threads):
    seen = set()

    def product(w, X):
        seen.add(torch.get_num_threads())
        return weighted_sums(w, X)

    monkeypatch.setattr("soloneuron.training.kernels.sparse.weighted_sums", product)
    threads(2)
    fit(CSR, Y, epochs=2)
    assert (seen, torch.get_num_threads()) == ({1}, 2)


@pytest.mark.parametrize(
    "options", [{}, {"optimizer": "lbfgs"}, {"learning_rate": torch.tensor([[0.1], [0.5]])}]
)
def test_one_thread_gives_the_digits_of_three(options, monkeypatch, threads):
    monkeypatch.setattr("soloneuron.formulas.pairwise.FEWEST_SPARSE_ROWS", 8)
    threads(1)
    one = fit(CSR, Y, epochs=3, **options)
    monkeypatch.setattr("soloneuron.training.kernels.workers.os.cpu_count", lambda: 3)
    threads(3)
    three = fit(CSR, Y, epochs=3, **options)
    for name in ("theta", "losses", "value", "gradient_norm", "accuracy"):
        assert torch.equal(getattr(one, name), getattr(three, name))


def unsorted(rows):
    order = np.concatenate(
        [np.arange(a, b)[::-1] for a, b in zip(rows.indptr, rows.indptr[1:], strict=False)]
    )
    return scipy.sparse.csr_matrix((rows.data[order], rows.indices[order], rows.indptr), rows.shape)


def repeated(rows):
    halves = np.repeat(rows.data / 2, 2), np.repeat(rows.indices, 2), rows.indptr * 2
    return scipy.sparse.csr_matrix(halves, rows.shape)


def with_zeros(rows):
    made = rows.copy()
    made.data = np.append(made.data, 0.0)
    made.indices = np.append(made.indices, np.flatnonzero(X[-1] == 0)[0])
    made.indptr[-1] += 1
    return made


def wide_places(rows):
    made = rows.copy()
    made.indices, made.indptr = made.indices.astype(np.int64), made.indptr.astype(np.int64)
    return made


FORMS = {
    "csc": scipy.sparse.csc_array,
    "coo": scipy.sparse.coo_matrix,
    "lil": scipy.sparse.lil_matrix,
    "torch csr": lambda rows: torch.tensor(rows.toarray()).to_sparse_csr(),
    "torch coo": lambda rows: torch.tensor(rows.toarray()).to_sparse(),
    "torch csc": lambda rows: torch.tensor(rows.toarray()).to_sparse_csc(),
    "unsorted": unsorted,
    "repeated": repeated,
    "stored zeros": with_zeros,
    "int64 places": wide_places,
}


@pytest.mark.filterwarnings("ignore:Sparse C")
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_sparse_matrix_is_the_same_rows_and_stays_as_it_came(form):
    rows = FORMS[form](CSR)
    before = rows.clone() if isinstance(rows, torch.Tensor) else rows.copy()
    run = fit(rows, Y, epochs=3)
    assert run.data.features.layout == torch.sparse_csr
    torch.testing.assert_close(run.theta, fit(X, Y, epochs=3).theta, rtol=0, atol=1e-13)
    if not isinstance(rows, torch.Tensor) and hasattr(rows, "indices"):
        assert np.array_equal(rows.indices, before.indices)
        assert np.array_equal(rows.data, before.data)


def broken(part, at, value):
    rows = CSR.copy()
    getattr(rows, part)[at] = value
    return rows


ROW, COLUMN = np.argwhere(X != 0)[5]
REFUSED = {
    "nan": (broken("data", 5, np.nan), f"must be finite, got nan in row {ROW}, column {COLUMN}"),
    "outside": (broken("indices", 5, 77), "must be a sound sparse matrix 60 x 6"),
    "below": (broken("indices", 5, -1), "must be a sound sparse matrix 60 x 6"),
    "row ends": (broken("indptr", 5, 4_000), "must be a sound sparse matrix 60 x 6"),
    "complex": (CSR.astype(complex), "must be real numbers"),
    "no rows": (CSR[:0], "at least one row"),
    "no columns": (CSR[:, :0], "at least one column"),
    "a vector": (scipy.sparse.coo_array(X[0]), "must be a table"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_sparse_matrix_that_cannot_be_rows_is_one_sentence(case):
    rows, sentence = REFUSED[case]
    with pytest.raises(InputError, match=sentence):
        fit(rows, Y[: max(1, rows.shape[0])], epochs=1)


def test_what_would_make_sparse_rows_dense_is_refused_with_what_to_do(tmp_path):
    run = fit(CSR, Y, epochs=2)
    data = run.data
    with pytest.raises(InputError, match=r"a 0 is no 0 any more\. Divide the columns"):
        measure_scaling(data)
    with pytest.raises(InputError, match=r"dense rows, got sparse ones.*run\.model\(\)\.save\(path\)"):
        save_run(run, tmp_path / "run.json")
    with pytest.raises(InputError, match="one order for all runs, got 2 seeds"):
        fit(CSR, Y, shuffle=True, seed=[1, 2], batch_size=5)


def test_a_model_of_sparse_rows_is_kept_and_predicts_sparse_and_dense_rows(tmp_path):
    run = fit(CSR, Y, epochs=20, learning_rate=1.0)
    save_model(run.model(), tmp_path / "model.json")
    model = load_model(tmp_path / "model.json")
    assert torch.allclose(model.predict_proba(CSR), model.predict_proba(X), rtol=0, atol=1e-15)
    assert model.predict(CSR) == run.predict(X)
    assert train_neuron(CSR, Y, [0.0] * 6, 0.0, 0.5, 3) == train_neuron(X, Y, [0.0] * 6, 0.0, 0.5, 3)


def test_sparse_rows_are_held_out_and_sampled_sparse():
    data = Dataset(prepare(CSR, Y).plan.data.features, torch.tensor(Y), tuple("abcdef"))
    left, held = hold_out(data, 0.25, seed=1)
    assert left.features.layout == held.features.layout == torch.sparse_csr
    assert len(left.features) + len(held.features) == 60


def test_the_rate_of_sparse_rows_is_found_without_a_matrix_of_columns():
    known = prepare(X, Y, learning_rate="auto").plan.learning_rate
    assert prepare(CSR, Y, learning_rate="auto").plan.learning_rate == pytest.approx(known, rel=0.02)


def test_columns_that_no_row_has_cost_nothing_but_theta():
    wide = scipy.sparse.csr_matrix((CSR.data, CSR.indices, CSR.indptr), (60, 1_000_000))
    run = fit(wide, Y, epochs=2, record_every=2)
    torch.testing.assert_close(run.theta[..., :6], fit(X, Y, epochs=2, record_every=2).theta[..., :6])
    assert run.theta[..., 6:-1].abs().max() == 0


ESTIMATORS = [
    {"optimizer": "newton"},
    {"early_stopping": True, "learning_rate": 0.5, "epochs": 20, "tol": None},
    {"batch_size": 16, "epochs": 4, "tol": None},
]


@pytest.mark.parametrize("options", ESTIMATORS, ids=map(str, range(len(ESTIMATORS))))
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_estimator_learns_and_predicts_the_same_from_sparse_rows(options):
    sparse, dense = (NeuronClassifier(random_state=0, **options).fit(rows, Y) for rows in (CSR, X))
    for step in range(2):
        assert np.allclose(sparse.coef_, dense.coef_, rtol=1e-10, atol=1e-12), step
        assert np.allclose(sparse.predict_proba(CSR), dense.predict_proba(X), rtol=1e-10, atol=1e-12)
        assert np.array_equal(sparse.predict(CSR), dense.predict(X))
        sparse.partial_fit(CSR, Y)
        dense.partial_fit(X, Y)


def test_a_tensor_of_coordinates_is_taken_without_a_word_of_torch_about_its_layouts():
    code = "import torch, soloneuron; X = torch.eye(4).to_sparse(); soloneuron.fit(X, [0, 1, 0, 1], epochs=1)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
