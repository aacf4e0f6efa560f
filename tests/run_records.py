"""Runs made by hand: their numbers mean nothing, only their shapes must fit."""

from dataclasses import replace
from math import prod
from pathlib import Path

import torch

from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History, Outcome
from soloneuron.records.recipe import Part, Recipe
from soloneuron.records.run import RunRecord, Source

FORMAT_1 = Path(__file__).parent / "files_format1"
"""Files that were written before format 2; nobody writes such any more."""

RECIPE = Recipe(
    loss=Part("focal", {"gamma": 0.0}),
    penalty=Part("elastic_net", {"strength": 0.1, "penalize_bias": False, "l1_ratio": 0.9}),
    optimizer=Part(
        "adam", {"learning_rate": Part("cosine", {"rate": 0.1, "steps": 7}), "beta1": (0.9, 0.8, 0.7)}
    ),
    epochs=3,
    batch_size=2,
    class_weight=(1.0, 2.5),
    test_share=0.25,
    split_seed=4,
)

DATA = Dataset(
    torch.tensor([[1.0, -2.0], [0.1, 3e-300], [5.0, 1e300]], dtype=torch.float64),
    torch.tensor([1.0, 0.0, 0.3], dtype=torch.float64),
    ("x1", "имя, second"),
    "label",
    ("no", "yes"),
    "rows",
)


def history(*, epochs=(0, 1, 2, 3), runs=(), size=3, losses=None, dtype=torch.float64, **more):
    """A history of the right shapes, of numbers drawn with a seed."""
    chance = torch.Generator().manual_seed(5)

    def drawn(*shape):
        return torch.rand(*shape, generator=chance, dtype=dtype)

    count, done = len(epochs), epochs[-1] if losses is None else losses
    outcomes = tuple(
        Outcome("finished", epochs[-1], "all epochs done", {"epochs": epochs[-1], "full_batch": True})
        for _ in range(prod(runs))
    )
    made = History(
        epochs=epochs,
        theta=drawn(count, *runs, size),
        loss=drawn(done, *runs),
        value=drawn(count, *runs),
        gradient_norm=drawn(count, *runs),
        accuracy=drawn(count, *runs),
        outcomes=outcomes,
    )
    return replace(made, **more)


def run(past=None, **more):
    """A run of three rows."""
    made = RunRecord(
        RECIPE, {"python": "3.11"}, history() if past is None else past, DATA, Source("rows", "ab" * 32, 3)
    )
    return replace(made, **more)
