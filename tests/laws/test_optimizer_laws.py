"""Laws of the optimizers: what every rule keeps, and what theory says of each."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from optimizer_checks import (
    MANNERS,
    START,
    changes_theta_in_place,
    decays,
    equals_its_formula,
    slope,
    walk,
)
from soloneuron.formulas.surfaces import Bowl, Ravine
from soloneuron.optimizers import (
    NAG,
    QHM,
    Adadelta,
    Adagrad,
    AdagradNorm,
    Adam,
    Adamax,
    AdEMAMix,
    AMSGrad,
    BarzilaiBorwein,
    DoG,
    GradientDescent,
    Lion,
    Momentum,
    Nadam,
    Nesterov,
    Prodigy,
    RestartedNAG,
    Rprop,
    ScheduleFreeAdamW,
    ScheduleFreeSGD,
    Signum,
    Yogi,
    nesterov_momentum,
    strongly_convex_momentum,
)
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.optimizers.workspace import BLOCK_SIZE

ONE_GRADIENT = [name for name in OPTIMIZERS if OPTIMIZERS.load(name).needs != "objective"]


@pytest.fixture(params=ONE_GRADIENT)
def name(request):
    return request.param


@pytest.fixture
def kind(name):
    return OPTIMIZERS.load(name)


# Every rule.


def test_every_rule_equals_its_formula(name, kind):
    equals_its_formula(kind, name)


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.__name__)
def test_every_rule_keeps_its_manners(kind, manner):
    manner(kind)


def test_every_rule_decays_coupled_and_decoupled(name, kind):
    decays(kind, name)


def test_every_rule_reaches_the_bottom_of_a_bowl(name, kind):
    """At one of a few rates, as compare() would try."""
    rates = torch.tensor([3.0, 0.5, 0.1, 0.02], dtype=torch.float64)[:, None]
    if name == "rmsprop":  # it never comes to rest at a constant rate
        rates = rates / 100
    theta, _ = walk(kind(learning_rate=rates), lambda p, _: p, 2000, START.repeat(4, 1))
    assert theta.abs().amax(-1).nan_to_num(math.inf).min() < 0.05


@given(st.integers(2, 5), st.integers(1, 6), st.integers(0, 2**31))
def test_any_runs_and_any_size_keep_shape(runs, size, seed):
    dice = torch.Generator().manual_seed(seed)
    start = torch.randn(runs, size, generator=dice)
    for name in ONE_GRADIENT:
        theta, state = walk(OPTIMIZERS.load(name)(), lambda p, _: p, 2, start)
        assert theta.shape == start.shape
        assert theta.dtype == start.dtype
        assert theta.isfinite().all()
        assert state.t == 2


@pytest.mark.parametrize("settings", [{}, {"weight_decay": 0.1, "maximize": True}, {"clip_norm": 1.0}])
def test_blocks_change_nothing(kind, settings):
    """A large theta is worked on in blocks; a rate as a tensor keeps it whole. Both give the same."""
    size = BLOCK_SIZE + 1000
    start = torch.linspace(-2, 2, size, dtype=torch.float64)

    def gradient(point, t):
        return torch.sin(point * t) * 10

    rate = 0.01
    blocks, state = walk(kind(learning_rate=rate, **settings), gradient, 3, start)
    whole, _ = walk(
        kind(learning_rate=torch.tensor([rate], dtype=torch.float64), **settings), gradient, 3, start
    )
    assert state.workspace.blocks == kind.elementwise
    torch.testing.assert_close(blocks, whole, rtol=1e-12, atol=1e-12)


def test_a_gradient_that_is_the_point_itself_is_no_trap(kind):
    """The bowl's gradient is its point: a careless in-place step would change it on the way."""
    for settings in ({}, {"weight_decay": 0.5}):
        rule = kind(**settings)
        direct, _ = walk(rule, lambda p, _: p, 6)
        careful, _ = walk(rule, lambda p, _: p.clone(), 6)
        torch.testing.assert_close(direct, careful, rtol=0, atol=0)


