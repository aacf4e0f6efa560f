"""What cannot be used is refused at the door: one sentence each, before work begins."""

import numpy as np
import pytest
import scipy.sparse
import torch

from soloneuron import NeuronClassifier, NeuronClassifierCV, fit, minimize, prepare, sweep, train_neuron
from soloneuron.errors import SoloneuronError
from soloneuron.formulas.losses import Focal, Huber
from soloneuron.formulas.penalties import L2, ElasticNet
from soloneuron.optimizers.schedules import Cosine, WarmUp
from soloneuron.training import engines

X = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [0.5, 0.5], [0.0, 1.0]]
Y = [1, 0, 0, 0, 1]
T = torch.tensor(X)
HUGE = 10**400

ROWS = [
    (
        T.to("meta"),
        "must be plain numbers, got a tensor on the meta device, which holds no numbers: give tensors",
    ),
    (T.to_sparse().to("meta"), "must be plain numbers, got a tensor on the meta device"),
    (np.ma.array(X, mask=[[0, 1]] + [[0, 0]] * 4), "must have no masked numbers, got one in row 0, column 1"),
    (np.empty((5, 0)), "must have at least one column"),
    ([["1", "2"]] * 5, "must be numbers, got '1' in row 0, column 0"),
    ([b"12"] * 5, "must be numbers, got b'12' in row 0"),
    (np.array([["1", "2"]] * 5), "must be numbers, got"),
    ([[HUGE, 1.0]] * 5, "must be numbers, got 1000"),
    ([[1j, 1.0]] * 5, "must be real numbers, got 1j in row 0, column 0"),
    ("rows", "must be numbers in rows, got 'rows'"),
    ({}, "must be numbers in rows, got {}"),
    (T[:0], "must have at least one row"),
]


@pytest.mark.parametrize(("rows", "sentence"), ROWS, ids=map(str, range(len(ROWS))))
def test_rows_that_are_no_numbers(rows, sentence):
    with pytest.raises(SoloneuronError, match=f"^features {sentence}"):
        fit(rows, Y)


@pytest.mark.filterwarnings("ignore:.*quantize", "ignore:.*nested tensors")
def test_tensors_that_are_no_plain_numbers_and_what_to_do_with_them():
    for rows, usable in (
        (torch.quantize_per_tensor(T, 0.5, 0, torch.qint8), "take X.dequantize()"),
        (torch.nested.nested_tensor([*T]), "take X.to_padded_tensor(0.0)"),
    ):
        with pytest.raises(SoloneuronError) as refused:
            fit(rows, Y)
        assert usable in str(refused.value)
        assert torch.equal(eval(usable.removeprefix("take "), {"X": rows}), T)


