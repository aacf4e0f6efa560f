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
    from sklearn.utils.validation import check_is_fitted, validate_data
except ModuleNotFoundError:
    raise MissingExtraError("NeuronClassifier", "sklearn") from None

from soloneuron.data.arrays import as_features
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.neuron import Neuron
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.saved import saved
from soloneuron.optimizers.state import OptimizerState
from soloneuron.progress import training_progress
from soloneuron.records.dataset import Dataset
from soloneuron.shapes import Theta
from soloneuron.training.estimator_parameters import check_parameters
from soloneuron.training.estimator_rows import (
    FLOATS,
    EncodedRows,
    binary_tags,
    checked_weights,
    class_labels,
    encoded,
    host_labels,
    host_rows,
    known_features,
    labels_of_stream,
    row_counts,
    sharded_rows_of,
)
from soloneuron.training.estimator_tiles import arrays_of, class_values, in_tiles, tile_training
from soloneuron.training.estimator_training import (
    asked_stream,
    asked_training,
    asked_watcher,
    held_out,
    makes_stream,
    order_seed,
)
from soloneuron.training.plan import State
from soloneuron.training.session import Training
from soloneuron.training.streaming import Stream
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
                X, y = host_rows(X), host_labels(y)
                X, y = validate_data(self, X, y, accept_sparse="csr", dtype=FLOATS)
            rows = self._encoded(X, y, class_labels(y), sample_weight)
            held = held_out(self, rows, generator)
            training = self._training(rows if held is None else rows.part(~held), order_seed(self, generator))
        watcher = asked_watcher(self, training, None if held is None else rows.part(held))
        with training_progress(training, shown=bool(self.verbose)):
            self.history_ = watched_history(training, watcher)
        self._stand_at(training.state)
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
        X, y = host_rows(X), host_labels(y)
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=dtype, reset=first)
        labels = labels_of_stream(y, classes, None if first else self.classes_)
        rows = self._encoded(X, y, labels, sample_weight)
        stream = self._stream_for(X.shape[1])
        state = self._state_for(X, stream.rule)
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
        self._stand_at(state if after is None else after)
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
        return np.asarray(neuron.class_probabilities(torch.from_numpy(self._theta()), as_features(X)))

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
        return self._gone_on(asked_training(self, rows, initial=self._last_theta(), seed=seed))

    def _tile_training(self, data: Dataset, sample_weight: Any, seed: int | None) -> Training:
        """The same on rows on disk."""
        self.classes_, self.n_features_in_ = class_values(data), len(data.feature_names)
        self.feature_names_in_ = np.array(data.feature_names, dtype=object)
        return self._gone_on(tile_training(self, data, sample_weight, initial=self._last_theta(), seed=seed))

    def _last_theta(self) -> Any:
        """Where the last training ended, with ``warm_start``."""
        return self._theta() if self.warm_start and hasattr(self, "coef_") else None

    def _gone_on(self, training: Training) -> Training:
        """A training with what the last one remembers, with ``warm_start``."""
        known = self.warm_start and hasattr(self, "coef_")
        self.optimizer_ = training.plan.optimizer.name
        if known:
            memory = self._memory_for(training.plan.optimizer, training.state.theta)
            training.state = training.state._replace(memory=memory)
        return training

    def _stream_for(self, columns: int) -> Stream:
        """The parts of ``partial_fit``, made again only where a parameter is another one than last time."""
        asked = makes_stream(self, columns)
        known: Any = getattr(self, "_stream", None)
        if known is None or not all(one is other for one, other in zip(known[0], asked, strict=True)):
            known = self._stream = asked, asked_stream(self, columns)
        stream: Stream = known[1]
        return stream

    def _state_for(self, X: Any, rule: Optimizer) -> State:
        """Where a stream stands: at weights of 0 before its first piece."""
        if hasattr(self, "coef_"):
            theta = torch.from_numpy(self._theta())
            return State(0, theta, self._memory_for(rule, theta))
        return State(0, torch.zeros(X.shape[1] + bool(self.fit_intercept), dtype=as_features(X[:1]).dtype))

    def _memory_for(self, rule: Optimizer, theta: Theta) -> OptimizerState | None:
        """What the last fit remembers, if it was by the same method and in the same dtype."""
        memory: OptimizerState | None = self._memory
        known = memory is not None and memory.method == rule.name
        return memory if known and torch.from_numpy(self.coef_).dtype == theta.dtype else None

    def _stand_at(self, state: State) -> None:
        theta = state.theta.numpy()
        self.coef_ = theta[None, : len(theta) - bool(self.fit_intercept)].copy()
        self.intercept_ = theta[-1:].copy() if self.fit_intercept else np.zeros(1, dtype=theta.dtype)
        self._memory = state.memory

    def _theta(self) -> np.ndarray:
        return np.concatenate([self.coef_[0], self.intercept_]) if self.fit_intercept else self.coef_[0]