def test_a_tensor_of_hyperparameters_is_many_runs():
    """Not only the rate: any number may be a tensor over the runs."""
    for kind, letter, values in [
        (Momentum, "momentum", (0.0, 0.5, 0.9)),
        (Momentum, "dampening", (0.0, 0.5, 1.0)),
        (NAG, "momentum", (0.0, 0.5, 1.0)),
        (Adam, "beta1", (0.0, 0.5, 0.9)),
        (Adam, "beta2", (0.0, 0.5, 0.9)),
        (Adam, "epsilon", (1e-8, 0.1, 1.0)),
        (AMSGrad, "beta2", (0.0, 0.5, 0.9)),
        (Nadam, "beta1", (0.0, 0.5, 0.9)),
        (Nadam, "psi", (0.0, 0.5, 1.0)),
        (Adamax, "beta2", (0.0, 0.5, 0.9)),
        (Adagrad, "initial", (0.0, 0.5, 1.0)),
        (Adadelta, "rho", (0.1, 0.5, 0.9)),
        (Rprop, "grow", (1.1, 1.5, 2.0)),
        (Lion, "weight_decay", (0.0, 0.1, 1.0)),
        (ScheduleFreeSGD, "beta", (0.0, 0.5, 1.0)),
        (ScheduleFreeAdamW, "beta2", (0.0, 0.5, 0.9)),
        (ScheduleFreeAdamW, "weight_decay", (0.0, 0.1, 1.0)),
        (Signum, "beta", (0.0, 0.5, 0.9)),
        (QHM, "nu", (0.0, 0.5, 1.0)),
        (Yogi, "beta2", (0.0, 0.5, 0.9)),
        (AdEMAMix, "alpha", (0.0, 0.5, 5.0)),
    ]:
        column = torch.tensor(values, dtype=torch.float64)[:, None]
        together, _ = walk(kind(learning_rate=0.01, **{letter: column}), slope, 10, START.repeat(3, 1))
        for value, row in zip(values, together, strict=True):
            alone, _ = walk(kind(learning_rate=0.01, **{letter: value}), slope, 10)
            torch.testing.assert_close(row, alone, rtol=1e-11, atol=1e-11)


def test_a_rate_for_every_coordinate_makes_parameter_groups():
    rates = torch.linspace(0.001, 0.03, 7, dtype=torch.float64)
    theta, _ = walk(Adam(learning_rate=rates), slope, 10)
    for i, rate in enumerate(rates.tolist()):
        torch.testing.assert_close(theta[i], walk(Adam(learning_rate=rate), slope, 10)[0][i])


# First steps in closed form.


@pytest.mark.parametrize(
    ("rule", "length"),
    [
        (Adam(learning_rate=0.1, epsilon=0.0), 1.0),
        (AMSGrad(learning_rate=0.1, epsilon=0.0), 1.0),
        (Adagrad(learning_rate=0.1, epsilon=0.0), 1.0),
        (Adamax(learning_rate=0.1, epsilon=0.0), 1.0),
        (Lion(learning_rate=0.1), 1.0),
        (Signum(learning_rate=0.1), 1.0),
        (Rprop(learning_rate=0.1), 1.0),
    ],
)
def test_the_first_step_moves_by_rate_times_sign(rule, length):
    g = torch.tensor([1e-4, -3.0, 1e5, -0.2, 7.0, 1e-9, 2.0], dtype=torch.float64)
    theta, _ = walk(rule, lambda *_: g, 1)
    torch.testing.assert_close(START - theta, 0.1 * length * g.sign(), rtol=1e-12, atol=1e-15)


def test_the_first_step_of_adagrad_norm_has_length_rate():
    g = slope(START, 1)
    theta, _ = walk(AdagradNorm(learning_rate=0.1, epsilon=0.0, bias=False), lambda *_: g, 1)
    torch.testing.assert_close(theta, START - 0.1 * g / g.norm())


def test_momentum_reaches_ten_times_the_step_on_a_constant_slope():
    theta, state = walk(Momentum(learning_rate=0.1), lambda p, _: torch.ones_like(p), 300)
    torch.testing.assert_close(state.slots["v"], torch.full_like(theta, 10.0))


# Stability on a quadratic of curvature 1.


def limit(mu, kind):
    return {"gradient_descent": 2.0, "momentum": 2 * (1 + mu)}.get(kind, (2 + 2 * mu) / (1 + 2 * mu))


