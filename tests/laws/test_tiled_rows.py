"""Rows in tiles train as rows in memory do: to the last bit where the same sums are asked for."""

import pytest
import torch

from process_groups import in_threads
from soloneuron.data.arrays import as_features
from soloneuron.data.seeding import TileOrder
from soloneuron.errors import InputError
from soloneuron.formulas.columns import column_moments
from soloneuron.formulas.gram import gram, largest_stretch, longest_row
from soloneuron.formulas.sharded import ShardedRows, tiles_here
from soloneuron.formulas.tiled import TiledRows, tiles_of
from soloneuron.neuron import Neuron
from soloneuron.records.dataset import Batch, Dataset
from soloneuron.result.fitting import fit, train_neuron
from soloneuron.training.measures import measure, slopes_at, values_at
from soloneuron.training.prepare import prepare
from soloneuron.training.separability import separable
from tolerances import ENGINES

ROWS, COLUMNS = 301, 4

FULL = (
    {},
    {"optimizer": "adam"},
    {"optimizer": "newton", "loss": "focal", "epochs": 3},
    {"optimizer": "lbfgs", "epochs": 4},
    {"loss": "hinge"},
    {"penalty": "elastic_net", "optimizer": "nesterov"},
    {"class_weight": "balanced"},
    {"class_weight": {0: 2.0, 1: 0.5}, "loss": "mse"},
    {"bias": False},
    {"learning_rate": "auto"},
    {"reduction": "sum", "learning_rate": 1e-3},
    {"optimizer": "rprop"},
)

PARTS = (
    {"batch_size": 7},
    {"batch_size": 7, "shuffle": "tiles"},
    {"batch_size": 13, "shuffle": "tiles", "optimizer": "adam", "class_weight": "balanced", "loss": "mse"},
    {"batch_size": 50, "shuffle": "tiles", "penalty": "l1", "loss": "hinge"},
    {"batch_size": 300, "shuffle": "tiles", "loss": "squared_hinge", "bias": False},
)


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch):
    """Ten tiles of 32 rows, the last one short, and windows of three of them."""
    monkeypatch.setattr("soloneuron.formulas.pairwise.TILE_BYTES", 1)
    monkeypatch.setattr("soloneuron.data.seeding.WINDOW_TILES", 3)


@pytest.fixture(scope="module")
def rows():
    dice = torch.Generator().manual_seed(5)
    X = torch.randn(ROWS, COLUMNS, generator=dice, dtype=torch.float64)
    y = (X[:, 0] - X[:, 1] + torch.randn(ROWS, generator=dice, dtype=torch.float64) > 0).double()
    return Dataset(X, y, tuple("abcd"))


def stacked(data):
    return Dataset(tiles_of(data.features), data.labels, data.feature_names)


@pytest.mark.parametrize("settings", FULL + PARTS, ids=str)
def test_rows_in_tiles_give_the_bits_of_rows_in_memory(settings, rows):
    keywords = {"epochs": 5, "seed": 3, **settings}
    memory, tiles = fit(rows, **keywords), fit(stacked(rows), **keywords)
    assert torch.equal(tiles.theta, memory.theta)
    assert torch.equal(tiles.losses, memory.losses)
    assert tiles.outcome.kind == memory.outcome.kind
    torch.testing.assert_close(tiles.value, memory.value, rtol=ENGINES, atol=ENGINES)


SPREAD = (FULL[1], FULL[2], FULL[7], FULL[9], *PARTS[:4])


