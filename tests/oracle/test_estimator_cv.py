"""NeuronClassifierCV against scikit-learn's own search over NeuronClassifier."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import make_blobs
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut, StratifiedKFold
from sklearn.utils.estimator_checks import check_estimator

from soloneuron import L1, InputError, NeuronClassifier, NeuronClassifierCV

X, Y = make_blobs(n_samples=41, centers=[[-1, 0], [1, 0]], random_state=0)
WORDS = np.array(["no", "yes"])[Y]
RATES, ALPHAS = [0.05, 0.5], [0.0, 0.1, 0.3]
# What a search tries is too strong here and there, on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

COUNTS = np.random.RandomState(0).randint(0, 4, len(Y))


def searched(grid, scoring="neg_log_loss", cv=3, **options):
    """The search that clones and fits, point by point and fold by fold."""
    estimator = NeuronClassifier(tol=None, epochs=8, **options)
    return GridSearchCV(estimator, grid, scoring=scoring, cv=cv).fit(X, WORDS)


def scores_of(search, shape):
    folds = [search.cv_results_[f"split{fold}_test_score"] for fold in range(search.n_splits_)]
    return np.stack(folds, -1).reshape(*shape, -1)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"penalty": "l2"}, marks=pytest.mark.slow),
        {"penalty": "l1", "class_weight": "balanced"},
        pytest.param(
            {"penalty": "elastic_net", "class_weight": {"no": 1, "yes": 3}, "fit_intercept": False},
            marks=pytest.mark.slow,
        ),
        pytest.param({"penalty": "l2", "loss": "mse", "optimizer": "momentum"}, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_a_grid_in_one_tensor_scores_as_the_search_does(options):
    options = {"optimizer": "gradient_descent", **options}
    search = searched({"alpha": ALPHAS, "learning_rate": RATES}, **options)
    model = NeuronClassifierCV(learning_rates=RATES, alphas=ALPHAS, cv=3, epochs=8, **options).fit(X, WORDS)
    # GridSearchCV goes through its names in alphabetical order.
    assert model.scores_.transpose(1, 0, 2) == pytest.approx(scores_of(search, (3, 2)), abs=1e-12)
    assert model.best_params_ == search.best_params_
    assert (model.learning_rate_, model.alpha_) == tuple(
        map(search.best_params_.get, ("learning_rate", "alpha"))
    )
    assert model.best_score_ == pytest.approx(search.best_score_, abs=1e-12)
    assert model.coef_ == pytest.approx(search.best_estimator_.coef_, abs=1e-12)
    assert (model.predict(X) == search.predict(X)).all()
    assert model.predict_proba(X) == pytest.approx(search.predict_proba(X), abs=1e-12)


@pytest.mark.slow
def test_a_line_search_is_fitted_fold_by_fold():
    search = searched({"alpha": ALPHAS}, optimizer="lbfgs", penalty="l2")
    model = NeuronClassifierCV(alphas=ALPHAS, cv=3, epochs=8, optimizer="lbfgs").fit(X, WORDS)
    assert model.scores_ == pytest.approx(scores_of(search, (1, 3)), abs=1e-3)
    assert model.best_params_ == search.best_params_


def share_of_yes(estimator, features, labels):
    return float(np.mean(estimator.predict(features) == "yes") + np.mean(labels == "yes"))


@pytest.mark.slow
@pytest.mark.parametrize("scoring", [None, "roc_auc", share_of_yes])
def test_any_scoring_of_the_search_scores(scoring):
    options = {"optimizer": "gradient_descent"}
    search = searched({"learning_rate": RATES}, scoring=scoring, **options)
    model = NeuronClassifierCV(learning_rates=RATES, scoring=scoring, cv=3, epochs=8).fit(X, WORDS)
    assert model.scores_ == pytest.approx(scores_of(search, (2, 1)), abs=1e-12)


def test_a_weight_acts_like_repeating_the_row_in_training_and_in_scoring():
    groups = np.arange(len(Y)) % 3
    options = {"learning_rates": RATES, "epochs": 8}
    weighted = NeuronClassifierCV(cv=list(LeaveOneGroupOut().split(X, groups=groups)), **options)
    weighted.fit(X, WORDS, COUNTS)
    rows = np.repeat(np.arange(len(Y)), COUNTS)
    repeated = NeuronClassifierCV(cv=list(LeaveOneGroupOut().split(X[rows], groups=groups[rows])), **options)
    repeated.fit(X[rows], WORDS[rows])
    assert weighted.scores_ == pytest.approx(repeated.scores_, abs=1e-12)
    assert weighted.coef_ == pytest.approx(repeated.coef_, abs=1e-12)


def test_without_refit_the_folds_are_averaged():
    options = {"learning_rates": [0.5], "cv": 3, "epochs": 8}
    model = NeuronClassifierCV(refit=False, **options).fit(X, WORDS)
    folds = StratifiedKFold(3).split(X, WORDS)
    estimator = NeuronClassifier(optimizer="gradient_descent", learning_rate=0.5, epochs=8, tol=None)
    each = [estimator.fit(X[train], WORDS[train]).coef_ for train, _ in folds]
    assert model.coef_ == pytest.approx(np.mean(each, 0), abs=1e-12)


def test_batches_are_drawn_in_one_order_by_the_random_state():
    options = {"learning_rates": RATES, "cv": 3, "epochs": 3, "batch_size": 8}
    one, same, other = (NeuronClassifierCV(random_state=seed, **options).fit(X, Y) for seed in (0, 0, 1))
    assert (one.scores_ == same.scores_).all()
    assert (one.scores_ != other.scores_).all()
    assert (one.coef_ == same.coef_).all()


def test_a_run_that_overflows_has_no_score_and_is_not_chosen():
    model = NeuronClassifierCV(loss="exponential", learning_rates=[1e6, 0.1], cv=3, epochs=8).fit(X, Y)
    assert np.isneginf(model.scores_[0]).all()
    assert model.learning_rate_ == 0.1


@pytest.mark.slow
def test_axes_that_are_left_out_have_their_defaults():
    strengths = NeuronClassifierCV(optimizer="lbfgs", cv=2, epochs=5).fit(X, Y)
    assert strengths.alphas_.tolist() == [10.0**power for power in range(-6, 2)]
    assert (strengths.learning_rate_, list(strengths.best_params_)) == (None, ["alpha"])
    own = NeuronClassifierCV(optimizer="adam", penalty=L1(0.3), cv=2, epochs=5).fit(X, Y)
    assert own.best_params_ == {"alpha": 0.3}
    rates = NeuronClassifierCV(learning_rates=0.1, cv=2, epochs=5).fit(X, Y)
    assert rates.best_params_ == {"learning_rate": 0.1}


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rates": RATES, "batch_size": 8, "random_state": 0},
        # Left to choose, dense rows get Newton's method and sparse ones L-BFGS.
        {"alphas": ALPHAS, "optimizer": "gradient_descent"},
    ],
    ids=str,
)
def test_sparse_rows_are_dense_rows(options):
    options = {"cv": 3, "epochs": 4, **options}
    dense = NeuronClassifierCV(**options).fit(X, Y)
    sparse = NeuronClassifierCV(**options).fit(csr_array(X), Y)
    assert sparse.scores_ == pytest.approx(dense.scores_, abs=1e-12)
    assert sparse.predict_proba(csr_array(X)) == pytest.approx(dense.predict_proba(X), abs=1e-9)


REFUSED = [
    ({"epochs": "3"}, "epochs must be a whole number, got '3'"),
    ({"batch_size": "3"}, "batch_size must be a whole number, got '3'"),
    ({"refit": "no"}, "refit must be"),
    ({"learning_rates": []}, "learning_rates must have one value at least"),
    ({"learning_rates": [0.1, 0]}, "learning_rates must be finite and > 0, got 0"),
    ({"learning_rates": "fast"}, "learning_rates must be finite and > 0, got 'fast'"),
    ({"alphas": [-1.0]}, "alphas must be finite and >= 0, got -1.0"),
    ({"alphas": [float("inf")]}, "alphas must be finite and >= 0, got inf"),
    ({"optimizer": "adm", "alphas": [0]}, "unknown optimizer 'adm'"),
    ({"learning_rates": [1e300], "loss": "exponential"}, "must have a finite score in every fold, got none"),
]


@pytest.mark.parametrize(("options", "said"), REFUSED, ids=[said[:40] for _, said in REFUSED])
def test_faulty_grids_are_one_sentence(options, said):
    with pytest.raises(InputError, match=said):
        NeuronClassifierCV(**{"cv": 2, "epochs": 5, **options}).fit(X, Y)


def test_a_fold_that_trains_on_one_class_is_named():
    zeros = np.flatnonzero(Y == 0)
    splits = [(np.arange(len(Y)), zeros), (zeros, np.arange(len(Y)))]
    with pytest.raises(ValueError, match=r"needs two classes .* got 1 class in fold 1: \['no'\]"):
        NeuronClassifierCV(learning_rates=[0.1], cv=splits, epochs=2).fit(X, WORDS)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", [{"alphas": [1e-4, 1.0], "cv": 2}, {"learning_rates": [0.02], "cv": 3}], ids=str
)
def test_the_whole_of_check_estimator_passes(options):
    results = check_estimator(NeuronClassifierCV(epochs=300, **options), on_fail="raise", on_skip=None)
    assert {result["status"] for result in results} <= {"passed", "skipped"}
