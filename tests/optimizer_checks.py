"""What must hold for a rule, as functions of its class; the laws call them, and so do planted mistakes."""

import math
from itertools import pairwise

import torch

import optimizer_formulas as formulas

START = torch.linspace(-2, 2, 7, dtype=torch.float64)
SLOPE = torch.tensor([1.0, 0.3, 4.0, 0.01, 2.0, 1.0, 0.5], dtype=torch.float64)
RTOL = 1e-11  # 200 steps of float64 in another order of operations


def falling(t):
    return 0.1 / math.sqrt(t)


RATES = [({"learning_rate": 0.1}, {"rate": 0.1}), ({"learning_rate": falling}, {"rate": falling})]

# name: (formula, [(hyperparameters of ours, the same in the formula's letters)])
# Who is not named is held at RATES to the formula of its own name.
CASES = {
    "gradient_descent": (
        formulas.gradient_descent,
        [({}, {}), ({"learning_rate": falling}, {"rate": falling})],
    ),
    "momentum": (
        formulas.momentum,
        [
            ({"learning_rate": 0.01}, {"rate": 0.01}),
            ({"momentum": 0.5, "dampening": 0.3}, {"mu": 0.5, "dampening": 0.3}),
            ({"learning_rate": falling}, {"rate": falling}),
        ],
    ),
    "nag": (
        formulas.nag,
        [
            ({"learning_rate": 0.1}, {"rate": 0.1}),
            ({"learning_rate": falling}, {"rate": falling}),
            ({"momentum": lambda t: (t - 1) / (t + 2)}, {"mu": lambda t: (t - 1) / (t + 2)}),
        ],
    ),
    "adagrad": (
        formulas.adagrad,
        [
            ({}, {}),
            ({"epsilon": 0.1, "rate_decay": 0.1}, {"epsilon": 0.1, "fall": 0.1}),
            (
                {"variant": "inside", "initial": 0.1, "epsilon": 1e-3},
                {"inside": True, "initial": 0.1, "epsilon": 1e-3},
            ),
        ],
    ),
    "adadelta": (
        formulas.adadelta,
        [({}, {}), ({"rho": 0.95, "epsilon": 1e-3}, {"rho": 0.95, "epsilon": 1e-3})],
    ),
    "rmsprop": (
        formulas.rmsprop,
        [
            ({"epsilon": 1e-3}, {"epsilon": 1e-3}),
            ({"momentum": 0.5, "rho": 0.9}, {"mu": 0.5, "rho": 0.9}),
            ({"centered": True, "epsilon": 0.1}, {"centered": True, "epsilon": 0.1}),
            (
                {"variant": "inside", "rho": 0.9, "epsilon": 1e-3, "momentum": 0.5, "learning_rate": falling},
                {"inside": True, "rho": 0.9, "epsilon": 1e-3, "mu": 0.5, "rate": falling},
            ),
            ({"variant": "inside", "epsilon": 1e-3}, {"inside": True, "epsilon": 1e-3}),
        ],
    ),
    "adam": (
        formulas.adam,
        [
            ({"epsilon": 0.01}, {"epsilon": 0.01}),
            ({"variant": "inside", "epsilon": 0.01}, {"place": "inside", "epsilon": 0.01}),
            ({"variant": "hat", "epsilon": 0.01}, {"place": "hat", "epsilon": 0.01}),
            ({"beta1": 0.5, "beta2": 0.7}, {"b1": 0.5, "b2": 0.7}),
        ],
    ),
    "amsgrad": (
        formulas.amsgrad,
        [
            ({"beta2": 0.5}, {"b2": 0.5}),
            ({"beta2": 0.5, "variant": "optax"}, {"b2": 0.5, "corrected_first": True}),
        ],
    ),
    "adamw": (formulas.adam, [({"weight_decay": 0.2}, {"decay": 0.2}), ({}, {"decay": 0.01})]),
    "nadam": (
        formulas.nadam,
        [
            ({"psi": 0.1, "epsilon": 1e-3}, {"psi": 0.1, "epsilon": 1e-3}),
            ({"variant": "keras"}, {"psi": 1.0}),
            ({"variant": "optax"}, {"scheduled": False}),
        ],
    ),
    "adamax": (
        formulas.adamax,
        [
            ({"beta2": 0.8, "epsilon": 0.01}, {"b2": 0.8, "epsilon": 0.01}),
            (
                {"beta2": 0.8, "variant": "keras", "epsilon": 0.01},
                {"b2": 0.8, "keras": True, "epsilon": 0.01},
            ),
        ],
    ),
    "radam": (
        formulas.radam,
        [({}, {}), ({"threshold": 4.0, "epsilon": 0.01}, {"threshold": 4.0, "epsilon": 0.01})],
    ),
    "rprop": (formulas.rprop, [({}, {}), ({"shrink": 0.3, "grow": 2.0}, {"shrink": 0.3, "grow": 2.0})]),
    "asgd": (
        formulas.asgd,
        [
            ({}, {}),
            (
                {"t0": 20.0, "lambd": 0.01, "alpha": 0.5, "learning_rate": 0.1},
                {"t0": 20.0, "lambd": 0.01, "alpha": 0.5, "rate": 0.1},
            ),
        ],
    ),
    "lion": (
        formulas.lion,
        [({"learning_rate": 0.01}, {"rate": 0.01}), ({"weight_decay": 0.1}, {"decay": 0.1})],
    ),
    "adabelief": (
        formulas.adabelief,
        [({}, {}), ({"epsilon": 0.01}, {"epsilon": 0.01}), ({"variant": "optax"}, {"old": True})],
    ),
    "schedule_free_sgd": (
        formulas.schedule_free,
        [
            ({"learning_rate": 0.1}, {"rate": 0.1}),
            ({"learning_rate": falling, "beta": 0.5}, {"rate": falling, "beta": 0.5}),
        ],
    ),
    "schedule_free_adamw": (
        formulas.schedule_free_adamw,
        [
            ({"learning_rate": 0.1, "weight_decay": 0.2}, {"rate": 0.1, "decay": 0.2}),
            ({"beta": 0.5, "beta2": 0.9, "epsilon": 0.1}, {"beta": 0.5, "b2": 0.9, "epsilon": 0.1}),
            ({"variant": "paper", "learning_rate": falling}, {"paper": True, "rate": falling}),
            ({"variant": "paper", "weight_decay": 0.2}, {"paper": True, "decay": 0.2}),
        ],
    ),
    "qhm": (
        formulas.qhm,
        [
            ({"learning_rate": 0.1}, {"rate": 0.1}),
            ({"beta": 0.5, "nu": 0.2, "learning_rate": falling}, {"beta": 0.5, "nu": 0.2, "rate": falling}),
        ],
    ),
    "yogi": (
        formulas.yogi,
        [
            ({}, {}),
            ({"beta2": 0.9, "initial": 0.1}, {"b2": 0.9, "initial": 0.1}),
            ({"variant": "corrected", "epsilon": 0.1}, {"corrected": True, "epsilon": 0.1}),
        ],
    ),
    "ademamix": (
        formulas.ademamix,
        [
            ({"epsilon": 0.01}, {"epsilon": 0.01}),
            ({"warm_up": 30.0, "weight_decay": 0.1}, {"warm": 30, "decay": 0.1}),
            (
                {"beta3": 0.99, "alpha": 2.0, "learning_rate": falling},
                {"b3": 0.99, "alpha": 2.0, "rate": falling},
            ),
        ],
    ),
}

