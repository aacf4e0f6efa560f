"""The neuron that chooses its rate and its penalty by cross-validation, in scikit-learn's manners."""

from __future__ import annotations

from itertools import product
from typing import Any, Self

import numpy as np
import torch

from soloneuron.errors import MissingExtraError

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.metrics import check_scoring
    from sklearn.model_selection import check_cv
    from sklearn.utils import check_random_state
    from sklearn.utils.validation import check_is_fitted
except ModuleNotFoundError:
    raise MissingExtraError("NeuronClassifierCV", "sklearn") from None

from soloneuron.estimator import NeuronClassifier
from soloneuron.optimizers.naming import as_optimizer
from soloneuron.training.automatic import PLAIN_RULE, is_auto
from soloneuron.training.checkpoints import check_place
from soloneuron.training.counts import as_flag
from soloneuron.training.estimator_parameters import check_parameters, parameter_facts
from soloneuron.training.estimator_rows import (
    binary_tags,
    checked_weights,
    class_labels,
    encoded,
    known_features,
    labelled_rows,
)
from soloneuron.training.estimator_state import fitted_theta, stand_at
from soloneuron.training.estimator_training import refuse_unseeded
from soloneuron.training.folds import Folds
from soloneuron.training.kept_tasks import tasks_kept
from soloneuron.training.parallel import map_tasks
from soloneuron.training.rate_strength_grid import RateStrengthGrid
from soloneuron.training.run_axes import takes_run_axes

LOG_LOSS = "neg_log_loss"
"""The scoring that is worked out in tensors, for all runs of a fold at once."""

NOT_TRAINED = frozenset({"checkpoint", "cv", "scoring", "refit"})
"""Parameters that change nothing in the thetas of the grid; the splits themselves are compared."""


