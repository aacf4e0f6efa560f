"""Rows that come in pieces: an epoch of updates a piece, at the cost of the updates and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from soloneuron.neuron import Neuron
from soloneuron.optimizers.base import Optimizer
from soloneuron.shapes import Features
from soloneuron.training.engines import choose
from soloneuron.training.loop import is_finite
from soloneuron.training.plan import State
from soloneuron.training.validation import make_plan


@dataclass(frozen=True, eq=False)
class Stream:
    """What is the same for all pieces. No loss is measured, nothing is judged, no theta is recorded.

    A run over pieces is the run over all epochs of one data set wherever the pieces are that data set.

    Args:
        neuron: what is trained.
        rule: what moves theta; its memory is handed on in the State from piece to piece.
        automatic: whether the rate is worked out anew from every piece.
        batch_size: rows an update; None takes a whole piece.

    Example:
        >>> import torch
        >>> from soloneuron.optimizers import GradientDescent
        >>> stream = Stream(Neuron(bias=False), GradientDescent(learning_rate=1.0))
        >>> rows, state = torch.tensor([[2.0], [-2.0]]), State(0, torch.zeros(1))
        >>> stream.learn(state, rows, torch.tensor([1.0, 0.0])).theta.tolist()
        [1.0]
    """

    neuron: Neuron
    rule: Optimizer
    automatic: bool = False
    batch_size: int | None = None

    def learn(
        self,
        state: State,
        X: Features,
        labels: Any,
        *,
        sample_weight: Any = None,
        seed: int | None = None,
    ) -> State | None:
        """Train one epoch on a piece.

        Args:
            state: where the run stands; it is not changed.
            X: (n, d) finite numbers.
            labels: (n,).
            sample_weight: (n,) numbers >= 0, or None.
            seed: of the order of the piece's rows; None takes them as they come.

        Returns:
            The state after it; None where it would have left the range of the dtype.
        """
        plan = make_plan(
            X,
            labels,
            objective=self.neuron,
            optimizer=self.rule,
            automatic=self.automatic,
            batch_size=None if self.batch_size is None else min(self.batch_size, len(X)),
            reduction="mean",
            seeds=() if seed is None else (seed,),
            sample_weight=sample_weight,
        )
        # Updates are counted from 0 in every piece, for a plan knows the rows of its own piece alone.
        done = choose(plan).advance(state._replace(update=0), 1)
        return done.state if is_finite(done.state, done.losses) else None
