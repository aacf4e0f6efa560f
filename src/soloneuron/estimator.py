"""The neuron in scikit-learn's manners, nothing else."""

from __future__ import annotations

import math
import warnings
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state, compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from soloneuron.errors import InputError
from soloneuron.formulas.links import sigmoid
from soloneuron.formulas.penalties import as_penalty
from soloneuron.neuron import Neuron
from soloneuron.records.history import FAILED, History
from soloneuron.training.prepare import prepare
from soloneuron.training.session import Training


class NeuronClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One sigmoid neuron as a scikit-learn classifier for two classes.

    Args:
        loss: a name of the catalogue (``soloneuron losses``) or an object with ``value`` and ``derivative``.
        optimizer: a name of the catalogue (``soloneuron optimizers``) or an Optimizer. ``warm_start`` and
            ``partial_fit`` go on with what it remembers.
        learning_rate: finite and > 0, or ``"auto"``: for gradient descent half of a rate that is safe for the
            data, so that unscaled features do no harm; for any other optimizer its own default.
        epochs: passes over the rows at most, >= 1.
        batch_size: rows an update; None takes all, 1 is per-sample.
        penalty: ``"l1"``, ``"l2"``, ``"elastic_net"``, a Penalty, or None.
        alpha: strength of a penalty given by name.
        class_weight: None, ``"balanced"``, or a mapping from class label to weight.
        fit_intercept: whether the neuron has a bias.
        shuffle: take rows in a new order every epoch; it matters to parts of the data only.
        early_stopping: hold out ``validation_fraction`` of the rows and stop when the loss there no longer
            falls; otherwise the training loss is watched.
        validation_fraction: share held out by early stopping, in (0, 1).
        n_iter_no_change: epochs in a row without improvement before stopping.
        tol: what counts as an improvement of the watched loss; None trains all epochs.
        random_state: seed of shuffling and holding out; None, an int or a RandomState.
        warm_start: whether ``fit`` goes on from where the last fit ended.

    Attributes:
        classes_: the two labels.
        coef_: (1, d). intercept_: (1,).
        n_iter_: epochs done by the last fit.
        optimizer_state_: what the optimizer remembers, as plain data, or None for plain descent.
        history_: the History of the last ``fit`` (every epoch) or ``partial_fit`` (one epoch).

    Differences from SGDClassifier(loss="log_loss"): no penalty and a constant rate by default; full batch
    unless ``batch_size`` says otherwise; sample weights have mean 1 inside, so in full batch a weight of 2
    is the same as the row twice.

    Example:
        >>> from sklearn.datasets import make_blobs
        >>> X, y = make_blobs(centers=[[-2, 0], [2, 0]], random_state=0)
        >>> NeuronClassifier(epochs=50).fit(X, y).score(X, y) > 0.9
        True
    """

    def __init__(
        self,
        *,
        loss: Any = "nll",
        optimizer: Any = "gradient_descent",
        learning_rate: Any = "auto",
        epochs: int = 1000,
        batch_size: int | None = None,
        penalty: Any = None,
        alpha: float = 1e-4,
        class_weight: Any = None,
        fit_intercept: bool = True,
        shuffle: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        tol: float | None = 1e-6,
        random_state: Any = None,
        warm_start: bool = False,
    ) -> None:
        self.loss = loss
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.penalty = penalty
        self.alpha = alpha
        self.class_weight = class_weight
        self.fit_intercept = fit_intercept
        self.shuffle = shuffle
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.random_state = random_state
        self.warm_start = warm_start

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train from the start (or from the last fit, with ``warm_start``).

        Args:
            X: (n, d) finite numbers.
            y: (n,) labels of two classes.
            sample_weight: (n,) numbers >= 0, or None.

        Returns:
            Itself.

        Warns:
            ConvergenceWarning: the training ended badly; the warning says how, why, and what to do.
        """
        self._check_parameters()
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32])
        target = self._encoded(y, np.unique(y))
        weight = _weights(sample_weight, X)
        generator = check_random_state(self.random_state)
        held = None
        if self.early_stopping:
            X, target, weight, held = self._hold_out(X, target, weight, generator)
        initial = self._theta() if self.warm_start and hasattr(self, "coef_") else None
        training = self._training(X, target, weight, initial, generator, self.epochs)
        stopped = self._watch(training, held)
        # A stop does not hide a bad end.
        failed = training.history().outcome.kind in FAILED
        self._finish(training, None if failed else stopped)
        self.n_iter_ = training.epoch
        if failed:
            warnings.warn(self.history_.outcome.reason, ConvergenceWarning, stacklevel=2)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Train one epoch on some rows, from where the last call ended.

        Args:
            X: (n, d) finite numbers.
            y: (n,) labels.
            classes: all labels there are; needed on the first call unless y has both.
            sample_weight: (n,) numbers >= 0, or None.

        Returns:
            Itself.
        """
        self._check_parameters()
        first = not hasattr(self, "coef_")
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32], reset=first)
        if first or classes is not None:
            labels = np.unique(y if classes is None else classes)
            if not first and not np.array_equal(labels, self.classes_):
                raise ValueError(
                    f"classes={classes!r} is not the same as in the first call: {self.classes_!r}"
                )
        else:
            labels = self.classes_
        target = self._encoded(y, labels)
        weight = _weights(sample_weight, X)
        if weight is not None and not weight.any():
            return self
        generator = check_random_state(self.random_state)
        training = self._training(X, target, weight, None if first else self._theta(), generator, 1)
        training.run()
        self._finish(training, None)
        self.n_iter_ = getattr(self, "n_iter_", 0) + 1
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """The logits z = X w + b, (n,); above 0 means the second class."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return np.asarray(X @ self.coef_[0] + self.intercept_[0])

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities of both classes, (n, 2): sigmoid(-z) and sigmoid(z), exact at saturation."""
        z = torch.from_numpy(self.decision_function(X))
        return torch.stack([sigmoid(-z), sigmoid(z)], 1).numpy()

    def predict(self, X: Any) -> np.ndarray:
        """The more probable label of each row, (n,)."""
        above = self.decision_function(X) > 0
        return np.asarray(self.classes_[above.astype(int)])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def _check_parameters(self) -> None:
        """What the door of training does not see."""
        for name, least in (("epochs", 1), ("n_iter_no_change", 1)):
            value = getattr(self, name)
            if not isinstance(value, Integral) or value < least:
                raise InputError(
                    f"{name} must be a whole number >= {least}, got {value!r}", code=f"{name}.range"
                )
        if self.tol is not None and not (isinstance(self.tol, Real) and math.isfinite(self.tol)):
            raise InputError(f"tol must be a finite number or None, got {self.tol!r}", code="tol.type")
        if not (isinstance(self.alpha, Real) and 0 <= self.alpha < math.inf):
            raise InputError(f"alpha must be finite and >= 0, got {self.alpha!r}", code="alpha.range")
        if not (isinstance(self.validation_fraction, Real) and 0 < self.validation_fraction < 1):
            raise InputError(
                f"validation_fraction must be a number between 0 and 1, got {self.validation_fraction!r}",
                code="validation_fraction.range",
            )

    def _encoded(self, y: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Labels as 0.0 and 1.0; remembers which two they were."""
        check_classification_targets(y)
        if len(labels) > 2:
            kind = type_of_target(labels, input_name="y")
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}: "
                f"NeuronClassifier takes two classes, got {len(labels)}"
            )
        if len(labels) < 2:
            raise ValueError(f"NeuronClassifier needs two classes, got 1 class: {labels[0]!r}")
        unknown = np.setdiff1d(y, labels)
        if len(unknown):
            raise ValueError(f"y has the label {unknown[0]!r}, which is not among the classes {labels!r}")
        self.classes_ = labels
        return np.asarray(y == labels[1], dtype=np.float64)

    def _hold_out(self, X: Any, target: Any, weight: Any, generator: Any) -> Any:
        count = max(2, round(self.validation_fraction * len(target)))
        rows, held = train_test_split(
            np.arange(len(target)), test_size=count, random_state=generator.randint(2**31), stratify=target
        )
        validation = (torch.tensor(X[held]), torch.tensor(target[held].astype(X.dtype)))
        return X[rows], target[rows], None if weight is None else weight[rows], validation

    def _training(
        self, X: Any, target: Any, weight: Any, initial: Any, generator: Any, epochs: int
    ) -> Training:
        shuffle = self.shuffle and self.batch_size is not None
        training = prepare(
            (X, target),
            initial=initial,
            loss=self.loss,
            penalty=as_penalty(self.penalty, self.alpha),
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            epochs=int(epochs),
            batch_size=None if self.batch_size is None else min(self.batch_size, len(target)),
            shuffle=shuffle,
            seed=int(generator.randint(2**31)) if shuffle else None,
            sample_weight=weight,
            class_weight=self._class_weight(target),
            bias=bool(self.fit_intercept),
            dtype=torch.float32 if X.dtype == np.float32 else torch.float64,
        )
        saved = None if initial is None else self.optimizer_state_
        if saved is not None and saved["method"] == training.plan.optimizer.name:
            memory = training.plan.optimizer.load(saved, training.state.theta)
            training.state = training.state._replace(memory=memory)
        return training

    def _class_weight(self, target: np.ndarray) -> Any:
        """The mapping over the user's labels as one over 0 and 1."""
        if self.class_weight is None:
            return None
        codes = np.searchsorted([0.0, 1.0], target)
        pair = compute_class_weight(self.class_weight, classes=self.classes_, y=self.classes_[codes])
        return {0: float(pair[0]), 1: float(pair[1])}

    def _watch(self, training: Training, held: Any) -> str | None:
        """Pull the training until the watched loss stops falling; say so if it did."""
        best, waited = math.inf, 0
        for step in training.steps():
            if self.tol is None:
                continue
            losses = [self._held_loss(training, *held)] if held else step.losses.tolist()
            for loss in losses:
                waited = 0 if loss < best - self.tol else waited + 1
                best = min(best, loss)
            if waited >= self.n_iter_no_change:
                which = "validation" if held else "training"
                return f"the {which} loss fell by less than {self.tol:g} for {waited} epochs"
        return None

    def _held_loss(self, training: Training, X: torch.Tensor, y: torch.Tensor) -> float:
        neuron = training.plan.objective
        assert isinstance(neuron, Neuron), "the estimator trains a neuron"
        return float(neuron.loss.value(neuron.logits(training.state.theta, X), y).mean())

    def _finish(self, training: Training, stopped: str | None) -> None:
        theta = training.state.theta.numpy().copy()
        self.coef_ = theta[None, : len(theta) - bool(self.fit_intercept)]
        self.intercept_ = theta[-1:] if self.fit_intercept else np.zeros(1, dtype=theta.dtype)
        memory = training.state.memory
        self.optimizer_state_ = None if memory is None else training.plan.optimizer.save(memory)
        self.history_: History = training.history(stopped=stopped)

    def _theta(self) -> np.ndarray:
        return np.concatenate([self.coef_[0], self.intercept_]) if self.fit_intercept else self.coef_[0]


def _weights(sample_weight: Any, X: np.ndarray) -> Any:
    return None if sample_weight is None else _check_sample_weight(sample_weight, X, ensure_non_negative=True)