WHOLE, TRUTH = "must be a whole number, got", "must be True or False, got"
SETTINGS = [
    ("learning_rate", [], r"finite and > 0: one number, .*got shape \(0,\)$"),
    ("learning_rate", torch.empty(0), r"got shape \(0,\)$"),
    ("learning_rate", HUGE, "must be finite and > 0, got a whole number of 1329 bits"),
    ("learning_rate", 10**5000, "must be finite and > 0, got a whole number of"),
    ("learning_rate", b"1", "must be a number or 'auto', got b'1'"),
    ("learning_rate", "1", "must be a number or 'auto', got '1'"),
    ("learning_rate", True, "must be a number or 'auto', got True"),
    ("learning_rate", {}, "must be a number or 'auto', got {}"),
    ("learning_rate", float("nan"), "must be finite and > 0, got nan"),
    ("learning_rate", [["1"], ["2"]], "must be numbers, got '1' in row 0, column 0"),
    ("learning_rate", torch.ones(1, device="meta"), "meta device"),
    ("learning_rate", lambda _: None, "schedule of the learning rate must give numbers .*got None at step 1"),
    ("learning_rate", lambda _: "0.1", "got '0.1' at step 1"),
    ("learning_rate", lambda _: True, "got True at step 1"),
    ("learning_rate", lambda _: HUGE, "got a whole number of 1329 bits at step 1"),
    ("learning_rate", lambda _: -0.1, "got -0.1 at step 1"),
    ("learning_rate", lambda _: torch.ones(9), "at step 1"),
    ("batch_size", "3", f"{WHOLE} '3'"),
    ("batch_size", True, f"{WHOLE} True"),
    ("batch_size", 1.5, f"{WHOLE} 1.5"),
    ("batch_size", 0, "must be >= 1, got 0"),
    ("epochs", True, f"{WHOLE} True"),
    ("epochs", "3", f"{WHOLE} '3'"),
    ("epochs", -(10**5000), "must be >= 0, got int too long to be shown"),
    ("record_every", "3", f"{WHOLE} '3'"),
    ("record_every", True, f"{WHOLE} True"),
    ("seed", [], "must be a whole number, a list with one for each run, or None, got an empty list"),
    ("seed", 1.5, f"{WHOLE} 1.5"),
    ("seed", "1", f"{WHOLE} '1'"),
    ("seed", b"12", f"{WHOLE} b'12'"),
    ("seed", True, f"{WHOLE} True"),
    ("bias", "yes", f"{TRUTH} 'yes'"),
    ("bias", "no", f"{TRUTH} 'no'"),
    ("bias", 1, f"{TRUTH} 1"),
    ("bias", None, f"{TRUTH} None"),
    ("shuffle", "no", "must be True, False or 'tiles', got 'no'"),
    ("shuffle", 0, "must be True, False or 'tiles', got 0"),
    (
        "sample_weight",
        [1e308] * 5,
        "must have a mean that float64 can hold, got numbers up to 1e.308",
    ),
    ("sample_weight", [5e-324, 0, 0, 0, 0], "must have a mean that float64 can hold"),
    ("sample_weight", ["1"] * 5, "must be numbers, got '1' in row 0"),
    ("sample_weight", [-1] * 5, "must be >= 0, got -1 in row 0"),
    ("sample_weight", 3, "must be a flat list of numbers, got a single number"),
    ("class_weight", {0: "2"}, "must be a number, got '2'"),
    ("class_weight", {0: b"2"}, "must be a number, got b'2'"),
    ("class_weight", {0: HUGE}, "must be finite, got a whole number"),
    ("class_weight", {0: 0, 1: 0}, "must not be 0 for every row"),
    ("class_weight", np.array([1, 2]), r"must be None, 'balanced' or .* got array\(\[1, 2\]\)"),
    ("class_weight", "yes", "must be None, 'balanced' or"),
    ("initial", "abc", "must be numbers in rows, got 'abc'"),
    ("initial", ["1", "2", "3"], "must be numbers, got '1' in row 0"),
    ("initial", [1, 2], r"must hold 3 numbers a run .* got shape \(2,\)"),
    ("initial", [], "must hold 3 numbers a run"),
    ("initial", torch.empty(0, 3), "must hold 3 numbers a run"),
    ("initial", torch.ones(3, device="meta"), "meta device"),
    ("initial", [0, 0, HUGE], "must be numbers, got 1000"),
    ("dtype", "float32", "must be torch.float32 or torch.float64, got float32"),
    ("dtype", torch.float16, "must be torch.float32 or torch.float64, got torch.float16"),
    ("device", "meta", "'meta' is not there to compute on"),
    ("device", "gpu", "must be a torch.device or its name, such as 'cpu' or 'cuda', got 'gpu'"),
    ("device", 7.5, "must be a torch.device or its name"),
    ("reduction", [], r"must be 'mean' or 'sum', got \[\]"),
    ("loss", b"nll", "got b'nll'"),
    ("penalty", True, "got True"),
    ("optimizer", 5, "got 5"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), SETTINGS, ids=map(str, range(len(SETTINGS))))
def test_settings_that_make_no_sense(name, value, sentence, monkeypatch):
    monkeypatch.setattr(engines, "choose", None)  # work would begin here
    options = {"shuffle": True} if name == "seed" else {}
    start = "" if callable(value) else name
    with pytest.raises(SoloneuronError, match=f"^(the )?{start}.*{sentence}") as refused:
        prepare(X, Y, **{**options, name: value})
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_two_kinds_of_weights_whose_product_is_too_large():
    with pytest.raises(SoloneuronError, match="sample_weight times class_weight must be finite"):
        fit(X, Y, sample_weight=[1e200] * 5, class_weight={0: 1e200})


CONTRACT = [
    ({"initial_bias": b"1"}, "initial_bias must be a number, got b'1'"),
    ({"initial_bias": "1"}, "initial_bias must be a number, got '1'"),
    ({"initial_bias": True}, "initial_bias must be a number, got True"),
    ({"initial_bias": HUGE}, "initial_bias must be finite, got a whole number"),
    ({"initial_weights": ["0", "0"]}, "initial_weights must be numbers, got '0' in row 0"),
    ({"epochs": "3"}, "epochs must be a whole number, got '3'"),
    ({"learning_rate": []}, "learning_rate must be finite and > 0"),
    ({"shuffle": "no"}, "shuffle must be True, False or 'tiles', got 'no'"),
]


@pytest.mark.parametrize(("given", "sentence"), CONTRACT, ids=map(str, range(len(CONTRACT))))
def test_what_the_contract_function_refuses(given, sentence):
    usual = {"initial_weights": [0, 0], "initial_bias": 0, "learning_rate": 0.1, "epochs": 3}
    with pytest.raises(SoloneuronError, match=sentence):
        train_neuron(X, Y, **usual | given)


def test_rows_without_columns_train_a_bias_by_contract():
    assert train_neuron(np.empty((3, 0)), [1, 0, 1], [], 0.0, 0.1, 1) == ([], 0.0167, [0.6931])


