"""Orders and rows of a seed are those of torch, in Node without it."""

import pytest
import torch

from seeded_rows import fingerprint, orders
from soloneuron.data import synthetic
from soloneuron.data.catalogue import ENTRIES, PLANAR, make_dataset
from soloneuron.data.preparation import hold_out, named_rows
from soloneuron.data.seeding import epoch_order, generator_for

WITHIN = 1e-12
"""Logarithms and cosines of two libraries differ in the last digit."""


def test_orders_are_those_of_the_golden_file(page, golden):
    kept = golden("orders.json", orders)
    words = [name.replace(",", "").split() for name in kept]
    found = page.ask("orders", [[int(rows), int(seed), int(epoch)] for rows, _, _, seed, _, epoch in words])
    for name, order in zip(kept, found, strict=True):
        assert fingerprint(order.long()) == kept[name], name


def test_an_order_is_a_whole_permutation_the_same_as_python_s(page):
    (found,) = page.ask("orders", [[2000, 5, 3]])
    assert torch.equal(found.long(), epoch_order(2000, 5, 3))


def test_orders_of_many_epochs_come_in_any_turn(page):
    found = page.ask("kept", [40, 9, [0, 0, 2, 1, 0]])
    for epoch, order in zip((0, 0, 2, 1, 0), found, strict=True):
        assert torch.equal(order.long(), epoch_order(40, 9, epoch))


@pytest.mark.parametrize("count", [1, 2, 3, 15, 16, 17, 31, 32, 600])
def test_normal_numbers_are_torch_s(page, count):
    for seed, stream in ((0, 0), (7, 1)):
        drawn = torch.randn(count, generator=generator_for(seed, stream), dtype=torch.float64)
        found = page.ask("normals", [seed, stream, count])
        assert torch.allclose(found, drawn, rtol=WITHIN, atol=WITHIN)


def test_the_page_makes_every_data_set_that_it_offers(page):
    assert set(PLANAR) <= set(page.ask("names"))


@pytest.mark.parametrize("name", [*PLANAR, "blobs", "moons"])
def test_rows_of_a_data_set_are_python_s(page, name):
    for seed in (0, 3, 2**31 - 1):
        data, found = make_dataset(name, seed=seed), page.ask("rows", [name, seed, None])
        assert found["width"] == 2
        assert torch.allclose(found["x"].view(-1, 2), data.features, rtol=WITHIN, atol=WITHIN)
        assert torch.equal(found["y"], data.labels)


@pytest.mark.parametrize("name", ["stretched", "assignment"])
@pytest.mark.parametrize("noise", [0, 0.25, 3])
def test_noise_is_python_s(page, name, noise):
    data = make_dataset(name, seed=5, noise=noise)
    found = page.ask("noisy", [name, 5, noise])
    assert torch.allclose(found["x"].view(-1, 2), data.features, rtol=WITHIN, atol=WITHIN)
    assert torch.equal(found["y"], data.labels)


@pytest.mark.parametrize("name", [name for name in PLANAR if ENTRIES[name].seeded])
@pytest.mark.parametrize("rows", [7, 50, 130])
def test_so_are_more_and_fewer_of_them(page, name, rows):
    data = getattr(synthetic, f"make_{name}")(rows, seed=4)
    found = page.ask("rows", [name, 4, rows])
    assert torch.allclose(found["x"].view(-1, 2), data.features, rtol=WITHIN, atol=WITHIN)
    assert torch.equal(found["y"], data.labels)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.3, 0.5])
@pytest.mark.parametrize("seed", [0, 7, 2**31 - 1])
def test_the_rows_that_are_held_back_are_those_of_hold_out(page, share, seed):
    for ones in (1, 5, 60):
        y = (torch.arange(90) % (90 // ones) == 0).double()
        rows = named_rows(torch.stack([torch.arange(90.0)] * 2, 1).double(), y)
        _, test = hold_out(rows, share, seed=seed)
        held = page.ask("held", [y, share, seed]).nonzero()[:, 0]
        assert torch.equal(held.double(), test.features[:, 0])


@pytest.mark.parametrize("rows", [20, 50, 300])
def test_the_rows_that_lie_are_known_to_the_page(page, rows):
    found = page.ask("outliers", rows)
    assert torch.equal(found.bool(), synthetic.outlier_rows(synthetic.make_outliers(rows)))
