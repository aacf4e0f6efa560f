"""Laws of Element, each held against numbers that come from no derivative rule."""

import cmath
import gc
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from soloneuron.element import (
    Element,
    backward_steps,
    cross_entropy,
    dot,
    draw,
    gradcheck,
    hessian,
    logsumexp,
    maximum,
    minimum,
    softmax,
    total,
)
from soloneuron.element.node import topological_order

# The complex step is exact to rounding; 1e-11 leaves room for a dozen operations.
FIRST_ORDER = 1e-11
# The second derivative is the complex step of the first one: rounding again.
SECOND_ORDER = 1e-11

FUNCTIONS = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / (y * y + 1),
    "x ** y": lambda x, y: (x * x + 0.5) ** y,
    "x ** 3": lambda x, y: x**3 + 0 * y,
    "x ** -2": lambda x, y: (x * x + 1) ** -2 * y,
    "x ** 0.5": lambda x, y: (x * x + 1) ** 0.5 * y,
    "2 ** x": lambda x, y: 2**x * y,
    "2 + x": lambda x, y: (2 + x) * y,
    "2 - x": lambda x, y: (2 - x) * y,
    "2 * x": lambda x, y: (2 * x) * y,
    "2 / x": lambda x, y: 2 / (x * x + 1) * y,
    "x + 2": lambda x, y: (x + 2) * y,
    "x - 2": lambda x, y: (x - 2) * y,
    "x * 2": lambda x, y: (x * 2) * y,
    "x / 2": lambda x, y: (x / 2) * y,
    "-x": lambda x, y: -x * y,
    "abs": lambda x, y: abs(x) * y,
    "relu": lambda x, y: x.relu() * y,
    "leaky_relu": lambda x, y: x.leaky_relu(0.2) * y,
    "exp": lambda x, y: x.exp() * y,
    "log": lambda x, y: (x * x + 0.5).log() * y,
    "sqrt": lambda x, y: (x * x + 0.5).sqrt() * y,
    "tanh": lambda x, y: x.tanh() * y,
    "sigmoid": lambda x, y: x.sigmoid() * y,
    "softplus": lambda x, y: x.softplus() * y,
    "sin": lambda x, y: x.sin() * y,
    "cos": lambda x, y: x.cos() * y,
    "maximum": lambda x, y: maximum(x * y, x + y),
    "minimum": lambda x, y: minimum(x * y, x + y),
    "total": lambda x, y: total([x * y, 3, x, x]),
    "dot": lambda x, y: dot([x, y, 2], [y, 3, x * x]),
    "dot of numbers": lambda x, y: dot([x * y, y], [2, 3]),
    "softmax": lambda x, y: softmax([x, x * y, 1])[1],
    "logsumexp": lambda x, y: logsumexp([x, x * y, 1]),
    "cross_entropy": lambda x, y: cross_entropy([x, x * y, 1], 1),
}
KINKED = {"abs", "relu", "leaky_relu", "maximum", "minimum"}
numbers = st.floats(-3, 3)
everything = pytest.mark.parametrize("name", FUNCTIONS)


def near(x, y, tolerance):
    return math.isclose(x, y, rel_tol=tolerance, abs_tol=tolerance)


def far_from_kinks(name, x, y):
    return name not in KINKED or (abs(x) > 1e-3 and abs(x * y - (x + y)) > 1e-3)


@everything
@given(x=numbers, y=numbers)
def test_the_gradient_is_the_complex_step(name, x, y):
    assume(far_from_kinks(name, x, y))
    report = gradcheck(FUNCTIONS[name], [x, y])
    assert {check.method for check in report.checks} == {"complex step"}
    assert all(near(check.derivative, check.measured, FIRST_ORDER) for check in report.checks), str(report)


@everything
@given(x=numbers, y=numbers)
def test_the_second_derivatives_are_the_complex_step_of_the_first_ones(name, x, y):
    assume(far_from_kinks(name, x, y))

    def gradient(*point):
        leaves = []
        for value in point:
            leaf = Element(0)
            leaf.data = value
            leaves.append(leaf)
        FUNCTIONS[name](*leaves).backward()
        return [leaf.grad for leaf in leaves]

    step = 1e-30
    rows = [gradient(complex(x, step), y), gradient(x, complex(y, step))]
    wanted = [[(complex(slope) / step).imag for slope in row] for row in rows]
    for ours, theirs in zip(hessian(FUNCTIONS[name], [x, y]), wanted, strict=True):
        assert all(near(a, b, SECOND_ORDER) for a, b in zip(ours, theirs, strict=True))