WHOLE = {
    "adagrad_norm": (
        formulas.adagrad_norm,
        [({}, {}), ({"bias": False}, {"bias": False}), ({"variant": "after"}, {"inside": False})],
    ),
    "barzilai_borwein": (
        formulas.barzilai_borwein,
        [({}, {}), ({"variant": "short", "learning_rate": falling}, {"short": True, "rate": falling})],
    ),
    "restarted_nag": (
        formulas.restarted_nag,
        [
            ({"learning_rate": 0.05}, {"rate": 0.05}),
            ({"learning_rate": falling}, {"rate": falling}),
            ({"variant": "speed", "learning_rate": 0.05}, {"speed": True, "rate": 0.05}),
            (
                {"variant": "speed", "shortest": 3, "learning_rate": 0.05},
                {"speed": True, "shortest": 3, "rate": 0.05},
            ),
        ],
    ),
    "dog": (
        formulas.dog,
        [
            ({}, {}),
            ({"variant": "dowg", "initial": 0.01}, {"weighted": True, "initial": 0.01}),
            ({"learning_rate": falling, "epsilon": 0.1}, {"rate": falling, "epsilon": 0.1}),
        ],
    ),
    "prodigy": (
        formulas.prodigy,
        [
            ({}, {}),
            ({"weight_decay": 0.1, "initial": 0.01}, {"decay": 0.1, "initial": 0.01}),
            (
                {"variant": "corrected", "coefficient": 2.0, "initial": 1e-3, "epsilon": 0.1},
                {"corrected": True, "coefficient": 2.0, "initial": 1e-3, "epsilon": 0.1},
            ),
            ({"learning_rate": falling, "beta2": 0.9}, {"rate": falling, "b2": 0.9}),
        ],
    ),
}
"""The same of formulas that look at all coordinates."""


