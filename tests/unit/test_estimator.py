"""The estimator: streams, memory and probabilities. Its manners stand in tests/oracle/test_estimator.py."""

import copy
import io
import pickle

import numpy as np
import pytest
import torch
from sklearn.exceptions import ConvergenceWarning

from meetings import Operations
from soloneuron import NeuronClassifier, NeuronClassifierCV
from soloneuron.data.assignment import assignment_data
from soloneuron.errors import InputError
from soloneuron.formulas.links import sigmoid

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
Y = np.where(X[:, 0] + RNG.normal(size=40) > 0, "yes", "no")


def a_stream(**options):
    return NeuronClassifier(optimizer="adam", **options).partial_fit(X, Y)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda stream: pickle.loads(pickle.dumps(stream))])
def test_a_copy_of_a_stream_goes_on_as_the_stream_does(copied):
    stream = a_stream()
    other = copied(stream)
    assert np.array_equal(stream.partial_fit(X, Y).coef_, other.partial_fit(X, Y).coef_)


def test_what_the_optimizer_remembers_is_told_as_plain_data_of_its_own():
    stream = a_stream()
    told = stream.optimizer_state_
    assert (told["method"], told["t"]) == ("adam", 1)
    told["slots"]["m"].zero_()
    assert stream.optimizer_state_["slots"]["m"].any()
    assert NeuronClassifier(learning_rate=0.1).partial_fit(X, Y).optimizer_state_ is None
    assert not hasattr(NeuronClassifier(), "optimizer_state_")


def test_a_stream_keeps_no_history_of_weights_that_it_has_left():
    neuron = NeuronClassifier(learning_rate=0.1, epochs=2, tol=None).fit(X, Y)
    assert hasattr(neuron, "history_")
    assert not hasattr(neuron.partial_fit(X, Y), "history_")


def test_a_parameter_that_is_changed_is_heeded_by_the_next_piece():
    one, other = (NeuronClassifier(learning_rate=0.1).partial_fit(X, Y) for _ in range(2))
    before = one.coef_.copy()
    steps = [
        neuron.set_params(learning_rate=rate).partial_fit(X, Y).coef_ - before
        for neuron, rate in ((one, 0.1), (other, 0.2))
    ]
    assert steps[1] == pytest.approx(2 * steps[0], rel=1e-12)


def test_a_stream_keeps_the_dtype_that_it_began_with():
    stream = NeuronClassifier(learning_rate=0.1).partial_fit(X.astype(np.float32), Y)
    assert stream.partial_fit(X, Y).coef_.dtype == np.float32


def test_a_piece_that_overflows_is_told_and_leaves_the_stream_where_it_was():
    stream = NeuronClassifier(learning_rate=1e300).partial_fit(X, Y)
    stood = stream.coef_.copy()
    with pytest.warns(ConvergenceWarning, match="nothing was learned from these rows"):
        stream.partial_fit(1e30 * X, Y)
    assert np.array_equal(stream.coef_, stood)


@pytest.mark.parametrize("labels", [["no", "perhaps"], ["yes", "perhaps"]])
def test_a_label_that_is_not_among_the_classes_is_named(labels):
    with pytest.raises(ValueError, match="has the label 'perhaps'"):
        a_stream().partial_fit(X[:2], labels)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("intercept", [True, False])
def test_both_probabilities_are_those_of_the_logits_and_precise_at_both_ends(dtype, intercept):
    neuron = NeuronClassifier(learning_rate=1.0, epochs=3, tol=None, fit_intercept=intercept).fit(
        X.astype(dtype), Y
    )
    far = np.vstack([X, 30 * X]).astype(dtype)
    z = torch.from_numpy(neuron.decision_function(far))
    expected = torch.stack([sigmoid(-z), sigmoid(z)], 1).numpy()
    assert neuron.predict_proba(far) == pytest.approx(expected, rel=1e-12 if dtype == np.float64 else 1e-4)