@pytest.mark.parametrize("mu", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("kind", [GradientDescent, Momentum, Nesterov, NAG])
def test_the_stability_limit_is_where_theory_puts_it(kind, mu):
    settings = {} if kind is GradientDescent else {"momentum": mu}
    start = torch.ones(1, dtype=torch.float64)
    inside = kind(learning_rate=0.99 * limit(mu, kind.name), **settings)
    outside = kind(learning_rate=1.01 * limit(mu, kind.name), **settings)
    assert walk(inside, lambda p, _: p, 3000, start)[0].abs() < 1e-3
    assert walk(outside, lambda p, _: p, 3000, start)[0].abs() > 1e3


# Rates of convergence.


def test_the_heavy_ball_takes_the_root_of_the_condition():
    """Polyak's best rate and momentum shrink the error by (sqrt k - 1) / (sqrt k + 1) a step."""
    k = 1e4
    root = math.sqrt(k)
    best = Momentum(learning_rate=4 / (1 + root) ** 2, momentum=((root - 1) / (root + 1)) ** 2)
    surface, start = Ravine(condition=k), torch.ones(2, dtype=torch.float64)
    early = walk(best, lambda p, _: surface.gradient(p), 1000, start)[0].norm()
    late = walk(best, lambda p, _: surface.gradient(p), 2000, start)[0].norm()
    factor = (late / early).item() ** (1 / 1000)
    assert factor == pytest.approx((root - 1) / (root + 1), abs=2e-3)
    plain = walk(GradientDescent(learning_rate=2 / (1 + k)), lambda p, _: surface.gradient(p), 2000, start)[0]
    assert plain.norm() > 1e6 * late


def worst_function(n):
    """Nesterov's worst function: a chain of springs, of which a gradient method sees one more link a step."""

    def gradient(x, _):
        chain = 2 * x
        chain[1:] -= x[:-1]
        chain[:-1] -= x[1:]
        chain[0] -= 1
        return chain / 4

    def value(x):
        ends = x[0] ** 2 + x[-1] ** 2 + ((x[1:] - x[:-1]) ** 2).sum()
        return ((ends / 2 - x[0]) / 4).item()

    best = 1 - torch.arange(1, n + 1, dtype=torch.float64) / (n + 1)
    return gradient, value, best, value(best)


def test_nag_falls_like_one_over_t_squared_on_the_worst_function_and_nothing_beats_the_bound():
    for t in (20, 60, 100):
        gradient, value, best, lowest = worst_function(2 * t + 1)
        distance, start = (best**2).sum().item(), torch.zeros_like(best)
        gap = value(walk(NAG(learning_rate=1.0, momentum=nesterov_momentum), gradient, t, start)[0]) - lowest
        plain = value(walk(GradientDescent(learning_rate=1.0), gradient, t, start)[0]) - lowest
        assert gap <= 2 * distance / (t + 1) ** 2
        assert gap >= 3 * distance / (32 * (t + 1) ** 2)
        assert gap < plain


def test_the_best_constant_momentum_beats_none_on_a_ravine():
    surface = Ravine(condition=400.0)
    mu = strongly_convex_momentum(400.0)
    start = torch.ones(2, dtype=torch.float64)
    fast = walk(NAG(learning_rate=1 / 400, momentum=mu), lambda p, _: surface.gradient(p), 300, start)[0]
    slow = walk(GradientDescent(learning_rate=1 / 400), lambda p, _: surface.gradient(p), 300, start)[0]
    assert fast.norm() < 1e-4 < slow.norm()


# Invariances.


@pytest.mark.parametrize("scale", [1e-6, 1e6])
@pytest.mark.parametrize(
    "rule",
    [
        Adam(epsilon=0.0),
        AMSGrad(epsilon=0.0),
        Nadam(epsilon=0.0),
        Adagrad(epsilon=0.0),
        Adamax(epsilon=0.0),
        Lion(),
        Signum(),
        AdEMAMix(epsilon=0.0),
        DoG(epsilon=0.0),
        Prodigy(epsilon=0.0),
        ScheduleFreeAdamW(epsilon=0.0),
        Rprop(),
        AdagradNorm(epsilon=0.0),
    ],
    ids=repr,
)
def test_scaling_the_function_does_not_change_an_adaptive_path(rule, scale):
    one, _ = walk(rule, slope, 30)
    other, _ = walk(rule, lambda p, t: scale * slope(p, t), 30)
    torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9)


