"""What must be the same for a training that goes on from a checkpoint: recipe, numbers, libraries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from soloneuron.errors import RecordError
from soloneuron.formulas.sharded import ProcessGroup, ShardedRows, shard_height
from soloneuron.formulas.sparse import is_sparse, rows_at
from soloneuron.neuron import Neuron
from soloneuron.records.checkpoint import Checkpoint
from soloneuron.records.dataset import Batch
from soloneuron.records.recipe import Recipe
from soloneuron.storage.codec import as_json
from soloneuron.training.plan import Plan
from soloneuron.training.results import versions
from soloneuron.training.session import Training
from soloneuron.training.sharding.agreement import exchange

LIBRARIES = ("soloneuron", "torch")
"""Those whose versions decide the digits."""


@dataclass(frozen=True)
class Identity:
    """What a training is, as far as its digits go.

    Attributes:
        recipe: how it is done; of many runs that of the first.
        versions: of the libraries that decide its digits.
        digests: SHA-256 of the numbers it works on, by name.
        seeds: of the orders of rows.
    """

    recipe: Recipe
    versions: Mapping[str, str]
    digests: Mapping[str, str]
    seeds: tuple[int, ...]

    @staticmethod
    def of(
        training: Training, recipe: Recipe, watched: Sequence[Tensor] = (), *, features: str | None = None
    ) -> Identity:
        """The identity of a training that has not begun yet.

        Args:
            training: what it is of.
            recipe: how it is done.
            watched: the numbers by which somebody may end it.
            features: what ``digest_of_rows`` says of its rows, where that is known.
        """
        plan, found = training.plan, versions()
        numbers = {"start": [training.state.theta], "settings": list(_settings(plan))}
        if plan.data is None:
            # Functions have no names that would tell them apart: what they say of the start does.
            numbers["function"] = list(plan.objective.value_and_gradient(training.state.theta, None))
        numbers |= {"early stopping": list(watched)} if watched else {}
        if plan.data is not None:
            weights = plan.data.weights
            numbers |= {"labels": [plan.data.labels], "weights": [] if weights is None else [weights]}
        digests = {name: _digest(tensors) for name, tensors in numbers.items()}
        if plan.data is not None:
            digests["features"] = features or digest_of_rows(plan.data.features)
        # More epochs go on where fewer ended.
        return Identity(
            replace(recipe, epochs=0), {name: found[name] for name in LIBRARIES}, digests, plan.seeds
        )

    def check(self, kept: Checkpoint, path: str) -> None:
        """Refuse to go on from the checkpoint of another training.

        Raises:
            RecordError: what differs, and how.
        """
        for what, had, has in self._differences(kept):
            raise other_work(path, what, had, has)

    def _differences(self, kept: Checkpoint) -> Iterator[tuple[str, str, str]]:
        for name, has in self.versions.items():
            had = kept.versions.get(name, "unknown")
            if had != has:
                yield f"the version of {name}", had, has
        yield from _unlike("recipe", as_json(replace(kept.recipe, epochs=0)), as_json(self.recipe))
        if kept.seeds != self.seeds:
            yield "the seed", _short(kept.seeds), _short(self.seeds)
        for name, has in self.digests.items():
            had = kept.digests.get(name, "")
            if had != has:
                yield f"what it works on, {name},", f"SHA-256 {had[:12]}", f"{has[:12]}"


def other_work(path: str | Path, what: str, there: str, here: str) -> RecordError:
    """A checkpoint of something else, by what differs."""
    return RecordError(
        f"{path} must be a checkpoint of this very work, but {what} differs: there {there}, here {here}. "
        "Choose another name for the checkpoint, or take the file away to begin anew",
        code="checkpoint.other",
        what=what,
    )


def _unlike(place: str, had: Any, has: Any) -> Iterator[tuple[str, str, str]]:
    """Where two records as plain values part."""
    if isinstance(had, dict) and isinstance(has, dict):
        for name in {**had, **has}:
            yield from _unlike(f"{place}.{name}", had.get(name), has.get(name))
    elif had != has:
        yield place, _short(had), _short(has)


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _settings(plan: Plan) -> Iterator[Tensor]:
    """The numbers of optimizer and penalty that are tensors; a recipe has those of one run."""
    penalty = plan.objective.penalty if isinstance(plan.objective, Neuron) else None
    own = (
        {field.name: getattr(penalty, field.name) for field in fields(penalty)}
        if is_dataclass(penalty)
        else {}
    )
    for value in (*plan.optimizer.settings.values(), *own.values()):
        if isinstance(value, Tensor):
            yield value


def group_of(plan: Plan) -> ProcessGroup | None:
    """The processes over which the rows of a plan are spread; None where they are not."""
    X = None if plan.data is None else plan.data.features
    return X.group if isinstance(X, ShardedRows) else None


def digest_of_rows(X: Tensor | ShardedRows) -> str:
    """One for all rows, the same for any number of processes over which they are spread."""
    if isinstance(X, ShardedRows):
        here, height = X.here, X.height
    else:
        here, height = X, shard_height(*X.shape, sparse=is_sparse(X))
    # Blocks begin at the same rows, whoever has them.
    cuts = [slice(first, min(first + height, len(here))) for first in range(0, len(here), height)]
    mine = " ".join(_digest([rows_at(here, rows)]) for rows in cuts)
    answers = exchange(X.group, mine) if isinstance(X, ShardedRows) else [mine]
    return sha256(" ".join(answers).encode()).hexdigest()


def digests_of_rows(data: Batch) -> dict[str, str]:
    """SHA-256 of rows, labels and weights, by what they are called where they differ."""
    weights = [] if data.weights is None else [data.weights]
    found = {
        "features": digest_of_rows(data.features),
        "labels": _digest([data.labels]),
        "weights": _digest(weights),
    }
    return {f"what it works on, {name},": digest[:12] for name, digest in found.items()}


def _digest(tensors: list[Tensor]) -> str:
    """One for tensors in a row: their shapes, dtypes and bytes."""
    found = sha256()
    for tensor in tensors:
        parts = [tensor]
        if tensor.layout == torch.sparse_csr:
            parts = [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
        for part in parts:
            plain = part.detach().cpu().contiguous()
            found.update(f"{tuple(tensor.shape)} {plain.dtype}".encode())
            found.update(plain.reshape(-1).view(torch.uint8).numpy().data if plain.numel() else b"")
    return found.hexdigest()