def walk(rule, gradient, steps, start=START):
    """theta and state after some steps; gradient(point, t)."""
    theta = start.clone()
    state = rule.start(theta)
    for t in range(1, steps + 1):
        rule.step(theta, gradient(rule.at(theta, state), t), state)
    return theta, state


def slope(point, t):
    """The gradient of a smooth function that is no quadratic: it depends on where it is asked."""
    return SLOPE.to(point) * (point + torch.sin(3 * point)) + 0.1 * math.sin(t)


def equals_its_formula(kind, name, steps=200):
    """The rule equals the paper's formula, on a fixed stream of hard gradients and on gradients at points."""
    if name in WHOLE:
        equals_its_formula_as_a_whole(kind, name)
        return
    formula, pairs = CASES.get(name) or (getattr(formulas, name), RATES)
    stream = formulas.gradients(5, steps=steps)
    for ours, letters in pairs:
        theta, _ = walk(kind(**ours), lambda _, t: stream[t - 1], steps)
        expected = [
            formula(x, lambda _, t, i=i: stream[t - 1, i].item(), steps, **letters)
            for i, x in enumerate(START.tolist())
        ]
        torch.testing.assert_close(theta, torch.tensor(expected, dtype=torch.float64), rtol=RTOL, atol=RTOL)
        theta, _ = walk(kind(**ours), slope, 40)
        expected = [
            formula(x, lambda p, t, k=k: k * (p + math.sin(3 * p)) + 0.1 * math.sin(t), 40, **letters)
            for x, k in zip(START.tolist(), SLOPE.tolist(), strict=True)
        ]
        torch.testing.assert_close(theta, torch.tensor(expected, dtype=torch.float64), rtol=RTOL, atol=RTOL)


def equals_its_formula_as_a_whole(kind, name):
    """The same of a rule whose formula looks at all coordinates."""
    formula, pairs = WHOLE[name]
    # A difference of gradients over one of thetas: each step of Barzilai and Borwein's enlarges rounding.
    steps_at_points = 10 if name == "barzilai_borwein" else 40
    # The bias, the last coordinate, has slopes too: it is the first one that has none.
    stream = formulas.gradients(6, steps=100).flip(-1)

    def hard(_, t):
        return stream[t - 1]

    for gradient, steps in ((hard, 100), (slope, steps_at_points)):
        for ours, letters in pairs:
            theta, _ = walk(kind(**ours), gradient, steps)
            expected = formula(
                START.tolist(),
                lambda x, t, of=gradient: of(torch.tensor(x, dtype=torch.float64), t).tolist(),
                steps,
                **letters,
            )
            expected = torch.tensor(expected, dtype=torch.float64)
            torch.testing.assert_close(theta, expected, rtol=RTOL, atol=RTOL)


def changes_theta_in_place(kind, **settings):
    """The caller's tensor is updated, not rebound; the gradient stays as it was and is not kept."""
    rule, theta = kind(**settings), START.clone()
    state, g = rule.start(theta), slope(START, 1)
    before, address = g.clone(), theta.data_ptr()
    rule.step(theta, g, state)
    rule.step(theta, g, state)
    assert theta.data_ptr() == address
    assert not theta.equal(START)
    assert g.equal(before)
    assert all(slot.data_ptr() != g.data_ptr() for slot in state.slots.values())
    assert state.t == 2


