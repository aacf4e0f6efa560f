"""Every engine is an acceleration of the one definition: the same numbers to 1e-12."""

import math
import random
from contextlib import nullcontext

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from covering import crossed
from meetings import Operations
from soloneuron import fit, prepare
from soloneuron.formulas.losses import NLL
from soloneuron.formulas.penalties import L1, L2, ElasticNet
from soloneuron.training.engines import (
    Blocks,
    FullBatch,
    MiniBatch,
    Pieces,
    Scalars,
    Stepwise,
    Sweeps,
    choose,
)
from soloneuron.training.engines import pieces as pieces_module
from soloneuron.training.engines import sweeps as sweeps_module
from soloneuron.training.kernels.all_rows import AllRows
from soloneuron.training.kernels.batches import Batches
from soloneuron.training.kernels.layout import RowLayout
from soloneuron.training.kernels.whole import WholeBatch
from soloneuron.training.loop import is_finite
from soloneuron.training.measures import measure
from soloneuron.training.plan import State
from tolerances import ENGINES


def tiles(plan):
    """Any rule on all rows, tile by tile."""
    return Stepwise(plan, AllRows(plan, WholeBatch(plan, RowLayout(plan))))


def gathered(plan):
    """Any rule on gathered batches."""
    return Stepwise(plan, Batches(plan, RowLayout(plan)))


def scalars(plan):
    return Scalars(plan, RowLayout(plan), RowLayout(plan).matrix())


def blocks(plan):
    return Blocks(plan, RowLayout(plan), RowLayout(plan).matrix())


def full_batch(plan):
    return FullBatch(plan, RowLayout(plan))


def mini_batch(plan):
    return MiniBatch(plan, Batches(plan, RowLayout(plan)))


def sweeps(plan):
    return Sweeps(plan, RowLayout(plan), RowLayout(plan).matrix())


ALL = (blocks, full_batch, mini_batch, scalars, Stepwise, sweeps, tiles, gathered)


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
    (state, losses, *_), (true_state, true_losses, *_) = found, wanted
    assert (state.update, state.evaluations) == (true_state.update, true_state.evaluations)
    assert state.rows == true_state.rows
    torch.testing.assert_close(state.theta, true_state.theta, rtol=ENGINES, atol=ENGINES)
    torch.testing.assert_close(losses, true_losses, rtol=ENGINES, atol=ENGINES)


def test_all_engines_agree_on_the_same_full_batch_work():
    """Scalars, FullBatch, tiles, MiniBatch (one batch) and Sweeps (one run) know this case."""
    data = rows(60, 3)
    for engine in (scalars, full_batch, tiles, mini_batch):
        assert_same(*both(engine, data))
    assert_same(*both(sweeps, data, learning_rate=torch.tensor([[0.3]]).double()))


def test_all_engines_agree_on_the_same_per_sample_work():
    data = rows(60, 3)
    for engine in (scalars, blocks, mini_batch):
        assert_same(*both(engine, data, batch_size=1))
    assert_same(*both(sweeps, data, batch_size=1, learning_rate=torch.tensor([[0.3], [0.1]]).double()))


SHAPES = [
    (scalars, 50, 3, {"batch_size": 1}),
    (scalars, 1100, 2, {"batch_size": 1}),
    (scalars, 11, 2, {"batch_size": 4}),
    (scalars, 5, 0, {}),
    (blocks, 450, 40, {"batch_size": 1}),
    (blocks, 450, 40, {"batch_size": 1, "bias": False}),
    (full_batch, 3000, 3, {}),
    (full_batch, 300, 30, {}),
    (tiles, 3000, 3, {}),
    (mini_batch, 1000, 7, {"batch_size": 32}),
    (mini_batch, 20_000, 7, {"batch_size": 33}),
    (
        sweeps,
        50,
        3,
        {"learning_rate": torch.linspace(0.1, 0.9, 6).double().view(2, 3, 1)},
    ),
    (sweeps, 50, 3, {"batch_size": 7, "learning_rate": torch.linspace(0.01, 1, 40).double()[:, None]}),
]
SHAPED = range(len(SHAPES))


@pytest.mark.parametrize(("shape", "shuffle", "reduction"), crossed(SHAPED, (False, True), ("mean", "sum")))
def test_an_engine_is_its_definition(shape, shuffle, reduction):
    engine, n, d, options = SHAPES[shape]
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


