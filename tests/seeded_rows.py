"""What is kept of the orders and rows that seeds make."""

import torch

from soloneuron.data.catalogue import PLANAR, make_dataset
from soloneuron.data.seeding import epoch_order

ROWS = (1, 2, 5, 300, 2000)
SEEDS = (0, 1, 3, 42, 2**31 - 1, 2**32, 2**53 - 1, -1)
EPOCHS = (0, 1, 17, 999)
SETS = (*PLANAR, "blobs", "moons")


def fingerprint(order):
    """The first places, and a sum that every place has a part in."""
    return [*order[:6].tolist(), int((order * torch.arange(1, len(order) + 1)).sum())]


def orders():
    return {
        f"{rows} rows, seed {seed}, epoch {epoch}": fingerprint(epoch_order(rows, seed, epoch))
        for rows in ROWS
        for seed in SEEDS
        for epoch in EPOCHS
    }


def rows_of(name, seed):
    data = make_dataset(name, seed=seed)
    return data.features.flatten().tolist()[:12], data.features.sum(0).tolist(), int(data.labels.sum())


def rows():
    return {name: [rows_of(name, seed) for seed in (0, 7)] for name in SETS}