ESTIMATOR = [
    ("fit_intercept", "no"),
    ("fit_intercept", 1),
    ("shuffle", "no"),
    ("early_stopping", "yes"),
    ("warm_start", "no"),
    ("epochs", True),
    ("epochs", "3"),
    ("batch_size", "3"),
    ("n_iter_no_change", True),
]


@pytest.mark.parametrize(("name", "value"), ESTIMATOR)
def test_the_estimator_takes_no_words_for_flags_and_no_truths_for_counts(name, value):
    with pytest.raises(SoloneuronError, match=f"^{name} must be .*, got {value!r}$"):
        NeuronClassifier(**{name: value}).fit(X, Y)


NO_NUMBERS = ["1", b"1", True, None, [], 1j, float("nan"), HUGE]
PARTS = {
    "gamma": Focal,
    "delta": Huber,
    "strength": L2,
    "l1_ratio": lambda value: ElasticNet(0.1, l1_ratio=value),
    "rate": lambda value: Cosine(value, steps=3),
    "steps": lambda value: WarmUp(0.1, steps=value),
    "floor": lambda value: Cosine(0.1, steps=3, floor=value),
}


@pytest.mark.parametrize("part", PARTS)
def test_the_numbers_of_a_part_are_numbers(part):
    for value in NO_NUMBERS:
        with pytest.raises(SoloneuronError, match=f"^{part} must"):
            PARTS[part](value)


@pytest.mark.parametrize("word", ["no", 1, None])
def test_the_flag_of_a_penalty_is_true_or_false(word):
    with pytest.raises(SoloneuronError, match=f"^penalize_bias must be True or False, got {word!r}"):
        L2(penalize_bias=word)


@pytest.mark.parametrize("start", ["abc", ["1", "2"], [], [HUGE, 1], b"12", [float("nan"), 0]])
def test_a_start_is_a_vector_of_finite_numbers(start):
    with pytest.raises(SoloneuronError, match=r"^start must be"):
        minimize("rosenbrock", start)


def test_a_start_keeps_its_dtype():
    assert minimize("rosenbrock", torch.tensor([0.5, 0.5]), steps=1).points.dtype == torch.float32
    assert minimize("rosenbrock", [0.5, 0.5], steps=1).points.dtype == torch.float64


ODD_TENSORS = [
    (T.to("meta"), "must be plain numbers, got a tensor on the meta device"),
    (T.to_sparse().to("meta"), "must be plain numbers, got a tensor on the meta device"),
    (T.to(torch.complex64), "must be real numbers"),
    (T.to_sparse() * torch.nan, "must be finite, got nan in row 0, column 0"),
    (T[:, 0], "must be a table"),
]


@pytest.mark.filterwarnings("ignore:Sparse CSR")
@pytest.mark.parametrize(("rows", "sentence"), ODD_TENSORS, ids=map(str, range(len(ODD_TENSORS))))
def test_an_estimator_refuses_odd_tensors_by_the_same_sentences(rows, sentence):
    fitted = NeuronClassifier().fit(X, Y)
    for call in (
        NeuronClassifier().fit,
        NeuronClassifier().partial_fit,
        lambda rows, _: fitted.predict_proba(rows),
    ):
        with pytest.raises(SoloneuronError, match=f"^features {sentence}"):
            call(rows, Y)


@pytest.mark.filterwarnings("ignore:Sparse CSR")
@pytest.mark.parametrize(
    "layout",
    [lambda X: X.requires_grad_(), torch.Tensor.to_sparse, torch.Tensor.to_sparse_csr, torch.Tensor.bfloat16],
)
def test_an_estimator_takes_tensors_as_fit_does(layout):
    rows = layout(T.clone())
    for model in (NeuronClassifier(), NeuronClassifierCV(learning_rates=[0.1], cv=[([0, 1, 2], [3, 4])])):
        assert model.fit(rows, torch.tensor(Y)).predict(rows).tolist() == Y


@pytest.mark.parametrize("rows", [np.empty((5, 0)), scipy.sparse.csr_matrix((5, 0))], ids=["dense", "sparse"])
def test_nobody_fits_no_columns(rows):
    calls = {
        "fit": lambda: fit(rows, Y),
        "sweep": lambda: sweep(rows, Y, learning_rate=[0.1, 0.2]),
    }
    for call in calls.values():
        with pytest.raises(SoloneuronError, match="features must have at least one column"):
            call()


def test_seeds_may_come_in_an_array():
    runs = [
        fit(X, Y, seed=seeds, shuffle=True, batch_size=2, epochs=2)
        for seeds in ([3, 4], np.array([3, 4]), torch.tensor([3, 4]))
    ]
    assert all(torch.equal(run.theta, runs[0].theta) for run in runs)
    with pytest.raises(SoloneuronError, match=r"whole number, got 0\.5"):
        fit(X, Y, seed=np.array([0.5]), shuffle=True)