@pytest.mark.parametrize("settings", SPREAD, ids=str)
def test_tiles_over_processes_have_the_bits_of_tiles_in_one(settings, rows):
    keywords = {"epochs": 3, "seed": 3, **settings}
    alone, tiles = fit(stacked(rows), **keywords), stacked(rows)

    def work(group):
        spread = ShardedRows.of(tiles.features, group)
        assert [tile.data_ptr() for tile in tiles_here(spread).tiles] == [
            tile.data_ptr()
            for tile in tiles.features.tiles[spread.span.start // 32 : -(-spread.span.stop // 32)]
        ]
        return fit((spread, rows.labels), **keywords)

    for found in in_threads(3, work):
        assert torch.equal(found.theta, alone.theta)
        assert torch.equal(found.losses, alone.losses)


def test_more_processes_than_tiles_hold_no_tile_apart(rows):
    def borders(group):
        return ShardedRows.of(tiles_of(rows.features), group).borders

    assert in_threads(12, borders)[0][-1] == ROWS


def test_many_runs_on_tiles_are_those_in_memory(rows):
    rates = torch.tensor([[0.1], [0.5]], dtype=torch.float64)
    for settings in (
        {},
        {"batch_size": 40, "shuffle": "tiles", "seed": 1},
        {"sample_weight": rows.labels + 1},
    ):
        memory, tiles = (
            fit(data, learning_rate=rates, epochs=3, **settings) for data in (rows, stacked(rows))
        )
        for name in ("theta", "losses", "value", "accuracy", "gradient_norm"):
            torch.testing.assert_close(
                getattr(tiles, name), getattr(memory, name), rtol=ENGINES, atol=ENGINES
            )


def test_train_neuron_takes_rows_in_tiles(rows):
    arguments = (rows.labels, [0.0] * COLUMNS, 0.0, 0.1, 3)
    assert train_neuron(tiles_of(rows.features), *arguments) == train_neuron(rows.features, *arguments)


def test_one_tile_is_no_other_case(rows):
    few = Dataset(rows.features[:20], rows.labels[:20], rows.feature_names)
    assert torch.equal(fit(stacked(few), epochs=5).theta, fit(few, epochs=5).theta)


def test_what_is_asked_of_all_rows_is_asked_of_tiles(rows):
    neuron, theta = Neuron(), torch.randn(3, COLUMNS + 1, dtype=torch.float64)
    batch = Batch(rows.features, rows.labels, rows.labels + 0.5)
    tiles = batch._replace(features=tiles_of(rows.features))
    for asked in (measure, slopes_at):
        for one, other in zip(asked(neuron, theta, tiles), asked(neuron, theta, batch), strict=True):
            torch.testing.assert_close(one, other, rtol=ENGINES, atol=ENGINES)
    torch.testing.assert_close(values_at(neuron, theta, tiles), values_at(neuron, theta, batch))
    X = rows.features
    assert largest_stretch(tiles.features, bias=True) == pytest.approx(largest_stretch(X, bias=True))
    assert longest_row(tiles.features, bias=True) == longest_row(X, bias=True)
    assert torch.equal(gram(tiles.features, bias=True), gram(X, bias=True))
    assert torch.equal(column_moments(tiles.features).mean, column_moments(X).mean)
    for kind in (prepare(data) for data in (rows, stacked(rows))):
        assert not separable(kind.plan)


def test_rows_are_taken_from_tiles_by_slice_by_step_and_by_place(rows):
    X, tiles = rows.features, tiles_of(rows.features)
    places = torch.randperm(ROWS)[:77]
    for wanted in (slice(30, 100), slice(None), slice(0, ROWS, 9), slice(5, 5), places):
        assert torch.equal(tiles[wanted], X[wanted])
    assert (len(tiles), tiles.shape, repr(tiles)) == (ROWS, X.shape, f"TiledRows({ROWS}, {COLUMNS})")
    assert len(tiles.tiles) == 10


@pytest.mark.parametrize("count", [1, 31, 32, 33, 96, 97, ROWS])
def test_an_order_by_tiles_takes_every_row_once_and_one_window_after_another(count):
    order = TileOrder(count, 32, seed=4, epoch=2)
    places = order.places()
    assert places.sort().values.tolist() == list(range(count))
    assert sum(map(order.size, range(len(order.windows)))) == count
    start = 0
    for window in range(len(order.windows)):
        held = {row for span in order.spans(window) for row in range(span.start, span.stop)}
        assert set(places[start : start + len(held)].tolist()) == held
        start += len(held)
    parts = [part for first in range(0, count, 10) for part in order.between(first, min(first + 10, count))]
    assert sum(rows.stop - rows.start for _, rows in parts) == count


def test_an_order_by_tiles_is_that_of_its_seed_and_epoch():
    def order(seed, epoch):
        return TileOrder(ROWS, 32, seed=seed, epoch=epoch).places().tolist()

    assert order(1, 0) == order(1, 0)
    assert len({tuple(order(seed, epoch)) for seed in (0, 1) for epoch in (0, 1)}) == 4


REFUSED = (
    ({"batch_size": 10, "shuffle": True}, "tiles.shuffle"),
    ({"batch_size": 10, "shuffle": "tiles", "seed": [1, 2]}, "tiles.seeds"),
    ({"dtype": torch.float32}, "tiles.dtype"),
    ({"shuffle": "tile"}, "shuffle.type"),
    ({"class_weight": {0: -1.0}}, "class_weight.negative"),
    ({"class_weight": "even"}, "class_weight.type"),
)


@pytest.mark.parametrize(("settings", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_what_rows_on_disk_cannot_do_is_said(settings, code, rows):
    with pytest.raises(InputError) as caught:
        fit(stacked(rows), **settings)
    assert caught.value.code == code


def test_rows_on_disk_are_not_sent_to_a_device(rows):
    with pytest.raises(InputError) as caught:
        as_features(tiles_of(rows.features), device=torch.device("cuda"))
    assert caught.value.code == "tiles.device"


def test_an_objective_of_its_own_is_told_to_take_rows_in_memory(rows):
    class Own:
        start = (0.0,) * (COLUMNS + 1)

        def value_and_gradient(self, theta, batch):
            raise AssertionError(theta, batch)

    with pytest.raises(InputError) as caught:
        fit(stacked(rows), objective=Own(), initial=[0.0] * (COLUMNS + 1))
    assert caught.value.code == "tiles.objective"


def test_space_for_numbers_of_rows_is_asked_of_who_keeps_them(rows):
    asked = []

    def space(count, dtype):
        asked.append(count)
        return torch.empty(count, dtype=dtype)

    tiles = TiledRows(tiles_of(rows.features).tiles, space)
    fit(Dataset(tiles, rows.labels, rows.feature_names), class_weight="balanced", epochs=1)
    assert ROWS in asked


def test_a_line_search_begins_with_a_bounded_sample_however_many_rows_there_are(rows, monkeypatch):
    monkeypatch.setattr("soloneuron.training.evaluation.MANY", 100)
    monkeypatch.setattr("soloneuron.training.evaluation.ROWS_PER_COLUMN", 1)
    monkeypatch.setattr("soloneuron.training.evaluation.MOST_SAMPLED", 5 * COLUMNS)
    taken, gathered = [], TiledRows._gathered
    monkeypatch.setattr(
        TiledRows, "_gathered", lambda self, places: (taken.append(len(places)), gathered(self, places))[1]
    )
    found = fit(stacked(rows), optimizer="lbfgs", epochs=3)
    assert 5 in taken
    assert max(taken) < ROWS // 3
    assert torch.equal(found.theta, fit(rows, optimizer="lbfgs", epochs=3).theta)
