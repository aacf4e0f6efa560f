"""The neuron in scikit-learn's manners, nothing else."""

from __future__ import annotations

import math
import warnings
from numbers import Real
from typing import Any, Self

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state, compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from soloneuron.data.arrays import as_features
from soloneuron.data.validation_rows import validation_rows
from soloneuron.errors import InputError
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.penalties import as_penalty
from soloneuron.neuron import Neuron
from soloneuron.optimizers.base import Optimizer
from soloneuron.optimizers.saved import saved
from soloneuron.optimizers.state import OptimizerState
from soloneuron.records.dataset import Batch
from soloneuron.records.history import History
from soloneuron.records.spellings import AUTO
from soloneuron.shapes import Features, Theta
from soloneuron.training.automatic import PLAIN_RULE, chosen_rule, is_auto
from soloneuron.training.plan import State
from soloneuron.training.prepare import prepare
from soloneuron.training.session import Training
from soloneuron.training.stopping import Patience, Validation, untrained_loss
from soloneuron.training.streaming import Stream
from soloneuron.training.validation import as_count, as_flag, as_rate, as_rule, row_weights
from soloneuron.training.watching import judged_history, pulled, warning_of


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

    Attributes:
        classes_: the two labels.
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
            X: (n, d) finite numbers, dense or a sparse matrix.
            y: (n,) labels of two classes.
            sample_weight: (n,) numbers >= 0, or None.

        Returns:
            Itself.

        Warns:
            ConvergenceWarning: the training ended badly, or its epochs ran out before it arrived; the warning
                says how, why, and what to do.
        """
        self._check_parameters()
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=[np.float64, np.float32])
        target = self._encoded(y, _classes(y))
        weight = self._row_weights(target, _weights(sample_weight, X))
        generator = check_random_state(self.random_state)
        known = self.warm_start and hasattr(self, "coef_")
        held = None
        if self.early_stopping:
            held = validation_rows(
                X, target, weight, self.validation_fraction, seed=int(generator.randint(2**31))
            )
            if not held.any():
                raise ValueError("early_stopping needs two different rows of a class, got none to hold out")
        initial = self._theta() if known else None
        training, validation = self._training(X, target, weight, held, generator, initial)
        self.history_ = self._pulled(training, validation)
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
        self._check_parameters()
        first = not hasattr(self, "coef_")
        # A run keeps the dtype that it began with.
        X, y = validate_data(
            self,
            X,
            y,
            accept_sparse="csr",
            dtype=[np.float64, np.float32] if first else self.coef_.dtype,
            reset=first,
        )
        target = self._encoded(y, self._labels_of_stream(y, classes))
        stream = self._stream_for(X.shape[1])
        state = self._state_for(X, stream.rule)
        after = stream.learn(
            state,
            as_features(X),
            target,
            sample_weight=self._row_weights(target, _weights(sample_weight, X)),
            seed=self._order_seed(check_random_state(self.random_state)),
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
        X = validate_data(self, X, accept_sparse="csr", dtype=[np.float64, np.float32], reset=False)
        return np.asarray(X @ self.coef_[0] + self.intercept_[0])

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities of both classes, (n, 2): sigmoid(-z) and sigmoid(z), each to its own precision."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=[np.float64, np.float32], reset=False)
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
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.sparse = True
        return tags

    def __getstate__(self) -> Any:
        state = super().__getstate__()
        # It is made again when it is needed; a file should not hold what a parameter says already.
        return {name: value for name, value in state.items() if name != "_stream"}

    def _check_parameters(self) -> None:
        """What the door of training does not see."""
        for name in ("epochs", "n_iter_no_change", "batch_size"):
            if name != "batch_size" or self.batch_size is not None:
                as_count(getattr(self, name), name, least=1)
        for name in ("fit_intercept", "shuffle", "early_stopping", "warm_start"):
            if name != "shuffle" or self.shuffle is not None:
                as_flag(getattr(self, name), name)
        if self.tol is not None and not (isinstance(self.tol, Real) and math.isfinite(self.tol)):
            raise InputError(f"tol must be a finite number or None, got {self.tol!r}", code="tol.type")
        if not (isinstance(self.alpha, Real) and 0 <= self.alpha < math.inf):
            raise InputError(f"alpha must be finite and >= 0, got {self.alpha!r}", code="alpha.range")
        if not (isinstance(self.validation_fraction, Real) and 0 < self.validation_fraction < 1):
            raise InputError(
                f"validation_fraction must be a number between 0 and 1, got {self.validation_fraction!r}",
                code="validation_fraction.range",
            )

    def _labels_of_stream(self, y: np.ndarray, classes: Any) -> np.ndarray:
        """The labels that ``partial_fit`` knows of: those it was judged_history first."""
        if not hasattr(self, "coef_"):
            return _classes(y if classes is None else np.asarray(classes))
        if classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(f"classes={classes!r} is not the same as in the first call: {self.classes_!r}")
        return np.asarray(self.classes_)

    def _encoded(self, y: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Labels as 0.0 and 1.0; remembers which two they were."""
        if len(labels) > 2:
            kind = type_of_target(labels, input_name="y")
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}: "
                f"NeuronClassifier takes two classes, got {len(labels)}"
            )
        if len(labels) < 2:
            raise ValueError(f"NeuronClassifier needs two classes, got 1 class: {labels.tolist()[0]!r}")
        second = y == labels[1]
        known = second | (y == labels[0])
        if not known.all():
            raise ValueError(
                f"y has the label {y[~known].tolist()[0]!r}, which is not among the classes {labels.tolist()}"
            )
        self.classes_ = labels
        return np.asarray(second, dtype=np.float64)

    def _training(
        self, X: Any, target: Any, weight: Any, held: Any, generator: Any, initial: Any
    ) -> tuple[Training, Validation | None]:
        """The training on all rows but those held out, and the loss of these."""
        rows = slice(None) if held is None else ~held
        seed = self._order_seed(generator)
        features = as_features(X[rows])
        training = prepare(
            (features, target[rows]),
            initial=initial,
            loss=self.loss,
            penalty=as_penalty(self.penalty, self.alpha),
            optimizer=self._rule(features),
            learning_rate=AUTO if self.learning_rate is None else self.learning_rate,
            epochs=int(self.epochs),
            batch_size=None if self.batch_size is None else min(self.batch_size, len(target[rows])),
            shuffle=seed is not None,
            seed=seed,
            sample_weight=None if weight is None else weight[rows],
            bias=bool(self.fit_intercept),
            dtype=torch.float32 if X.dtype == np.float32 else torch.float64,
        )
        self.optimizer_ = training.plan.optimizer.name
        if initial is not None:
            memory = self._memory_for(training.plan.optimizer, training.state.theta)
            training.state = training.state._replace(memory=memory)
        if held is None:
            return training, None
        like = training.state.theta
        weights = None if weight is None else torch.as_tensor(weight[held]).to(like)
        part = Batch(as_features(X[held]), torch.as_tensor(target[held]).to(like), weights)
        return training, Validation.of(training.plan, part)

    def _order_seed(self, generator: Any) -> int | None:
        """The seed of the order of rows; it matters to parts of the data only."""
        parts = self.batch_size is not None and (self.shuffle is None or self.shuffle)
        return int(generator.randint(2**31)) if parts else None

    def _rule(self, X: Features) -> Any:
        """The optimizer, or the one that is chosen where that is left to the library."""
        if not is_auto(self.optimizer):
            return self.optimizer
        neuron = Neuron(
            as_loss(self.loss), as_penalty(self.penalty, self.alpha), bias=bool(self.fit_intercept)
        )
        of_descent = {name: getattr(self, name) for name in ("learning_rate", "batch_size", "shuffle")}
        return chosen_rule(neuron, X, **of_descent)

    def _stream_for(self, columns: int) -> Stream:
        """The parts of ``partial_fit``, made again only where a parameter is another one than last time."""
        of_neuron = (self.loss, self.penalty, self.alpha, self.fit_intercept, columns)
        asked = (*of_neuron, self.optimizer, self.learning_rate, self.batch_size)
        known: Any = getattr(self, "_stream", None)
        if known is None or not all(one is other for one, other in zip(known[0], asked, strict=True)):
            penalty = as_penalty(self.penalty, self.alpha)
            neuron = Neuron(as_loss(self.loss), penalty, bias=bool(self.fit_intercept))
            given = AUTO if self.learning_rate is None else self.learning_rate
            rate = as_rate(given, torch.float64, columns + neuron.bias)
            # Second derivatives of a piece alone would throw away what was learned from those before it.
            rule = PLAIN_RULE if is_auto(self.optimizer) else self.optimizer
            size = None if self.batch_size is None else as_count(self.batch_size, "batch_size", least=1)
            known = self._stream = asked, Stream(neuron, *as_rule(rule, rate), size)
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

    def _row_weights(self, target: np.ndarray, weight: Any) -> Any:
        """What rows count by themselves and by their class, whose mapping is over the user's labels."""
        chosen = self.class_weight
        if chosen is None:
            return weight
        if not isinstance(chosen, str):
            codes = target.astype(int)
            pair = compute_class_weight(chosen, classes=self.classes_, y=self.classes_[codes])
            chosen = dict(enumerate(pair.tolist()))
        weights = row_weights(torch.from_numpy(target), weight, chosen)
        return None if weights is None else weights.numpy()

    def _pulled(self, training: Training, validation: Validation | None) -> History:
        """Train to the end, or until the training has arrived or the watched loss stands still."""
        if self.tol is None:
            training.run()
            return judged_history(training, None)
        watched = training.plan.data if validation is None else validation.rows
        neuron = training.plan.objective
        assert isinstance(neuron, Neuron), "the estimator trains a neuron"
        assert watched is not None, "a neuron has rows"
        patience = Patience(self.tol, self.n_iter_no_change, untrained_loss(neuron, watched))
        end = pulled(training, patience, validation)
        which = "training" if validation is None else "validation"
        by = (
            f"for {patience.waited} epochs the {which} loss fell by less than {self.tol:g} of what weights "
            "of 0 cost"
        )
        return judged_history(training, end, by=by)

    def _stand_at(self, state: State) -> None:
        theta = state.theta.numpy()
        self.coef_ = theta[None, : len(theta) - bool(self.fit_intercept)].copy()
        self.intercept_ = theta[-1:].copy() if self.fit_intercept else np.zeros(1, dtype=theta.dtype)
        self._memory = state.memory

    def _theta(self) -> np.ndarray:
        return np.concatenate([self.coef_[0], self.intercept_]) if self.fit_intercept else self.coef_[0]


def _classes(y: np.ndarray) -> np.ndarray:
    """The labels there are, sorted."""
    # Whole numbers, words and truth values are labels; only of others it has to be found out.
    if y.dtype.kind not in "biuUS":
        check_classification_targets(y)
    return np.unique(y)


def _weights(sample_weight: Any, X: np.ndarray) -> Any:
    return None if sample_weight is None else _check_sample_weight(sample_weight, X, ensure_non_negative=True)
