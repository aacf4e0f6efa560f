"""The estimator keeps scikit-learn's manners: its own check, and its own tools."""

import joblib
import numpy as np
import pytest
import torch
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_blobs
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from soloneuron import NeuronClassifier

X, Y = make_blobs(n_samples=120, centers=[[-1, 0], [1, 0]], random_state=0)
WORDS = np.array(["no", "yes"])[Y]


def test_the_whole_of_check_estimator_passes():
    results = check_estimator(NeuronClassifier(), on_fail="raise", on_skip=None)
    assert {result["status"] for result in results} <= {"passed", "skipped"}
    assert [r["check_name"] for r in results if r["status"] == "skipped"] == ["check_array_api_input"]


def test_it_works_in_pipeline_search_validation_and_calibration():
    pipeline = make_pipeline(StandardScaler(), NeuronClassifier(epochs=50))
    grid = GridSearchCV(pipeline, {"neuronclassifier__loss": ["nll", "mse"]}, cv=2).fit(X, WORDS)
    assert grid.best_score_ > 0.7
    assert cross_val_score(pipeline, X, WORDS, cv=3).mean() > 0.7
    calibrated = CalibratedClassifierCV(NeuronClassifier(loss="hinge", epochs=50), cv=2).fit(X, WORDS)
    assert calibrated.predict_proba(X).shape == (120, 2)


def test_labels_come_back_and_probabilities_add_up():
    neuron = NeuronClassifier(epochs=100).fit(X, WORDS)
    assert set(neuron.predict(X)) == {"no", "yes"}
    assert neuron.predict_proba(X).sum(1) == pytest.approx(1)
    assert neuron.history_.loss[-1] < neuron.history_.loss[0]


def test_early_stopping_and_tol_stop_before_the_last_epoch():
    for options in ({"tol": 1e-3}, {"tol": 1e-3, "early_stopping": True, "random_state": 0}):
        neuron = NeuronClassifier(learning_rate="auto", epochs=5000, **options).fit(X, Y)
        assert neuron.n_iter_ < 5000
        assert neuron.history_.outcome.kind == "stopped"


def test_warm_start_goes_on_and_partial_fit_is_one_epoch():
    plain = {"learning_rate": "auto", "tol": None}
    once = NeuronClassifier(epochs=20, **plain).fit(X, Y)
    twice = NeuronClassifier(epochs=10, warm_start=True, **plain).fit(X, Y).fit(X, Y)
    assert twice.coef_ == pytest.approx(once.coef_, rel=1e-12)
    parts = NeuronClassifier()
    for _ in range(20):
        parts.partial_fit(X, Y)
    assert parts.coef_ == pytest.approx(once.coef_, rel=1e-12)


@pytest.mark.parametrize("labels", [np.zeros(120), np.arange(120) % 3])
def test_one_class_or_three_are_refused(labels):
    with pytest.raises(ValueError, match="class"):
        NeuronClassifier().fit(X, labels)


@pytest.mark.parametrize(
    "options", [{}, {"tol": None}, {"batch_size": 8, "random_state": 0}, {"early_stopping": True}]
)
@pytest.mark.parametrize("rate", [1e308, 1e300, 1e5])
def test_a_training_that_blew_up_warns_and_does_not_call_it_a_fall(rate, options):
    neuron = NeuronClassifier(learning_rate=rate, epochs=50, **{"random_state": 0, **options})
    with pytest.warns(ConvergenceWarning, match=r"overflow|above|oscillating") as caught:
        neuron.fit(X, Y)
    assert f"learning rate {rate:g}" in str(caught[0].message)
    assert "fell by less" not in str(caught[0].message) + neuron.history_.outcome.reason


def test_a_training_that_ends_well_does_not_warn_about_going_on():
    for options in ({}, {"batch_size": 8}, {"loss": "hinge"}, {"penalty": "l2", "alpha": 1}):
        NeuronClassifier(random_state=0, epochs=50, warm_start=True, **options).fit(X, Y).fit(X, Y)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("validation_fraction", "a"),
        ("validation_fraction", None),
        ("validation_fraction", 0),
        ("alpha", -1),
        ("alpha", float("nan")),
        ("alpha", "strong"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named_as_it_is_spelled_here(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be .*got {value!r}"):
        NeuronClassifier(penalty="l2", **{name: value}).fit(X, Y)


SETTINGS = [
    {"early_stopping": True},
    {"early_stopping": True, "class_weight": "balanced"},
    {"optimizer": "lbfgs"},
    {"loss": "mse"},
    {"loss": "squared_hinge"},
    {"penalty": "l2", "alpha": 0.01},
    {"penalty": "elastic_net"},
    {"class_weight": "balanced"},
    {"loss": "huber"},
    {"optimizer": "adam", "epochs": 100, "learning_rate": 0.1},
    {"warm_start": True},
    {"tol": None, "epochs": 50},
]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_check_estimator_passes_in_many_settings(settings):
    results = check_estimator(NeuronClassifier(**settings), on_fail=None, on_skip=None)
    assert [r["check_name"] for r in results if r["status"] not in ("passed", "skipped")] == []


@pytest.mark.slow
def test_a_grid_search_in_two_processes_leaves_each_its_share_of_threads():
    # In here, so that it is sent by its code: the other process may not find this file.
    def threads_inside(*_):
        return torch.get_num_threads()

    grid = {"alpha": [0.01, 0.1]}
    search = GridSearchCV(NeuronClassifier(penalty="l2"), grid, cv=2, n_jobs=2, scoring=threads_inside)
    found = search.fit(X, WORDS).cv_results_
    asked = [found[f"split{fold}_test_score"] for fold in range(2)]
    assert np.max(asked) <= max(1, joblib.cpu_count() // 2)