def test_permuting_the_coordinates_permutes_the_path(kind):
    order = torch.tensor([3, 0, 5, 1, 4, 2, 6])  # the bias keeps its place
    one, _ = walk(kind(), slope, 15)
    other, _ = walk(kind(), lambda p, t: slope(p[order.argsort()], t)[order], 15, START[order])
    torch.testing.assert_close(other, one[order], rtol=1e-10, atol=1e-10)


def test_moving_the_function_moves_the_path(kind, name):
    free = {"lambd": 0.0} if name == "asgd" else {}  # lambd draws towards 0 by definition
    shift, rule = 0.75, kind(weight_decay=0.0, **free)
    one, _ = walk(rule, slope, 15)
    if name == "dog":  # the first distance is a share of the length of theta
        rule = kind(initial=1e-6 * (1 + START.norm().item()) / (1 + (START + shift).norm().item()))
    other, _ = walk(rule, lambda p, t: slope(p - shift, t), 15, START + shift)
    torch.testing.assert_close(other - shift, one, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("rule", "turns_along"),
    [
        (GradientDescent(learning_rate=0.1), True),
        (Momentum(learning_rate=0.1), True),
        (Nesterov(learning_rate=0.1), True),
        (NAG(learning_rate=0.1), True),
        (ScheduleFreeSGD(learning_rate=0.1), True),
        (AdagradNorm(bias=False), True),
        (BarzilaiBorwein(), True),
        (RestartedNAG(learning_rate=0.1), True),
        (DoG(initial=0.01), True),
        (Prodigy(initial=0.01), False),
        (QHM(learning_rate=0.1), True),
        (Adagrad(learning_rate=0.1), False),
        (Adam(learning_rate=0.1), False),
        (Lion(learning_rate=0.1), False),
        (Rprop(learning_rate=0.1), False),
    ],
    ids=repr,
)
def test_turning_the_function_turns_only_the_paths_without_coordinates(rule, turns_along):
    straight, turned = Ravine(condition=10.0), Ravine(condition=10.0, angle=30.0)
    c, s = math.cos(math.pi / 6), math.sin(math.pi / 6)
    turn = torch.tensor([[c, -s], [s, c]], dtype=torch.float64)
    start = torch.tensor([1.0, 0.5], dtype=torch.float64)
    one, _ = walk(rule, lambda p, _: straight.gradient(p), 10, start)
    other, _ = walk(rule, lambda p, _: turned.gradient(p), 10, turn @ start)
    assert torch.allclose(other, turn @ one, rtol=1e-9, atol=1e-9) == turns_along


# Nesterov and NAG.


def points_and_iterates(rate):
    nag, nesterov = NAG(learning_rate=rate), Nesterov(learning_rate=rate)
    x, y = START.clone(), START.clone()
    one, other = nag.start(x), nesterov.start(y)
    points, iterates = [], []
    for t in range(1, 31):
        point = nag.at(x, one).clone()
        points.append(point)
        iterates.append(y.clone())
        nag.step(x, slope(point, t), one)
        nesterov.step(y, slope(y, t), other)
    return torch.stack(points), torch.stack(iterates)


def test_nag_asks_where_nesterov_stands():
    points, iterates = points_and_iterates(0.01)
    torch.testing.assert_close(points, iterates, rtol=1e-11, atol=1e-11)


def test_nag_and_nesterov_part_when_the_rate_varies():
    points, iterates = points_and_iterates(lambda t: 0.01 / t)
    assert (points - iterates).abs().max() > 1e-4


# Famous examples.


