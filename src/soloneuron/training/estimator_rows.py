"""Rows as the estimators take them: labels of any two classes, weights of rows and of classes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.sparse import csr_matrix
from sklearn.utils import check_consistent_length, column_or_1d, compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, validate_data

from soloneuron.data.arrays import as_features
from soloneuron.data.tables import unmasked
from soloneuron.errors import InputError
from soloneuron.formulas.sharded import ShardedRows
from soloneuron.formulas.sparse import is_sparse
from soloneuron.training.row_weights import row_weights

FLOATS = [np.float64, np.float32]
"""The dtypes that stay what they are; anything else becomes the first."""


class EncodedRows(NamedTuple):
    """Rows that can be trained on.

    Attributes:
        features: X (n, d), an array or a scipy sparse matrix of CSR.
        target: (n,), 0.0 and 1.0.
        weights: what each row counts, (n,), or None.
    """

    features: Any
    target: np.ndarray
    weights: np.ndarray | None

    def part(self, rows: np.ndarray) -> EncodedRows:
        """Some of them, by a mask or by their places."""
        weights = None if self.weights is None else self.weights[rows]
        return EncodedRows(self.features[rows], self.target[rows], weights)


def known_features(estimator: Any, X: Any) -> Any:
    """Rows for a fitted estimator, of the columns that it was fitted on."""
    return validate_data(estimator, host_rows(X), accept_sparse="csr", dtype=FLOATS, reset=False)


def host_rows(X: Any) -> Any:
    """A tensor as the array or the sparse matrix that scikit-learn knows; anything else as it came.

    Raises:
        InputError: no plain numbers, a number under a mask, or a tensor on another device: an estimator's
            arrays have none.

    Example:
        >>> host_rows(torch.tensor([[0.0, 2.0]]).to_sparse()).toarray().tolist()
        [[0.0, 2.0]]
    """
    if not isinstance(X, torch.Tensor):
        return unmasked(X, "features")
    X = as_features(X)
    if X.device.type != "cpu":
        raise InputError(
            f"features must be on the cpu for an estimator of scikit-learn, got a tensor on {X.device}: take "
            "X.cpu(), or soloneuron.fit, which trains where they are",
            code="features.host",
        )
    if not is_sparse(X):
        return X.numpy()
    return csr_matrix(
        tuple(part.numpy() for part in (X.values(), X.col_indices(), X.crow_indices())), X.shape
    )


def host_labels(y: Any) -> Any:
    """Labels of a tensor as an array; anything else as it came.

    Raises:
        InputError: a label under a mask.
    """
    return y.detach().cpu().numpy() if isinstance(y, torch.Tensor) else unmasked(y, "labels")


def labelled_rows(
    estimator: Any, X: Any, y: Any, *, dtype: Any = FLOATS, reset: bool = True
) -> tuple[Any, np.ndarray]:
    """Rows (n, d), an array or a sparse matrix, and labels (n,) that have passed scikit-learn's checks.

    Args:
        estimator: whose columns they are.
        X: (n, d) finite numbers, dense or sparse.
        y: (n,) labels.
        dtype: what the rows become, or which dtypes they may keep.
        reset: whether the estimator learns its columns from these rows; else they must be those it knows.

    Raises:
        InputError: as ``host_rows`` and ``host_labels``.
        ValueError: rows or labels that scikit-learn refuses.
    """
    rows, labels = host_rows(X), host_labels(y)
    return validate_data(estimator, rows, labels, accept_sparse="csr", dtype=dtype, reset=reset)  # type: ignore[no-any-return]


def sharded_rows_of(estimator: Any, X: ShardedRows, y: Any) -> tuple[ShardedRows, np.ndarray]:
    """Rows that are spread over processes, and their labels (n,), as ``validate_data`` hands on others.

    Raises:
        InputError: with early stopping, which would hold out rows that other processes have.
        ValueError: not as many labels as rows.
    """
    if estimator.early_stopping:
        raise InputError(
            "early_stopping must be False for rows over processes, got True: hold rows out before shard",
            code="processes.early_stopping",
        )
    labels = column_or_1d(y, warn=True)
    check_consistent_length(X, labels)
    estimator.n_features_in_ = X.shape[1]
    return X, labels


def class_labels(y: np.ndarray) -> np.ndarray:
    """The labels there are, sorted.

    Raises:
        ValueError: numbers that are no labels.

    Example:
        >>> class_labels(np.array(["yes", "no", "yes"])).tolist()
        ['no', 'yes']
    """
    # Whole numbers, words and truth values are labels; only of others it has to be found out.
    whole = y.dtype.kind in "biuUS" or (y.dtype.kind == "f" and (y == np.rint(y)).all())
    if not whole:
        check_classification_targets(y)
    return np.unique(y)


def labels_of_stream(y: np.ndarray, classes: Any, known: np.ndarray | None) -> np.ndarray:
    """The labels of rows that come in pieces.

    Args:
        y: the labels of this piece.
        classes: all labels there are, or None for those of the first piece.
        known: the labels of the pieces before; None for the first.

    Raises:
        ValueError: other classes than in the first call.
    """
    if known is None:
        return class_labels(y if classes is None else np.asarray(classes))
    if classes is not None and not np.array_equal(np.unique(classes), known):
        raise ValueError(f"classes={classes!r} is not the same as in the first call: {known!r}")
    return np.asarray(known)


def encoded(y: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Labels as 0.0 and 1.0.

    Args:
        y: (n,) labels.
        labels: all there may be, sorted.

    Raises:
        ValueError: not two classes, or a label of none of them.

    Example:
        >>> encoded(np.array(["yes", "no"]), np.array(["no", "yes"])).tolist()
        [1.0, 0.0]
    """
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
    return np.asarray(second, dtype=np.float64)


def checked_weights(sample_weight: Any, X: Any) -> Any:
    """Weights of rows, (n,) numbers >= 0, or None."""
    if sample_weight is None:
        return None
    return _check_sample_weight(unmasked(sample_weight, "sample_weight"), X, ensure_non_negative=True)


def row_counts(target: np.ndarray, weights: Any, class_weight: Any, labels: np.ndarray) -> np.ndarray | None:
    """What rows count by themselves and by their class.

    Args:
        target: (n,), 0.0 and 1.0.
        weights: (n,) numbers >= 0, or None.
        class_weight: None, ``"balanced"``, or a mapping from class label to weight.
        labels: the two labels.

    Returns:
        (n,), or None where all count alike.

    Example:
        >>> row_counts(np.array([0.0, 1.0, 1.0]), None, {"yes": 3.0}, np.array(["no", "yes"])).tolist()
        [1.0, 3.0, 3.0]
    """
    if class_weight is None:
        return weights  # type: ignore[no-any-return]
    chosen = class_weight
    if not isinstance(chosen, str):
        pair = compute_class_weight(chosen, classes=labels, y=labels[target.astype(int)])
        chosen = dict(enumerate(pair.tolist()))
    counts = row_weights(torch.from_numpy(target), weights, chosen)
    return None if counts is None else counts.numpy()


def binary_tags(tags: Any) -> Any:
    """The tags of a classifier of two classes that takes sparse rows."""
    tags.classifier_tags.multi_class = False
    tags.input_tags.sparse = True
    return tags
