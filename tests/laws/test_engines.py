"""Every engine is an acceleration of the one definition: the same numbers to 1e-12."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from soloneuron import fit, prepare
from soloneuron.training.engines import Blocks, FullBatch, MiniBatch, Scalars, Stepwise, Sweeps, Tiles
from soloneuron.training.engines import sweeps as sweeps_module
from soloneuron.training.engines import tiles as tiles_module
from soloneuron.training.plan import State
from tolerances import ENGINES

ALL = (Blocks, FullBatch, MiniBatch, Scalars, Stepwise, Sweeps, Tiles)


def rows(n, d, seed=0):
    dice = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=dice, dtype=torch.float64) / max(1, d) ** 0.5
    noise = torch.randn(n, generator=dice, dtype=torch.float64)
    return X, ((X.sum(1) + 0.5 * noise) > 0).double()


def both(engine, data, **options):
    """The engine and the definition from the same random start, four epochs."""
    training = prepare(data, **{"learning_rate": 0.3, "epochs": 4, **options})
    dice = torch.Generator().manual_seed(7)
    start = State(0, torch.randn(training.state.theta.shape, generator=dice, dtype=torch.float64))
    return engine(training.plan).advance(start, 4), Stepwise(training.plan).advance(start, 4)


def assert_same(found, wanted):
    (state, losses), (true_state, true_losses) = found, wanted
    assert (state.update, state.evaluations) == (true_state.update, true_state.evaluations)
    assert state.rows == true_state.rows
    torch.testing.assert_close(state.theta, true_state.theta, rtol=ENGINES, atol=ENGINES)
    torch.testing.assert_close(losses, true_losses, rtol=ENGINES, atol=ENGINES)


def test_all_engines_agree_on_the_same_full_batch_work():
    """Scalars, FullBatch, Tiles, MiniBatch (one batch) and Sweeps (one run) know this case."""
    data = rows(60, 3)
    for engine in (Scalars, FullBatch, Tiles, MiniBatch):
        assert_same(*both(engine, data))
    (state, losses), wanted = both(Sweeps, data, learning_rate=torch.tensor([[0.3]]))
    assert_same((state, losses), wanted)


def test_all_engines_agree_on_the_same_per_sample_work():
    data = rows(60, 3)
    for engine in (Scalars, Blocks, MiniBatch):
        assert_same(*both(engine, data, batch_size=1))
    assert_same(*both(Sweeps, data, batch_size=1, learning_rate=torch.tensor([[0.3], [0.1]]).double()))


SHAPES = [
    (Scalars, 50, 3, {"batch_size": 1}),
    (Scalars, 2500, 2, {"batch_size": 1}),
    (Scalars, 11, 2, {"batch_size": 4}),
    (Scalars, 5, 0, {}),
    (Blocks, 450, 40, {"batch_size": 1}),
    (Blocks, 450, 40, {"batch_size": 1, "bias": False}),
    (FullBatch, 3000, 3, {}),
    (FullBatch, 300, 30, {}),
    (Tiles, 3000, 3, {}),
    (MiniBatch, 1000, 7, {"batch_size": 32}),
    (MiniBatch, 20_000, 7, {"batch_size": 33}),
    (
        Sweeps,
        50,
        3,
        {"learning_rate": torch.linspace(0.1, 0.9, 6).double().view(2, 3, 1)},
    ),
    (Sweeps, 50, 3, {"batch_size": 7, "learning_rate": torch.linspace(0.01, 1, 40).double()[:, None]}),
]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("shuffle", [False, True], ids=["in order", "shuffled"])
@pytest.mark.parametrize(("engine", "n", "d", "options"), SHAPES)
def test_an_engine_is_its_definition(engine, n, d, options, shuffle, reduction):
    rate = options.get("learning_rate", 0.3)
    if reduction == "sum":
        rate = rate / options.get("batch_size", n)
    options = {**options, "learning_rate": rate}
    assert_same(*both(engine, rows(n, d), shuffle=shuffle, seed=3, reduction=reduction, **options))


@settings(max_examples=40)
@given(
    n=st.integers(1, 60),
    d=st.integers(0, 25),
    batch=st.integers(1, 70),
    seed=st.integers(0, 9),
    runs=st.integers(0, 3),
)
@pytest.mark.filterwarnings("ignore:batch_size")
def test_whatever_is_chosen_is_its_definition(n, d, batch, seed, runs):
    rate = torch.linspace(0.1, 1.0, runs).double()[:, None] if runs else 0.5
    options = {"batch_size": batch, "shuffle": seed > 4, "seed": seed, "learning_rate": rate}
    training = prepare(rows(n, d, seed), epochs=3, record_every=2, **options)
    wanted = Stepwise(training.plan).advance(training.state, 3)
    for _ in training.steps():
        pass
    assert_same((training.state, training.losses), wanted)


@pytest.mark.parametrize("count", [1, 2])
def test_tiles_do_not_depend_on_the_number_of_threads(count, monkeypatch):
    monkeypatch.setattr(tiles_module, "TILE_BYTES", 4096)
    monkeypatch.setattr("os.cpu_count", lambda: count)
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        assert_same(*both(Tiles, rows(5000, 3)))
    finally:
        torch.set_num_threads(before)


def test_sweeps_in_chunks_are_sweeps_at_once(monkeypatch):
    monkeypatch.setattr("soloneuron.training.engines.sweeps.WIDTH", 7)
    monkeypatch.setattr("soloneuron.training.engines.sweeps.HELD", 30)
    rates = torch.linspace(0.01, 1, 40).double()[:, None]
    assert_same(*both(Sweeps, rows(50, 3), batch_size=2, learning_rate=rates))


WAYS = {
    "newton": {"blocks.FIRST": 0},
    "recursion": {"blocks.FIRST": 0, "triangular.ITERATIONS": 0},
    "rounds that do not arrive": {"blocks.FIRST": 1, "blocks.ROUNDS": 6},
    "wide rows": {"blocks.NARROW": 0},
    "nothing kept": {"blocks.KEPT_BYTES": 0},
}


@pytest.mark.parametrize(("shuffle", "shift"), [(False, 0), (True, 1)], ids=["in order", "shuffled"])
def test_however_a_block_is_solved_it_is_the_same_recursion(shuffle, shift):
    """Four blocks, two a stretch, the last one short; shifted rows push each other and need many rounds."""
    X, y = rows(200, 20)
    options = {"batch_size": 1, "shuffle": shuffle, "seed": 3, "learning_rate": 0.15, "epochs": 3}
    training = prepare((X + shift, y), **options)
    wanted = Stepwise(training.plan).advance(training.state, 3)
    for way in ({}, *WAYS.values()):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {"blocks.STRETCH": 2, **way}.items():
                patch.setattr(f"soloneuron.training.engines.{name}", value)
            assert_same(Blocks(training.plan).advance(training.state, 3), wanted)


def test_the_blocks_survive_a_rate_that_newton_does_not():
    data = rows(200, 25)
    state, losses = both(Blocks, data, batch_size=1, learning_rate=1e6)[0]
    assert state.theta.isfinite().all()
    assert losses.isfinite().all()


def test_many_runs_are_the_runs_one_by_one():
    data = rows(30, 3)
    seeds, rates = [3, 1, 4], torch.tensor([[0.1], [0.5], [0.9]]).double()
    options = {"batch_size": 4, "shuffle": True, "epochs": 5}
    together = fit(data, seed=seeds, learning_rate=rates, **options)
    for run, (seed, rate) in enumerate(zip(seeds, rates, strict=True)):
        alone = fit(data, seed=seed, learning_rate=rate.item(), **options)
        torch.testing.assert_close(together.theta[:, run], alone.theta, rtol=ENGINES, atol=ENGINES)
        torch.testing.assert_close(together.loss[:, run], alone.loss, rtol=ENGINES, atol=ENGINES)
        torch.testing.assert_close(together.accuracy[:, run], alone.accuracy)
        assert together.outcomes[run].kind == alone.outcome.kind


@pytest.mark.parametrize("batch_size", [1, 4, None])
@pytest.mark.parametrize("held", [1, 45, 120, 240, 10**6])
def test_however_many_logits_a_sweep_holds_its_losses_are_the_same(held, batch_size, monkeypatch):
    """Parts of an epoch, one epoch, three that do not divide the four, and all of them."""
    monkeypatch.setattr(sweeps_module, "HELD", held)
    rates = torch.tensor([[0.3], [0.1]]).double()
    assert_same(*both(Sweeps, rows(40, 3), batch_size=batch_size, learning_rate=rates))


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.__name__)
def test_an_engine_leaves_the_state_it_is_given_as_it_was(engine):
    many = engine is Sweeps
    rate = torch.tensor([[0.3], [0.2]]).double() if many else 0.3
    batch = 1 if engine in {Scalars, Blocks} else None
    training = prepare(rows(50, 3), learning_rate=rate, epochs=2, batch_size=batch)
    start = State(0, torch.ones_like(training.state.theta))
    engine(training.plan).advance(start, 2)
    assert start.theta.tolist() == torch.ones_like(start.theta).tolist()


SUITED = [
    ((5, 2), {"batch_size": 1}, Scalars),
    ((5, 2), {}, Scalars),
    ((500, 2), {}, FullBatch),
    ((500, 40), {"batch_size": 1}, Blocks),
    ((500, 11), {"batch_size": 1}, Blocks),
    ((500, 11), {"batch_size": 1, "shuffle": True}, Scalars),
    ((500, 40), {"batch_size": 1, "shuffle": True}, Blocks),
    ((20, 600), {"batch_size": 1, "shuffle": True}, MiniBatch),
    ((500, 40), {"batch_size": 32}, MiniBatch),
    ((2_000_000, 1), {}, Tiles),
    ((5, 2), {"learning_rate": [[0.1], [0.2]]}, Sweeps),
    ((5, 2), {"loss": "mse"}, Stepwise),
    ((5, 2), {"penalty": "l2"}, Stepwise),
    ((5, 2), {"sample_weight": [1, 2, 1, 1, 1]}, Stepwise),
    ((5, 2), {"seed": [1, 2], "shuffle": True}, Stepwise),
]


@pytest.mark.parametrize(("shape", "options", "engine"), SUITED, ids=str)
def test_the_shape_of_the_work_chooses_the_engine(shape, options, engine):
    from soloneuron.training.engines import choose

    training = prepare(rows(*shape), epochs=1, **options)
    assert type(choose(training.plan)) is engine
