"""From a training to its checkpoint, and back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import torch
from torch import Tensor

from soloneuron.errors import RecordError
from soloneuron.optimizers.state import OptimizerState
from soloneuron.records.checkpoint import Checkpoint, OptimizerMemory, RecordedEpochs
from soloneuron.training.checkpoint_identity import Identity
from soloneuron.training.engine import Recorded
from soloneuron.training.measures import Measures
from soloneuron.training.plan import State
from soloneuron.training.session import Training
from soloneuron.training.stopping import Patience


def checkpoint_of(
    training: Training, identity: Identity, patience: Patience | None = None
) -> Checkpoint | None:
    """Where a training and its watcher stand; None where it was interrupted between two of its own lines."""
    first, losses, parts = training.past
    state = training.state
    done = training.epoch - first
    if len(losses) != done or state.update % training.plan.updates:
        return None
    if patience is not None and patience.seen != done:
        return None
    memory = None if state.memory is None else _kept_memory(state.memory)
    return Checkpoint(
        recipe=identity.recipe,
        versions=identity.versions,
        digests=identity.digests,
        seeds=identity.seeds,
        update=state.update,
        evaluations=state.evaluations,
        rows=state.rows,
        theta=state.theta,
        memory=memory,
        recorded=_recorded(first, losses, parts, state.theta),
        patience=None if patience is None else patience.counted,
    )


def _kept_memory(memory: OptimizerState) -> OptimizerMemory:
    """A copy of what an optimizer remembers."""
    return OptimizerMemory(
        memory.method, {name: slot.clone() for name, slot in memory.slots.items()}, memory.t
    )


def go_on_from(training: Training, kept: Checkpoint, path: str, patience: Patience | None = None) -> None:
    """Let a training that has not begun, and its watcher, stand where a checkpoint of them was made.

    Raises:
        RecordError: the checkpoint does not hold what it must, or lies behind the last epoch.
    """
    theta, plan, past = training.state.theta, training.plan, kept.recorded
    epoch = kept.update // plan.updates
    if epoch > training.epochs:
        raise RecordError(
            f"{path} must not lie behind the last epoch, but it was made after epoch {epoch} and this "
            f"training has {training.epochs}: ask for more epochs, or choose another name for the checkpoint",
            code="checkpoint.epochs",
        )
    count = len(past.epochs)
    shapes = {"theta": (count, *theta.shape), "losses": (epoch - past.first, *plan.runs), "known": (count,)}
    columns = ("value", "gradient_norm", "accuracy", "apart")
    shapes |= dict.fromkeys(columns, (count, *plan.runs))
    fits = kept.theta.shape == theta.shape and kept.theta.dtype == theta.dtype
    fits &= all(tuple(getattr(past, name).shape) == shape for name, shape in shapes.items())
    fits &= len(past.evaluations) == count and kept.update == epoch * plan.updates and past.first >= 0
    fits &= list(past.epochs) == sorted(set(past.epochs)) and (not count or past.epochs[-1] < epoch)
    watched = kept.patience
    fits &= patience is None or (watched is not None and watched.shape == (4,))
    if not fits:
        raise _other_sizes(path)
    if patience is not None and watched is not None:
        patience.go_on(watched)
    memory = None
    if kept.memory is not None:
        try:
            memory = plan.optimizer.load(vars(kept.memory), theta)
        except RecordError:
            raise _other_sizes(path) from None
    state = State(kept.update, kept.theta.to(theta), memory, kept.evaluations, kept.rows)
    training.go_on(state, past.first, past.losses.to(theta.device), _parts(past, theta.device))


def _other_sizes(path: str) -> RecordError:
    return RecordError(
        f"{path} must hold numbers of the sizes of this training, but does not: take it away, and the "
        "training begins anew",
        code="checkpoint.damaged",
    )


def _recorded(first: int, losses: Tensor, parts: Sequence[Recorded], like: Tensor) -> RecordedEpochs:
    columns = []
    for part in parts:
        known = part.measures
        if known is None:
            nothing = part.theta.new_full(part.theta.shape[:-1], torch.nan)
            known = Measures(nothing, nothing, nothing, torch.zeros_like(nothing, dtype=torch.bool))
        columns.append(known)
    empty = like.new_empty(0, *like.shape[:-1])
    value, norm, share, apart = (
        torch.cat([getattr(column, name) for column in columns]) if columns else empty
        for name in Measures._fields
    )
    return RecordedEpochs(
        first=first,
        losses=losses,
        epochs=tuple(epoch for part in parts for epoch in part.epochs),
        evaluations=tuple(asked for part in parts for asked in part.evaluations),
        theta=torch.cat([part.theta for part in parts]) if parts else like.new_empty(0, *like.shape),
        known=torch.tensor(
            [part.measures is not None for part in parts for _ in part.epochs], dtype=torch.bool
        ),
        value=value,
        gradient_norm=norm,
        accuracy=share,
        apart=apart.bool(),
    )


def _parts(past: RecordedEpochs, device: torch.device) -> list[Recorded]:
    """What was recorded, those together whose measures are known, or not."""
    parts: list[Recorded] = []
    place = 0
    for known, group in groupby(past.known.tolist()):
        own = slice(place, place := place + len(list(group)))
        columns = (past.value, past.gradient_norm, past.accuracy, past.apart)
        measures = Measures(*(column[own].to(device) for column in columns)) if known else None
        theta = past.theta[own].to(device)
        parts.append(Recorded(past.epochs[own], theta, past.evaluations[own], measures))
    return parts