def test_reddis_example_leads_adam_astray_but_not_amsgrad():
    """f_t = 1010 x every 101 steps, else -10 x, on [-1, 1]: the optimum is -1 (Reddi, Kale, Kumar 2018)."""

    def run(rule):
        x = torch.zeros(1, dtype=torch.float64)
        state = rule.start(x)
        for t in range(1, 6001):
            rule.step(x, torch.full_like(x, 1010.0 if t % 101 == 1 else -10.0), state)
            x.clamp_(-1, 1)
        return x.item()

    settings = {"learning_rate": lambda t: 0.5 / math.sqrt(t), "beta1": 0.0, "beta2": 1 / (1 + 10**2)}
    assert run(Adam(**settings)) > 0.9
    assert run(AMSGrad(**settings)) < 0


def test_schedule_free_at_beta_0_is_polyak_averaging():
    theta, _ = walk(ScheduleFreeSGD(learning_rate=0.01, beta=0.0), slope, 20)
    x, total = START.clone(), torch.zeros_like(START)
    for t in range(1, 21):
        x = x - 0.01 * slope(x, t)
        total += x
    torch.testing.assert_close(theta, total / 20, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(
    ("nu", "other"),
    [(0.0, GradientDescent), (1.0, Momentum), (0.9, Nesterov)],
    ids=["plain", "mean", "ahead"],
)
def test_quasi_hyperbolic_momentum_holds_the_plain_ones(nu, other):
    """At beta 0.9 its mean is a tenth of the sum that momentum keeps."""
    mixed, _ = walk(QHM(learning_rate=0.1, beta=0.9, nu=nu), slope, 20)
    rate = 0.1 if other is GradientDescent else 0.01
    plain, _ = walk(other(learning_rate=rate), slope, 20)
    torch.testing.assert_close(mixed, plain, rtol=1e-11, atol=1e-11)


def test_the_denominator_of_yogi_falls_slower_than_that_of_adam():
    """After a large gradient come small ones: Adam forgets by a factor a step, Yogi by their squares."""
    large, small = (torch.full((1,), size, dtype=torch.float64) for size in (10.0, 0.1))

    def gradient(_, t):
        return large if t == 1 else small

    sizes = [walk(kind(beta2=0.9), gradient, 30, large)[1].slots["v"].item() for kind in (Adam, Yogi)]
    assert sizes[0] < 1
    assert sizes[1] > 9


def test_without_its_slow_mean_ademamix_is_adam():
    one, _ = walk(AdEMAMix(alpha=0.0), slope, 20)
    other, _ = walk(Adam(), slope, 20)
    torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-11)


def test_restarts_need_no_condition_number():
    """They do as the best constant momentum, which has been told it; without them it is far behind."""
    surface = Ravine(condition=400.0)
    start = torch.ones(2, dtype=torch.float64)
    momenta = {"told": strongly_convex_momentum(400.0), "growing": nesterov_momentum}
    rules = {name: NAG(learning_rate=1 / 400, momentum=mu) for name, mu in momenta.items()}
    rules["restarted"] = RestartedNAG(learning_rate=1 / 400)
    left = {
        name: walk(rule, lambda p, _: surface.gradient(p), 300, start)[0].norm().item()
        for name, rule in rules.items()
    }
    assert left["restarted"] < 1e-4
    assert left["growing"] > 100 * left["restarted"]


@pytest.mark.parametrize("variant", ["long", "short"])
def test_the_sizes_of_barzilai_and_borwein_are_inverse_curvatures(variant):
    """On a quadratic they lie between the inverses of the largest and the least."""
    bends = torch.tensor([1.0, 3.0, 10.0, 40.0], dtype=torch.float64)
    rule, theta = BarzilaiBorwein(variant=variant), torch.ones(4, dtype=torch.float64)
    state = rule.start(theta)
    for t in range(1, 60):
        before, g = theta.clone(), bends * theta
        rule.step(theta, g, state)
        sizes = (before - theta)[g.abs() > 1e-12] / g[g.abs() > 1e-12]
        if t > 1 and len(sizes):
            assert (sizes > 1 / 40 - 1e-6).all()
            assert (sizes < 1 + 1e-6).all()
    assert theta.abs().max() < 1e-8


def test_a_bowl_is_one_step_of_gradient_descent():
    theta, _ = walk(GradientDescent(learning_rate=1.0), lambda p, _: Bowl().gradient(p), 1, START[:2])
    assert theta.eq(0).all()


def test_in_place_means_the_same_memory(kind):
    changes_theta_in_place(kind, weight_decay=0.1)