def leaves_the_gradient_alone(kind, **settings):
    """Whatever is done to a gradient is done to a copy of it."""
    for own in (
        {"maximize": True},
        {"clip_norm": 0.5},
        {"clip_value": 0.1},
        {"maximize": True, "weight_decay": 0.1},
    ):
        rule, theta, g = kind(**own, **settings), START.clone(), slope(START, 1)
        before, state = g.clone(), rule.start(theta)
        for _ in range(2):
            rule.step(theta, g, state)
            assert g.equal(before)


def clips_each_run_alone(kind, **settings):
    """A long gradient of one run shortens no other's."""
    rule = kind(clip_norm=1.0, **settings)
    long = torch.stack([slope(START, 1), 1e-3 * slope(START, 2), 100 * slope(START, 3)])
    theta = START.repeat(3, 1)
    rule.step(theta, long, rule.start(theta))
    for row, g in zip(theta, long, strict=True):
        alone = START.clone()
        rule.step(alone, g, rule.start(alone))
        torch.testing.assert_close(row, alone, rtol=RTOL, atol=RTOL)


def decays_each_run_by_its_own(kind, **settings):
    """A weight decay (R, 1) is R numbers."""
    column = torch.tensor([[0.0], [0.3]], dtype=torch.float64)
    together, _ = walk(kind(weight_decay=column, **settings), slope, 5, START.repeat(2, 1))
    for decay, row in zip((0.0, 0.3), together, strict=True):
        alone, _ = walk(kind(weight_decay=decay, **settings), slope, 5)
        torch.testing.assert_close(row, alone, rtol=RTOL, atol=RTOL)


def goes_on_with_another_theta(kind, **settings):
    """A state that meets a copy of its theta works on that one."""
    rule = kind(**settings)
    straight, _ = walk(rule, slope, 4)
    theta, state = walk(rule, slope, 2)
    other = theta.clone()
    kept = theta.clone()
    for t in (3, 4):
        rule.step(other, slope(rule.at(other, state), t), state)
    assert other.equal(straight)
    assert theta.equal(kept)


def loads_tensors_of_its_own(kind, **settings):
    """What a state was loaded from stays as it was."""
    rule = kind(**settings)
    theta, state = walk(rule, slope, 3)
    came = {"method": rule.name, "t": 3, "slots": {name: slot.clone() for name, slot in state.slots.items()}}
    before = {name: slot.clone() for name, slot in came["slots"].items()}
    rule.step(theta, slope(theta, 4), rule.load(came, theta))
    assert all(came["slots"][name].equal(slot) for name, slot in before.items())


def copies_a_gradient_in_its_own_memory(kind, **settings):
    """The bowl's gradient is its point, and theta is changed while it is read."""
    rule = kind(weight_decay=0.5, **settings)
    direct, _ = walk(rule, lambda p, _: p, 6)
    careful, _ = walk(rule, lambda p, _: p.clone(), 6)
    torch.testing.assert_close(direct, careful, rtol=0, atol=0)


def ends_where_it_says(kind):
    """A schedule with an end falls until then, and stays."""
    rates = [kind(1.0, steps=8)(t) for t in range(1, 30)]
    assert rates[0] == 1.0
    assert all(0 <= later <= earlier for earlier, later in pairwise(rates))
    assert rates[6] > rates[7] == rates[-1] == 0


def asks_without_changing(kind, **settings):
    """``at`` may be asked any number of times."""
    rule, theta = kind(**settings), START.clone()
    state = rule.start(theta)
    rule.step(theta, slope(theta, 1), state)
    kept, snapshot = theta.clone(), state.copy()
    first = rule.at(theta, state).clone()
    assert rule.at(theta, state).equal(first)
    assert theta.equal(kept)
    assert state.t == snapshot.t
    assert all(state.slots[name].equal(slot) for name, slot in snapshot.slots.items())


def resumes_exactly(kind, **settings):
    """Ten steps are five, a snapshot, and five more; and so with a saved state; to the bit."""
    rule = kind(**settings)
    straight, end = walk(rule, slope, 10)
    for keep, wake in (
        (lambda s: s.copy(), lambda kept: kept),
        (rule.save, lambda kept: rule.load(kept, START)),
    ):
        theta, state = walk(rule, slope, 5)
        later, kept = theta.clone(), keep(state)
        rule.step(theta, slope(theta, 1), state)
        going_on = wake(kept)
        for t in range(6, 11):
            rule.step(later, slope(rule.at(later, going_on), t), going_on)
        assert later.equal(straight)
        assert going_on.t == end.t
        assert all(slot.equal(end.slots[name]) for name, slot in going_on.slots.items())


