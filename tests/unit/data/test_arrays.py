"""One door: rows in every form that people have, as they came, or one sentence."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from torch.utils.data import DataLoader, IterableDataset, TensorDataset
from torch.utils.data import Dataset as TorchDataset

from soloneuron import Dataset, fit, train_neuron
from soloneuron.data.arrays import as_features, as_labels
from soloneuron.data.conversion import as_device, check_device, first_not_finite, moved
from soloneuron.errors import InputError

X = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0.0, 1.0]]
Y = [1, 0, 0, 0, 1]
A, T = np.array(X), torch.tensor(X)
FRAME = pd.DataFrame(A, columns=["a", "b"])

FORMS = {
    "tuples": tuple(map(tuple, X)),
    "list of tensors": list(T),
    "list of arrays": list(A),
    "turned array": A[::-1][::-1],
    "columns first": np.asfortranarray(A),
    "read-only": np.frombuffer(A.tobytes()).reshape(5, 2),
    "foreign bytes": A.astype(">f8"),
    "long double": A.astype(np.longdouble),
    "objects": A.astype(object),
    "no cell masked": np.ma.array(A, mask=False),
    "with gradients": torch.tensor(X, requires_grad=True),
    "pandas": FRAME,
    "pandas nullable": FRAME.astype("Float64"),
    "arrow table": pa.table({"a": A[:, 0], "b": A[:, 1]}),
    "arrow batch": pa.record_batch({"a": A[:, 0], "b": A[:, 1]}),
}


@pytest.mark.parametrize("form", FORMS)
def test_rows_come_in_every_form(form):
    assert torch.equal(as_features(FORMS[form], torch.float64), T.double())


def test_a_frame_whose_columns_are_sparse_stays_sparse():
    assert as_features(FRAME.astype(pd.SparseDtype(float, 0.0))).layout == torch.sparse_csr


@pytest.mark.parametrize(
    "labels", [pd.Series(Y), pa.chunked_array([Y]), pa.array(Y), np.ma.array(Y), np.array(Y, bool)]
)
def test_labels_come_in_every_form(labels):
    assert as_labels(labels, torch.float64, rows=5, soft=False, loss="hinge").tolist() == Y


class ByIndex(TorchDataset):
    def __len__(self):
        return 5

    def __getitem__(self, index):
        return X[index], Y[index]


class Stream(IterableDataset):
    def __iter__(self):
        return iter(zip(T, Y, strict=True))


PAIRED = {
    "tensors": TensorDataset(T.double(), torch.tensor(Y)),
    "by index": ByIndex(),
    "stream": Stream(),
    "loader": DataLoader(TensorDataset(T.double(), torch.tensor(Y)), batch_size=2),
    "loader of lists": DataLoader(ByIndex(), batch_size=2),
    "loader of single rows": DataLoader(ByIndex(), batch_size=None),
}


@pytest.mark.parametrize("form", PAIRED)
def test_a_torch_data_set_or_loader_brings_rows_and_labels(form):
    found, known = fit(PAIRED[form], epochs=3).theta.double(), fit(X, Y, epochs=3).theta
    assert torch.allclose(found, known, rtol=0, atol=1e-6)


def test_a_torch_data_set_of_something_else_is_refused():
    with pytest.raises(InputError, match=r"must be a pair \(row, label\), got 3 parts"):
        fit(TensorDataset(T, T, T))
    with pytest.raises(InputError, match="at least one row, got an empty DataLoader"):
        fit(DataLoader(TensorDataset(T[:0], T[:0])))


def test_names_of_columns_reach_the_run_and_the_message():
    assert fit(FRAME, Y, epochs=1).data.feature_names == ("a", "b")
    assert fit((pa.table({"a": A[:, 0]}), Y), epochs=1).data.feature_names == ("a",)
    for frame, sentence in [
        (FRAME.replace(2.0, np.nan), "got nan in row 0, column 'b'"),
        (FRAME.assign(b="x"), "got 'x' in row 0, column 'b'"),
        (pa.table({"a": [None] * 5}), "column 'a'"),
    ]:
        with pytest.raises(InputError, match=sentence):
            fit(frame, Y)


@pytest.mark.parametrize(
    ("rows", "dtype"),
    [
        (T, torch.float32),
        (T.double(), torch.float64),
        (T.half(), torch.float64),
        (T.long(), torch.float64),
        (A.astype("f4"), torch.float32),
        (A, torch.float64),
        (X, torch.float64),
        (FRAME.astype("float32"), torch.float32),
        (T.to_sparse(), torch.float32),
        (Dataset(T, torch.tensor(Y), ("a", "b")), torch.float32),
    ],
)
@pytest.mark.filterwarnings("ignore:Sparse CSR")
def test_the_dtype_follows_the_features(rows, dtype):
    labels = None if isinstance(rows, Dataset) else Y
    assert fit(rows, labels, epochs=1).theta.dtype == dtype
    assert fit(rows, labels, epochs=1, dtype=torch.float64).theta.dtype == torch.float64


def test_train_neuron_follows_too():
    exact = train_neuron(X, Y, [0.1, -0.2], 0.0, 0.1, 50)
    assert train_neuron(T.double(), Y, [0.1, -0.2], 0.0, 0.1, 50) == exact
    assert train_neuron(T, Y, [0.1, -0.2], 0.0, 0.1, 50)[2] == pytest.approx(exact[2], abs=2e-4)


def test_what_can_be_shared_is_shared():
    assert as_features(A).data_ptr() == A.ctypes.data
    assert as_features(T).data_ptr() == T.data_ptr()


@pytest.mark.parametrize("cell", [np.nan, -np.inf])
def test_the_first_number_that_is_not_finite_is_found_also_behind_an_overflowing_sum(cell):
    huge = torch.full((1_000_001, 2), 3e38)
    assert first_not_finite(huge) is None
    huge[1_000_000, 1] = cell
    assert first_not_finite(huge) == [1_000_000, 1]


def test_a_device_that_is_not_there_is_one_sentence(monkeypatch):
    assert as_device("cpu") == torch.device("cpu")
    monkeypatch.setattr(torch, "empty", lambda *_, device: 1 / 0 if device.type == "cpu" else _missing())
    with pytest.raises(InputError, match=r"device 'cuda:7' is not there .* take device='cpu'"):
        as_device("cuda:7")


def _missing():
    raise AssertionError("Torch not compiled with CUDA enabled")


def test_tensors_on_two_devices_are_refused_unless_a_device_was_asked_for():
    meta = torch.device("meta")
    with pytest.raises(InputError, match=r"labels must be on meta .* unasked, take device='meta'"):
        check_device(torch.ones(5), torch.ones(5), "labels", meta)
    check_device([1.0], torch.ones(1), "labels", meta)
    check_device(torch.ones(5), torch.ones(5), "features", None)
    assert moved(torch.ones(2), meta).device == meta
    assert moved(X, meta) is X
    assert moved(T, None) is T
