"""The neuron in scikit-learn's manners, nothing else."""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
import torch

from soloneuron.errors import MissingExtraError

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.utils import check_random_state
    from sklearn.utils.validation import check_is_fitted
except ModuleNotFoundError:
    raise MissingExtraError("NeuronClassifier", "sklearn") from None

from soloneuron.data.arrays import as_features
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.neuron import Neuron
from soloneuron.optimizers.saved import saved
from soloneuron.optimizers.state import OptimizerState
from soloneuron.progress import training_progress
from soloneuron.records.dataset import Dataset
from soloneuron.training.estimator_parameters import check_parameters
from soloneuron.training.estimator_rows import (
    FLOATS,
    EncodedRows,
    binary_tags,
    checked_weights,
    class_labels,
    encoded,
    known_features,
    labelled_rows,
    labels_of_stream,
    row_counts,
    sharded_rows_of,
)
from soloneuron.training.estimator_state import (
    keep_state,
    last_theta,
    start_of_stream,
    theta_of,
    with_memory,
)
from soloneuron.training.estimator_tiles import arrays_of, class_values, in_tiles, tile_training
from soloneuron.training.estimator_training import (
    asked_training,
    asked_watcher,
    held_out,
    order_seed,
    stream_of,
)
from soloneuron.training.session import Training
from soloneuron.training.watching import warning_of, watched_history


class NeuronClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One sigmoid neuron as a scikit-learn classifier for two classes.

    Args:
        loss: a name of the catalogue (``soloneuron losses``) or an object with ``value`` and ``derivative``.
        optimizer: ``"auto"``, a name of the catalogue (``soloneuron optimizers``) or an Optimizer.
            ``warm_start`` and ``partial_fit`` go on with what it remembers. ``"auto"`` arrives at the
            optimum, whatever the scale of the columns: Newton's method for few columns, else L-BFGS; it is
            plain descent where learning_rate, batch_size or shuffle is given, and in ``partial_fit``, which
            never sees all rows.
        learning_rate: finite and > 0. None or ``"auto"`` is, for gradient descent, half of a rate that is
            safe for the data; for any other optimizer its own default.
        epochs: passes over the rows at most, >= 1.
        batch_size: rows an update; None takes all, 1 is per-sample.
        penalty: ``"l1"``, ``"l2"``, ``"elastic_net"``, a Penalty, or None.
        alpha: strength of a penalty given by name.
        class_weight: None, ``"balanced"``, or a mapping from class label to weight.
        fit_intercept: whether the neuron has a bias.
        shuffle: take rows in a new order every epoch; it matters to parts of the data only, and None is yes.
        early_stopping: hold out ``validation_fraction`` of the rows and stop when the loss there no longer
            falls; otherwise the training loss is watched.
        validation_fraction: share held out by early stopping, in (0, 1).
        n_iter_no_change: epochs in a row without improvement before stopping.
        tol: what counts as an improvement of the watched loss, as a share of the loss of weights that are
            all 0; None trains all epochs.
        random_state: seed of shuffling and holding out; None, an int or a RandomState.
        warm_start: whether ``fit`` goes on from where the last fit ended.
        verbose: 1 shows a bar, in a terminal or a notebook, while ``fit`` trains; 0 shows nothing.
        checkpoint: a file in which ``fit`` keeps the training on its way, and what early stopping has
            counted; where the file is there already it goes on from it. Rows that are shuffled or held out
            then need a whole ``random_state``.
        checkpoint_every: epochs between two of them; None writes about a hundred in all.

    Attributes:
        classes_: the two labels, sorted as scikit-learn demands, whichever says yes; ``fit`` of this library
            makes that one class 1.
        coef_: (1, d). intercept_: (1,).
        optimizer_: the name of the rule that was taken.
        n_iter_: epochs done by the last fit, and by ``partial_fit`` since.
        optimizer_state_: what the rule remembers, as plain data, or None for plain descent.
        history_: the History of the last ``fit``; ``partial_fit`` measures nothing, and takes it away.

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
        optimizer: Any = "auto",
        learning_rate: Any = None,
        epochs: int = 1000,
        batch_size: int | None = None,
        penalty: Any = None,
        alpha: float = 1e-4,
        class_weight: Any = None,
        fit_intercept: bool = True,
        shuffle: bool | None = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        tol: float | None = 1e-6,
        random_state: Any = None,
        warm_start: bool = False,
        verbose: int = 0,
        checkpoint: Any = None,
        checkpoint_every: int | None = None,
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
        self.verbose = verbose
        self.checkpoint = checkpoint
        self.checkpoint_every = checkpoint_every

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Train from the start (or from the last fit, with ``warm_start``).

        Args:
            X: (n, d) finite numbers, dense or a sparse matrix; a Dataset, as ``stream`` returns, with its
                labels; or what ``shard`` has made of rows, on which all processes train together.
            y: (n,) labels of two classes; None beside a Dataset.
            sample_weight: (n,) numbers >= 0, or None.

        Returns:
            Itself.

        Warns:
            ConvergenceWarning: the training ended badly, or its epochs ran out before it arrived; the warning
                says how, why, and what to do.
        """
        check_parameters(self)
        generator, held = check_random_state(self.random_state), None
        if in_tiles(X):
            training = self._tile_training(X, sample_weight, order_seed(self, generator))
        else:
            X, y = arrays_of(X) if isinstance(X, Dataset) else (X, y)
            if isinstance(X, ShardedRows):
                X, y = sharded_rows_of(self, X, y)
            else:
                X, y = labelled_rows(self, X, y)
            rows = self._encoded(X, y, class_labels(y), sample_weight)
            held = held_out(self, rows, generator)
            training = self._training(rows if held is None else rows.part(~held), order_seed(self, generator))
        self.optimizer_ = training.plan.optimizer.name
        watcher = asked_watcher(self, training, None if held is None else rows.part(held))
        with training_progress(training, shown=bool(self.verbose)):
            self.history_ = watched_history(training, watcher)
        keep_state(self, training.state)
        self.n_iter_ = training.epoch
        warned = warning_of(self.history_)
        if warned is not None:
            warnings.warn(warned, ConvergenceWarning, stacklevel=2)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Train one epoch on some rows, from where the last call ended, and measure nothing.

        Args:
            X: (n, d) finite numbers, dense or a sparse matrix.
            y: (n,) labels.
            classes: all labels there are; needed on the first call unless y has both.
            sample_weight: (n,) numbers >= 0, or None.

        Returns:
            Itself.

        Warns:
            ConvergenceWarning: the epoch overflowed; nothing was learned from these rows.
        """
        check_parameters(self)
        first = not hasattr(self, "coef_")
        # A run keeps the dtype that it began with.
        dtype = FLOATS if first else self.coef_.dtype
        X, y = labelled_rows(self, X, y, dtype=dtype, reset=first)
        labels = labels_of_stream(y, classes, None if first else self.classes_)
        rows = self._encoded(X, y, labels, sample_weight)
        stream = stream_of(self, X.shape[1])
        state = start_of_stream(self, stream.rule, X)
        after = stream.learn(
            state,
            as_features(X),
            rows.target,
            sample_weight=rows.weights,
            seed=order_seed(self, check_random_state(self.random_state)),
        )
        if after is None:
            warnings.warn(
                f"nothing was learned from these rows: an epoch of them leaves the range of {X.dtype}; "
                "lower the learning rate, or scale the columns",
                ConvergenceWarning,
                stacklevel=2,
            )
        self.optimizer_ = stream.rule.name
        keep_state(self, state if after is None else after)
        # Nothing was measured: a history of the fit before would not be that of these weights.
        if hasattr(self, "history_"):
            del self.history_
        self.n_iter_ = getattr(self, "n_iter_", 0) + 1
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """The logits z = X w + b, (n,); above 0 means the second class."""
        check_is_fitted(self)
        X = known_features(self, X)
        return np.asarray(X @ self.coef_[0] + self.intercept_[0])

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities of both classes, (n, 2): sigmoid(-z) and sigmoid(z), each to its own precision."""
        check_is_fitted(self)
        X = known_features(self, X)
        neuron = Neuron(bias=bool(self.fit_intercept))
        return np.asarray(neuron.class_probabilities(torch.from_numpy(theta_of(self)), as_features(X)))

    def predict(self, X: Any) -> np.ndarray:
        """The more probable label of each row, (n,)."""
        above = self.decision_function(X) > 0
        return np.asarray(self.classes_[above.astype(int)])

    @property
    def optimizer_state_(self) -> dict[str, Any] | None:
        """What the optimizer remembers, as plain data: its method, t and slots; None for plain descent."""
        if not hasattr(self, "coef_"):
            raise AttributeError(f"{type(self).__name__} has no optimizer_state_ before it is fitted")
        memory: OptimizerState | None = self._memory
        return None if memory is None else saved(memory)

    def __sklearn_tags__(self) -> Any:
        return binary_tags(super().__sklearn_tags__())

    def __getstate__(self) -> Any:
        state = super().__getstate__()
        # It is made again when it is needed; a file should not hold what a parameter says already.
        return {name: value for name, value in state.items() if name != "_stream"}

    def _encoded(self, X: Any, y: np.ndarray, labels: np.ndarray, sample_weight: Any) -> EncodedRows:
        """The rows with labels of 0.0 and 1.0; remembers which two they were."""
        target = encoded(y, labels)
        self.classes_ = labels
        weights = row_counts(target, checked_weights(sample_weight, X), self.class_weight, labels)
        return EncodedRows(X, target, weights)

    def _training(self, rows: EncodedRows, seed: int | None) -> Training:
        """The training on rows, from where the last one ended with ``warm_start``."""
        return with_memory(self, asked_training(self, rows, initial=last_theta(self), seed=seed))

    def _tile_training(self, data: Dataset, sample_weight: Any, seed: int | None) -> Training:
        """The same on rows on disk."""
        self.classes_, self.n_features_in_ = class_values(data), len(data.feature_names)
        self.feature_names_in_ = np.array(data.feature_names, dtype=object)
        return with_memory(
            self, tile_training(self, data, sample_weight, initial=last_theta(self), seed=seed)
        )