class NeuronClassifierCV(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """``NeuronClassifier`` with the learning rate and the strength of its penalty chosen on held-out rows.

    Rates x strengths x folds train in one tensor: the rows of a fold that are held out count 0, so that one
    pass over the rows in one order serves all runs. A method with a line search trains fit by fit.

    Args:
        learning_rates: finite numbers > 0; given without an optimizer they mean plain descent, as
            ``batch_size`` does. None leaves the rate to the optimizer.
        alphas: strengths of the penalty, finite and >= 0; None is eight from 1e-6 to 10 where
            ``learning_rates`` are not given either, else the strength of the penalty itself.
        cv: the number of folds, with the shares of the classes kept, a splitter, or a list of (train, test)
            rows.
        scoring: ``"neg_log_loss"``, the name of another score of scikit-learn, a function (estimator, X, y),
            or None for the accuracy. Larger is better.
        refit: whether the best settings are trained on all rows; otherwise ``coef_`` and ``intercept_`` are
            the means over the folds.
        loss: as for ``NeuronClassifier``.
        optimizer: as for ``NeuronClassifier``; ``"auto"`` is its default.
        penalty: ``"l1"``, ``"l2"``, ``"elastic_net"``, a Penalty, or None: ``"l2"`` where there are alphas,
            none for rates alone.
        batch_size: rows an update, in a new order every epoch; None takes all.
        epochs: passes over the rows: all of them for a grid in one tensor, at most for a line search.
        class_weight: None, ``"balanced"``, or a mapping from class label to weight.
        fit_intercept: whether the neuron has a bias.
        random_state: seed of the order of rows; None, an int or a RandomState.
        checkpoint: a file in which pieces of the grid are kept as soon as they are trained; a fit that was
            killed goes on from there, and ends with the same digits. Rows that are shuffled need a whole
            ``random_state`` then.

    Attributes:
        classes_: the two labels.
        coef_: (1, d). intercept_: (1,).
        learning_rate_: the best rate, or None where the rate is left to the optimizer.
        alpha_: the best strength, or None without a penalty.
        best_params_: both by the name that ``NeuronClassifier`` gives them, without those that are None.
        best_score_: the mean of its scores.
        learning_rates_, alphas_: the axes of the grid.
        scores_: (rates, strengths, folds), the score on the rows held out; -inf where a run overflowed.
        estimator_: the NeuronClassifier that predicts.
        n_iter_: epochs of the last fit, as for ``NeuronClassifier``.

    Differences from LogisticRegressionCV: strengths are alphas, larger is stronger, the mean loss is not
    multiplied by n; the default score is the log loss. A fold in one tensor takes batches of all rows, of
    which those held out count nothing: a batch has about (folds - 1) / folds of ``batch_size`` rows.

    Example:
        >>> from sklearn.datasets import make_blobs
        >>> X, y = make_blobs(centers=[[-2, 0], [2, 0]], random_state=0)
        >>> model = NeuronClassifierCV(learning_rates=[1e-4, 1.0], epochs=20, cv=3).fit(X, y)
        >>> model.best_params_, model.scores_.shape
        ({'learning_rate': 1.0}, (2, 1, 3))
    """

    def __init__(
        self,
        *,
        learning_rates: Any = None,
        alphas: Any = None,
        cv: Any = 5,
        scoring: Any = LOG_LOSS,
        refit: bool = True,
        loss: Any = "nll",
        optimizer: Any = "auto",
        penalty: Any = None,
        batch_size: int | None = None,
        epochs: int = 1000,
        class_weight: Any = None,
        fit_intercept: bool = True,
        random_state: Any = None,
        checkpoint: Any = None,
    ) -> None:
        self.learning_rates = learning_rates
        self.alphas = alphas
        self.cv = cv
        self.scoring = scoring
        self.refit = refit
        self.loss = loss
        self.optimizer = optimizer
        self.penalty = penalty
        self.batch_size = batch_size
        self.epochs = epochs
        self.class_weight = class_weight
        self.fit_intercept = fit_intercept
        self.random_state = random_state
        self.checkpoint = checkpoint

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train the grid on every fold, choose, and train the best on all rows.

        Args:
            X: (n, d) finite numbers, dense or a sparse matrix.
            y: (n,) labels of two classes.
            sample_weight: (n,) numbers >= 0, or None; held-out rows count by them too.

        Returns:
            Itself.

        Raises:
            ValueError: not two classes, in all rows or in those that a fold trains on.
            InputError: a grid without values, or no run of it ends with finite numbers.
            RecordError: the checkpoint is one of another fit, of other versions, or damaged.
        """
        as_flag(self.refit, "refit")
        self._read_grid()
        check_parameters(self._like())
        check_place(self.checkpoint, None)
        if self.checkpoint is not None and self.batch_size is not None:
            refuse_unseeded(self.random_state)
        X, y = labelled_rows(self, X, y)
        labels = class_labels(y)
        target = encoded(y, labels)
        self.classes_ = labels
        sample_weight = checked_weights(sample_weight, X)
        splits = list(check_cv(self.cv, y, classifier=True).split(X, y))
        weights = None if sample_weight is None else torch.tensor(sample_weight, dtype=torch.float64)
        folds = Folds(X, torch.from_numpy(target.astype(X.dtype)), weights, splits)
        with tasks_kept(
            self.checkpoint, lambda: folds.digests() | parameter_facts(self, without=NOT_TRAINED)
        ):
            thetas = self._in_one_tensor(folds) if self._joint else self._one_by_one(folds)
        self._choose(thetas, self._scores(thetas, folds))
        if self.refit:
            self.estimator_ = self._like(**self.best_params_).fit(X, y, sample_weight)
        self.coef_, self.intercept_ = self.estimator_.coef_, self.estimator_.intercept_
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """The logits z = X w + b, (n,); above 0 means the second class."""
        X = self._features(X)
        return self.estimator_.decision_function(X)

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities of both classes, (n, 2)."""
        X = self._features(X)
        return self.estimator_.predict_proba(X)

    def predict(self, X: Any) -> np.ndarray:
        """The more probable label of each row, (n,)."""
        X = self._features(X)
        return self.estimator_.predict(X)

    @property
    def n_iter_(self) -> int:
        """Epochs of the fit on all rows."""
        check_is_fitted(self, "estimator_")
        return int(self.estimator_.n_iter_)

    def __sklearn_tags__(self) -> Any:
        return binary_tags(super().__sklearn_tags__())

    def _features(self, X: Any) -> Any:
        check_is_fitted(self, "estimator_")
        return known_features(self, X)

    # The grid.

    def _read_grid(self) -> None:
        """The axes, checked, and whether all of it trains in one tensor."""
        self._grid = RateStrengthGrid.read(self.learning_rates, self.alphas, self.penalty)
        self.learning_rates_, self.alphas_ = self._grid.learning_rates, self._grid.alphas
        rule = self._rule()
        self._joint = not is_auto(rule) and takes_run_axes(as_optimizer(rule))

    def _rule(self) -> Any:
        """The optimizer: plain descent where rates or batches are given and no optimizer."""
        given = self.learning_rates is not None or self.batch_size is not None
        return PLAIN_RULE if is_auto(self.optimizer) and given else self.optimizer

    def _like(self, *, learning_rate: float | None = None, alpha: float | None = None) -> NeuronClassifier:
        """The estimator of one point of the grid."""
        # What the grid has trained for all its epochs is trained so again.
        stopping: dict[str, Any] = {"tol": None} if getattr(self, "_joint", False) else {}
        return NeuronClassifier(
            loss=self.loss,
            optimizer=self._rule(),
            learning_rate=learning_rate,
            penalty=None if alpha is None else self._grid.penalty_of(alpha),
            batch_size=self.batch_size,
            epochs=self.epochs,
            class_weight=self.class_weight,
            fit_intercept=self.fit_intercept,
            random_state=self.random_state,
            **stopping,
        )

    def _choose(self, thetas: np.ndarray, scores: np.ndarray) -> None:
        """The best point of the grid, and where the folds have ended there."""
        self.scores_ = np.where(np.isfinite(scores), scores, -np.inf)
        best, self.best_score_ = self._grid.best(self.scores_)
        self.best_params_ = self._grid.points()[best]
        self.learning_rate_, self.alpha_ = map(self.best_params_.get, ("learning_rate", "alpha"))
        if not self.refit:
            own = thetas.reshape(-1, *thetas.shape[-2:])[best]
            self.estimator_ = self._standing_at(own.mean(0))
            self.estimator_.n_iter_ = self.epochs

    # Its runs.

    def _in_one_tensor(self, folds: Folds) -> np.ndarray:
        """theta of all runs, trained together, (rates, strengths, folds, k)."""
        shuffle = self.batch_size is not None
        strengths = torch.from_numpy(self.alphas_).view(-1, 1, 1)
        theta = folds.train(
            folds.training_weights(self.class_weight, self.classes_),
            learning_rates=None if np.isnan(self.learning_rates_[0]) else self.learning_rates_.tolist(),
            penalty=None if np.isnan(self.alphas_[0]) else self._grid.penalty_of(strengths),
            epochs=self.epochs,
            loss=self.loss,
            optimizer=self._rule(),
            batch_size=None if self.batch_size is None else min(self.batch_size, len(folds.labels)),
            shuffle=shuffle,
            seed=int(check_random_state(self.random_state).randint(2**31)) if shuffle else None,
            bias=bool(self.fit_intercept),
        )
        return np.asarray(theta.numpy())

    def _one_by_one(self, folds: Folds) -> np.ndarray:
        """theta of all runs, fit by fit, for a method with a line search."""
        y = self.classes_[folds.labels.numpy().astype(int)]
        tasks = [
            (self._like(**point), folds.features, y, folds.weights, train)
            for point, (train, _) in product(self._grid.points(), folds.splits)
        ]
        thetas = map_tasks(fitted_theta, tasks)
        return np.stack(thetas).reshape(len(self.learning_rates_), len(self.alphas_), len(folds.splits), -1)

    def _scores(self, thetas: np.ndarray, folds: Folds) -> np.ndarray:
        """The scores of thetas (rates, strengths, folds, k) on the rows held out, without k."""
        if self.scoring == LOG_LOSS:
            losses = folds.log_losses(torch.from_numpy(thetas), bias=bool(self.fit_intercept))
            return np.asarray(-losses.double().numpy())
        score = check_scoring(NeuronClassifier(), scoring=self.scoring)
        return folds.scored(score, thetas, labels=self.classes_, standing_at=self._standing_at)

    def _standing_at(self, theta: np.ndarray) -> NeuronClassifier:
        """An estimator that stands at a theta (k,)."""
        made = self._like()
        made.classes_ = self.classes_
        made.n_features_in_ = len(theta) - bool(self.fit_intercept)
        stand_at(made, theta)
        return made
