"""Many settings on many folds at once: the rows that a fold holds out count 0 in its training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from soloneuron.data.arrays import as_features
from soloneuron.formulas.penalties import Penalty
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch
from soloneuron.shapes import Labels, RowWeights, Theta, Values
from soloneuron.training.checkpoint_identity import digests_of_rows
from soloneuron.training.engines.pieces import piece_width
from soloneuron.training.estimator_rows import row_counts
from soloneuron.training.measures import values_at
from soloneuron.training.parallel import map_tasks
from soloneuron.training.prepare import prepare
from soloneuron.training.session import Training
from soloneuron.training.sharding.descriptions import description


@dataclass(frozen=True, eq=False)
class Folds:
    """Rows and their splits.

    Attributes:
        features: X (n, d), an array or a scipy sparse matrix of CSR.
        labels: y (n,), 0 or 1, in the dtype of the training.
        weights: how much each row counts, (n,), or None.
        splits: the places of the rows that are trained on and of those that are held out, fold by fold.
    """

    features: Any
    labels: Labels
    weights: RowWeights | None
    splits: Sequence[tuple[Any, Any]]

    def held_out(self, fold: int) -> Batch:
        """The rows that a fold holds out, their weights of mean 1."""
        rows = self.splits[fold][1]
        weights = None if self.weights is None else self.weights[rows]
        counts = None if weights is None else weights / weights.mean()
        return Batch(as_features(self.features[rows]), self.labels[rows], counts)

    def training_weights(self, class_weight: Any, labels: np.ndarray) -> RowWeights:
        """What every row counts in the training of each fold, (folds, n): 0 where it is held out.

        Args:
            class_weight: None, ``"balanced"``, or a mapping from class label to weight.
            labels: the two labels that 0 and 1 stand for.

        Raises:
            ValueError: a fold trains on one class alone.
        """
        return torch.stack([self._weights_of(k, class_weight, labels) for k in range(len(self.splits))])

    def _weights_of(self, fold: int, class_weight: Any, labels: np.ndarray) -> RowWeights:
        train = np.asarray(self.splits[fold][0])
        target = self.labels.numpy()[train]
        own = None if self.weights is None else self.weights.numpy()[train]
        found = np.unique(target if own is None else target[own > 0])
        if len(found) < 2:
            only = labels[found.astype(int)].tolist()
            raise ValueError(
                f"NeuronClassifierCV needs two classes in the rows that a fold trains on, got {len(only)} "
                f"class{'es' * (len(only) != 1)} in fold {fold}: {only}"
            )
        counts = row_counts(target, own, class_weight, labels)
        weights = np.zeros(len(self.labels))
        # Adding, not setting: a splitter may draw a row more than once.
        np.add.at(weights, train, 1.0 if counts is None else counts)
        return torch.from_numpy(weights)

    def digests(self) -> dict[str, str]:
        """SHA-256 of rows, labels, weights and splits, by what they are called where they differ."""
        found = digests_of_rows(Batch(as_features(self.features), self.labels, self.weights))
        splits = [(np.asarray(train), np.asarray(held)) for train, held in self.splits]
        return {**found, "the split into folds": description(splits)}

    def log_losses(self, theta: Theta, *, bias: bool) -> Values:
        """The mean log loss on the rows that each fold holds out.

        Args:
            theta: (..., folds, k): each fold is asked with its own.
            bias: whether theta ends with a bias.

        Returns:
            (..., folds), in nats.
        """
        neuron = Neuron(bias=bias)
        each = [
            values_at(neuron, theta[..., fold, :], self.held_out(fold)) for fold in range(len(self.splits))
        ]
        return torch.stack(each, -1)

    def scored(
        self,
        score: Callable[..., float],
        thetas: np.ndarray,
        *,
        labels: np.ndarray,
        standing_at: Callable[[np.ndarray], Any],
    ) -> np.ndarray:
        """What a score of scikit-learn says of thetas on the rows that each fold holds out.

        Args:
            score: (estimator, X, y, sample_weight) -> a number.
            thetas: (..., folds, k): each fold is asked with its own.
            labels: the two labels that 0 and 1 stand for.
            standing_at: theta (k,) -> the estimator that predicts by it.

        Returns:
            (..., folds), -inf where theta is not finite.
        """
        found = np.full(thetas.shape[:-1], -np.inf)
        for place in np.ndindex(found.shape):
            rows = self.splits[place[-1]][1]
            if np.isfinite(thetas[place]).all():
                y = labels[self.labels[rows].numpy().astype(int)]
                weighed = {} if self.weights is None else {"sample_weight": self.weights[rows].numpy()}
                found[place] = score(standing_at(thetas[place]), self.features[rows], y, **weighed)
        return found

    def train(
        self,
        training_weights: RowWeights,
        *,
        learning_rates: Sequence[float] | None,
        penalty: Penalty | None,
        epochs: int,
        **settings: Any,
    ) -> Theta:
        """Train every rate and every strength on every fold, as few tensors as they fit in.

        All runs take the same rows in the same order, so that one pass over them serves all. Many settings
        are cut at fixed places, and go to joblib's workers if it was told of any.

        Args:
            training_weights: what the rows count in each fold, (folds, n), 0 where they are held out.
            learning_rates: finite and > 0; None takes the optimizer's own, or one that is safe for each run.
            penalty: of strength (strengths, 1, 1) or one number; or None.
            epochs: passes over the rows, >= 1; nothing stops before.
            settings: other keywords of ``prepare``.

        Returns:
            theta at the end, (rates, strengths, folds, k); an axis that is not there has length 1.
        """
        rates = None if learning_rates is None else self.labels.new_tensor(learning_rates).view(-1, 1, 1, 1)
        settings |= {"sample_weight": training_weights, "epochs": epochs, "record_every": epochs}
        # The folds of a setting stay together: their weights are then as few as the folds.
        width = max(1, piece_width(settings["batch_size"] or len(self.labels)) // len(self.splits))
        penalties = [None] if penalty is None else _in_parts(penalty, width)
        height = max(1, width // (1 if penalty is None else len(torch.as_tensor(penalty.strength).view(-1))))
        lines = ["auto"] if rates is None else list(rates.split(height))
        tasks = [
            {**settings, "learning_rate": line, "penalty": column} for line in lines for column in penalties
        ]
        found = map_tasks(self._trained, tasks, threads=True)
        cut = [torch.cat(found[k : k + len(penalties)], 1) for k in range(0, len(found), len(penalties))]
        return torch.cat(cut)

    def _trained(self, settings: dict[str, Any]) -> Theta:
        """theta of some settings at the end, (rates, strengths, folds, k)."""
        asked = prepare((self.features, self.labels), dtype=self.labels.dtype, **settings)
        # Nobody reads the losses of epochs, and in small batches they cost as much as the steps.
        plan, lengths = replace(asked.plan, losses=False), (asked.epochs, asked.record_every)
        training = Training(plan, asked.state, epochs=lengths[0], record_every=lengths[1])
        theta = training.run().state.theta
        return theta.reshape(*[1] * (4 - theta.dim()), *theta.shape)


def _in_parts(penalty: Penalty, width: int) -> list[Penalty]:
    """A penalty of (strengths, 1, 1) or of one number, so many strengths at a time."""
    strengths = penalty.strength
    if not isinstance(strengths, torch.Tensor) or not strengths.dim():
        return [penalty]
    return [replace(penalty, strength=part) for part in strengths.split(width)]
