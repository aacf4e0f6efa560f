"""The order of an epoch: a function of seed and epoch, and of nothing else."""

import random
from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from soloneuron.data.seeding import epoch_order, fresh_seed

SEEDS = st.integers(0, 2**80)


@given(st.integers(0, 200), SEEDS, st.integers(0, 10**6))
def test_an_order_is_a_permutation_of_all_rows(rows, seed, epoch):
    order = epoch_order(rows, seed, epoch)
    assert order.dtype == torch.int64
    assert order.sort().values.tolist() == list(range(rows))


@given(SEEDS, st.integers(0, 1000))
def test_the_same_seed_and_epoch_give_the_same_order_whatever_was_asked_before(seed, epoch):
    order = epoch_order(50, seed, epoch)
    epoch_order(7, seed + 1, epoch)
    torch.rand(1)
    assert torch.equal(epoch_order(50, seed, epoch), order)


def test_no_two_seeds_and_epochs_share_an_order():
    """Of 50! orders, 400 drawn by chance are different."""
    orders = {tuple(epoch_order(50, seed, epoch).tolist()) for seed in range(20) for epoch in range(20)}
    assert len(orders) == 400


def test_nobodys_dice_are_touched():
    before, state = torch.get_rng_state(), random.getstate()
    epoch_order(10, 1, 1)
    fresh_seed()
    assert torch.equal(torch.get_rng_state(), before)
    assert random.getstate() == state


@pytest.mark.parametrize("axis", ["seed", "epoch"])
def test_every_row_comes_first_about_equally_often(axis):
    """2,000 draws of 4: 500 each, deviation 19; five deviations are allowed."""
    places = [(i, 0) if axis == "seed" else (0, i) for i in range(2000)]
    first = Counter(int(epoch_order(4, seed, epoch)[0]) for seed, epoch in places)
    assert all(abs(first[row] - 500) < 5 * 19.4 for row in range(4))


def test_a_fresh_seed_is_a_small_whole_number_and_another_each_time():
    seeds = {fresh_seed() for _ in range(100)}
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert len(seeds) > 90