def in_threads(count, work, monkeypatch):
    """What a work gives where torch may use so many threads."""
    before = torch.get_num_threads()
    monkeypatch.setattr("os.cpu_count", lambda: count)
    torch.set_num_threads(count)
    try:
        return work()
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("rule", ["gradient_descent", "adam"])
@pytest.mark.parametrize("many", [False, True], ids=["one run in tiles", "many runs in pieces"])
def test_the_same_bits_for_any_number_of_threads(rule, many, monkeypatch):
    monkeypatch.setattr("soloneuron.formulas.pairwise.TILE_BYTES", 4096)
    monkeypatch.setattr(pieces_module, "WIDTH", 7)
    rate = torch.linspace(0.01, 0.5, 24).double()[:, None] if many else 0.1
    options = {"optimizer": rule, "learning_rate": rate, "epochs": 3, "batch_size": 100 if many else None}
    one, two, three = (
        in_threads(count, lambda: prepare(rows(1000, 3), **options).run().history(), monkeypatch)
        for count in (1, 2, 3)
    )
    for other in (two, three):
        for name in ("theta", "loss", "value", "gradient_norm", "accuracy"):
            assert torch.equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("rule", ["gradient_descent", "adam", "nadam", "adagrad_norm"])
def test_runs_in_pieces_are_the_runs_at_once(rule, monkeypatch):
    monkeypatch.setattr(pieces_module, "WIDTH", 7)
    rates = torch.linspace(0.01, 1, 40).double().view(4, 10, 1)
    options = {"optimizer": rule, "batch_size": 20, "learning_rate": rates}
    plan = prepare(rows(50, 3), **options).plan
    assert type(choose(plan)) is Pieces
    assert_same(*both(choose, rows(50, 3), **options))


WAYS = {
    "newton": {"blocks.FIRST": 0},
    "recursion": {"blocks.FIRST": 0, "triangular.ITERATIONS": 0},
    "rounds that do not arrive": {"blocks.FIRST": 1, "block_window.ROUNDS": 6},
    "wide rows": {"block_window.NARROW": 0},
    "nothing solved for": {"blocks.STEEP": math.inf},
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
            for name, value in {"block_window.STRETCH": 2, **way}.items():
                patch.setattr(f"soloneuron.training.engines.{name}", value)
            assert_same(blocks(training.plan).advance(training.state, 3), wanted)


def test_a_steep_run_that_has_settled_asks_for_one_round_and_one_step_a_block(monkeypatch):
    X, y = rows(1024, 30)
    training = prepare((X.float(), y), batch_size=1, learning_rate=2.0)
    engine, counts = blocks(training.plan), []
    epoch = engine._epoch

    def counted(*given, **known):
        # Counting takes longer than what is counted.
        with Operations() if len(counts) >= 22 else nullcontext() as asked:
            epoch(*given, **known)
        counts.append(asked and asked.count)

    monkeypatch.setattr(engine, "_epoch", counted)
    engine.advance(training.state, 24)
    # Three operations each for sixteen blocks, and a look at whether they arrived.
    assert max(counts[22:]) < 16 * 3 + 40


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, 3),
        ({"loss": "focal"}, 8),
        ({"loss": "mse"}, 8),
        ({"learning_rate": torch.tensor([[0.1], [0.2]]), "sample_weight": torch.rand(2, 640)}, 5),
    ],
    ids=["nll", "focal", "mse", "two runs"],
)
def test_an_update_asks_for_few_operations(options, wanted):
    """What an epoch of 160 shuffled batches asks for: a product, the slope, and the step; the rest once."""
    plan = prepare(rows(640, 25), batch_size=4, shuffle=True, seed=0, **options)
    engine = choose(plan.plan)
    engine.advance(plan.state, 1)
    counts = []
    for epochs in (1, 2):
        with Operations() as asked:
            engine.advance(plan.state, epochs)
        counts.append(asked.count)
    assert counts[1] - counts[0] < 160 * wanted + 80


def test_the_blocks_survive_a_rate_that_newton_does_not():
    data = rows(200, 25)
    state, losses, _ = both(blocks, data, batch_size=1, learning_rate=1e6)[0]
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
    assert_same(*both(sweeps, rows(40, 3), batch_size=batch_size, learning_rate=rates))


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.__name__)
def test_an_engine_leaves_the_state_it_is_given_as_it_was(engine):
    many = engine is sweeps
    rate = torch.tensor([[0.3], [0.2]]).double() if many else 0.3
    batch = 1 if engine in {scalars, Blocks} else None
    training = prepare(rows(50, 3), learning_rate=rate, epochs=2, batch_size=batch)
    start = State(0, torch.ones_like(training.state.theta))
    engine(training.plan).advance(start, 2)
    assert start.theta.tolist() == torch.ones_like(start.theta).tolist()


LOSSES = ("nll", "mse", "mae", "huber", "focal", "hinge", "squared_hinge", "exponential")
RULES = ("gradient_descent", "momentum", "adam", "nag", "adagrad_norm", "rprop", "adadelta", "asgd")


def assert_records_are_measured(training):
    """What the passes said of each recorded theta is what measuring it says."""
    found = training.history()
    wanted = measure(training.plan.objective, found.theta, training.plan.data)
    for name in ("value", "gradient_norm", "accuracy"):
        one, other = getattr(found, name), getattr(wanted, name)
        torch.testing.assert_close(one, other, rtol=ENGINES, atol=ENGINES)


