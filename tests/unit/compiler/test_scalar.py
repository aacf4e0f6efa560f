"""Plain Python on floats: for thin graphs, with the names of the user, and total."""

import math

import pytest
import torch

from soloneuron import Element, compile_graph
from soloneuron.compiler.backends.floats import make_step

STEPS = 200


def pendulum(steps):
    """Semi-implicit Euler steps of a pendulum, as a student writes them."""
    angle, speed, length = (Element(x, name) for x, name in ((1.0, "angle"), (0.0, "speed"), (2.0, "length")))
    a, b = angle, speed
    for _ in range(steps):
        b = b - 0.01 * 9.81 / length * a.sin()
        a = a + 0.01 * b
    return a * a, [angle, speed, length]


def lines(f):
    return [line.strip() for line in f.source.splitlines()]


def test_a_recurrence_becomes_a_loop_whatever_its_steps():
    counts = {}
    for steps in (STEPS, 2 * STEPS):
        loss, own = pendulum(steps)
        f = compile_graph(loss, own)
        assert f.report.backend == "scalar"
        loss.backward()
        assert math.isclose(f(), loss.data, rel_tol=1e-12)
        assert all(
            math.isclose(g, p.grad, rel_tol=1e-12) for g, p in zip(f.gradient.tolist(), own, strict=True)
        )
        counts[steps] = f.report.calls
    assert counts[2 * STEPS] == counts[STEPS] < STEPS / 4


def test_regular_graphs_stay_with_torch_and_both_can_be_asked_for():
    w = [Element(0.1 * i) for i in range(20)]
    loss = sum((a * b).tanh() for a in w[:10] for b in w[10:])
    assert compile_graph(loss, w).report.backend == "torch"
    values = [compile_graph(loss, w, backend=backend)() for backend in ("torch", "scalar")]
    assert math.isclose(*values, rel_tol=1e-12)
    with pytest.raises(ValueError, match="unknown backend 'numpy'"):
        compile_graph(loss, w, backend="numpy")


def test_the_text_has_the_names_of_the_user_and_reads_as_python():
    w, x, b = Element(0.5, "w₁"), Element(2.0, "lambda"), Element(1.0, "2 much")
    z = w * x + b
    z.label = "z"
    f = compile_graph(z.relu() * z, [w, x, b], backend="scalar")
    assert lines(f)[2] == "[w1, lambda_, x2_much] = theta"
    assert "z = w1 * lambda_ + x2_much" in lines(f)
    assert "relu1 = 0.0 if z <= 0.0 else z" in lines(f)
    assert "d_w1 = d_z * lambda_" in lines(f)


@pytest.mark.parametrize(
    "label", ["class", "exp", "theta", "d_w", "None", "a b", "sum1", "é", "x-y", "_", "1"]
)
def test_any_label_may_stand_in_the_text(label):
    w, other = Element(0.5, label), Element(2.0, "w")
    loss = w.exp() * other + w * other
    f = compile_graph(loss, [w, other], backend="scalar")
    assert math.isclose(f(), loss.data)


def test_two_labels_that_are_alike_are_two_names():
    a, b = Element(0.5, "w"), Element(2.0, "w")
    f = compile_graph(a * b, [a, b], backend="scalar")
    assert lines(f)[2] == "[w, w1] = theta"
    assert f() == 1.0


@pytest.mark.parametrize(
    ("compute", "at", "value", "slope"),
    [
        (lambda x: 1 / x, 0.0, math.inf, -math.inf),
        (lambda x: x.log(), -1.0, math.nan, -1.0),
        (lambda x: (x - 1).log1p(), -1.0, math.nan, -1.0),
        (lambda x: x.exp(), 1000.0, math.inf, math.inf),
        (lambda x: x**-2, 0.0, math.inf, -math.inf),
        (lambda x: x**0.5, -4.0, math.nan, math.nan),
        (lambda x: x.sigmoid(), -800.0, 0.0, 0.0),
        (lambda x: x.softplus(), 900.0, 900.0, 1.0),
        (lambda x: x.sin(), math.inf, math.nan, math.nan),
        (lambda x: x.tanh(), 900.0, 1.0, 0.0),
        (lambda x: x / x.relu(), -1.0, -math.inf, math.nan),
    ],
)
def test_where_floats_refuse_the_scalar_code_gives_what_torch_gives(compute, at, value, slope):
    x = Element(2.0)
    loss = compute(x)
    for backend in ("scalar", "torch"):
        f = compile_graph(loss, [x], backend=backend)
        f.theta.fill_(at)
        same = [f(), *f.gradient.tolist()]
        assert same == pytest.approx([value, slope], nan_ok=True), backend


def test_a_program_that_failed_once_is_fast_again_afterwards():
    source = "def step(theta):\n    [x] = theta\n    return 1.0 / x, [x ** -2]\n"
    step = make_step(source)
    assert step([0.0]) == (math.inf, [math.inf])
    assert step([2.0]) == (0.5, [0.25])


def test_single_precision_comes_back_as_single_precision():
    x = Element(3.0)
    f = compile_graph(x * x, [x], backend="scalar", dtype=torch.float32)
    assert (f(), f.gradient.dtype) == (9.0, torch.float32)


@pytest.mark.parametrize("backend", ["torch", "scalar"])
def test_factors_that_leave_the_range_together_meet_what_brings_them_back(backend):
    x = Element(1e-100)
    loss = sum(c * x * x for c in (1e160, 1e-160)) * 1e160
    f = compile_graph(loss, [x], backend=backend)
    assert f() == pytest.approx(1e120)
    assert f.gradient.item() == pytest.approx(2e220)


@pytest.mark.parametrize("backend", ["torch", "scalar"])
def test_a_gradient_beyond_the_range_is_infinite_and_no_warning(backend):
    x = Element(1e-300)
    f = compile_graph((1e300 * x + 1e300 * x * x) * 1e300, [x], backend=backend)
    assert (f(), f.gradient.item()) == (1e300, math.inf)