def trains_runs_apart(kind, rates=(0.05, 0.001, 0.02), **settings):
    """(R, n) with a rate (R, 1) equals R separate runs."""
    column = torch.tensor(rates, dtype=torch.float64)[:, None]
    together, _ = walk(kind(learning_rate=column, **settings), slope, 20, START.repeat(len(rates), 1))
    for rate, row in zip(rates, together, strict=True):
        alone, _ = walk(kind(learning_rate=rate, **settings), slope, 20)
        torch.testing.assert_close(row, alone, rtol=RTOL, atol=RTOL)


def decays(kind, name):
    """Coupled decay is a penalty's gradient at the point; decoupled decay shrinks theta by rate * lambda."""
    coupled, _ = walk(kind(weight_decay=0.3, decay="coupled", learning_rate=0.05), slope, 15)
    bare, _ = walk(kind(weight_decay=0.0, learning_rate=0.05), lambda p, t: slope(p, t) + 0.3 * p, 15)
    torch.testing.assert_close(coupled, bare, rtol=RTOL, atol=RTOL)
    if name in {"asgd", "schedule_free_sgd"}:
        return
    rule, still = kind(weight_decay=0.3, decay="decoupled", learning_rate=0.05), START.clone()
    rule.step(still, torch.zeros_like(still), rule.start(still))
    # Prodigy's rate is a distance, of which it knows next to nothing before the first gradient.
    expected = START * (1 - 0.3 * 0.05 * (1e-6 if name == "prodigy" else 1.0))
    torch.testing.assert_close(still, expected, rtol=RTOL, atol=RTOL)


def climbs(kind, **settings):
    """Maximizing f is minimizing -f."""
    up, _ = walk(kind(maximize=True, **settings), slope, 15)
    down, _ = walk(kind(**settings), lambda p, t: -slope(p, t), 15)
    torch.testing.assert_close(up, down, rtol=0, atol=0)


def clips(kind, **settings):
    """Clipping comes before anything else: values first, then the length of every run; short ones stay."""
    for value, norm in ((0.5, 0.7), (0.5, 50.0), (0.01, 0.5)):

        def shortened(point, t, value=value, norm=norm):
            g = slope(point, t).clamp(-value, value)
            return g * min(1.0, norm / g.norm().item())

        clipped, _ = walk(kind(clip_value=value, clip_norm=norm, **settings), slope, 15)
        by_hand, _ = walk(kind(**settings), shortened, 15)
        torch.testing.assert_close(clipped, by_hand, rtol=RTOL, atol=RTOL)


def stays_finite_at_zero_gradients(kind, **settings):
    """A coordinate that never has a gradient does not become NaN, in float32 too."""
    for dtype in (torch.float32, torch.float64):
        theta, state = walk(kind(**settings), lambda p, _: torch.zeros_like(p), 5, START.to(dtype))
        assert theta.isfinite().all()
        assert all(slot.isfinite().all() for slot in state.slots.values())


def keeps_float32(kind, **settings):
    """float32 in, float32 out, for theta and everything in its shape; a float64 rate does not widen it."""
    rate = torch.full((7,), 0.01, dtype=torch.float64)
    theta, state = walk(kind(learning_rate=rate, **settings), slope, 3, START.float())
    assert theta.dtype == torch.float32
    assert all(state.slots[name].dtype == torch.float32 for name in kind.slots if name in state.slots)


MANNERS = (
    changes_theta_in_place,
    leaves_the_gradient_alone,
    clips_each_run_alone,
    decays_each_run_by_its_own,
    goes_on_with_another_theta,
    loads_tensors_of_its_own,
    copies_a_gradient_in_its_own_memory,
    asks_without_changing,
    resumes_exactly,
    trains_runs_apart,
    climbs,
    clips,
    stays_finite_at_zero_gradients,
    keeps_float32,
)


def passes_everything(kind, name):
    """The whole suite for one method."""
    equals_its_formula(kind, name)
    for manner in MANNERS:
        manner(kind)
    decays(kind, name)