def drawn(seed):
    """One setting of everything that a neuron's training has, and its rows."""
    pick = random.Random(seed)
    n, d, many = pick.randint(1, 60), pick.randint(0, 6), pick.random() < 0.4
    loss, X, y = pick.choice(LOSSES), *rows(n, d, seed)
    if loss in {"nll", "mse", "focal"} and pick.random() < 0.3:
        y = torch.rand(n, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    rates = torch.tensor([[0.3], [0.05], [0.1]]).double() / 3
    strength = torch.tensor([[0.1], [0.0], [0.01]]).double() if many and pick.random() < 0.5 else 0.1
    penalty = pick.choice([None, None, L1, L2, ElasticNet])
    dice, own = torch.Generator().manual_seed(seed), many and pick.random() < 0.5
    weights = torch.rand(*([3] if own else []), n, generator=dice, dtype=torch.float64) + 0.1
    options = {
        "loss": loss,
        "optimizer": pick.choice(RULES),
        "learning_rate": rates if many else 0.1,
        "penalty": penalty and penalty(strength, penalize_bias=pick.random() < 0.3),
        "batch_size": pick.choice([None, 1, 7, n]),
        "shuffle": pick.random() < 0.5,
        "sample_weight": weights if pick.random() < 0.4 else None,
        "reduction": "mean" if own else pick.choice(["mean", "sum"]),
        "bias": pick.random() < 0.8 or d == 0,
        "seed": 3,
    }
    return (X, y), options


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.filterwarnings("ignore:batch_size")
def test_any_rule_drives_any_kernel_as_the_definition_does(seed):
    data, options = drawn(seed)
    training = prepare(data, epochs=3, record_every=2, **options)
    start = training.state
    found, wanted = (engine(training.plan).advance(start, 3) for engine in (choose, Stepwise))
    if is_finite(wanted.state, wanted.losses):
        assert_same(found, wanted)
    if not training.run().overflow:
        assert_records_are_measured(training)


def test_a_label_of_one_half_counts_as_class_0_where_passes_count_right_rows():
    X, y = rows(40, 2)
    for engine in ({}, {"optimizer": "adam"}, {"batch_size": 7}):
        assert_records_are_measured(prepare((X, y / 2), epochs=3, learning_rate=0.5, **engine).run())


class Doubled(NLL):
    """Twice the loss, and the methods that its values are added up by are still those of its parent."""

    def value(self, z, y):
        return 2 * super().value(z, y)

    def derivative(self, z, y):
        return 2 * super().derivative(z, y)

    def slope_into(self, t, *, out):
        return super().slope_into(t, out=out).mul_(2)


@pytest.mark.parametrize("batch_size", [None, 7])
def test_a_loss_that_overrides_half_of_its_parent_is_asked_itself(batch_size):
    assert_same(*both(choose, rows(40, 2), loss=Doubled(), batch_size=batch_size))


SUITED = [
    ((5, 2), {"batch_size": 1}, "Scalars"),
    ((5, 2), {}, "Scalars"),
    ((500, 2), {}, "FullBatch"),
    ((500, 2), {"loss": "mse"}, "FullBatch"),
    ((500, 2), {"sample_weight": [1.0] * 500}, "FullBatch"),
    ((500, 40), {"batch_size": 1}, "Blocks"),
    ((500, 11), {"batch_size": 1}, "Blocks"),
    ((500, 11), {"batch_size": 1, "shuffle": True}, "Scalars"),
    ((500, 40), {"batch_size": 1, "shuffle": True}, "Blocks"),
    ((20, 600), {"batch_size": 1, "shuffle": True}, "MiniBatch"),
    ((500, 40), {"batch_size": 32}, "MiniBatch"),
    ((500, 40), {"batch_size": 32, "loss": "focal", "penalty": "l2"}, "MiniBatch"),
    ((5, 2), {"learning_rate": [[0.1], [0.2]]}, "Sweeps"),
    ((500, 2), {"optimizer": "adam"}, "AllRows"),
    ((500, 2), {"optimizer": "lbfgs"}, "AllRows"),
    ((500, 2), {"penalty": "l2"}, "AllRows"),
    ((500, 2), {"optimizer": "adam", "batch_size": 32}, "Batches"),
    ((5, 2), {"seed": [1, 2], "shuffle": True, "batch_size": 2}, "ObjectiveKernel"),
]


@pytest.mark.parametrize(("shape", "options", "engine"), SUITED, ids=str)
def test_the_shape_of_the_work_chooses_the_engine(shape, options, engine):
    chosen = choose(prepare(rows(*shape), epochs=1, **options).plan)
    kind = chosen._kernel if isinstance(chosen, Stepwise) else chosen
    assert type(kind).__name__ == engine