@given(x=numbers.filter(lambda x: abs(x) > 0.1))
def test_at_exponent_zero_the_mixed_derivative_of_a_power_is_one_over_the_base(x):
    rows = hessian(lambda base, n: base**n, [abs(x), 0.0])
    assert near(rows[0][1], 1 / abs(x), FIRST_ORDER)
    assert near(rows[1][0], 1 / abs(x), FIRST_ORDER)


@given(x=st.floats(-1.5, 1.5))
def test_elements_nest_to_any_depth(x):
    inner = Element(x)
    value = Element(Element(inner))
    (value.sin()).backward()
    value.grad.backward()
    value.data.grad.backward()
    assert near(inner.grad, -math.cos(x), FIRST_ORDER)


@everything
@given(x=numbers, y=numbers)
def test_a_graph_computed_twice_is_equal_to_the_bit(name, x, y):
    def outcome():
        leaves = [Element(x), Element(y)]
        result = FUNCTIONS[name](*leaves)
        result.backward()
        return [result.data, *(leaf.grad for leaf in leaves)]

    assert outcome() == outcome()


def test_nothing_is_left_for_the_cyclic_collector():
    """What is made while the collector is off stays in its youngest generation: only that is searched."""
    gc.collect()
    gc.disable()
    try:
        for name, function in FUNCTIONS.items():
            result = function(Element(1.5), Element(0.5))
            result.backward()
            del result
            assert gc.collect(0) == 0, name
    finally:
        gc.enable()


@everything
@given(x=numbers, y=numbers, seed=st.floats(-2, 2))
def test_backward_is_linear_in_its_seed(name, x, y, seed):
    once, scaled = [Element(x), Element(y)], [Element(x), Element(y)]
    FUNCTIONS[name](*once).backward()
    FUNCTIONS[name](*scaled).backward(seed)
    assert all(near(seed * a.grad, b.grad, FIRST_ORDER) for a, b in zip(once, scaled, strict=True))


@everything
@given(x=numbers, y=numbers)
def test_operands_come_before_results_in_a_walk(name, x, y):
    computed, leaves = topological_order(FUNCTIONS[name](Element(x), Element(y)))
    done = set(leaves)
    for node in computed:
        assert set(node._prev) <= done
        done.add(node)
    assert len(done) == len(computed) + len(leaves)


@everything
@given(x=numbers, y=numbers)
def test_the_last_picture_of_the_sweep_is_the_picture_after_backward(name, x, y):
    leaves = [Element(x, "x"), Element(y, "y")]
    result = FUNCTIONS[name](*leaves)
    *_, last = backward_steps(result)
    assert all(leaf.grad == 0 for leaf in leaves)
    result.backward()
    assert last.dot == draw(result).dot


@given(st.lists(st.floats(-800, 800), min_size=1, max_size=6))
def test_softmax_sums_to_one_at_any_size(logits):
    assert near(sum(p.data for p in softmax(logits)), 1, 1e-14)


@given(st.floats(-1000, 1000))
def test_sigmoid_tanh_and_softplus_are_finite_and_steep_nowhere_at_any_size(x):
    for name, low, high in (("sigmoid", 0, 1), ("tanh", -1, 1), ("softplus", 0, 1000)):
        leaf = Element(x)
        result = getattr(leaf, name)()
        result.backward()
        assert low <= result.data <= high + 1
        assert 0 <= leaf.grad <= 1


@given(st.floats(5, 300))
def test_small_slopes_keep_their_relative_precision(x):
    leaf = Element(x)
    leaf.tanh().backward()
    exact = 4 * math.exp(-2 * x) / (1 + math.exp(-2 * x)) ** 2
    assert math.isclose(leaf.grad, exact, rel_tol=1e-13)
    leaf = Element(x)
    leaf.sigmoid().backward()
    assert math.isclose(leaf.grad, math.exp(-x) / (1 + math.exp(-x)) ** 2, rel_tol=1e-13)


@given(st.floats(40, 600))
def test_a_sure_and_right_answer_keeps_its_small_loss(margin):
    loss = cross_entropy([margin, 0.0, 0.0], 0)
    assert math.isclose(loss.data, 2 * math.exp(-margin), rel_tol=1e-12)


@given(st.complex_numbers(max_magnitude=3))
def test_the_functions_under_the_rules_are_those_of_cmath(z):
    assume(z.real > 1e-3)
    leaf = Element(0)
    leaf.data = z
    for name in ("exp", "log", "sqrt", "tanh", "sin", "cos"):
        assert cmath.isclose(getattr(leaf, name)().data, getattr(cmath, name)(z), rel_tol=1e-14)