def test_five_points_are_fitted_with_few_operations_and_are_not_judged_where_the_end_is_known():
    data = assignment_data()
    points = data.features.numpy(), data.labels.numpy()
    NeuronClassifier().fit(*points)
    with Operations() as asked:
        neuron = NeuronClassifier().fit(*points)
    # About 90 an update of Newton's method, 70 to prepare and 50 to measure; the judge alone takes 450.
    assert asked.count < 100 * neuron.n_iter_ + 120
    assert neuron.history_.outcome.fields == {"certain": 1e-3}


@pytest.mark.parametrize("y", [[0.0, 1.0, 1.0], [2.0, 7.0, 2.0], [-1.0, 1.0, -1.0]])
def test_whole_numbers_are_labels_in_any_dtype(y):
    neuron = NeuronClassifier(epochs=1, tol=None).fit(X[:3], np.array(y))
    assert neuron.classes_.tolist() == sorted(set(y))


def test_numbers_between_are_no_labels():
    with pytest.raises(ValueError, match="continuous"):
        NeuronClassifier().fit(X[:4], [0.5, 1.0, 0.5, 1.0])


MASKED = np.ma.masked_greater(X, X.max() - 1e-9)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: NeuronClassifier().fit(MASKED, Y),
        lambda: NeuronClassifier().fit(X, np.ma.masked_equal(Y, "yes")),
        lambda: NeuronClassifier().fit(X, Y, sample_weight=np.ma.masked_equal(np.arange(40.0), 2.0)),
        lambda: NeuronClassifier().partial_fit(MASKED, Y),
        lambda: NeuronClassifier().fit(X, Y).predict(MASKED),
        lambda: NeuronClassifier().fit(X, Y).score(MASKED, Y),
        lambda: NeuronClassifierCV(cv=2).fit(MASKED, Y),
    ],
)
def test_what_lies_under_a_mask_is_not_learned_in_silence(asked):
    with pytest.raises(InputError, match="masked"):
        asked()


def test_a_mask_that_hides_nothing_is_no_hindrance():
    plain = NeuronClassifier().fit(X, Y)
    masked = NeuronClassifier().fit(np.ma.array(X), np.ma.array(Y))
    assert masked.coef_.tolist() == plain.coef_.tolist()


class Screen(io.StringIO):
    """A terminal that keeps what was written to it."""

    def isatty(self):
        return True


@pytest.fixture
def shown(monkeypatch):
    """What a training writes to a terminal where a bar does not wait until it takes long."""
    monkeypatch.setattr("soloneuron.progress.PATIENCE", 0.0)
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def written(neuron, screen):
        monkeypatch.setattr("sys.stderr", screen)
        neuron.fit(X, Y)
        return screen.getvalue()

    return written


def test_a_bar_is_shown_to_whoever_wants_it_and_gone_at_the_end(shown, capsys):
    plain, told = (NeuronClassifier(epochs=7, tol=None, verbose=verbose) for verbose in (0, 1))
    assert shown(plain, Screen()) == ""
    written = shown(told, Screen())
    assert "loss 0." in written
    assert "epoch 7 of 7" in written
    # The line is wiped, and the cursor comes back.
    assert written.rindex("\x1b[2K") > written.rindex("epoch 7 of 7")
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")
    assert capsys.readouterr().out == ""
    assert np.array_equal(told.coef_, plain.coef_)
    assert pickle.loads(pickle.dumps(told)).verbose == 1


def test_no_bar_is_drawn_where_nobody_looks(shown):
    assert shown(NeuronClassifier(epochs=7, tol=None, verbose=1), io.StringIO()) == ""


@pytest.mark.parametrize("verbose", [-1, 0.5, "yes", None])
def test_verbose_is_a_number_of_nothing_or_one(verbose):
    with pytest.raises(InputError, match="verbose must be 0 or 1"):
        NeuronClassifier(verbose=verbose).fit(X, Y)
